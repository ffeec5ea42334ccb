import type { Resource } from 'fhir/r4.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../src/domain/case/case.js';
import { parseCase } from '../../src/domain/case/parse-case.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import type { HmisRecord, HmisRow } from '../../src/domain/mapping/models/hmis-model.js';
import { readJson, writeJson, type JsonValue } from '../../src/kernel/json.js';
import { sharedData } from '../support/shared-data.js';
import { peopleOf } from './hmis-people.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';
import { bundleOf } from './round-trip.js';

const folder = sharedData('hmis-csv-fy2026', 'subset');
/** Own profile → what is counted; a resource of another profile is nobody's but HMIS'. */
const GROUPS: Readonly<Record<string, string>> = {
  enrolment: 'enrolments',
  'exit-destination': 'exits',
  service: 'services',
  'living-situation': 'living situations',
  screening: 'answers',
  resource: 'income',
  'health-condition': 'disabilities',
};

let hmis: CompiledMapping<HmisRecord>;
let cases: CompiledMapping<Case>;
beforeAll(async () => {
  [hmis, cases] = [await loadPack('hmis'), await loadPack('case')];
}, 180_000);

const wire = (value: unknown): unknown => readJson(writeJson(value as JsonValue));
const profileOf = (resource: Resource): string => resource.meta?.profile?.[0]?.split('/').at(-1) ?? '';

/** HMIS → FHIR → case: the case, and which resources it took. */
function toCase(person: HmisRecord) {
  const bundle = bundleOf(hmis.toFhir(person, ALL_BUT_NEVER, context));
  const { record, residue, conflicts } = cases.fromFhir(wire(bundle), ALL_BUT_NEVER, context);
  const left = new Set(residue.filter(({ map }) => map === '').map(({ path }) => path));
  const taken = bundle.entry.map(({ resource }, index) => [profileOf(resource), !left.has(`entry[${index}]`)] as const);
  return { record: record as Case, conflicts, taken };
}

describe.skipIf(folder === null)('HMIS to FHIR to the case model (skipped: shared data absent)', () => {
  it('is taken by the case pack, and makes a case that is valid', () => {
    const counts = new Map<string, [number, number]>();
    const broken = new Map<string, number>();
    for (const person of peopleOf(folder!)) {
      const { record, conflicts, taken } = toCase(person);
      expect(conflicts).toEqual([]);
      for (const [profile, isTaken] of taken) {
        for (const group of ['all', ...(GROUPS[profile] === undefined ? [] : [GROUPS[profile]])]) {
          const [of, all] = counts.get(group) ?? [0, 0];
          counts.set(group, [of + (isTaken ? 1 : 0), all + 1]);
        }
      }
      for (const rule of rulesBrokenBy(record)) broken.set(rule, (broken.get(rule) ?? 0) + 1);
    }
    const shares = Object.fromEntries([...counts].map(([group, [of, all]]) => [group, (100 * of) / all]));
    process.stdout.write(
      `${JSON.stringify({ law: 'HMIS -> FHIR -> case', resources: counts.get('all')![1], shares })}\n`,
    );
    expect(Object.fromEntries(broken)).toEqual({});
    expect(Object.keys(shares).sort()).toEqual(['all', ...Object.values(GROUPS)].sort());
    for (const share of Object.values(shares)) expect(share).toBeGreaterThanOrEqual(95);
  }, 300_000);
});

/** Rules that the record breaks, by their place without its numbers. */
function rulesBrokenBy(record: Case): string[] {
  try {
    parseCase({ ...record, schemaVersion: 1 } as unknown as JsonValue);
    return [];
  } catch (error) {
    const { violations } = error as { violations: readonly { path: string; rule: string }[] };
    return violations.map(({ path, rule }) => `${path.replace(/\d+/g, '#')} ${rule}`);
  }
}

const STAY = { EnrollmentID: 'e-1', PersonalID: 'p-1' };
const ROWS: HmisRecord = {
  Client: [{ PersonalID: 'p-1', FirstName: 'A', LastName: 'B', SSN: '123456789', DOB: '1990-02-03', Sex: '0' }],
  Project: [{ ProjectID: 'j-1', ProjectName: 'J', ProjectType: '13', OrganizationID: 'o-1' }],
  Organization: [{ OrganizationID: 'o-1', OrganizationName: 'O', VictimServiceProvider: '1' }],
  Enrollment: [
    {
      ...STAY,
      ProjectID: 'j-1',
      EntryDate: '2026-01-02',
      MoveInDate: '2026-02-02',
      HouseholdID: 'h-1',
      RelationshipToHoH: '3',
      LivingSituation: '207',
      LengthOfStay: '11',
      UnemploymentFam: '8',
      TimesHomelessPastThreeYears: '4',
    },
  ],
  Exit: [
    {
      ...STAY,
      ExitID: 'x-1',
      ExitDate: '2026-03-04',
      Destination: '435',
      DestinationSubsidyType: '431',
      ProjectCompletionStatus: '3',
      EarlyExitReason: '4',
    },
  ],
  Services: [
    { ...STAY, ServicesID: 's-1', DateProvided: '2026-01-09', RecordType: '152', TypeProvided: '4', FAAmount: '40.50' },
  ],
  CurrentLivingSituation: [
    {
      ...STAY,
      CurrentLivingSitID: 'c-1',
      InformationDate: '2026-01-05',
      CurrentLivingSituation: '116',
      VerifiedBy: 'V',
    },
  ],
  IncomeBenefits: [
    {
      ...STAY,
      IncomeBenefitsID: 'i-1',
      InformationDate: '2026-01-02',
      DataCollectionStage: '5',
      Earned: '1',
      EarnedAmount: '900.10',
      SNAP: '0',
      Medicaid: '0',
      NoMedicaidReason: '2',
    },
  ],
  HealthAndDV: [{ ...STAY, HealthAndDVID: 'd-1', DomesticViolenceSurvivor: '9', GeneralHealthStatus: '4' }],
  Disabilities: [
    { ...STAY, DisabilitiesID: 'a', DisabilityType: '10', DisabilityResponse: '2', IndefiniteAndImpairs: '1' },
    { ...STAY, DisabilitiesID: 'b', DisabilityType: '8', DisabilityResponse: '0' },
    { ...STAY, DisabilitiesID: 'c', DisabilityType: '5', DisabilityResponse: '99' },
  ],
  Event: [
    { ...STAY, EventID: 'v-1', EventDate: '2026-01-03', Event: '14', ReferralResult: '3', ResultDate: '2026-01-08' },
  ],
  Assessment: [
    { ...STAY, AssessmentID: 't-1', AssessmentDate: '2026-01-03', AssessmentType: '2', AssessmentLevel: '1' },
  ],
};

describe('a row of each table', () => {
  it('says the same in the case', () => {
    const { record, conflicts } = toCase(ROWS);
    const answer = (topic: string) => record.screenings!.find((one) => one.topic === topic);
    const stayId = 'e-1';
    expect(conflicts).toEqual([]);
    expect(rulesBrokenBy(record)).toEqual([]);
    expect(record.person).toMatchObject({
      id: 'p-1',
      sex: 'female',
      birthDate: '1990-02-03',
      names: [{ kind: 'legal', family: 'B', given: ['A'] }],
      identifiers: [{ type: 'social-security', value: '123456789' }],
    });
    expect(record.programmes).toMatchObject([
      { id: 'j-1', kind: 'rapid-rehousing', name: 'J', organizationId: 'o-1', organization: 'O', victimServices: true },
    ]);
    expect(record.stays).toMatchObject([
      {
        id: stayId,
        kind: 'rapid-rehousing',
        status: 'finished',
        programmeId: 'j-1',
        startDate: '2026-01-02',
        moveInDate: '2026-02-02',
        endDate: '2026-03-04',
        householdKey: 'h-1',
        relationshipToHead: 'partner',
      },
    ]);
    expect(record.exits).toMatchObject([
      {
        id: 'x-1',
        stayId,
        date: '2026-03-04',
        destination: 'tenant-with-subsidy',
        code: '435',
        subsidy: 'rapid-rehousing',
        subsidyCode: '431',
        completion: 'discharged',
        reason: 'time-limit',
        reasonCode: '4',
      },
    ]);
    expect(record.services).toMatchObject([
      { id: 's-1', kind: 'utility-assistance', date: '2026-01-09', code: '4', currency: 'USD' },
    ]);
    expect(String(record.services![0]!.amount)).toBe('40.50');
    expect(record.housing!.history).toMatchObject([
      {
        kind: 'prison',
        code: '207',
        lengthOfStay: 'two-to-six-nights',
        stage: 'entry',
        stayId,
        observedOn: '2026-01-02',
      },
      { kind: 'not-meant-for-habitation', stage: 'contact', stayId, observedOn: '2026-01-05', verifiedBy: 'V' },
    ]);
    expect(record.income!.resources).toMatchObject([
      { kind: 'wages', currency: 'USD', frequency: 'monthly', observedOn: '2026-01-02', stage: 'annual', stayId },
    ]);
    expect(String(record.income!.resources![0]!.amount)).toBe('900.10');
    expect(record.health!.conditions).toMatchObject([
      { id: 'b', kind: 'hiv', verification: 'refuted', status: 'unknown', stayId },
      { id: 'a', kind: 'addiction', verification: 'confirmed', status: 'active', lasting: true, stayId },
    ]);
    expect(record.referrals).toMatchObject([
      {
        kind: 'permanent-supportive-housing',
        result: 'provider-declined',
        status: 'declined',
        requestedOn: '2026-01-03',
        resultOn: '2026-01-08',
      },
    ]);
    expect(record.assessments).toMatchObject([{ id: 't-1', level: 'crisis', channel: 'video', date: '2026-01-03' }]);
    expect(answer('income-earned')).toMatchObject({
      answer: 'yes',
      answerCode: '1',
      stage: 'annual',
      occasion: 'income-i-1',
    });
    expect(answer('benefit-food')).toMatchObject({ answer: 'no' });
    expect(answer('insurance-low-income')).toMatchObject({ answer: 'no', reasonCode: '2' });
    expect(answer('violence-survivor')).toMatchObject({ answer: 'declined', kind: 'violence' });
    expect(answer('general-health-status')).toMatchObject({ answer: 'fair' });
    expect(answer('family-unemployment')).toMatchObject({ answer: 'unknown', stage: 'entry', askedOn: '2026-01-02' });
    expect(answer('homeless-times-three-years')).toMatchObject({ answer: 'coded', answerCode: '4' });
    expect(answer('disability-physical')).toMatchObject({ answer: 'not-collected', kind: 'disability' });
  });
});

const CONTRADICTED = /^(?:Organization\[\]\.OrganizationName|\w+\[\]\.(?:InformationDate|DataCollectionStage))$/;

describe('the case model to FHIR to HMIS', () => {
  it('puts what HMIS can hold into rows, and keeps the rest', () => {
    let [stays, incomes, answers] = [0, 0, 0];
    for (let seed = 0; seed < 60; seed += 1) {
      const record = syntheticCase(seed);
      const bundle = wire(bundleOf(cases.toFhir(record, ALL_BUT_NEVER, context)));
      const { record: rows, conflicts } = hmis.fromFhir(bundle, ALL_BUT_NEVER, context);
      const table = (name: string): readonly HmisRow[] => rows[name] ?? [];
      // The synthetic case contradicts itself here, and HMIS has one cell: an organization with two names, answers of
      // one occasion with two days.
      expect(conflicts.filter(({ path }) => !CONTRADICTED.test(path))).toEqual([]);
      expect(table('Client').map((row) => row['PersonalID'])).toEqual([record.person.id]);
      const enrolled = (record.stays ?? []).map((stay) => ({
        EnrollmentID: stay.id,
        PersonalID: record.person.id,
        ProjectID: stay.programmeId,
        EntryDate: stay.startDate,
      }));
      expect(table('Enrollment')).toMatchObject(enrolled);
      expect(table('Exit').map((row) => [row['ExitID'], row['EnrollmentID'], row['ExitDate']])).toEqual(
        (record.exits ?? []).map(({ id, stayId, date }) => [id, stayId, date]),
      );
      const wages = (record.income?.resources ?? []).filter(
        ({ kind, currency }) => kind === 'wages' && currency === 'USD',
      );
      const earned = table('IncomeBenefits').filter((row) => row['EarnedAmount'] !== undefined);
      // Euros are no dollars: HMIS has no place for them.
      expect(earned).toHaveLength(wages.length);
      stays += enrolled.length;
      incomes += earned.length;
      for (const one of record.screenings ?? []) {
        if (one.topic !== 'income-earned' || one.answer !== 'yes') continue;
        answers += 1;
        expect(table('IncomeBenefits')).toContainEqual(expect.objectContaining({ Earned: '1' }));
      }
    }
    process.stdout.write(`${JSON.stringify({ law: 'case -> FHIR -> HMIS', cases: 60, stays, incomes, answers })}\n`);
    expect(stays).toBeGreaterThan(20);
  }, 120_000);

  it('takes a screening that the case alone made, by its occasion', () => {
    const record = {
      schemaVersion: 1,
      person: { id: 'p-1', names: [{ id: 'n', kind: 'legal', family: 'F' }] },
      stays: [{ id: 'e-1', kind: 'other', status: 'active' }],
      screenings: [
        { id: 'q1', occasion: 'o1', kind: 'income', topic: 'income-earned', stayId: 'e-1', answer: 'yes' },
        {
          id: 'q2',
          occasion: 'o1',
          kind: 'health-insurance',
          topic: 'insurance-low-income',
          stayId: 'e-1',
          answer: 'declined',
        },
        { id: 'q4', occasion: 'o1', kind: 'income', topic: 'income-total', amount: 5, currency: 'EUR' },
        { id: 'q3', occasion: 'o2', kind: 'violence', topic: 'violence-survivor', stayId: 'e-1', answer: 'no' },
      ],
      income: {
        resources: [
          { id: 'o1', kind: 'wages', amount: 12, currency: 'USD' },
          { id: 'o3', kind: 'wages', amount: 34, currency: 'EUR' },
        ],
      },
      health: {
        conditions: [
          { id: 'k', kind: 'chronic', status: 'unknown', verification: 'refuted', lasting: false, stayId: 'e-1' },
        ],
      },
    } as unknown as Case;
    const bundle = wire(bundleOf(cases.toFhir(record, ALL_BUT_NEVER, context)));
    const { record: rows, conflicts } = hmis.fromFhir(bundle, ALL_BUT_NEVER, context);
    expect(conflicts).toEqual([]);
    expect(rows['IncomeBenefits']).toEqual([
      {
        IncomeBenefitsID: 'o1',
        EnrollmentID: 'e-1',
        PersonalID: 'p-1',
        Earned: '1',
        EarnedAmount: '12',
        Medicaid: '9',
      },
    ]);
    expect(rows['HealthAndDV']).toMatchObject([{ HealthAndDVID: 'o2', DomesticViolenceSurvivor: '0' }]);
    expect(rows['Disabilities']).toMatchObject([
      { DisabilitiesID: 'k', DisabilityType: '7', DisabilityResponse: '0', IndefiniteAndImpairs: '0' },
    ]);
  });
});
