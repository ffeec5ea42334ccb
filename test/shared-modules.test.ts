import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const HOOK = /^(?:await )?(?:before|after)(?:All|Each)\(|^vi\.mock\(/m;

/** Workers read a module once for all their files (vitest.config.ts): a hook at its top would be the first file's alone. */
test('what test files share registers no hook by being read', () => {
  const shared = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.m?ts$/.test(file) && !file.endsWith('.test.ts'),
  );
  expect(shared.length).toBeGreaterThan(20);
  expect(shared.filter((file) => HOOK.test(readFileSync(join(import.meta.dirname, file), 'utf8')))).toEqual([]);
});

test('a hook at the top of a module is seen, one in a function is not', () => {
  expect(HOOK.test('const open = [];\nafterAll(() => close());')).toBe(true);
  expect(HOOK.test('export function openAll() {\n  afterAll(() => close());\n}')).toBe(false);
});
