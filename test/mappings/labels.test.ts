import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../src/domain/case/case.js';
import { caseModel } from '../../src/domain/case/schema.js';
import type { Entity } from '../../src/domain/case/define.js';
import { DATA_LABELS, maskOf, NEVER, permits, type LabelMask } from '../../src/domain/labels/labels.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { writeJson, type JsonValue } from '../../src/kernel/json.js';
import { arbitraryCase } from '../support/arbitrary-case.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';

type Plain = Record<string, unknown>;
const permittedMask = fc.subarray([...DATA_LABELS]).map((labels) => maskOf(labels));
const wire = (mapped: unknown): string => writeJson(mapped as JsonValue);

/** The record without the fields that the permitted labels do not cover: what a forbidden value must not change. */
function strip(model: Entity, value: Plain, permitted: LabelMask): Plain {
  const result: Plain = {};
  for (const [name, member] of Object.entries(model.fields)) {
    const inner = value[name];
    if (inner === undefined) continue;
    if (member.kind === 'field') {
      if (permits(permitted, member.mask)) result[name] = inner;
    } else if (member.kind === 'list')
      result[name] = (inner as Plain[]).map((item) => strip(member.item, item, permitted));
    else result[name] = strip(member, inner as Plain, permitted);
  }
  return result;
}

interface Canary {
  readonly text: string;
  readonly mask: LabelMask;
  readonly path: string;
}

/** A case in which every text is a canary that nothing else could have made, with the labels of its field. */
function planted(model: Entity, path: string, found: Canary[]): Plain {
  const value: Plain = {};
  for (const [name, member] of Object.entries(model.fields)) {
    const here = `${path}.${name}`;
    if (member.kind === 'entity') value[name] = planted(member, here, found);
    else if (member.kind === 'list') value[name] = [planted(member.item, here, found)];
    else {
      const isList = member.type.def.type === 'array';
      const type = isList ? (member.type as unknown as { element: typeof member.type }).element : member.type;
      const leaf =
        type.def.type === 'enum'
          ? (type as unknown as { options: string[] }).options[0]
          : type.def.type === 'boolean'
            ? true
            : type.def.type === 'string'
              ? `zq${found.length}qz`
              : 40_000_001 + found.length;
      if (leaf !== true && type.def.type !== 'enum') found.push({ text: String(leaf), mask: member.mask, path: here });
      value[name] = isList ? [leaf] : leaf;
    }
  }
  return value;
}

describe('the permitted labels', () => {
  let mapping: CompiledMapping<Case>;
  beforeAll(async () => {
    mapping = await loadPack('case');
  }, 60_000);

  it('decide what is built: a forbidden value changes nothing, whatever it is', () => {
    fc.assert(
      fc.property(arbitraryCase(), permittedMask, (record, permitted) => {
        const stripped = strip(caseModel, record, permitted) as unknown as Case;
        expect(wire(mapping.toFhir(record, permitted, { ...context, recordKey: 'k' }))).toBe(
          wire(mapping.toFhir(stripped, permitted, { ...context, recordKey: 'k' })),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('cover the labels that a resource says it was built from, and never working notes', () => {
    fc.assert(
      fc.property(arbitraryCase(), permittedMask, (record, permitted) => {
        for (const { labels } of mapping.toFhir(record, permitted, context)) {
          expect(permits(permitted, labels)).toBe(true);
          expect(labels & maskOf([NEVER])).toBe(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('let no planted canary through that they do not cover', () => {
    const canaries: Canary[] = [];
    const record = planted(caseModel, '', canaries) as unknown as Case;
    fc.assert(
      fc.property(permittedMask, (permitted) => {
        const text = wire(mapping.toFhir(record, permitted, context));
        const leaked = canaries.filter(
          ({ text: canary, mask }) => !permits(permitted, mask) && new RegExp(`${canary}(?!\\d)`).test(text),
        );
        expect(leaked.map(({ path }) => path)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('permit every field of the case model that has a home, and no working note ever', () => {
    const canaries: Canary[] = [];
    const record = planted(caseModel, '', canaries) as unknown as Case;
    // A person without a fixed address has no home address to tell.
    delete (record.person as Plain)['noFixedAddress'];
    const text = wire(mapping.toFhir(record, ALL_BUT_NEVER | maskOf([NEVER]), context));
    const missing = canaries.filter(({ text: canary }) => !text.includes(canary)).map(({ path }) => path);
    expect(missing.filter((path) => !path.startsWith('.workingNotes')).sort()).toEqual(NOT_CARRIED);
    expect(missing).toContain('.workingNotes.text');
  });

  it('are told exactly: a resource has the labels of what is in it', () => {
    const labelsOf = (note: object): number => {
      const need = { id: 'n', category: 'housing', status: 'active', ...note };
      const record = { schemaVersion: 1, person: { id: 'p' }, needs: [need] } as unknown as Case;
      return mapping
        .toFhir(record, ALL_BUT_NEVER, context)
        .find(({ resource }) => resource.resourceType === 'Condition')!.labels;
    };
    expect(labelsOf({})).toBe(maskOf(['identity', 'needs']));
    expect(labelsOf({ note: 'n' })).toBe(maskOf(['identity', 'needs', 'free-text']));
  });
});

/**
 * Keys of other items become pairwise references; an end is no end while the status says "active"; the version of the
 * schema is the format's.
 */
const NOT_CARRIED: readonly string[] = [
  '.assessments.stayId',
  '.exits.stayId',
  '.goals.needIds',
  '.health.conditions.stayId',
  '.housing.arrears.tenancyId',
  '.housing.evictions.tenancyId',
  '.housing.history.stayId',
  '.income.resources.stayId',
  '.interventions.needIds',
  '.interventions.stayId',
  '.plan.activities.goalIds',
  '.plan.activities.needIds',
  '.plan.documentId',
  '.referrals.needIds',
  '.referrals.stayId',
  '.representation.measures.documentId',
  '.rights.appeals.decisionId',
  '.rights.decisions.applicationId',
  '.rights.decisions.benefitId',
  '.rights.notifications.applicationId',
  '.rights.notifications.documentId',
  '.schemaVersion',
  '.screenings.assessmentId',
  '.screenings.stayId',
  '.services.stayId',
];
