import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCase } from '../../../src/domain/case/parse-case.js';
import { labelTable } from '../../../src/domain/case/label-table.js';
import type { Case } from '../../../src/domain/case/schema.js';
import { labelsFromCodes } from '../../../src/domain/labels/code-labels.js';
import { DATA_LABELS, maskOf, NEVER, permits, type LabelMask } from '../../../src/domain/labels/labels.js';
import { withhold as withholdBy } from '../../../src/domain/labels/withhold.js';
import { RelaisError } from '../../../src/kernel/errors.js';
import { isJsonObject, readJson, writeJson, type JsonValue } from '../../../src/kernel/json.js';
import { arbitraryCase } from '../../support/arbitrary-case.js';
import { shippedRules } from '../../support/label-rules.js';

const withhold = (record: Parameters<typeof withholdBy>[1], permitted: LabelMask) =>
  withholdBy(shippedRules, record, permitted);
const EVERYTHING = maskOf(DATA_LABELS);
const arbitraryMask = fc.oneof(
  fc.subarray([...DATA_LABELS]).map(maskOf),
  fc.constantFrom(0, EVERYTHING, maskOf(['identity', 'contact', 'housing']), maskOf(DATA_LABELS.slice(0, 10))),
);
const text = (value: unknown): string => writeJson(value as JsonValue);

const grace = parseCase(
  readJson(readFileSync(new URL('../../../config/demo/cases/grace-okafor.json', import.meta.url))),
);
const person = { id: 'p', anonymous: true } as const;
const HMIS_SERVICE = (recordType: string): string =>
  `https://relais.example/fhir/CodeSystem/hmis-service-type-${recordType}`;

/** Every leaf of a record with its path pattern and the pointer to it. */
function* leaves(value: JsonValue, pattern = '', pointer = ''): Generator<{ pattern: string; pointer: string }> {
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly JsonValue[]).entries()) {
      yield* leaves(item, isJsonObject(item) ? `${pattern}[]` : pattern, `${pointer}/${index}`);
    }
  } else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      yield* leaves(member, pattern === '' ? name : `${pattern}.${name}`, `${pointer}/${name}`);
    }
  } else yield { pattern, pointer };
}

/** Ten thousand runs take minutes on a busy machine. */
const LAWS = { timeout: 1_600_000 };
const runs = (least: number) => ({ numRuns: Math.max(least, Number(process.env['RELAIS_PROPERTY_RUNS'] ?? 0)) });

describe('laws', LAWS, () => {
  it('nothing outside the permitted set is left, and every leaf is either left or counted', () => {
    fc.assert(
      fc.property(arbitraryCase(), arbitraryMask, (record, permitted) => {
        const { record: left, withheld } = withhold(record, permitted);
        const outside = [...leaves(left as JsonValue)].filter(({ pattern }) => {
          const labels = labelTable().get(pattern);
          return labels === undefined || (labels.kind === 'field' && !permits(permitted, labels.mask));
        });
        expect(outside).toEqual([]);
        const isContent = ({ pattern }: { pattern: string }): boolean => labelTable().get(pattern)?.kind !== 'about';
        const before = [...leaves(record as unknown as JsonValue)].filter(isContent);
        const after = [...leaves(left as JsonValue)].filter(isContent);
        expect(after.length + withheld.length).toBe(before.length);
        const places = new Set(before.map(({ pointer }) => pointer));
        expect(withheld.filter(({ path }) => !places.has(path))).toEqual([]);
        expect(new Set(withheld.map(({ path }) => path)).size).toBe(withheld.length);
      }),
      runs(100),
    );
  });

  it('is idempotent and does not change its input', () => {
    fc.assert(
      fc.property(arbitraryCase(), arbitraryMask, (record, permitted) => {
        const before = text(record);
        const once = withhold(record, permitted);
        const twice = withhold(once.record, permitted);
        expect(text(record)).toBe(before);
        expect(text(twice.record)).toBe(text(once.record));
        expect(twice.withheld).toEqual([]);
      }),
      runs(100),
    );
  });

  it('is monotone: permitting more never removes anything', () => {
    fc.assert(
      fc.property(arbitraryCase(), arbitraryMask, arbitraryMask, (record, some, more) => {
        const fewer = withhold(record, some);
        const larger = withhold(record, some | more);
        const kept = new Set(larger.withheld.map(({ path }) => path));
        const lost = new Set(fewer.withheld.map(({ path }) => path));
        expect([...kept].filter((path) => !lost.has(path))).toEqual([]);
      }),
      runs(100),
    );
  });

  it('changing or removing a hidden value changes nothing of what is left', () => {
    fc.assert(
      fc.property(arbitraryCase(), arbitraryMask, fc.nat(), fc.boolean(), (record, permitted, choice, remove) => {
        const { record: left, withheld } = withhold(record, permitted);
        // A code decides on labels, so changing one may make something else visible: texts are changed, anything removed.
        const hidden = withheld.filter(({ reason }) => reason !== 'points-to-withheld');
        const target = hidden[choice % Math.max(hidden.length, 1)];
        if (target === undefined) return;
        const changed = readJson(text(record));
        if (!change(changed, target.path, remove)) return;
        expect(text(withhold(changed as unknown as Case, permitted).record)).toBe(text(left));
      }),
      runs(200),
    );
  });
});

const FREE =
  /(?:note|summary|description|fact|precautions|reason|title|name|family|value|phone|email|text|author)(?:\/\d+)?$/;

/**
 * Changes or removes free text at the pointer; false where the place holds a key or a code. The reason of an exit is a
 * code, and that of a referral is free text: where any text makes a valid case, it is free.
 */
function change(root: JsonValue, pointer: string, remove: boolean): boolean {
  const parts = pointer.slice(1).split('/');
  const last = parts.pop() ?? '';
  let holder = root as Record<string, unknown>;
  for (const part of parts) holder = holder[part] as Record<string, unknown>;
  if (!FREE.test(pointer) || typeof holder[last] !== 'string') return false;
  holder[last] = 'changed {{ x }}';
  if (!isCase(root)) return false;
  if (remove && !Array.isArray(holder)) delete holder[last];
  return true;
}

function isCase(value: JsonValue): boolean {
  try {
    parseCase(value);
    return true;
  } catch (error) {
    if (error instanceof RelaisError) return false;
    throw error;
  }
}

describe('a hidden code', () => {
  const exit = { id: 'e1', destination: 'host-other', reason: 'imprisoned' } as const;
  const record = { schemaVersion: 1, person, exits: [exit] } as unknown as Case;

  it('decides on what stands beside it: an exit for prison stays where justice may not be told', () => {
    const permitted = maskOf(['identity', 'housing']);
    expect(withhold(record, permitted).record).toEqual({ schemaVersion: 1, person });
    expect(withhold(record, permitted | maskOf(['justice'])).record.exits).toEqual([exit]);
  });

  it('is no free text to the law above', () => {
    const changed = readJson(text(record));
    expect(change(changed, '/exits/0/reason', false)).toBe(false);
  });
});

describe('marks', () => {
  it('working notes never leave, whatever is permitted', () => {
    const { record, withheld } = withhold(grace, EVERYTHING);
    expect(record.workingNotes).toBeUndefined();
    expect(withheld.filter(({ reason }) => reason === 'never').map(({ path }) => path)).toContain(
      '/workingNotes/0/text',
    );
  });

  it('"do not share" keeps a field, an item, a list', () => {
    const about = { source: 'declared', doNotShare: true } as const;
    const record: Case = {
      schemaVersion: 1,
      person: { ...person, sex: 'female', about: { sex: about } },
      needs: [
        { id: 'a', category: 'food', status: 'active', about: { '*': about } },
        { id: 'b', category: 'food', status: 'active', about: { status: { source: 'declared', contested: true } } },
      ],
      telecoms: [{ id: 't', system: 'phone', value: '1' }],
      about: { telecoms: about },
    };
    const { record: left, withheld } = withhold(record, EVERYTHING);
    expect(left).toEqual({ schemaVersion: 1, person, needs: [record.needs?.[1]] });
    expect(withheld.every(({ reason }) => reason === 'do-not-share')).toBe(true);
    expect(withheld.map(({ path }) => path)).toEqual([
      ...['/person/sex', '/needs/0/id', '/needs/0/category', '/needs/0/status'],
      ...['/telecoms/0/id', '/telecoms/0/system', '/telecoms/0/value'],
    ]);
  });

  it('what is said about a hidden field goes with it', () => {
    const said = { source: 'document', date: '2020', contested: true } as const;
    const record: Case = {
      schemaVersion: 1,
      person: { ...person, religion: 'x', about: { religion: said, ethnicities: said, anonymous: said } },
    };
    const { record: left } = withhold(record, maskOf(['identity']));
    expect(left).toEqual({ schemaVersion: 1, person: { ...person, about: { anonymous: said } } });
  });

  it('a sensitivity added by hand holds for the field alone', () => {
    const record: Case = {
      schemaVersion: 1,
      person,
      housing: {
        situation: {
          kind: 'hotel',
          since: '2024',
          about: { since: { source: 'declared', sensitivities: ['violence'] } },
        },
      },
    };
    expect(withhold(record, maskOf(['identity', 'housing'])).record.housing).toEqual({ situation: { kind: 'hotel' } });
    expect(withhold(record, maskOf(['identity', 'housing', 'violence'])).record.housing?.situation?.since).toBe('2024');
  });

  it('a field that the model does not know stays, and its name is not told', () => {
    const { record, withheld } = withhold({ schemaVersion: 1, person: { ...person, zq7: 'x' } } as Case, EVERYTHING);
    expect(record).toEqual({ schemaVersion: 1, person });
    expect(withheld).toEqual([{ path: '/person', labels: [], reason: 'unlabelled' }]);
  });
});

describe('labels that follow what is said', () => {
  const plan: LabelMask = maskOf(['identity', 'needs', 'plan', 'notes']);

  it('a need about addiction takes along the goal, the step and the referral that serve it', () => {
    const record: Case = {
      schemaVersion: 1,
      person,
      needs: [
        { id: 'n1', category: 'addiction', status: 'active' },
        { id: 'n2', category: 'food', status: 'active' },
      ],
      goals: [{ id: 'g1', category: 'other', status: 'active', needIds: ['n1'] }],
      plan: { status: 'active', activities: [{ id: 'a1', category: 'other', status: 'scheduled', goalIds: ['g1'] }] },
      referrals: [{ id: 'r1', category: 'other', status: 'sent', needIds: ['n2', 'n1'] }],
      interventions: [{ id: 'i1', date: '2026-01-01', kind: 'interview', needIds: ['n2'] }],
    };
    expect(withhold(record, plan).record).toEqual({
      schemaVersion: 1,
      person,
      needs: [record.needs?.[1]],
      plan: { status: 'active' },
      interventions: record.interventions,
    });
    const allowed = withhold(record, plan | maskOf(['health', 'addiction'])).record;
    expect(allowed.plan?.activities).toEqual(record.plan?.activities);
  });

  it('what happened in a shelter for victims of violence tells of violence', () => {
    const record: Case = {
      schemaVersion: 1,
      person,
      stays: [
        { id: 's1', kind: 'violence-shelter', status: 'finished' },
        { id: 's2', kind: 'emergency-shelter', status: 'active' },
      ],
      services: [
        { id: 'v1', kind: 'bed-night', date: '2026-01-01', stayId: 's1' },
        { id: 'v2', kind: 'bed-night', date: '2026-01-02', stayId: 's2' },
      ],
      screenings: [{ id: 'q1', kind: 'employment', topic: 'employed', answer: 'yes', stayId: 's1' }],
    };
    const housed = plan | maskOf(['housing']);
    expect(withhold(record, housed).record).toEqual({
      schemaVersion: 1,
      person,
      stays: [record.stays?.[1]],
      services: [record.services?.[1]],
    });
    expect(withhold(record, housed | maskOf(['violence', 'protected-address'])).record).toEqual(record);
  });

  it('answers of one occasion leave each by its own labels', () => {
    const occasion = { occasion: 'o1', kind: 'education', answer: 'yes' } as const;
    const record: Case = {
      schemaVersion: 1,
      person,
      screenings: [
        { ...occasion, id: 'q1', topic: 'employed' },
        { ...occasion, id: 'q2', topic: 'violence-survivor' },
        { ...occasion, id: 'q3', topic: 'substance-use' },
      ],
    };
    const ids = (permitted: LabelMask) => withhold(record, permitted).record.screenings?.map(({ id }) => id);
    expect(ids(plan)).toEqual(['q1']);
    expect(ids(plan | maskOf(['violence']))).toEqual(['q1', 'q2']);
    expect(ids(plan | maskOf(['health', 'addiction']))).toEqual(['q1', 'q3']);
    expect(ids(maskOf(['identity', 'housing']))).toBeUndefined();
  });

  it('ids of what stays are not named by what leaves', () => {
    const record: Case = {
      schemaVersion: 1,
      person,
      needs: [
        { id: 'n1', category: 'food', status: 'active', about: { '*': { source: 'declared', doNotShare: true } } },
      ],
      goals: [{ id: 'g1', category: 'food', status: 'active', needIds: ['n1'] }],
      communication: { languages: ['fr'], safeTelecomId: 't' },
      telecoms: [{ id: 't', system: 'phone', value: '1', protected: true }],
    };
    const { record: left, withheld } = withhold(record, plan | maskOf(['contact']));
    expect(left.goals).toEqual([{ id: 'g1', category: 'food', status: 'active' }]);
    expect(left.communication).toEqual({ languages: ['fr'] });
    expect(withheld).toContainEqual({ path: '/goals/0/needIds/0', labels: [], reason: 'points-to-withheld' });
  });

  it.each([
    ['need', { category: 'mental-health' }, ['health', 'psychiatry']],
    ['goal', { category: 'violence' }, ['violence']],
    ['referral', { category: 'immigration' }, ['immigration']],
    ['benefit', { kind: 'state-medical-aid' }, ['health', 'immigration']],
    ['identifier', { type: 'agency' }, []],
    ['identifier', { type: 'other' }, ['government-identifier']],
    ['identifier', { type: 'social-security' }, ['government-identifier', 'health-identifier']],
    ['address', { protected: true }, ['protected-address']],
    ['address', { protected: false }, []],
    ['telecom', { protected: true }, ['protected-address']],
    ['telecom', { safe: false }, ['protected-address']],
    ['telecom', { safe: true }, []],
    ['housingSituation', { kind: 'violence-shelter' }, ['violence', 'protected-address']],
    ['householdMember', { kind: 'unborn' }, ['reproductive-health']],
    ['condition', { codeSystem: 'http://hl7.org/fhir/sid/icd-10', code: 'F10.2' }, ['addiction']],
    ['condition', { codeSystem: 'http://hl7.org/fhir/sid/icd-10', code: 'f32.1' }, ['psychiatry']],
    ['condition', { codeSystem: 'http://hl7.org/fhir/sid/icd-10', code: 'B24' }, ['hiv']],
    ['condition', { codeSystem: 'http://hl7.org/fhir/sid/icd-10', code: 'E10.9' }, []],
    ['condition', { codeSystem: 'http://hl7.org/fhir/sid/icd-10', code: 'Z34' }, ['reproductive-health']],
    ['treatment', { codeSystem: 'http://www.whocc.no/atc', code: 'N07BC02' }, ['addiction']],
    ['treatment', { codeSystem: 'http://www.whocc.no/atc', code: 'A10AE04' }, []],
    ['treatment', { codeSystem: 'constructor', code: 'F10' }, []],
    ['stay', { kind: 'violence-shelter' }, ['violence', 'protected-address']],
    ['stay', { kind: 'rapid-rehousing' }, []],
    ['programme', { kind: 'other', victimServices: true }, ['violence', 'protected-address']],
    ['programme', { kind: 'hiv-housing', victimServices: false }, ['health', 'hiv']],
    ['exit', { destination: 'prison', reason: 'imprisoned' }, ['justice']],
    ['exit', { destination: 'deceased' }, []],
    ['livingSituation', { kind: 'psychiatric-hospital' }, ['health', 'psychiatry']],
    ['livingSituation', { kind: 'tenant-with-subsidy' }, []],
    ['service', { kind: 'rent-assistance' }, ['income']],
    ['service', { kind: 'substance-use' }, ['health', 'addiction']],
    ['service', { kind: 'bed-night' }, []],
    ['service', { codeSystem: HMIS_SERVICE('143'), code: '1' }, ['health', 'hiv']],
    ['service', { codeSystem: HMIS_SERVICE('141'), code: '2' }, ['health', 'psychiatry']],
    ['service', { codeSystem: HMIS_SERVICE('144'), code: '2' }, []],
    ['service', { detailSystem: 'http://hl7.org/fhir/sid/icd-10', detailCode: 'B24' }, ['hiv']],
    ['screening', { topic: 'violence-fleeing' }, ['violence']],
    ['screening', { topic: 'hiv-viral-load', kind: 'disability' }, ['health', 'hiv']],
    ['screening', { topic: 'pregnancy' }, ['health', 'reproductive-health']],
    ['screening', { topic: 'income-earned', kind: 'income' }, ['income']],
    ['screening', { topic: 'other', kind: 'substance-use' }, ['health', 'addiction']],
    ['screening', { answerSystem: 'http://hl7.org/fhir/sid/icd-10', answerCode: 'F32' }, ['psychiatry']],
    ['screening', { reasonSystem: 'http://hl7.org/fhir/sid/icd-10', reasonCode: 'F10' }, ['addiction']],
    ['condition', { kind: 'hiv', verification: 'refuted' }, ['hiv']],
    ['resource', { kind: 'veterans-disability' }, ['health']],
    ['rightsApplication', { missingDocuments: ['payslip', 'protection-order'] }, ['justice', 'violence']],
  ])('%s %j carries %j', (entity, item, labels) => {
    expect(labelsFromCodes(shippedRules, entity, item)).toBe(maskOf(labels));
  });
});

describe("Grace's record", () => {
  const toHousing = withhold(grace, maskOf(['identity', 'contact', 'household', 'housing', 'income']));
  const toClinic = withhold(grace, maskOf(['identity', 'contact', 'health']));

  it('goes to housing with the household as ages, the safe phone, the hearing and the dog', () => {
    expect(toHousing.record.household?.members?.map(({ age }) => age)).toEqual([15, 6]);
    expect(toHousing.record.telecoms?.map(({ safe }) => safe)).toEqual([true]);
    expect(toHousing.record.housing?.evictions?.[0]?.hearingDate).toBe('2027-03-12');
    expect(toHousing.record.housing?.pets?.[0]?.name).toBe('Biscuit');
    expect(toHousing.record.health).toBeUndefined();
  });

  it('goes to the clinic with the insulin and without the depression', () => {
    expect(toClinic.record.health?.treatments?.[0]?.mustNotInterrupt).toBe(true);
    expect(toClinic.record.health?.conditions?.map(({ id }) => id)).toEqual(['co2']);
    expect(toClinic.record.housing).toBeUndefined();
  });

  it.each([
    'Daniel',
    'Amara',
    'Chidi',
    'Marchal',
    'Tanneurs',
    'dépress',
    '77 02',
    'catholique',
    '2 92 05',
    NEVER,
    'Hélène',
  ])('%s stays', (canary) => {
    expect(text(toHousing.record)).not.toContain(canary);
    expect(text(toClinic.record)).not.toContain(canary);
  });
});
