import type { AgreementId, CaseId, ConsentId, DecisionId, OrganizationId, TransferId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/clock.js';
import type { Agreement } from '../agreement/agreement.js';
import type { ConsentTerms } from '../consent/terms.js';
import type { LabelMask } from '../labels/labels.js';
import { decide } from './decide.js';
import type { Decision, DisclosureRequest, Terms } from './decision.js';
import { withoutWords, withStandInWords, type GroundCodes } from './ground.js';
import type { Origin } from './onward.js';
import type { PurposeOfUse } from './purpose.js';
import type { Reason } from './reasons.js';

/** The rules of `decide`. Raised whenever the same terms may give another decision than before. */
export const DECISION_RULES = 2;

/** When it was decided: before a preview, when the transfer was asked for, right before its first byte. */
export type DecisionStage = 'preview' | 'request' | 'delivery';

/**
 * What a decision looked at, and what it said: enough to decide again, years later, from the versions that it names
 * (GDPR art. 5(2), accountability). Ids, codes and times; the words of a justification stay with the transfer.
 */
export interface DecisionReceipt {
  readonly id: DecisionId;
  readonly rules: number;
  readonly stage: DecisionStage;
  readonly transferId: TransferId | null;
  readonly request: {
    readonly senderOrganizationId: OrganizationId;
    readonly recipientOrganizationId: OrganizationId;
    readonly caseId: CaseId;
    readonly purpose: PurposeOfUse;
    readonly ground: GroundCodes;
    readonly requested?: LabelMask;
  };
  readonly at: Instant;
  readonly subject: Terms['subject'];
  readonly recipient: Terms['recipient'];
  readonly agreements: readonly Version<AgreementId>[];
  readonly consents: readonly Version<ConsentId>[];
  /** The case's version said who may decide: they are read from it again, and are not copied here. */
  readonly circumstances: boolean;
  readonly objections: readonly string[];
  readonly origin?: Origin;
  readonly outcome: Decision['outcome'];
  /** 0 for a denial. */
  readonly permitted: LabelMask;
  readonly reasons: readonly Reason[];
}

interface Version<Id> {
  readonly id: Id;
  readonly version: number;
}

/** @param transferId null for a preview that became no transfer */
export function receiptOf(
  id: DecisionId,
  stage: DecisionStage,
  transferId: TransferId | null,
  terms: Terms,
  request: DisclosureRequest,
  decision: Decision,
): DecisionReceipt {
  const versionOf = <Id>({ id: of, version }: { readonly id: Id; readonly version: number }): Version<Id> => ({
    id: of,
    version,
  });
  return {
    id,
    rules: DECISION_RULES,
    stage,
    transferId,
    request: { ...request, ground: withoutWords(request.ground) },
    at: terms.at,
    subject: terms.subject,
    recipient: terms.recipient,
    agreements: terms.agreements.map(versionOf),
    consents: terms.consents.map(versionOf),
    circumstances: terms.circumstances !== null,
    objections: terms.objections,
    ...(terms.origin !== undefined && { origin: terms.origin }),
    outcome: decision.outcome,
    permitted: decision.outcome === 'permit' ? decision.permit.permitted : 0,
    reasons: decision.reasons,
  };
}

export type Replay =
  | { readonly outcome: 'same'; readonly decision: Decision }
  | { readonly outcome: 'different'; readonly decision: Decision }
  /** A version that the receipt names is gone, or the rules are not those of then. */
  | { readonly outcome: 'impossible'; readonly missing: readonly string[] };

/**
 * Decides again from a receipt and the versions that it names. Pure: the same decision for ever, or it says why not.
 *
 * @param agreements the versions that the receipt names, as they are stored; null where one is missing
 * @param circumstances as the case's version of the receipt says them; null when they are gone
 */
export function replayDecision(
  receipt: DecisionReceipt,
  agreements: readonly (Agreement | null)[],
  consents: readonly (ConsentTerms | null)[],
  circumstances: Terms['circumstances'],
): Replay {
  const restored = restoreTerms(receipt, agreements, consents, circumstances);
  if ('missing' in restored) return { outcome: 'impossible', missing: restored.missing };
  const decision = decide(restored.terms, restored.request);
  return { outcome: isAsReceived(receipt, decision) ? 'same' : 'different', decision };
}

/** What the decision looked at and was asked, put together again; or what is missing for that. */
export function restoreTerms(
  receipt: DecisionReceipt,
  agreements: readonly (Agreement | null)[],
  consents: readonly (ConsentTerms | null)[],
  circumstances: Terms['circumstances'],
): { readonly terms: Terms; readonly request: DisclosureRequest } | { readonly missing: readonly string[] } {
  const missing = [
    ...(receipt.rules === DECISION_RULES ? [] : [`rules ${receipt.rules}`]),
    ...missingOf('agreement', receipt.agreements, agreements),
    ...missingOf('consent', receipt.consents, consents),
    ...(receipt.circumstances && circumstances === null ? ['circumstances of the person'] : []),
  ];
  if (missing.length > 0) return { missing };
  const terms: Terms = {
    at: receipt.at,
    subject: receipt.subject,
    recipient: receipt.recipient,
    agreements: agreements as readonly Agreement[],
    consents: consents as readonly ConsentTerms[],
    circumstances: receipt.circumstances ? circumstances : null,
    objections: receipt.objections,
    ...(receipt.origin !== undefined && { origin: receipt.origin }),
  };
  return { terms, request: { ...receipt.request, ground: withStandInWords(receipt.request.ground) } };
}

function missingOf(
  what: string,
  named: readonly Version<string>[],
  found: readonly (Version<string> | null | undefined)[],
): string[] {
  return named
    .filter(({ id, version }, index) => found[index]?.id !== id || found[index].version !== version)
    .map(({ id, version }) => `${what} ${id} version ${version}`);
}

function isAsReceived(receipt: DecisionReceipt, decision: Decision): boolean {
  const permitted = decision.outcome === 'permit' ? decision.permit.permitted : 0;
  return (
    receipt.outcome === decision.outcome &&
    receipt.permitted === permitted &&
    JSON.stringify(receipt.reasons.map(plain)) === JSON.stringify(decision.reasons.map(plain))
  );
}

/** A reason with its parameters in a fixed order: what is stored as jsonb comes back in another. */
const plain = ({ code, parameters = {} }: Reason): unknown => [code, Object.entries(parameters).sort()];
