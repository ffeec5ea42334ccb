import type { DataLabel } from '../../labels/labels.js';
import {
  ageOn,
  JURISDICTIONS,
  type Circumstances,
  type Expressed,
  type Jurisdiction,
  type Measure,
  type ParentalAuthority,
} from './circumstances.js';
import { hasLapsedAtMajority, isSameParty, judgeConsent, type ConsentJudged } from './judge-consent.js';
import { isInForce } from './measure-rules.js';
import { MAJORITY } from './minor-rules.js';
import type { StopCode } from './stops.js';

/** What a case says of who may decide; kept encrypted with the case, and all of it that a decision reads. */
export interface PersonCircumstances {
  /** YYYY, YYYY-MM or YYYY-MM-DD. */
  readonly birthDate?: string;
  readonly measures: readonly Measure[];
  readonly parentalAuthority?: ParentalAuthority;
}

/** Who took a recorded decision, and what the one who recorded it judged. */
export interface DecisionTaken {
  /** Whose law says who decides, as recorded; absent: not said. */
  readonly jurisdiction?: Jurisdiction;
  readonly capacity: Circumstances['capacity'];
  /** Somebody saw that the person is of age; counts only where the case has no birth date. */
  readonly ofAge: boolean;
  readonly expressed: Expressed;
}

/** True when nothing of it differs that a judgement reads; what was written apart and says the same is alike. */
export function isTakenAlike(one: DecisionTaken | undefined, other: DecisionTaken | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  const [a, b] = [one.expressed, other.expressed];
  return (
    one.jurisdiction === other.jurisdiction &&
    one.capacity === other.capacity &&
    one.ofAge === other.ofAge &&
    a.personView === b.personView &&
    a.answers.length === b.answers.length &&
    a.answers.every(({ by, answer }, at) => answer === b.answers[at]?.answer && isSameParty(by, b.answers[at].by))
  );
}

/** From this age on a person is of age wherever they are. */
const OF_AGE_ANYWHERE = 21;

/**
 * Does a recorded decision count today, for these labels? Pure. What is not known stops.
 *
 * Where no jurisdiction was recorded, only an adult's own decision about their own data counts, with no measure in force:
 * there all tables say the same.
 *
 * @param taken absent: it is not known who decided
 * @param person null: the case says nothing that could be read
 * @param on YYYY-MM-DD
 */
export function judgeStanding(
  taken: DecisionTaken | undefined,
  person: PersonCircumstances | null,
  labels: readonly DataLabel[],
  on: string,
): ConsentJudged {
  if (taken === undefined) return stop('nobody-said-yes');
  const { jurisdiction, capacity, expressed } = taken;
  const circumstances = (where: Jurisdiction | undefined): Circumstances => {
    const birthDate = birthDateFor(where, taken, person, on);
    return {
      jurisdiction: where,
      on,
      birthDate,
      labels,
      capacity,
      measures: person?.measures ?? [],
      ...(person?.parentalAuthority !== undefined && { parentalAuthority: person.parentalAuthority }),
    };
  };
  const judged =
    jurisdiction === undefined && isPlainAdult(circumstances(undefined))
      ? judgeEverywhere(circumstances, expressed)
      : judgeConsent(circumstances(jurisdiction), expressed);
  if (judged.outcome === 'valid') return judged;
  const known = circumstances(jurisdiction);
  if (hasLapsed(judged.stop, known, expressed)) return stop('lapsed-at-majority');
  // What a human can find out first.
  return judged.stop === 'jurisdiction-unknown' && known.birthDate === undefined ? stop('age-unknown') : judged;
}

const stop = (code: StopCode): ConsentJudged => ({ outcome: 'stop', stop: code });

function judgeEverywhere(circumstances: (where: Jurisdiction) => Circumstances, expressed: Expressed): ConsentJudged {
  const judged = JURISDICTIONS.map((where) => judgeConsent(circumstances(where), expressed));
  return judged.find(({ outcome }) => outcome === 'stop') ?? judged[0] ?? stop('jurisdiction-unknown');
}

function isPlainAdult({ birthDate, on, measures, capacity }: Circumstances): boolean {
  const age = ageOn(birthDate, on);
  return (
    age !== null &&
    age >= OF_AGE_ANYWHERE &&
    capacity !== 'unable' &&
    !measures.some((measure) => isInForce(measure, on))
  );
}

/**
 * A whole date to judge by. Where only a year or a month is known, the youngest that the person can be, and only when that
 * is of age: a minor's age decides, so it is not guessed.
 */
function birthDateFor(
  where: Jurisdiction | undefined,
  { ofAge }: DecisionTaken,
  person: PersonCircumstances | null,
  on: string,
): string | undefined {
  const known = person?.birthDate;
  if (known === undefined) return ofAge ? yearsBefore(on, OF_AGE_ANYWHERE) : undefined;
  if (known.length >= 10) return known;
  const youngest = known.length === 4 ? `${known}-12-31` : `${known}-31`;
  const age = ageOn(youngest, on);
  const majority = where === undefined ? OF_AGE_ANYWHERE : (MAJORITY[where]?.age ?? OF_AGE_ANYWHERE);
  return age !== null && age >= majority ? youngest : undefined;
}

function yearsBefore(on: string, years: number): string {
  return `${String(Number(on.slice(0, 4)) - years).padStart(4, '0')}-01-01`;
}

/** A holder said yes while the person was a minor, and the person is of age now. */
function hasLapsed(code: StopCode, { jurisdiction, birthDate, on }: Circumstances, { answers }: Expressed): boolean {
  const ofHolders = answers.flatMap(({ by, answer }) => (by.kind === 'holder' && answer === 'yes' ? [by.id] : []));
  if (code !== 'not-theirs-to-give' || ofHolders.length === 0 || birthDate === undefined) return false;
  const decider = { by: 'holders', holderIds: ofHolders, needed: 'one', sources: [] } as const;
  return hasLapsedAtMajority(decider, { jurisdiction: jurisdiction ?? 'FR', birthDate, on });
}
