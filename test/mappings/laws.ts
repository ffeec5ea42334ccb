import { expect } from 'vitest';
import type { Case } from '../../src/domain/case/case.js';
import type { Entity } from '../../src/domain/case/define.js';
import { caseModel } from '../../src/domain/case/schema.js';
import { permits, type LabelMask } from '../../src/domain/labels/labels.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { readJson, writeJson, type JsonValue } from '../../src/kernel/json.js';
import { ALL_BUT_NEVER, context } from './pack.js';
import { bundleOf, coveredOf, fromStranger, sorted, type Plain, type TestBundle } from './round-trip.js';

/** Both directions of the case pack. */
export type Directions = Pick<CompiledMapping<Case>, 'toFhir' | 'fromFhir'>;

/** What a law is tried with: a valid case, another person's case, a number to shuffle by, a set of permitted labels. */
export interface Trial {
  readonly record: Case;
  readonly other: Case;
  readonly seed: number;
  readonly permitted: LabelMask;
}

const wire = (value: unknown): unknown => readJson(writeJson(value as JsonValue));

const there = ({ toFhir }: Directions, record: Case, permitted = ALL_BUT_NEVER): TestBundle =>
  bundleOf(toFhir(record, permitted, context));

/** What was permitted may be nothing of the person at all. */
const plain = (record: unknown): Plain => coveredOf({ person: {}, ...(record as Plain) });

/** The laws of the case pack without residue. Each fails by an assertion. */
export const LAWS: Readonly<Record<string, (mapping: Directions, trial: Trial) => void>> = {
  'gives the record back with residue deleted, for everything that rules cover'(mapping, { record }) {
    const back = mapping.fromFhir(wire(there(mapping, record)), ALL_BUT_NEVER, context);
    const { residue, conflicts, refused } = back;
    expect({ residue, conflicts, refused }).toEqual({ residue: [], conflicts: [], refused: [] });
    expect(plain(back.record)).toEqual(plain(record));
  },

  'gives the bundle back'(mapping, { record }) {
    const bundle = there(mapping, record);
    const back = mapping.fromFhir(bundle, ALL_BUT_NEVER, context);
    expect(there(mapping, back.record as Case)).toEqual(bundle);
  },

  'takes a stranger’s bundle by its identifiers: other ids, urn:uuid, another order'(mapping, { record, seed }) {
    const stranger = fromStranger(there(mapping, record), seed);
    const back = mapping.fromFhir(wire(stranger), ALL_BUT_NEVER, context);
    expect({ residue: back.residue, conflicts: back.conflicts }).toEqual({ residue: [], conflicts: [] });
    expect(sorted(plain(back.record))).toEqual(sorted(plain(record)));
  },

  'puts nothing whose labels are not permitted, and keeps none of it'(mapping, { record, permitted }) {
    const back = mapping.fromFhir(there(mapping, record), permitted, context);
    expect(forbiddenIn(caseModel, back.record as Plain, permitted)).toEqual([]);
    expect(back.residue).toEqual([]);
  },

  'builds nothing that is not permitted, and takes back what it built without a conflict'(
    mapping,
    { record, permitted },
  ) {
    const bundle = there(mapping, record, permitted);
    const back = mapping.fromFhir(wire(bundle), ALL_BUT_NEVER, context);
    // A reference to what was not permitted leads nowhere: redaction takes it out, later (transfer/redact-bundle).
    const residue = back.residue.filter(({ path, value }) => !path.endsWith('reference') || leads(bundle, value));
    expect({ residue, conflicts: back.conflicts }).toEqual({ residue: [], conflicts: [] });
    expect(forbiddenIn(caseModel, back.record as Plain, permitted)).toEqual([]);
    expect(partOf(sorted(plain(back.record)), sorted(plain(record)))).toEqual([]);
  },

  'refuses two persons in one bundle'(mapping, { record, other, seed }) {
    const [ours, theirs] = [there(mapping, record), fromStranger(there(mapping, other), seed)];
    expect(() =>
      mapping.fromFhir({ ...ours, entry: [...ours.entry, ...theirs.entry] }, ALL_BUT_NEVER, context),
    ).toThrow(expect.objectContaining({ code: 'mapping.several-persons', status: 422 }));
    // Without the other's Patient, what is said of the other still is.
    const rest = theirs.entry.filter(({ resource }) => resource.resourceType !== 'Patient');
    const subjects = rest.filter(({ resource }) => 'subject' in resource || 'patient' in resource);
    if (subjects.length === 0) return;
    expect(() => mapping.fromFhir({ ...ours, entry: [...ours.entry, ...subjects] }, ALL_BUT_NEVER, context)).toThrow(
      expect.objectContaining({ code: 'mapping.several-persons' }),
    );
  },
};

const leads = ({ entry }: TestBundle, reference: unknown): boolean =>
  entry.some(({ resource }) => `${resource.resourceType}/${resource.id}` === reference);

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

/** Paths of values that stand in a part and not in the whole; items of keyed lists are found by their key. */
function partOf(part: unknown, whole: unknown, path = ''): string[] {
  if (Array.isArray(part)) {
    return part.flatMap((item: unknown, index) => {
      const id = (item as { id?: unknown } | null)?.id;
      const list = Array.isArray(whole) ? (whole as unknown[]) : [];
      const same = id === undefined ? list[index] : list.find((other) => (other as { id?: unknown }).id === id);
      return partOf(item, same, `${path}[${index}]`);
    });
  }
  if (typeof part === 'object' && part !== null && !('text' in part && Object.keys(part).length === 1)) {
    return Object.entries(part).flatMap(([name, value]) =>
      partOf(value, (whole as Plain | undefined)?.[name], `${path}.${name}`),
    );
  }
  return JSON.stringify(part) === JSON.stringify(whole) ? [] : [path];
}
