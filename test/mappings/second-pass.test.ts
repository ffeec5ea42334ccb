import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Observation, Resource } from 'fhir/r4.js';
import type { Case } from '../../src/domain/case/case.js';
import { caseModel } from '../../src/domain/case/schema.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import type { Entity } from '../../src/domain/case/define.js';
import { dropDanglingReferences, maskRequired } from '../../src/domain/fhir/redacted.js';
import { redactByLabel } from '../../src/domain/labels/fhir/redact-by-label.js';
import { DATA_LABELS, labelsOf, maskOf, permits, type LabelMask } from '../../src/domain/labels/labels.js';
import { withhold } from '../../src/domain/labels/withhold.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { writeJson, type JsonValue } from '../../src/kernel/json.js';
import { arbitraryCase } from '../support/arbitrary-case.js';
import { rulesWith, shippedRules } from '../support/label-rules.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';

type Plain = Record<string, unknown>;
const runs = Number(process.env['RELAIS_PROPERTY_RUNS'] ?? 60);
const permittedMask = fc
  .subarray([...DATA_LABELS])
  .map((labels) => (maskOf(labels) & ALL_BUT_NEVER) | maskOf(['identity']));
const wire = (value: unknown): string => writeJson(value as JsonValue);
const key = { ...context, recordKey: 'k' };

let mapping: CompiledMapping<Case>;
beforeAll(async () => {
  mapping = await loadPack('case');
}, 60_000);

const built = (record: Case, permitted: LabelMask): Resource[] =>
  mapping.toFhir(record, permitted, key).map(({ resource }) => resource);
const secondPass = (permitted: LabelMask, resources: readonly Resource[]): Resource[] =>
  redactByLabel(shippedRules, permitted, resources).map(({ resource }) => resource);

interface Canary {
  readonly text: string;
  readonly mask: LabelMask;
  readonly path: string;
}

/** A case in which every text and number is a canary, with the labels of its field; codes are the field's last. */
function planted(model: Entity, path: string, found: Canary[]): Plain {
  const value: Plain = {};
  for (const [name, member] of Object.entries(model.fields)) {
    const here = `${path}.${name}`;
    if (member.kind === 'entity') value[name] = planted(member, here, found);
    else if (member.kind === 'list') value[name] = [planted(member.item, here, found)];
    else {
      const isList = member.type.def.type === 'array';
      const type = isList ? (member.type as unknown as { element: typeof member.type }).element : member.type;
      const kind = type.def.type;
      const options = (type as unknown as { options?: string[] }).options ?? [];
      const leaf =
        kind === 'enum'
          ? name === 'use' && model.name === 'address'
            ? 'postal'
            : harmlessCode(model.name, name, options)
          : kind === 'boolean'
            ? (HARMLESS_FLAGS[name] ?? true)
            : kind === 'string'
              ? `zq${found.length}qz`
              : 40_000_001 + found.length;
      if (typeof leaf !== 'boolean' && kind !== 'enum')
        found.push({ text: String(leaf), mask: member.mask, path: here });
      value[name] = isList ? [leaf] : leaf;
    }
  }
  return value;
}

const HARMLESS_FLAGS: Readonly<Record<string, boolean>> = {
  protected: false,
  contactProhibited: false,
  victimServices: false,
};

/** A code that adds no label, so that only the labels of fields decide. */
function harmlessCode(entity: string, field: string, options: readonly string[]): string {
  const values = shippedRules.case.byEntity.get(entity)?.find((rule) => rule.field === field)?.values;
  return options.find((code) => values?.get(code) === undefined) ?? options[0]!;
}

describe('the second pass', () => {
  it('has rules for every profile of the shipped maps', () => {
    const canaries: Canary[] = [];
    const record = planted(caseModel, '', canaries) as unknown as Case;
    const profiles = new Set(
      built(record, ALL_BUT_NEVER).map(({ meta }) => meta?.profile?.[0]?.split('/').pop() ?? 'none'),
    );
    expect([...profiles].filter((name) => !shippedRules.fhir.profiles.has(name))).toEqual([]);
    expect(profiles.size).toBeGreaterThan(40);
  });

  it('lets everything through that every label permits', () => {
    const canaries: Canary[] = [];
    const record = planted(caseModel, '', canaries) as unknown as Case;
    const before = built(record, ALL_BUT_NEVER);
    expect(wire(secondPass(ALL_BUT_NEVER, before))).toBe(wire(before));
  });

  it('finds by itself every field that is not permitted, when all were built', () => {
    const canaries: Canary[] = [];
    const record = planted(caseModel, '', canaries) as unknown as Case;
    const everything = built(record, ALL_BUT_NEVER);
    const leaks = new Map<string, string>();
    for (const label of DATA_LABELS) {
      if (label === 'identity') continue;
      const permitted = ALL_BUT_NEVER & ~maskOf([label]);
      const text = wire(secondPass(permitted, everything));
      for (const { text: canary, mask, path } of canaries) {
        if (permits(permitted, mask) || !new RegExp(`${canary}(?!\\d)`).test(text)) continue;
        leaks.set(path, labelsOf(mask & ~permitted).join(' '));
      }
    }
    expect([...leaks]).toEqual([]);
  });

  it('finds by itself, by their codes, the items that the first pass keeps back', () => {
    const none = rulesWith('cues.yaml', (text) => `${text.slice(0, text.indexOf('cues:'))}cues: []\n`);
    const seen = { items: 0, hidden: 0 };
    fc.assert(
      fc.property(arbitraryCase(), permittedMask, (record, permitted) => {
        const plain = withoutMarks(record) as Case;
        const first = new Set(names(built(withhold(none, plain, permitted).record as Case, permitted)));
        const everything = built(plain, ALL_BUT_NEVER);
        const masked = secondPass(permitted, everything).flatMap((resource) => maskRequired(resource) ?? []);
        const second = dropDanglingReferences(masked);
        seen.items += everything.length;
        seen.hidden += everything.length - second.length;
        const more = second.filter((resource) => !first.has(names([resource])[0]!));
        expect(more.map((resource) => [wire(resource), labelsOf(permitted).join(' ')])).toEqual([]);
      }),
      { numRuns: runs },
    );
    expect(seen.hidden).toBeGreaterThan(seen.items / 10);
  });

  it('keeps whom the age is of, when nothing else of a household member may be shared', () => {
    const record = {
      ...syntheticCase(1),
      household: {
        members: [{ id: 'm', kind: 'child', age: 7, about: { kind: { source: 'declared', doNotShare: true } } }],
      },
    } as unknown as Case;
    const permitted = maskOf(['identity', 'household']);
    const first = built(withhold(shippedRules, record, permitted).record as Case, permitted);
    const about = first.find(({ meta }) => meta?.profile?.[0]?.endsWith('/household-age') === true) as Observation;
    expect(about.focus).toHaveLength(1);
    expect(dropDanglingReferences(secondPass(permitted, first))).toEqual(first);
  });

  it('removes nothing that the first pass let through: the two agree', () => {
    const removed = new Map<string, number>();
    fc.assert(
      fc.property(arbitraryCase(), permittedMask, (record, permitted) => {
        const first = built(withhold(shippedRules, record, permitted).record as Case, permitted);
        const second = secondPass(permitted, first);
        for (const [index, resource] of first.entries()) {
          const left = second.find(
            ({ resourceType, id }) => resourceType === resource.resourceType && id === resource.id,
          );
          if (left !== undefined && wire(left) === wire(resource)) continue;
          const name = `${resource.meta?.profile?.[0]?.split('/').pop()} ${left === undefined ? 'gone' : diff(resource, left)}`;
          removed.set(name, index);
        }
      }),
      { numRuns: runs },
    );
    expect([...removed.keys()]).toEqual([]);
  });
});

const names = (resources: readonly Resource[]): string[] =>
  resources.map(({ resourceType, id }) => `${resourceType}/${id}`);

/** Marks by hand stand nowhere in FHIR. */
function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (name === 'about' ? [] : [[name, withoutMarks(member)]])),
  );
}

function diff(before: unknown, after: unknown, path = ''): string {
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) return path;
  for (const name of Object.keys(before)) {
    const a = (before as Plain)[name];
    const b = (after as Plain)[name];
    if (wire(a ?? null) !== wire(b ?? null)) return diff(a, b, `${path}.${name}`);
  }
  return path;
}
