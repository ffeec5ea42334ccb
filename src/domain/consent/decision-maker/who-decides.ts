import { ageOn, type Circumstances, type Measure, type ParentalAuthority } from './circumstances.js';
import { isInForce, measureRule, reachesDisclosure, type MeasureRule } from './measure-rules.js';
import { MAJORITY, minorRule, type MinorRule } from './minor-rules.js';
import type { StopCode } from './stops.js';

export type Decider =
  | { readonly by: 'person'; readonly sources: readonly string[] }
  /** Every one of the measures named must agree. */
  | { readonly by: 'representative'; readonly measureIds: readonly string[]; readonly sources: readonly string[] }
  | {
      readonly by: 'holders';
      readonly holderIds: readonly string[];
      readonly needed: 'one' | 'all';
      readonly sources: readonly string[];
    }
  | { readonly by: 'nobody'; readonly stop: StopCode };

const stop = (code: StopCode): Decider => ({ by: 'nobody', stop: code });

/**
 * Who may consent to this disclosure of this person's data, today. Pure; the tables beside it hold the law with its
 * sources (docs/decision-maker.md). Whatever the tables do not know stops and calls a human: nobody is guessed.
 */
export function whoDecides(circumstances: Circumstances): Decider {
  const { jurisdiction, birthDate, on } = circumstances;
  if (jurisdiction === undefined || !Object.hasOwn(MAJORITY, jurisdiction)) return stop('jurisdiction-unknown');
  const age = ageOn(birthDate, on);
  if (age === null) return stop('age-unknown');
  return age >= MAJORITY[jurisdiction].age
    ? adultDecider({ ...circumstances, jurisdiction })
    : minorDecider({ ...circumstances, jurisdiction }, age);
}

type Placed = Circumstances & { readonly jurisdiction: NonNullable<Circumstances['jurisdiction']> };

/** An adult decides for themselves; a representative only for one who was found unable, never because of the measure. */
function adultDecider({ jurisdiction, on, capacity, measures }: Placed): Decider {
  const inForce = measures
    .filter((measure) => isInForce(measure, on))
    .map((measure) => ({ measure, rule: measureRule(jurisdiction, measure.kind) }));
  if (inForce.some(({ rule }) => rule === null)) return stop('measure-unknown');
  const representing = inForce.filter(
    (one): one is { measure: Measure; rule: MeasureRule } =>
      one.rule?.effect === 'represents' && reachesDisclosure(one.measure),
  );
  if (capacity === 'able' || (capacity === 'not-assessed' && representing.length === 0))
    return { by: 'person', sources: inForce.flatMap(({ rule }) => rule?.sources ?? []) };
  if (capacity === 'not-assessed') return stop('capacity-unknown');
  if (representing.length === 0) return stop('nobody-can-decide');
  if (representing.some(({ measure }) => measure.instrument === undefined || measure.startDate === undefined))
    return stop('instrument-unknown');
  return {
    by: 'representative',
    measureIds: representing.map(({ measure }) => measure.id),
    sources: representing.flatMap(({ rule }) => rule.sources),
  };
}

function minorDecider(circumstances: Placed, age: number): Decider {
  const { jurisdiction, labels, capacity } = circumstances;
  const rules = new Set<MinorRule>();
  for (const label of labels) {
    const rule = minorRule(jurisdiction, age, label);
    if (rule === null) return stop('jurisdiction-unknown');
    rules.add(rule);
  }
  if (rules.size === 0) return stop('nobody-can-decide');
  const needsAssessment = [...rules].some(({ decides }) => decides === 'minor-if-able');
  if (needsAssessment && capacity === 'not-assessed') return stop('capacity-unknown');
  const byMinor = [...rules].filter(({ decides }) => decides !== 'holders' && decidesAlone(decides, capacity));
  const sources = [...rules].flatMap((rule) => rule.sources);
  if (byMinor.length === rules.size) return { by: 'person', sources };
  // Asking the holders about the one part would tell them about the other.
  if (byMinor.length > 0) return stop('deciders-differ');
  const needed = [...rules].some(({ holders }) => holders === 'all') ? 'all' : 'one';
  return holdersDecide(circumstances.parentalAuthority, circumstances.on, needed, sources);
}

/** A minor whom the law lets decide and who was found unable does not. */
function decidesAlone(decides: 'minor' | 'minor-if-able', capacity: Circumstances['capacity']): boolean {
  return decides === 'minor' ? capacity !== 'unable' : capacity === 'able';
}

function holdersDecide(
  authority: ParentalAuthority | undefined,
  on: string,
  needed: 'one' | 'all',
  sources: readonly string[],
): Decider {
  if (authority === undefined || authority.holders.length === 0) return stop('nobody-can-decide');
  const { holders, entrustedService, entrustedSince, entrustedUntil } = authority;
  const isEntrusted = entrustedService !== undefined || entrustedSince !== undefined;
  if (isEntrusted && (entrustedUntil === undefined || on <= entrustedUntil)) return stop('child-entrusted');
  const isRestricted = holders.some(
    ({ restrictions, restrictionsUntil }) =>
      restrictions !== undefined &&
      restrictions.length > 0 &&
      (restrictionsUntil === undefined || on <= restrictionsUntil),
  );
  if (isRestricted) return stop('authority-restricted');
  const exercising = holders.filter(({ exercise }) => exercise !== 'withdrawn');
  const sole = exercising.filter(({ exercise }) => exercise === 'sole');
  const joint = exercising.filter(({ exercise }) => exercise === 'joint');
  if (sole.length + joint.length !== exercising.length) return stop('authority-unknown');
  if (sole.length > 1 || (sole.length === 1 && joint.length > 0)) return stop('authority-unknown');
  if (exercising.length === 0) return stop('nobody-can-decide');
  return { by: 'holders', holderIds: exercising.map(({ id }) => id), needed, sources };
}
