import type { Instant } from '../../kernel/clock.js';
import { labelsOf, type LabelMask } from '../labels/labels.js';
import { decide } from '../decision/decide.js';
import type { Terms } from '../decision/decision.js';
import { restoreTerms, type DecisionReceipt } from '../decision/receipt.js';
import type { Reason } from '../decision/reasons.js';
import type { ConsentTerms } from '../consent/terms.js';
import type { Agreement } from './agreement.js';

/** A decision of the past with the versions that its receipt names, null where one is missing. */
export interface PastDecision {
  readonly receipt: DecisionReceipt;
  readonly agreements: readonly (Agreement | null)[];
  readonly consents: readonly (ConsentTerms | null)[];
  /** Of the person, as the case's version of the receipt says them; null when they are gone. */
  readonly circumstances: Terms['circumstances'];
  readonly reference: string | null;
}

export type Simulated =
  | { readonly outcome: 'unchanged' }
  /** Refused with this version; the reasons say why. */
  | { readonly outcome: 'refused'; readonly reasons: readonly Reason[] }
  /** Less would have left: these labels, which the agreement would not cover. */
  | { readonly outcome: 'shrunk'; readonly lost: LabelMask; readonly reasons: readonly Reason[] }
  /** A version that the receipt names is gone, or the rules of then are not those of now. */
  | { readonly outcome: 'unknown'; readonly missing: readonly string[] };

/**
 * What a disclosure that was permitted would have been, had this text been in force then. Pure: decides again, from the
 * receipt and the versions that it names, with this one in its agreement's place. A draft counts as if it were in force;
 * one that is suspended or terminated counts as that.
 */
export function simulate(candidate: Agreement, past: PastDecision): Simulated {
  const { receipt } = past;
  if (receipt.outcome === 'deny') return { outcome: 'unchanged' };
  const restored = restoreTerms(receipt, past.agreements, past.consents, past.circumstances);
  if ('missing' in restored) return { outcome: 'unknown', missing: restored.missing };
  const { terms, request } = restored;
  const then = asOf(candidate, receipt.at);
  const agreements = terms.agreements.map((one) => (one.id === candidate.id ? then : one));
  const decision = decide({ ...terms, agreements }, request);
  if (decision.outcome === 'deny') return { outcome: 'refused', reasons: decision.reasons };
  const lost = receipt.permitted & ~decision.permit.permitted;
  if (lost === 0) return { outcome: 'unchanged' };
  return {
    outcome: 'shrunk',
    lost,
    reasons: [{ code: 'simulate.not-covered', parameters: { labels: labelsOf(lost).join(' ') } }],
  };
}

function asOf(candidate: Agreement, at: Instant): Agreement {
  const { validUntil: _, ...text } = candidate;
  const stands = candidate.status === 'suspended' || candidate.status === 'terminated';
  return { ...text, status: stands ? candidate.status : 'active', validFrom: at };
}
