import { createHash } from 'node:crypto';
import { notFound, RelaisError } from '../kernel/errors.js';
import { newId, type DecisionId, type TransferId } from '../kernel/ids.js';
import { findCues } from '../domain/labels/cues/find-cues.js';
import { reviewDigest } from '../domain/labels/cues/prose.js';
import { labelsOf, type DataLabel } from '../domain/labels/labels.js';
import type { LabelRules } from '../domain/labels/rules/rules.js';
import { decide } from '../domain/decision/decide.js';
import type { Permit } from '../domain/decision/decision.js';
import type { Reason } from '../domain/decision/reasons.js';
import { receiptOf } from '../domain/decision/receipt.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Principal } from './principal.js';
import { contentPurged } from './read-content.js';

/** Long enough to answer a question; what is longer is a record and travels as one. */
export const MOST_WORDS = 2000;

export interface MessageCommand {
  readonly transferId: TransferId;
  /** Of the form: what is sent twice is said once. */
  readonly id: string;
  readonly words: string;
  /** SHA-256 (hex) of these very words: whoever wrote them was told what they may speak of, and says them all the same. */
  readonly reviewed: string | null;
  readonly requestId: string;
}

export type MessageResult =
  | { readonly outcome: 'said'; readonly transfer: Transfer }
  /** Not a byte was kept: the words may speak of what the ground does not permit. */
  | { readonly outcome: 'to-review'; readonly labels: readonly DataLabel[]; readonly digest: string }
  | { readonly outcome: 'refused'; readonly reasons: readonly Reason[] };

/**
 * The sender answers the question that put a referral on hold. Words are a disclosure like the record that they follow, so
 * they stand on its ground: **decided again** now, under the same request, with no decision of the person recorded beside
 * it. They are looked through for the cues that hold free text of a record back (docs/labels.md), written down before they
 * can be read, sealed with the transfer's key, and go when its content goes. A refusal is a value, recorded and audited.
 *
 * @throws RelaisError 404 for what this organization did not send, 409 `message.not-asked` when the recipient does not wait
 *   for an answer, 410 `transfer.content-purged` when what was sent is not kept any more, 409
 *   `transfer.idempotency-conflict` for the same form with other words
 */
export async function answerQuestion(
  { store, labelRules, wake }: { readonly store: Store; readonly labelRules: LabelRules; readonly wake: () => void },
  principal: Principal,
  command: MessageCommand,
): Promise<MessageResult> {
  const { transferId, words, reviewed } = command;
  const result = await store.asOrganization(principal.organizationId, async (tx): Promise<MessageResult> => {
    const transfer = await tx.loadTransfer(transferId);
    if (transfer?.senderOrganizationId !== principal.organizationId) throw notFound();
    if (transfer.referralStatus !== 'on-hold') throw notAsked();
    const received = await tx.loadReceived(transferId, true);
    if (received === null) throw contentPurged();
    const terms = await tx.loadTerms(received.request);
    const decision = decide(terms, received.request);
    await tx.recordDecision(receiptOf(newId<DecisionId>(), 'delivery', transferId, terms, received.request, decision));
    if (decision.outcome === 'deny') {
      await auditRefusal(tx, principal, command, decision.reasons);
      return { outcome: 'refused', reasons: decision.reasons };
    }
    // What was permitted then and is now: an answer is no way to say more than the record could.
    const doubt = findCues(labelRules.cues, words) & ~(decision.permit.permitted & received.permitted);
    const digest = reviewDigest(words);
    if (doubt !== 0 && reviewed !== digest) return { outcome: 'to-review', labels: labelsOf(doubt), digest };
    return { outcome: 'said', transfer: await say(tx, principal, command, transfer, decision.permit) };
  });
  if (result.outcome === 'said') wake();
  return result;
}

async function say(
  tx: OrganizationTx,
  principal: Principal,
  { transferId, id, words, requestId }: MessageCommand,
  transfer: Transfer,
  { agreement }: Permit,
): Promise<Transfer> {
  const body = createHash('sha256').update(`${transferId}/${words}`, 'utf8').digest('hex');
  const reserved = await tx.reserveIdempotencyKey(`message/${id}`, body, transferId);
  if (reserved.kind === 'conflict') {
    const text = 'This Idempotency-Key was used with another request.';
    throw new RelaisError('transfer.idempotency-conflict', 409, 'conflict', text);
  }
  if (reserved.kind === 'known') return transfer;
  await tx.recordMessage({ transferId, words, actor: principal.actor });
  await tx.audit({
    action: 'disclosure.message',
    outcome: 'success',
    actor: principal.actor,
    organizations: [transfer.senderOrganizationId, transfer.recipientOrganizationId],
    transferId,
    requestId,
    codes: { agreement: agreement.id, agreementVersion: agreement.version },
  });
  await tx.announce(transferId, 'referral.message');
  return (await tx.loadTransfer(transferId)) ?? transfer;
}

/** The recipient learns nothing of what was not said to it. */
async function auditRefusal(
  tx: OrganizationTx,
  { actor, organizationId }: Principal,
  { transferId, requestId }: MessageCommand,
  reasons: readonly Reason[],
): Promise<void> {
  await tx.audit({
    action: 'disclosure.message',
    outcome: 'refused',
    actor,
    organizations: [organizationId],
    transferId,
    requestId,
    codes: { reasons: reasons.map(({ code }) => code) },
  });
}

export function notAsked(): RelaisError {
  return new RelaisError('message.not-asked', 409, 'business-rule', 'The recipient does not wait for an answer.');
}
