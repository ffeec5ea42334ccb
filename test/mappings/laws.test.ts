import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../src/domain/case/case.js';
import type { Entity } from '../../src/domain/case/define.js';
import { caseModel } from '../../src/domain/case/schema.js';
import { DATA_LABELS, maskOf, permits, type LabelMask } from '../../src/domain/labels/labels.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { readJson, writeJson, type JsonValue } from '../../src/kernel/json.js';
import { arbitraryCase } from '../support/arbitrary-case.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';
import { bundleOf, coveredOf, fromStranger, RUNS, sorted, type Plain } from './round-trip.js';

const wire = (value: unknown): unknown => readJson(writeJson(value as JsonValue));

describe('the case pack, there and back', () => {
  let mapping: CompiledMapping<Case>;
  beforeAll(async () => {
    mapping = await loadPack('case');
  }, 60_000);
  const there = (record: Case, permitted = ALL_BUT_NEVER) => bundleOf(mapping.toFhir(record, permitted, context));
  const back = (bundle: unknown, permitted = ALL_BUT_NEVER) => mapping.fromFhir(bundle, permitted, context);

  it('gives the record back with residue deleted, for everything that rules cover', () => {
    fc.assert(
      fc.property(arbitraryCase(), (record) => {
        const { record: again, residue, conflicts, refused } = back(wire(there(record)));
        expect({ residue, conflicts, refused }).toEqual({ residue: [], conflicts: [], refused: [] });
        expect(coveredOf({ ...again })).toEqual(coveredOf(record as unknown as Plain));
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  it('gives the bundle back', () => {
    fc.assert(
      fc.property(arbitraryCase(), (record) => {
        const bundle = there(record);
        expect(there(back(bundle).record as Case)).toEqual(bundle);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  it('takes a stranger’s bundle by its identifiers: other ids, urn:uuid, another order', () => {
    fc.assert(
      fc.property(arbitraryCase(), fc.nat(50), (record, seed) => {
        const stranger = fromStranger(there(record), seed);
        const { record: again, residue, conflicts } = back(wire(stranger));
        expect({ residue, conflicts }).toEqual({ residue: [], conflicts: [] });
        expect(sorted(coveredOf({ ...again }))).toEqual(sorted(coveredOf(record as unknown as Plain)));
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  it('puts nothing whose labels are not permitted, and keeps none of it', () => {
    fc.assert(
      fc.property(arbitraryCase(), fc.subarray([...DATA_LABELS]), (record, labels) => {
        const permitted = maskOf(labels);
        const { record: again, residue } = back(there(record), permitted);
        expect(forbiddenIn(caseModel, again as Plain, permitted)).toEqual([]);
        expect(residue).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);
});

/** Fields that are there although one of their labels is not permitted. */
function forbiddenIn(model: Entity, value: Plain, permitted: LabelMask): string[] {
  return Object.entries(model.fields).flatMap(([name, member]): string[] => {
    const inner = value[name];
    if (inner === undefined) return [];
    if (member.kind === 'field') return permits(permitted, member.mask) ? [] : [name];
    const items = member.kind === 'list' ? (inner as Plain[]) : [inner as Plain];
    const entity = member.kind === 'list' ? member.item : member;
    return items.flatMap((item) => forbiddenIn(entity, item, permitted).map((path) => `${name}.${path}`));
  });
}
