import { addMs } from '../kernel/clock.js';
import { newId, type DecisionId, type TransferId } from '../kernel/ids.js';
import type { Actor } from '../kernel/actor.js';
import { readJson } from '../kernel/json.js';
import type { Case } from '../domain/case/case.js';
import { decide } from '../domain/decision/decide.js';
import type { Permit } from '../domain/decision/decision.js';
import { receiptOf } from '../domain/decision/receipt.js';
import { callsHuman, type Reason } from '../domain/decision/reasons.js';
import { labelsOf } from '../domain/labels/labels.js';
import { newlyWithheld } from '../domain/labels/newly-withheld.js';
import type { LabelRules } from '../domain/labels/rules/rules.js';
import type { AuditFact } from '../domain/audit/entry.js';
import type { Postman } from './guest-ports.js';
import { leavesDoubt } from './doubt.js';
import { notifyOfWithdrawal } from './notify-recipients.js';
import type { BundleFrame } from './pin-bundle.js';
import type { BundleSigner, DeliveryResult, Door } from './door-ports.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Claim, PartnerSign, Sending } from './transfer.js';
import { setAside } from './set-aside.js';

export interface DeliverTransferDeps {
  readonly store: Store;
  readonly door: Door;
  /** Absent where no mail server is configured. */
  readonly postman?: Postman;
  /** Signs what leaves; the signature is kept before the first byte. */
  readonly sign: BundleSigner;
  readonly labelRules: LabelRules;
  /** Milliseconds to wait before attempt `n + 1` (exponential, full jitter). */
  readonly retryDelayMs: (attempt: number) => number;
  readonly leaseMs: number;
  readonly maxAttempts: number;
  readonly frame: BundleFrame;
}

const WORKER: Actor = { type: 'system', id: 'worker', organizationId: null };

/** `guestToken`: of the link that the notice to a guest bears. */
type Signed = Sending & { readonly signature: string; readonly guestToken: string | null; readonly reference: string };

export type DeliveryOutcome = 'not-ours' | 'stopped' | 'needs-review' | DeliveryResult['kind'];

/** What became of an earlier attempt is not known, and the partner can neither be asked nor told it is the same. */
const UNSURE: readonly Reason[] = [{ code: 'review.unsure' }];
type Unsure = { readonly kind: 'unsure'; readonly sign: PartnerSign };

/**
 * The second half of a transfer's life: claim with a lease, **decide again**, write the audit intent, send the approved
 * bytes, keep the receipt.
 *
 * Invariants (docs/architecture.md, "The life of a transfer"): the row lock of `loadSending` puts a withdrawal before
 * this decision or after this lease; the fence is asked again right before the first byte; the intent is committed
 * before that byte; the transfer's id is the partner's idempotency key on every attempt. A partner that does not honour keys
 * is asked before it gets the record again, and where it cannot be asked a human finds out (ADR 0013).
 */
export async function deliverTransfer(
  deps: DeliverTransferDeps,
  transferId: TransferId,
  signal: AbortSignal,
): Promise<DeliveryOutcome> {
  const claim = await deps.store.dispatch.claim(transferId, deps.leaseMs);
  if (claim === null) return 'not-ours';

  const requestId = newId<string>();
  const prepared = await deps.store
    .together('prepare', claim.senderOrganizationId, (tx) => prepare(deps, tx, claim, requestId))
    .catch(async (error: unknown) => {
      await setAside(deps, claim, error);
      throw error;
    });
  if (typeof prepared === 'string') return prepared;

  const result = await send(deps, claim, prepared, requestId, signal);
  await deps.store.together('settle', claim.senderOrganizationId, (tx) =>
    result.kind === 'unsure'
      ? leaveToHuman(tx, claim, prepared, result.sign)
      : settle(deps, tx, claim, prepared, result),
  );
  return result.kind === 'unsure' ? 'needs-review' : result.kind;
}

async function send(
  { store, door, postman, frame }: DeliverTransferDeps,
  claim: Claim,
  { recipientPartner, wire, signature, taskId, unsure, guestToken, reference }: Signed,
  requestId: string,
  signal: AbortSignal,
): Promise<DeliveryResult | Unsure> {
  const { endpoint, guest } = recipientPartner;
  const mayWrite = (): Promise<boolean> => store.dispatch.fenceHolds(claim);
  if (guest !== undefined && guestToken !== null) {
    if (postman === undefined) return { kind: 'retry', cause: 'mail-unreachable' };
    const { email, lang } = guest;
    return postman.send(
      {
        to: email,
        lang,
        url: `${frame.publicUrl}/access?lang=${lang}#${guestToken}`,
        reference,
        messageId: `<${claim.transferId}@${new URL(frame.publicUrl).hostname}>`,
      },
      mayWrite,
      signal,
    );
  }
  if (endpoint === undefined) return { kind: 'rejected', cause: 'no-endpoint', status: 0 };
  if (unsure && endpoint.idempotency === 'query') {
    const found = await door.find(
      endpoint,
      { system: `${frame.publicUrl}/fhir/Task`, value: taskId },
      mayWrite,
      signal,
    );
    if (found.kind === 'found') return { kind: 'received', receipt: found.receipt };
    if (found.kind === 'rejected') return { kind: 'unsure', sign: { sign: found.status > 0 ? 'answers' : 'unknown' } };
    if (found.kind !== 'absent') return found;
  }
  const result = await door.send(
    endpoint,
    { body: wire, contentType: 'application/fhir+json', idempotencyKey: claim.transferId, requestId, signature },
    mayWrite,
    signal,
  );
  if (endpoint.idempotency === 'none' && result.kind === 'retry' && leavesDoubt(result.cause)) {
    return { kind: 'unsure', sign: signOf(result) };
  }
  return result;
}

/** Never sent again by itself. */
async function leaveToHuman(tx: OrganizationTx, claim: Claim, sending: Sending, sign: PartnerSign): Promise<void> {
  if (!(await tx.finishStopped(claim, 'needs-review', UNSURE, { ...sign, unsure: true }))) return;
  const reasons = UNSURE.map(({ code }) => code);
  await tx.audit(fact(claim, sending, 'transfer.needs-review', 'refused', { attempt: claim.attempt, reasons }));
  await tx.announce(claim.transferId, 'transfer.status');
}

async function prepare(
  { labelRules, sign }: DeliverTransferDeps,
  tx: OrganizationTx,
  claim: Claim,
  requestId: string,
): Promise<Signed | 'not-ours' | 'stopped' | 'needs-review' | 'fenced'> {
  const sending = await tx.loadSending(claim);
  if (sending === null) return 'not-ours';
  if (sending.unsure && sending.recipientPartner.endpoint?.idempotency === 'none') {
    await leaveToHuman(tx, claim, sending, { sign: 'unknown' });
    return 'needs-review';
  }
  const terms = await tx.loadTerms(sending.request);
  const decision = decide(terms, sending.request);
  await tx.recordDecision(
    receiptOf(newId<DecisionId>(), 'delivery', claim.transferId, terms, sending.request, decision),
  );

  if (decision.outcome === 'deny') {
    if (isSuspensionAlone(decision.reasons)) {
      // Suspended since it was claimed: what waits for a suspended partner waits (ADR 0012).
      await holdBack(tx, claim, sending);
      return 'fenced';
    }
    // The person's objection, and a doubt about who decided, call a human; any other denial ends it.
    const status = decision.reasons.some(callsHuman) ? 'needs-review' : 'stopped';
    await tx.finishStopped(claim, status, decision.reasons);
    await tx.audit(
      fact(claim, sending, `transfer.${status}`, 'refused', { reasons: decision.reasons.map(({ code }) => code) }),
    );
    await tx.announce(claim.transferId, 'transfer.status');
    return status;
  }
  const difference = await whatShrank(labelRules, tx, sending, decision.permit);
  if (difference.length > 0) {
    // What was approved is sent byte for byte or not at all.
    await tx.finishStopped(claim, 'needs-review', difference);
    await tx.audit(
      fact(claim, sending, 'transfer.needs-review', 'refused', {
        permitted: decision.permit.permitted,
        reasons: difference.map(({ code }) => code),
      }),
    );
    await tx.announce(claim.transferId, 'transfer.status');
    return 'needs-review';
  }
  const signature = await sign(sending.wire);
  await tx.markSending(claim, signature);
  const { guest } = sending.recipientPartner;
  const guestToken = guest === undefined ? null : await tx.guestLink(claim.transferId, guest.lang, WORKER);
  const reference = guest === undefined ? '' : ((await tx.loadTransfer(claim.transferId))?.reference ?? '');
  const intent = fact(claim, sending, 'disclosure.intent', 'success', { attempt: claim.attempt });
  await tx.audit({ ...intent, requestId });
  return { ...sending, signature, guestToken, reference };
}

/**
 * What would have to be removed now from what was approved, for its author: labels that are no longer permitted, and
 * elements that the newest version of the case keeps back. The record is read again only when there is a newer one.
 */
export async function whatShrank(
  labelRules: LabelRules,
  tx: OrganizationTx,
  sending: Pick<Sending, 'permitted' | 'caseVersion'>,
  permit: Permit,
): Promise<Reason[]> {
  const lost = sending.permitted & ~permit.permitted;
  if (lost !== 0) return [{ code: 'review.narrowed', parameters: { labels: labelsOf(lost).join(' ') } }];
  if (permit.caseVersion === sending.caseVersion) return [];
  const approved = await tx.loadCase(permit.request.caseId, sending.caseVersion);
  const newest = await tx.loadCase(permit.request.caseId, permit.caseVersion);
  if (approved === null || newest === null) return [{ code: 'deny.case-unknown' }];
  const caseOf = ({ content }: { readonly content: string }): Case => readJson(content) as unknown as Case;
  const count = newlyWithheld(labelRules, caseOf(approved), caseOf(newest), sending.permitted).length;
  return count === 0 ? [] : [{ code: 'review.marked', parameters: { count: String(count) } }];
}

async function settle(
  deps: DeliverTransferDeps,
  tx: OrganizationTx,
  claim: Claim,
  sending: Sending,
  result: DeliveryResult,
): Promise<void> {
  switch (result.kind) {
    case 'received': {
      // The audit entry stands even when the lease ran out meanwhile: the bytes did leave.
      const finished = tx.finishDelivered(claim, result.receipt);
      await tx.audit(
        fact(claim, sending, 'disclosure.received', 'success', {
          attempt: claim.attempt,
          status: result.receipt.status,
          receipt: result.receipt.digest,
          ...(result.receipt.found === true && { found: 'query' }),
        }),
      );
      await tx.announce(claim.transferId, 'transfer.status');
      await Promise.all([finished, tellIfWithdrawn(tx, deps.frame, claim)]);
      return;
    }
    case 'retry': {
      const codes = { attempt: claim.attempt, cause: result.cause };
      await tx.audit(fact(claim, sending, 'disclosure.failed', 'failure', codes));
      // Doubt stays until the partner says that it has it, or has not.
      const sign = { ...signOf(result), unsure: sending.unsure || leavesDoubt(result.cause) };
      if (claim.tries >= deps.maxAttempts) {
        await abandon(tx, claim, sending, result.cause, sign);
        return;
      }
      const delayMs = Math.max(result.retryAfterMs ?? 0, deps.retryDelayMs(claim.tries));
      await tx.finishRetry(claim, result.cause, addMs(await tx.now(), delayMs), sign);
      return;
    }
    case 'rejected': {
      const codes = { attempt: claim.attempt, cause: result.cause, status: result.status };
      await tx.audit(fact(claim, sending, 'disclosure.failed', 'failure', codes));
      // An answer, though not the one that was hoped for; without a status nobody was asked.
      await abandon(tx, claim, sending, result.cause, {
        sign: result.status > 0 ? 'answers' : 'unknown',
        unsure: sending.unsure,
      });
      return;
    }
    case 'fenced':
      return holdBack(tx, claim, sending);
  }
}

/** Another reason beside it would end the delivery whoever lifts the suspension. */
function isSuspensionAlone([only, ...others]: readonly Reason[]): boolean {
  return only?.code === 'deny.recipient-suspended' && others.length === 0;
}

/** Not a byte left. Whoever still holds the delivery (an operator stopped it) gives it back. */
async function holdBack(tx: OrganizationTx, claim: Claim, sending: Sending): Promise<void> {
  if (!(await tx.finishRetry(claim, 'held-back', await tx.now(), { sign: 'unknown', unsure: sending.unsure }))) return;
  const codes = { attempt: claim.attempt, cause: 'held-back' };
  await tx.audit(fact(claim, sending, 'disclosure.failed', 'failure', codes));
}

/** What arrived after its consent was withdrawn, while it was on the wire, is to be used no more. */
async function tellIfWithdrawn(tx: OrganizationTx, frame: BundleFrame, { transferId }: Claim): Promise<void> {
  for (const id of await tx.withdrawnUnder(transferId)) await notifyOfWithdrawal(tx, frame, id, WORKER);
}

/**
 * A partner that says when to come back is left alone until then, and works; Relais' own end says nothing of it; all
 * else that may pass counts against it (ADR 0012).
 */
function signOf({ cause, retryAfterMs }: Extract<DeliveryResult, { readonly kind: 'retry' }>): PartnerSign {
  if (cause === 'interrupted') return { sign: 'unknown' };
  if (cause === 'partner-busy' && retryAfterMs !== undefined) return { sign: 'answers', pauseMs: retryAfterMs };
  return { sign: 'fails' };
}

async function abandon(
  tx: OrganizationTx,
  claim: Claim,
  sending: Sending,
  cause: string,
  sign: PartnerSign,
): Promise<void> {
  if (!(await tx.finishFailed(claim, cause, sign))) return;
  await tx.audit(fact(claim, sending, 'transfer.abandoned', 'failure', { cause }));
  await tx.announce(claim.transferId, 'transfer.status');
}

function fact(
  claim: Claim,
  { request, agreementId }: Sending,
  action: AuditFact['action'],
  outcome: AuditFact['outcome'],
  codes: NonNullable<AuditFact['codes']>,
): AuditFact {
  return {
    action,
    outcome,
    actor: WORKER,
    // The recipient may read what reached it, and nothing about what did not.
    organizations:
      action === 'disclosure.received'
        ? [request.senderOrganizationId, request.recipientOrganizationId]
        : [request.senderOrganizationId],
    transferId: claim.transferId,
    codes: { ...codes, agreement: agreementId, fence: claim.fence },
  };
}
