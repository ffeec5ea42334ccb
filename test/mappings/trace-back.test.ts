import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadRunnable } from '../../src/adapters/mapping/load-runnable.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import { pathOfCell } from '../../src/domain/mapping/coverage/cell.js';
import { runForward, runReverse } from '../../src/domain/mapping/run/run-mapping.js';
import type { Runnable } from '../../src/domain/mapping/run/runnable.js';
import { ALL_BUT_NEVER, builtMappings, context } from './pack.js';
import { fromStranger, RUNS, type TestBundle } from './round-trip.js';

describe('a bundle that is read back', () => {
  let mapping: Runnable;
  const using = { permitted: ALL_BUT_NEVER, context };
  beforeAll(async () => {
    mapping = await loadRunnable(await builtMappings(), 'case');
  }, 60_000);

  it('has an element for every field of content that came back', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const { bundle } = runForward(mapping, syntheticCase(seed), using);
        const { record, trace } = runReverse(mapping, bundle, using);
        const told = new Set(trace.map(({ path }) => path));
        const cells = mapping.cellsOf(record).filter(({ kind }) => kind === 'content');
        expect(cells.map(pathOfCell).filter((path) => !told.has(path))).toEqual([]);
      }),
      { numRuns: Math.min(RUNS, 30) },
    );
  }, 600_000);

  it('names the right entry where a stranger ordered the bundle', () => {
    const { bundle } = runForward(mapping, syntheticCase(4), using);
    const stranger = fromStranger(bundle as unknown as TestBundle, 3);
    const { record, trace } = runReverse(mapping, stranger, using);
    const { needs } = record as { needs: { id: string }[] };
    expect(needs.length).toBeGreaterThan(2);
    needs.forEach(({ id }, index) => {
      const field = trace.find(({ path }) => path === `needs[${index}].identifiedOn`)!;
      expect(field).toMatchObject({ element: 'Condition.recordedDate', file: 'mappings/case/need.map.yaml' });
      expect(JSON.stringify(stranger.entry[field.entry])).toContain(`"value":"${id}"`);
    });
  });

  it('names no element that says something else', () => {
    const { bundle } = runForward(mapping, syntheticCase(4), using);
    const changed = structuredClone(bundle) as unknown as TestBundle;
    const need = changed.entry.find(({ resource }) => resource.meta?.profile?.[0]?.endsWith('/need'))!;
    const { category } = need.resource as unknown as { category: unknown[] };
    category.reverse();
    const { trace } = runReverse(mapping, changed, using);
    const elements = trace.filter(({ path }) => path === 'needs[0].category').map(({ element }) => element);
    expect(elements).toContain('Condition.code.coding[0].code');
    expect(elements).not.toContain('Condition.category[2].coding[0].code');
  });
});
