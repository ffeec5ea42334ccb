import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = readdirSync(join(root, 'console/src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(join(root, 'console/src', file), 'utf8'));

it('every component of the kit that a page uses brings its styles', () => {
  const used = new Set(
    sources.flatMap((text) =>
      [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(([, names = '']) =>
        names.split(',').map((name) => name.trim().split(' ')[0] ?? ''),
      ),
    ),
  );
  expect(used.size).toBeGreaterThan(10);
  const styled = [...used].filter((name) => existsSync(join(root, `node_modules/@mantine/core/styles/${name}.css`)));
  const imported = new Set(
    sources.flatMap((text) => [...text.matchAll(/core\/styles\/(\w+)\.css/g)].map(([, name]) => name)),
  );
  expect(styled.filter((name) => !imported.has(name))).toEqual([]);
});

it('no page writes markup or styles into the document as text', () => {
  for (const text of sources) expect(text).not.toMatch(/dangerouslySetInnerHTML|innerHTML|document\.write|eval\(/);
});

it('nothing of a record is kept by the browser: its storage holds the language, and for a moment a signed link', () => {
  const stored = sources.flatMap((text) =>
    [...text.matchAll(/(?:local|session)Storage\.setItem\(([^,]+),/g)].map(([, key]) => key),
  );
  expect(stored.sort()).toEqual(['KEPT', 'KEY']);
});
