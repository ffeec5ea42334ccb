import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../src/domain/case/case.js';
import { DATA_LABELS, maskOf, permits } from '../../src/domain/labels/labels.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { keepResources } from '../../src/domain/mapping/residue/keep-resources.js';
import { restoreResources } from '../../src/domain/mapping/residue/restore-resources.js';
import { readJson, writeJson, type JsonValue } from '../../src/kernel/json.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import { arbitraryCase } from '../support/arbitrary-case.js';
import { mutate } from './mutate-bundle.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';
import { RUNS, type Plain } from './round-trip.js';

const wire = (value: unknown): JsonValue => readJson(writeJson(value as JsonValue));

describe('what is kept of a bundle', () => {
  let mapping: CompiledMapping<Case>;
  beforeAll(async () => {
    mapping = await loadPack('case');
  }, 60_000);
  const made = (record: Case) =>
    wire(
      restoreResources(mapping, mapping.toFhir(record, ALL_BUT_NEVER, context), [], ALL_BUT_NEVER, context),
    ) as Plain;
  const keptOf = (bundle: unknown, permitted = ALL_BUT_NEVER) => {
    const { record, residue } = mapping.fromFhir(bundle, permitted, context);
    return keepResources(mapping, bundle, record as Case, residue, permitted, context);
  };

  it('is nothing where the maps say all of it', () => {
    fc.assert(
      fc.property(arbitraryCase(), (record) => {
        expect(keptOf(made(record))).toEqual({ kept: [], refused: [] });
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  it.each<[string, (bundle: Plain) => void, object]>([
    [
      'a resource of nobody, unclassified',
      ({ entry }) => (entry as unknown[]).splice(1, 0, { resource: { resourceType: 'Basic', id: 'other' } }),
      { map: '', key: '', path: 'entry[1]', label: 'unclassified', reason: 'foreign', act: 'insert' },
    ],
    [
      'an element that no rule reads, with the labels of its map',
      ({ entry }) => void (resourcesOf(entry, 'Goal')[0]!['implicitRules'] = 'urn:x'),
      { map: 'case/goal', path: 'implicitRules', reason: 'foreign', act: 'add', value: 'urn:x' },
    ],
    [
      'a value that no codec reads, with the labels of its field',
      ({ entry }) => void (resourcesOf(entry, 'Goal')[0]!['startDate'] = 7),
      { map: 'case/goal', path: 'startDate', reason: 'failed-codec', label: maskOf(['plan']), value: 7 },
    ],
    [
      'a computed value that says something else',
      ({ entry }) => void ((resourcesOf(entry, 'Encounter')[0]!['class'] as Plain)['code'] = 'SS'),
      { map: 'case/intervention', path: 'class.code', reason: 'unread', value: 'SS' },
    ],
    [
      'an item without the key that says which one it is',
      ({ entry }) =>
        (resourcesOf(entry, 'Patient')[0]!['identifier'] as unknown[]).push({ system: 'urn:o', value: '1' }),
      { map: 'case/person', reason: 'foreign', act: 'insert', value: { system: 'urn:o', value: '1' } },
    ],
    [
      'that something is not there which the map makes',
      ({ entry }) => void delete resourcesOf(entry, 'Encounter')[0]!['status'],
      { map: 'case/intervention', path: 'status', reason: 'absent', act: 'remove' },
    ],
    [
      'the order of a list, without its items',
      ({ entry }) => void (resourcesOf(entry, 'Condition')[0]!['category'] as unknown[]).reverse(),
      { map: 'case/need', path: 'category', reason: 'order', act: 'arrange', value: [2, 1, 0] },
    ],
  ])('is %s: one entry', (_, change, expected) => {
    const bundle = made(syntheticCase(3));
    change(bundle);
    const { kept } = keptOf(bundle);
    expect(kept).toEqual([expect.objectContaining(expected)]);
  });

  it('is never of a label that is not permitted: map and path, no value', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.array(fc.nat(), { minLength: 1, maxLength: 12 }),
        fc.subarray([...DATA_LABELS], { maxLength: DATA_LABELS.length - 2 }),
        (seed, seeds, labels) => {
          const bundle = mutate(made(syntheticCase(seed)), seeds);
          const permitted = maskOf(labels);
          let result;
          try {
            result = keptOf(bundle, permitted);
          } catch (error) {
            expect(error).toMatchObject({ code: 'mapping.several-persons' });
            return;
          }
          for (const { label } of result.kept) {
            expect(label).not.toBe('unclassified');
            expect(permits(permitted, label as number)).toBe(true);
          }
          for (const one of result.refused) expect(Object.keys(one).sort()).toEqual(['map', 'path']);
        },
      ),
      { numRuns: RUNS },
    );
  }, 600_000);

  it('holds no value of a kind that is not permitted, wherever it stood', () => {
    const health = maskOf(['health', 'addiction', 'psychiatry', 'hiv', 'reproductive-health']);
    const bundle = made(syntheticCase(3));
    for (const type of ['MedicationStatement', 'AllergyIntolerance', 'Condition', 'Procedure', 'Goal']) {
      for (const resource of resourcesOf(bundle['entry'], type)) {
        Object.assign(resource, {
          language: 'CANARY',
          note: [{ text: 'CANARY', authorString: 'CANARY' }],
          extension: [{ url: 'CANARY' }],
        });
      }
    }
    (bundle['entry'] as unknown[]).push({ resource: { resourceType: 'Basic', id: 'CANARY' } });
    const { kept, refused } = keptOf(bundle, ALL_BUT_NEVER & ~health);
    expect(kept.filter(({ map }) => /allergy|condition|medication|treatment/.test(map))).toEqual([]);
    expect(JSON.stringify(refused)).not.toContain('CANARY');
    expect(refused).toContainEqual({ map: '', path: 'entry[' + ((bundle['entry'] as unknown[]).length - 1) + ']' });
    expect(JSON.stringify(keptOf(bundle).kept)).toContain('CANARY');
  });

  it.each([
    [
      'more than 5,000 entries',
      { entry: Array.from({ length: 10_000 }, () => ({ resource: { resourceType: 'Basic' } })) },
      'mapping.too-large',
    ],
    ['60 levels in the frame', { meta: nested(60) }, 'mapping.too-deep'],
    [
      '60 levels beside a resource',
      { entry: [{ resource: { resourceType: 'Basic' }, request: nested(60) }] },
      'mapping.too-deep',
    ],
  ])('is refused for %s, soon', (_, rest, code) => {
    const start = performance.now();
    const bundle = { resourceType: 'Bundle', ...rest };
    expect(() =>
      keepResources(mapping, bundle, { person: { id: 'p' } } as unknown as Case, [], ALL_BUT_NEVER, context),
    ).toThrow(expect.objectContaining({ code, status: 422 }));
    expect(performance.now() - start).toBeLessThan(500);
  });
});

const resourcesOf = (entry: unknown, type: string): Plain[] =>
  (entry as { resource: Plain }[]).map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type);

function nested(levels: number): object {
  let inner: object = {};
  for (let level = 0; level < levels; level += 1) inner = { a: inner };
  return inner;
}
