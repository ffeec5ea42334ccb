import type { Instant } from '../../kernel/clock.js';
import type { ConsentJudged } from '../consent/decision-maker/judge-consent.js';
import { isTakenAlike, judgeStanding } from '../consent/decision-maker/standing.js';
import type { StopCode } from '../consent/decision-maker/stops.js';
import { evaluateConsent, type ConsentQuestion } from '../consent/evaluate.js';
import { withoutSuperseded } from '../consent/supersede.js';
import type { ConsentTerms } from '../consent/terms.js';
import { labelsOf, type LabelMask } from '../labels/labels.js';
import type { DisclosureRequest, Terms } from './decision.js';

/** What all consents of the person that are in force say together about one recipient and purpose. */
export interface Heard {
  /**
   * By decisions that count: in force, and taken by those who decide. What is outside `within` was not judged: it tells
   * why an element stays, and cannot leave.
   */
  readonly permitted: LabelMask;
  readonly denied: LabelMask;
  readonly unreadable: boolean;
  /** Those of them by which something could leave. */
  readonly permitting: readonly ConsentTerms[];
  readonly denying: readonly ConsentTerms[];
  /** Nothing is passed on whatever else was said: the person objects, or those who decide said no. */
  readonly stop: StopCode | null;
  /** Different people decided about different parts of it. */
  readonly deciders: 'none' | 'one' | 'differ';
  /** Why a permission that was recorded does not count. */
  readonly notCounted: StopCode | null;
}

/** They stop whatever others consented to; any other reason only takes away what this one permits. */
const STOPPING: readonly StopCode[] = ['person-objects', 'said-no', 'deciders-disagree'];

/**
 * Hears every consent of the person: superseded ones left out, a denial in force wins over any permission, and a
 * permission counts only when those who decide gave it (consent/decision-maker). Pure.
 *
 * @param within labels that could leave at all; who decides depends on the data
 */
export function hearConsents(
  { at, consents, circumstances }: Pick<Terms, 'at' | 'consents' | 'circumstances'>,
  question: ConsentQuestion,
  within: LabelMask,
): Heard {
  const permitting: ConsentTerms[] = [];
  const denying: ConsentTerms[] = [];
  const deciders = new Set<string>();
  const stops: StopCode[] = [];
  let permitted = 0;
  let denied = 0;
  const judge = judgeEachOnce(circumstances, at);
  const inForce = withoutSuperseded(consents, at);
  for (const consent of inForce) {
    const answer = evaluateConsent(consent, question);
    denied |= answer.denied;
    if (answer.denied !== 0) denying.push(consent);
    const asked = answer.permitted & within;
    if (asked === 0) {
      permitted |= answer.permitted;
      continue;
    }
    const judged = judge(consent.decision, asked);
    if (judged.outcome === 'stop') {
      stops.push(judged.stop);
      continue;
    }
    deciders.add(judged.decider.by);
    permitted |= answer.permitted;
    permitting.push(consent);
  }
  return {
    permitted,
    denied,
    unreadable: inForce.some(({ status }) => status === 'unreadable'),
    permitting,
    denying,
    stop: STOPPING.find((code) => stops.includes(code)) ?? null,
    deciders: deciders.size === 0 ? 'none' : deciders.size === 1 ? 'one' : 'differ',
    notCounted: stops.sort()[0] ?? null,
  };
}

/** Most consents of a person were decided in the same way: each way is judged once for the same labels. */
function judgeEachOnce(
  circumstances: Terms['circumstances'],
  at: Instant,
): (decision: ConsentTerms['decision'], asked: LabelMask) => ConsentJudged {
  const ways: {
    readonly asked: LabelMask;
    readonly decision: ConsentTerms['decision'];
    readonly judged: ConsentJudged;
  }[] = [];
  const on = at.slice(0, 10);
  return (decision, asked) => {
    for (const way of ways) if (way.asked === asked && isTakenAlike(way.decision, decision)) return way.judged;
    const judged = judgeStanding(decision, circumstances, labelsOf(asked), on);
    ways.push({ asked, decision, judged });
    return judged;
  };
}

export function questionOf({ at }: { readonly at: Instant }, request: DisclosureRequest): ConsentQuestion {
  return { at, recipient: request.recipientOrganizationId, purpose: request.purpose };
}
