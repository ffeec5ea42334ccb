import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { MUTANTS } from '../../faults/mutant-list.mjs';
import { KINDS, makePlan } from '../../faults/plan.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const have = { redis: true };
const idsOf = (seed: string, injections: number): string[] => makePlan({ seed, injections, have }).map(({ id }) => id);

describe('the plan of a fault run', () => {
  test('is a function of its seed', () => {
    expect(idsOf('7', 200)).toEqual(idsOf('7', 200));
    expect(idsOf('7', 200)).not.toEqual(idsOf('8', 200));
  });

  test('has every kind, and five of each when it is long', () => {
    const counts = (injections: number): number[] => {
      const plan = makePlan({ seed: 'x', injections, have });
      expect(plan).toHaveLength(injections);
      return KINDS.map((kind) => plan.filter((step) => step.kind === kind).length);
    };
    expect(Math.min(...counts(200))).toBeGreaterThanOrEqual(1);
    expect(Math.min(...counts(2_000))).toBeGreaterThanOrEqual(5);
  });

  test('has no fault of Redis where there is none', () => {
    const plan = makePlan({ seed: 'x', injections: 200, have: { redis: false } });
    expect(plan.filter(({ kind }) => kind.needs === 'redis')).toEqual([]);
  });
});

describe('what the fault run knows of the build', () => {
  test.each(MUTANTS)('$name can be taken out: its texts are there once, its faults exist', ({ patches, kinds }) => {
    for (const [file, find] of patches) {
      expect(readFileSync(join(root, 'dist', file), 'utf8').split(find)).toHaveLength(2);
    }
    for (const kind of kinds) expect(KINDS.map((known) => known.kind)).toContain(kind);
  });

  test('every step that a failpoint waits for has a statement of that name', () => {
    const preload = readFileSync(join(root, 'faults/product/preload.mjs'), 'utf8');
    const names = [...preload.matchAll(/^ {2}'?([a-z-]+)'?: '(?:transfer|claim|fence|settle)',$/gm)].map(
      ([, name]) => name,
    );
    expect(names).toHaveLength(5);
    const sources = ['transfers/insert-transfer', 'dispatch/claim', 'delivery/finish-delivery', 'audit/insert-entry']
      .map((file) => readFileSync(join(root, `src/adapters/store/${file}.ts`), 'utf8'))
      .join('\n');
    for (const name of [...names, 'audit']) expect(sources).toContain(`'${name}'`);
  });
});
