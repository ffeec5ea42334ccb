import { describe, expect, test } from 'vitest';
import {
  ageOn,
  JURISDICTIONS,
  type AuthorityHolder,
  type Circumstances,
  type Expressed,
  type Measure,
  type Party,
} from '../../../../src/domain/consent/decision-maker/circumstances.js';
import { hasLapsedAtMajority, judgeConsent } from '../../../../src/domain/consent/decision-maker/judge-consent.js';
import { MEASURE_RULES } from '../../../../src/domain/consent/decision-maker/measure-rules.js';
import { MAJORITY, MINOR_RULES, minorRule } from '../../../../src/domain/consent/decision-maker/minor-rules.js';
import { sayStop, STOPS, type StopCode } from '../../../../src/domain/consent/decision-maker/stops.js';
import { whoDecides } from '../../../../src/domain/consent/decision-maker/who-decides.js';
import { CATEGORIES, SENSITIVITIES, type DataLabel } from '../../../../src/domain/labels/labels.js';

const born = (age: number): string => `${2026 - age}-02-10`;
const of = (changes: Partial<Circumstances> = {}): Circumstances => ({
  jurisdiction: 'FR',
  on: '2026-02-10',
  birthDate: born(40),
  labels: ['identity', 'housing'],
  capacity: 'not-assessed',
  measures: [],
  ...changes,
});
const measure = (changes: Partial<Measure> = {}): Measure => ({
  id: 'm',
  kind: 'guardianship',
  status: 'active',
  scope: 'person',
  instrument: 'court-order',
  startDate: '2024-01-01',
  ...changes,
});
const holder = (id: string, changes: Partial<AuthorityHolder> = {}): AuthorityHolder => ({
  id,
  role: 'parent',
  exercise: 'joint',
  ...changes,
});
const PARENTS = { holders: [holder('p1'), holder('p2')] };
const child = (age: number, changes: Partial<Circumstances> = {}): Circumstances =>
  of({ birthDate: born(age), parentalAuthority: PARENTS, ...changes });

const PERSON: Party = { kind: 'person' };
const M: Party = { kind: 'measure', id: 'm' };
const P1: Party = { kind: 'holder', id: 'p1' };
const P2: Party = { kind: 'holder', id: 'p2' };
const OTHER: Party = { kind: 'other' };
const said = (
  personView: Expressed['personView'],
  ...answers: readonly (readonly [Party, 'yes' | 'no'])[]
): Expressed => ({
  personView,
  answers: answers.map(([by, answer]) => ({ by, answer })),
});
const yes = (by: Party) => [by, 'yes'] as const;
const no = (by: Party) => [by, 'no'] as const;

/** Who it is, or why nobody. */
const deciderOf = (circumstances: Circumstances): string => {
  const decider = whoDecides(circumstances);
  switch (decider.by) {
    case 'nobody':
      return decider.stop;
    case 'person':
      return 'person';
    case 'representative':
      return `representative ${decider.measureIds.join('+')}`;
    case 'holders':
      return `${decider.needed} of ${decider.holderIds.join('+')}`;
  }
};

describe('of age, it is', () => {
  const unable = { capacity: 'unable' as const };
  test.each<[string, Circumstances, string]>([
    ['the person', of(), 'person'],
    ['the person on the day on which they are of age', of({ birthDate: born(18) }), 'person'],
    ['the person under a guardianship who is able', of({ capacity: 'able', measures: [measure()] }), 'person'],
    ['the representative of a person found unable', of({ ...unable, measures: [measure()] }), 'representative m'],
    [
      'both representatives where there are two',
      of({ ...unable, measures: [measure(), measure({ id: 'n', kind: 'future-protection-mandate' })] }),
      'representative m+n',
    ],
    ['unclear under a guardianship until capacity was judged', of({ measures: [measure()] }), 'capacity-unknown'],
    ['nobody for a person found unable who has no measure', of(unable), 'nobody-can-decide'],
    [
      'nobody under a power over property',
      of({ ...unable, measures: [measure({ scope: 'property' })] }),
      'nobody-can-decide',
    ],
    ['nobody under assistance', of({ ...unable, measures: [measure({ kind: 'curatorship' })] }), 'nobody-can-decide'],
    ['the person under assistance', of({ measures: [measure({ kind: 'reinforced-curatorship' })] }), 'person'],
    ['the person under a power over property', of({ measures: [measure({ scope: 'property' })] }), 'person'],
    [
      'the holder of the named act',
      of({ ...unable, measures: [measure({ scope: 'named-acts', acts: ['consent-to-disclosure'] })] }),
      'representative m',
    ],
    [
      'nobody for another named act',
      of({ ...unable, measures: [measure({ scope: 'named-acts', acts: ['housing-lease', 'consent-to-care'] })] }),
      'nobody-can-decide',
    ],
    [
      'nobody under a measure that was only asked for',
      of({ ...unable, measures: [measure({ status: 'requested' })] }),
      'nobody-can-decide',
    ],
    [
      'nobody under a suspended one',
      of({ ...unable, measures: [measure({ status: 'suspended' })] }),
      'nobody-can-decide',
    ],
    ['nobody after its end', of({ ...unable, measures: [measure({ endDate: '2026-02-09' })] }), 'nobody-can-decide'],
    [
      'still the representative on its last day',
      of({ ...unable, measures: [measure({ endDate: '2026-02-10' })] }),
      'representative m',
    ],
    [
      'nobody before its beginning',
      of({ ...unable, measures: [measure({ startDate: '2026-02-11' })] }),
      'nobody-can-decide',
    ],
    [
      'unclear without the instrument',
      of({
        ...unable,
        measures: [{ id: 'm', kind: 'guardianship', status: 'active', scope: 'person', startDate: '2024-01-01' }],
      }),
      'instrument-unknown',
    ],
    [
      'unclear without its beginning',
      of({
        ...unable,
        measures: [{ id: 'm', kind: 'guardianship', status: 'active', scope: 'person', instrument: 'court-order' }],
      }),
      'instrument-unknown',
    ],
    ['unclear under a measure of another kind', of({ measures: [measure({ kind: 'other' })] }), 'measure-unknown'],
    [
      'unclear under a measure that this place does not know',
      of({ jurisdiction: 'CA-QC', measures: [measure({ kind: 'curatorship' })] }),
      'measure-unknown',
    ],
    [
      'nobody under a French power of attorney',
      of({ ...unable, measures: [measure({ kind: 'power-of-attorney' })] }),
      'nobody-can-decide',
    ],
    [
      'the attorney for health and welfare in England',
      of({ ...unable, jurisdiction: 'GB-ENG', measures: [measure({ kind: 'power-of-attorney', scope: 'person' })] }),
      'representative m',
    ],
    ['unclear elsewhere', of({ jurisdiction: undefined }), 'jurisdiction-unknown'],
    ['unclear in a place by the name of a method', of({ jurisdiction: 'toString' as 'FR' }), 'jurisdiction-unknown'],
    ['unclear without a whole date of birth', of({ birthDate: '1986' }), 'age-unknown'],
    ['unclear for somebody not yet born', of({ birthDate: '2026-02-11' }), 'age-unknown'],
  ])('%s', (_, circumstances, expected) => expect(deciderOf(circumstances)).toBe(expected));
});

describe('for a minor, it is', () => {
  const health = { labels: ['identity', 'health'] as DataLabel[] };
  const intimate = { labels: ['reproductive-health'] as DataLabel[] };
  test.each<[string, Circumstances, string]>([
    ['FR, daily matters: one parent, presumed to act for both', child(10), 'one of p1+p2'],
    ['FR, health: both', child(17, health), 'all of p1+p2'],
    ['FR, contraception: a minor who is able', child(15, { ...intimate, capacity: 'able' }), 'person'],
    ['FR, contraception: the holders otherwise', child(11, { ...intimate, capacity: 'unable' }), 'all of p1+p2'],
    ['FR, contraception: unclear until that was judged', child(15, intimate), 'capacity-unknown'],
    [
      'FR, both kinds together: to be passed on separately',
      child(15, { labels: ['identity', 'reproductive-health'], capacity: 'able' }),
      'deciders-differ',
    ],
    ['QC, 14: the minor', child(14, { ...health, jurisdiction: 'CA-QC' }), 'person'],
    ['QC, 14, found unable: the holders', child(14, { jurisdiction: 'CA-QC', capacity: 'unable' }), 'all of p1+p2'],
    ['QC, the day before 14: the holders', child(14, { jurisdiction: 'CA-QC', on: '2026-02-09' }), 'one of p1+p2'],
    ['QC, 13, health: both', child(13, { ...health, jurisdiction: 'CA-QC' }), 'all of p1+p2'],
    ['England, 16: the minor', child(16, { jurisdiction: 'GB-ENG' }), 'person'],
    ['England, 15 and able: the minor', child(15, { jurisdiction: 'GB-ENG', capacity: 'able' }), 'person'],
    ['England, 15 and unable: the holders', child(15, { jurisdiction: 'GB-ENG', capacity: 'unable' }), 'all of p1+p2'],
    ['England, 15: unclear until that was judged', child(15, { jurisdiction: 'GB-ENG' }), 'capacity-unknown'],
    [
      'the one who exercises alone',
      child(10, { parentalAuthority: { holders: [holder('p1', { exercise: 'sole' })] } }),
      'one of p1',
    ],
    [
      'not one from whom it was withdrawn',
      child(10, { parentalAuthority: { holders: [holder('p1'), holder('p2', { exercise: 'withdrawn' })] } }),
      'one of p1',
    ],
    ['nobody without holders', of({ birthDate: born(10) }), 'nobody-can-decide'],
    [
      'nobody when it was withdrawn from all',
      child(10, { parentalAuthority: { holders: [holder('p1', { exercise: 'withdrawn' })] } }),
      'nobody-can-decide',
    ],
    [
      'unclear when one exercises alone beside another',
      child(10, { parentalAuthority: { holders: [holder('p1', { exercise: 'sole' }), holder('p2')] } }),
      'authority-unknown',
    ],
    [
      'unclear when the exercise is unknown',
      child(10, { parentalAuthority: { holders: [holder('p1', { exercise: 'unknown' })] } }),
      'authority-unknown',
    ],
    [
      'unclear when it was delegated',
      child(10, { parentalAuthority: { holders: [holder('p1', { exercise: 'delegated' })] } }),
      'authority-unknown',
    ],
    [
      'stopped when authority is restricted',
      child(10, { parentalAuthority: { holders: [holder('p1'), holder('p2', { restrictions: ['no-contact'] })] } }),
      'authority-restricted',
    ],
    [
      'not stopped after the restriction ended',
      child(10, {
        parentalAuthority: {
          holders: [holder('p1', { restrictions: ['no-contact'], restrictionsUntil: '2026-02-09' })],
        },
      }),
      'one of p1',
    ],
    [
      'stopped when the child is entrusted to a service',
      child(10, { parentalAuthority: { ...PARENTS, entrustedService: 'x' } }),
      'child-entrusted',
    ],
    [
      'not stopped after that ended',
      child(10, { parentalAuthority: { ...PARENTS, entrustedService: 'x', entrustedUntil: '2026-02-09' } }),
      'one of p1+p2',
    ],
    ['nobody for no data', child(10, { labels: [] }), 'nobody-can-decide'],
    ['unclear without a date of birth', child(10, { birthDate: undefined }), 'age-unknown'],
  ])('%s', (_, circumstances, expected) => expect(deciderOf(circumstances)).toBe(expected));
});

describe('a consent is valid, or stops and calls a human', () => {
  const represented = of({ capacity: 'unable', measures: [measure()] });
  const both = child(10, { labels: ['health'] });
  test.each<[string, Circumstances, Expressed, StopCode | 'valid']>([
    ['the person said yes', of(), said('agrees', yes(PERSON)), 'valid'],
    ['the person said nothing', of(), said('agrees'), 'nobody-said-yes'],
    ['the person said no', of(), said('agrees', yes(PERSON), no(PERSON)), 'person-objects'],
    ['the person objects to what they agreed to', of(), said('objects', yes(PERSON)), 'person-objects'],
    ['another adult said yes for them', of(), said('not-sought', yes(OTHER)), 'not-theirs-to-give'],
    ['another adult said yes beside them', of(), said('agrees', yes(OTHER), yes(PERSON)), 'valid'],
    [
      'a parent said yes for an adult',
      of({ parentalAuthority: PARENTS }),
      said('agrees', yes(P1)),
      'not-theirs-to-give',
    ],
    ['the representative said yes and the person agrees', represented, said('agrees', yes(M)), 'valid'],
    ['the representative said yes and the person cannot say', represented, said('cannot-say', yes(M)), 'valid'],
    ['the representative said yes and the person objects', represented, said('objects', yes(M)), 'person-objects'],
    [
      'the representative said yes and nobody asked the person',
      represented,
      said('not-sought', yes(M)),
      'view-not-sought',
    ],
    ['the representative said no', represented, said('agrees', no(M)), 'said-no'],
    ['a person found unable said yes alone', represented, said('agrees', yes(PERSON)), 'nobody-said-yes'],
    ['the measure is another', represented, said('agrees', yes({ kind: 'measure', id: 'n' })), 'not-theirs-to-give'],
    [
      'the curator said yes',
      of({ measures: [measure({ kind: 'curatorship' })] }),
      said('agrees', yes(M)),
      'assistance-never-replaces',
    ],
    [
      'the curator said yes beside the person',
      of({ measures: [measure({ kind: 'curatorship' })] }),
      said('agrees', yes(M), yes(PERSON)),
      'valid',
    ],
    [
      'the guardian of property said yes',
      of({ measures: [measure({ scope: 'property' })] }),
      said('agrees', yes(M)),
      'property-only',
    ],
    [
      'the one who manages the budget said yes',
      of({ measures: [measure({ kind: 'budget-support' })] }),
      said('agrees', yes(M)),
      'property-only',
    ],
    [
      'the guardian said yes for somebody who is able',
      of({ capacity: 'able', measures: [measure()] }),
      said('agrees', yes(M)),
      'not-theirs-to-give',
    ],
    [
      'two representatives disagree',
      of({ capacity: 'unable', measures: [measure(), measure({ id: 'n' })] }),
      said('agrees', yes(M), no({ kind: 'measure', id: 'n' })),
      'deciders-disagree',
    ],
    ['one parent said yes in a daily matter', child(10), said('agrees', yes(P1)), 'valid'],
    ['one parent said yes and the other no', child(10), said('agrees', yes(P1), no(P2)), 'deciders-disagree'],
    ['one parent said yes in a grave matter', both, said('agrees', yes(P1)), 'nobody-said-yes'],
    ['both parents said yes', both, said('agrees', yes(P1), yes(P2)), 'valid'],
    ['both parents said yes and nobody asked the child', both, said('not-sought', yes(P1), yes(P2)), 'view-not-sought'],
    ['both parents said yes and the child objects', both, said('objects', yes(P1), yes(P2)), 'person-objects'],
    ['both parents said no', both, said('agrees', no(P1), no(P2)), 'said-no'],
    ['a small child said yes alone', child(6), said('agrees', yes(PERSON)), 'nobody-said-yes'],
    ['a minor of 14 in Québec said yes', child(14, { jurisdiction: 'CA-QC' }), said('agrees', yes(PERSON)), 'valid'],
    [
      'their parent said yes for them',
      child(14, { jurisdiction: 'CA-QC' }),
      said('not-sought', yes(P1)),
      'not-theirs-to-give',
    ],
    [
      'their parent said no beside them',
      child(14, { jurisdiction: 'CA-QC' }),
      said('agrees', yes(PERSON), no(P1)),
      'valid',
    ],
    [
      'authority is restricted',
      child(10, { parentalAuthority: { holders: [holder('p1', { restrictions: ['no-contact'] })] } }),
      said('agrees', yes(P1)),
      'authority-restricted',
    ],
    [
      'nobody knows who decides, and the person objects',
      of({ jurisdiction: undefined }),
      said('objects'),
      'person-objects',
    ],
  ])('%s', (_, circumstances, expressed, expected) => {
    const judged = judgeConsent(circumstances, expressed);
    expect(judged.outcome === 'stop' ? judged.stop : judged.outcome).toBe(expected);
  });

  test('a valid one names the law', () => {
    const judged = judgeConsent(child(10), said('agrees', yes(P1)));
    expect(judged.outcome === 'valid' && judged.decider.sources.join(' ')).toContain('372-2');
  });
});

test("others' consents lapse when the person is of age", () => {
  const holders = whoDecides(child(17));
  const lapsed = (birthDate: string | undefined, on: string): boolean =>
    hasLapsedAtMajority(holders, { jurisdiction: 'FR', on, ...(birthDate !== undefined && { birthDate }) });
  expect(lapsed(born(18), '2026-02-09')).toBe(false);
  expect(lapsed(born(18), '2026-02-10')).toBe(true);
  expect(lapsed(undefined, '2026-02-10')).toBe(true);
  const own = whoDecides(child(14, { jurisdiction: 'CA-QC' }));
  expect(hasLapsedAtMajority(own, { jurisdiction: 'CA-QC', birthDate: born(18), on: '2026-02-10' })).toBe(false);
});

test('age is counted in whole years; 29 February turns on 1 March', () => {
  expect(ageOn('2008-02-29', '2026-02-28')).toBe(17);
  expect(ageOn('2008-02-29', '2026-03-01')).toBe(18);
  expect(ageOn('2008-02', '2026-03-01')).toBeNull();
});

describe('the tables', () => {
  test('know exactly one rule for every age and label below majority', () => {
    for (const jurisdiction of JURISDICTIONS) {
      for (let age = 0; age < MAJORITY[jurisdiction].age; age += 1) {
        const rows = MINOR_RULES.filter((row) => row.jurisdiction === jurisdiction && age >= row.from && age < row.to);
        expect(rows.filter(({ labels }) => labels === null)).toHaveLength(1);
        for (const label of [...CATEGORIES, ...SENSITIVITIES]) {
          expect(rows.filter(({ labels }) => labels?.includes(label)).length).toBeLessThan(2);
          expect(minorRule(jurisdiction, age, label)).not.toBeNull();
        }
      }
    }
  });
  test('name the law in every row, and know each kind of measure once', () => {
    for (const { sources } of [...MINOR_RULES, ...MEASURE_RULES]) {
      expect(sources.length).toBeGreaterThan(0);
      for (const source of sources) expect(source).toMatch(/\d/);
    }
    const kinds = MEASURE_RULES.map(({ jurisdiction, kind }) => `${jurisdiction} ${kind}`);
    expect(new Set(kinds).size).toBe(kinds.length);
  });
  test('every stop is said in both languages', () => {
    for (const code of Object.keys(STOPS) as StopCode[]) expect(sayStop(code, 'en')).not.toBe(sayStop(code, 'fr'));
  });
});
