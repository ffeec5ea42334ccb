import type { Instant } from '../../kernel/clock.js';
import type { ConsentRule, ConsentTerms } from './terms.js';

/** One recorded decision of a person, as the terms of its newest version, with who took it and what it replaces. */
export type RecordedDecision = ConsentTerms;

export type DecisionState =
  | 'in-force'
  /** Withdrawn; it says nothing any more. */
  | 'withdrawn'
  /** A later decision replaced it. */
  | 'superseded'
  /** What replaced it is over: what it denied is denied again, what it permitted is not permitted again. */
  | 'refusal-stands-again';

export interface StatedDecision {
  /** With the denials only where `refusal-stands-again`. */
  readonly decision: RecordedDecision;
  readonly state: DecisionState;
}

/**
 * Which decisions of one person are in force at a moment. Pure.
 *
 * A later decision replaces an earlier one only when the decision-maker confirmed just that, is the same, and the later
 * one speaks for the recipients and purposes of the earlier. Without confirmation both stand, and a denial wins
 * (evaluate.ts), so that a yes never slips over a no. What replaced a refusal keeps it away only as long as it lasts:
 * when that is withdrawn or over, the refusal stands again. A permission that was replaced never comes back. What cannot
 * be read replaces no refusal and is replaced by nothing.
 */
export function stateDecisions(decisions: readonly RecordedDecision[], at: Instant): readonly StatedDecision[] {
  const replacing = new Map(
    decisions.map((earlier) => [earlier, decisions.filter((later) => replaces(later, earlier, at))] as const),
  );
  const known = new Map<RecordedDecision, boolean>();
  // A later decision is later than the one that it replaces: this ends, and each is asked once.
  const lasts = (decision: RecordedDecision): boolean => {
    const before = known.get(decision);
    if (before !== undefined) return before;
    const successors = replacing.get(decision) ?? [];
    // What was withdrawn keeps no refusal away, whatever replaced it afterwards without naming that refusal.
    const found =
      decision.status !== 'inactive' && (successors.length > 0 ? successors.some(lasts) : isInItsTime(decision, at));
    known.set(decision, found);
    return found;
  };
  return decisions.map((decision) => {
    if (decision.status === 'inactive') return { decision, state: 'withdrawn' };
    const successors = replacing.get(decision) ?? [];
    if (successors.length === 0) return { decision, state: 'in-force' };
    const denials = denialsOf(decision);
    if (denials === null || successors.some(lasts)) return { decision, state: 'superseded' };
    return { decision: denials, state: 'refusal-stands-again' };
  });
}

/** The decisions that `decide` should hear. Withdrawn ones stay among them: they explain a denial. */
export function withoutSuperseded(decisions: readonly RecordedDecision[], at: Instant): readonly RecordedDecision[] {
  if (decisions.every(({ supersedes = [] }) => supersedes.length === 0)) return decisions;
  return stateDecisions(decisions, at)
    .filter(({ state }) => state !== 'superseded')
    .map(({ decision }) => decision);
}

function replaces(later: RecordedDecision, earlier: RecordedDecision, at: Instant): boolean {
  if (later.personId !== earlier.personId || !(later.supersedes ?? []).includes(earlier.id)) return false;
  if (later.decidedAt <= earlier.decidedAt || later.decidedAt > at || earlier.status === 'unreadable') return false;
  if (!isBySame(later, earlier)) return false;
  if (speaksFor(later.rules, earlier.rules)) return later.status !== 'unreadable';
  // It may be over in a form that cannot be read: what it replaced while it could be is not permitted again.
  return later.rules.length === 0 && later.status === 'inactive' && denialsOf(earlier) === null;
}

/**
 * What a new decision would replace if its decision-maker confirmed it, and does not name: in force, not over, by the same,
 * about recipients and purposes for which the new one speaks. A decision that only denies asks for no confirmation: it
 * wins anyway, and nobody who says no is made to say it twice.
 */
export function unconfirmed(
  later: RecordedDecision,
  others: readonly RecordedDecision[],
  at: Instant,
): readonly RecordedDecision[] {
  if (later.status !== 'active' || !later.rules.some(permitsSomething)) return [];
  const when = later.decidedAt > at ? later.decidedAt : at;
  const confirmed = { ...later, supersedes: others.map(({ id }) => id) };
  return stateDecisions(others, at)
    .filter(({ state }) => state === 'in-force' || state === 'refusal-stands-again')
    .map(({ decision }) => others.find(({ id }) => id === decision.id) ?? decision)
    .filter((earlier) => !isOver(earlier, at) && replaces(confirmed, earlier, when))
    .filter(({ id }) => !(later.supersedes ?? []).includes(id));
}

/** Named as replaced, and cannot be: another's decision, a later one, or one that speaks of more than the new one. */
export function cannotReplace(
  later: RecordedDecision,
  others: readonly RecordedDecision[],
  at: Instant,
): readonly string[] {
  const when = later.decidedAt > at ? later.decidedAt : at;
  return (later.supersedes ?? []).filter((id) => {
    const earlier = others.find((one) => one.id === id);
    return earlier === undefined || !(earlier.status === 'inactive' || replaces(later, earlier, when));
  });
}

/** Nobody known is the same as nobody. */
export function isBySame(a: RecordedDecision, b: RecordedDecision): boolean {
  const [one, other] = [a.decisionMakers ?? [], b.decisionMakers ?? []];
  return one.length > 0 && sameSet(one, other);
}

function permitsSomething({ type, exceptions = [] }: ConsentRule): boolean {
  return type === 'permit' || exceptions.some(permitsSomething);
}

function isOver({ status, rules }: RecordedDecision, at: Instant): boolean {
  return status === 'inactive' || (rules.length > 0 && rules.every(({ until }) => until !== undefined && until <= at));
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).size === new Set(b).size && a.every((one) => b.includes(one));
}

/** For every rule of the earlier decision the later has one about the same recipients and purposes, or more. */
function speaksFor(later: readonly ConsentRule[], earlier: readonly ConsentRule[]): boolean {
  return earlier.every((old) =>
    later.some((rule) => covers(rule.recipients, old.recipients) && covers(rule.purposes, old.purposes)),
  );
}

function covers<T>(wide: readonly T[] | undefined, narrow: readonly T[] | undefined): boolean {
  return wide === undefined || (narrow?.every((one) => wide.includes(one)) ?? false);
}

/** True while a decision, which nothing replaces, still says what it said. */
function isInItsTime({ status, rules }: RecordedDecision, at: Instant): boolean {
  return (
    (status === 'active' || status === 'rejected') &&
    rules.every(({ from, until }) => (from === undefined || at >= from) && (until === undefined || at < until))
  );
}

/** What a decision denies, without what it permits; null when it denies nothing. */
function denialsOf(decision: RecordedDecision): RecordedDecision | null {
  if (decision.status === 'rejected') return decision;
  const rules = decision.rules.flatMap((rule) => denialsOfRule(rule, {}));
  return rules.length === 0 ? null : { ...decision, rules };
}

/** An exception that says nothing of recipients, purposes, labels or time has those of the rule around it. */
function denialsOfRule(rule: ConsentRule, around: Partial<ConsentRule>): ConsentRule[] {
  const { exceptions = [], ...own } = { ...around, ...rule };
  if (rule.type === 'deny') return [own];
  return exceptions.flatMap((exception) => denialsOfRule(exception, own));
}
