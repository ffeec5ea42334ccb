import { addMs, type Instant } from '../kernel/clock.js';
import { RelaisError } from '../kernel/errors.js';
import {
  newId,
  type CaseId,
  type DecisionId,
  type OrganizationId,
  type TaskId,
  type TransferId,
} from '../kernel/ids.js';
import type { LabelMask } from '../domain/labels/labels.js';
import { decide } from '../domain/decision/decide.js';
import type { Decision, DisclosureRequest, Permit } from '../domain/decision/decision.js';
import { receiptOf } from '../domain/decision/receipt.js';
import type { StatedGround } from '../domain/decision/ground.js';
import type { PurposeOfUse } from '../domain/decision/purpose.js';
import { buildDisclosure, type BuildDisclosureDeps } from './build-disclosure.js';
import { commitTo } from './commit-to.js';
import { deferNotice, type DeferralCommand } from './defer-notice.js';
import { followedBy, type Followed } from './following.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Preview, Transfer } from './transfer.js';
import { previewUnknown, requireAsShown } from './preview-difference.js';
import { countHeldBack, digestOfRequest, requestOf } from './preview-transfer.js';
import type { Principal } from './principal.js';
import type { Disclosable } from './steps.js';

export interface RequestTransferDeps extends BuildDisclosureDeps {
  readonly store: Store;
  /** Tells the relay that something is due; losing the hint costs half a second. */
  readonly wake: () => void;
}

export interface TransferCommand {
  readonly caseId: CaseId;
  readonly recipientOrganizationId: OrganizationId;
  readonly purpose: PurposeOfUse;
  readonly ground: StatedGround;
  readonly requested?: LabelMask;
  /** JSON Pointers (RFC 6901) into the case: what would leave and the author keeps back. */
  readonly withhold?: readonly string[];
  /** Held until then and can be undone; at most 90 days ahead. */
  readonly sendAfter?: Instant;
  readonly answerExpectedBy?: Instant;
  /** A transfer of this case that reached this recipient, which asked for more. */
  readonly follows?: TransferId;
  /** The person's report says nothing of it for now. */
  readonly deferNotice?: DeferralCommand;
  /** SHA-256 (hex) of the bytes that a preview showed: these are sent, or nothing is. */
  readonly digest?: string;
  readonly idempotencyKey: string;
  /** SHA-256 (hex) of the canonical request body: the same key with another body is a conflict. */
  readonly bodyDigest: string;
  readonly requestId: string;
}

const MAX_HOLD_MS = 90 * 24 * 3_600_000;

/**
 * The first half of a transfer's life: decide, and only then load, map, redact, validate, and commit transfer, outbox
 * row and audit entry in one database transaction. A refusal never reads the record; it is kept, because the person may
 * read it, and audited.
 *
 * @returns the transfer, accepted (held or queued) or refused (`status: 'refused'` with its reasons)
 * @throws RelaisError 409 `transfer.idempotency-conflict` for the same key with another body; 409 `preview.unknown` or
 *   `preview.differs` (with the difference) when a digest was given and its bytes cannot leave; 422
 *   `transfer.withhold-unknown` when what is to be kept back is not in the case, `transfer.follows-unknown`
 */
export async function requestTransfer(
  deps: RequestTransferDeps,
  principal: Principal,
  command: TransferCommand,
): Promise<Transfer> {
  const transfer = await deps.store.together('request', principal.organizationId, async (tx) => {
    const shown = command.digest === undefined ? null : await tx.takePreview(command.digest);
    const id = shown?.transferId ?? newId<TransferId>();
    const request = requestOf(principal, command);
    // Asked together, answered in this order.
    const [reservation, terms] = await Promise.all([
      tx.reserveIdempotencyKey(command.idempotencyKey, command.bodyDigest, id),
      tx.loadTerms(request),
    ]);
    if (reservation.kind === 'conflict') throw idempotencyConflict();
    if (reservation.kind === 'known') return loadOwn(tx, reservation.transferId);

    if (command.digest !== undefined && shown === null) throw previewUnknown();

    const followed = await followedBy(tx, principal, command);
    if (command.sendAfter !== undefined && command.sendAfter > addMs(terms.at, MAX_HOLD_MS)) throw heldTooLong();
    const decision = decide(terms, request);
    await tx.recordDecision(receiptOf(newId<DecisionId>(), 'request', id, terms, request, decision));
    if (decision.outcome === 'deny') {
      await commitRefusal(tx, principal, command, request, decision, terms.subject?.personId ?? null, id);
    } else {
      await commitTransfer(deps, tx, principal, command, decision, { id, shown, followed });
    }
    if (command.deferNotice !== undefined) {
      const transfer = { id, personId: terms.subject?.personId ?? null, ground: command.ground.kind };
      await deferNotice(tx, principal, transfer, command.deferNotice, command.requestId);
    }
    return loadOwn(tx, id);
  });
  deps.wake();
  return transfer;
}

async function commitTransfer(
  deps: RequestTransferDeps,
  tx: OrganizationTx,
  principal: Principal,
  command: TransferCommand,
  { permit, reasons }: Extract<Decision, { outcome: 'permit' }>,
  {
    id,
    shown,
    followed,
  }: { readonly id: TransferId; readonly shown: Preview | null; readonly followed: Followed | null },
): Promise<void> {
  const taskId = shown?.taskId ?? newId<TaskId>();
  const disclosable = await build(deps, tx, command, permit, { transferId: id, taskId, shown, followed });
  const { commitment, salt } = commitTo(disclosable.digest);
  const withheldByAuthor = countHeldBack(disclosable.account);
  const sendAfter = command.sendAfter ?? null;
  const inserted = tx.insertTransfer({
    id,
    taskId,
    permit,
    disclosable,
    mappingVersion: deps.mapping.compiled.version,
    reasons,
    commitmentSalt: salt,
    actor: principal.actor,
    sendAfter,
    answerExpectedBy: command.answerExpectedBy ?? null,
    ...(followed !== null && { follows: followed.transferId }),
  });
  const audited = tx.audit({
    action: 'transfer.permitted',
    outcome: 'success',
    actor: principal.actor,
    // The recipient learns of a transfer when it arrives, not when it is decided.
    organizations: [permit.request.senderOrganizationId],
    personId: permit.personId,
    transferId: id,
    requestId: command.requestId,
    codes: {
      purpose: permit.request.purpose,
      secrecyGround: permit.ground.secrecy.kind,
      basis: permit.ground.dataProtectionBasis,
      agreement: permit.agreement.id,
      agreementVersion: permit.agreement.version,
      permitted: permit.permitted,
      withheldElements: disclosable.withheldElements,
      ...(withheldByAuthor > 0 && { withheldByAuthor }),
      commitment,
      reasons: reasons.map(({ code }) => code),
    },
  });
  await Promise.all([inserted, audited]);
}

/** What was shown is made again with the ids and the moment that it bore, and must come out the same. */
async function build(
  deps: RequestTransferDeps,
  tx: OrganizationTx,
  command: TransferCommand,
  permit: Permit,
  pinned: {
    readonly transferId: TransferId;
    readonly taskId: TaskId;
    readonly shown: Preview | null;
    readonly followed: Followed | null;
  },
): Promise<Disclosable> {
  const { transferId, taskId, shown, followed } = pinned;
  const answerExpectedBy = command.answerExpectedBy ?? null;
  const at = shown?.at ?? permit.decidedAt;
  const facts = { transferId, taskId, answerExpectedBy, at, follows: followed?.taskId ?? null };
  const disclosable = await buildDisclosure(deps, tx, permit, facts, command.withhold);
  if (shown !== null) {
    requireAsShown(shown, permit, disclosable, {
      requestDigest: digestOfRequest(permit.request, answerExpectedBy, command.withhold, command.follows),
      mappingVersion: deps.mapping.compiled.version,
    });
  }
  return disclosable;
}

async function commitRefusal(
  tx: OrganizationTx,
  principal: Principal,
  command: TransferCommand,
  request: DisclosureRequest,
  { reasons }: Extract<Decision, { outcome: 'deny' }>,
  personId: Transfer['personId'],
  id: TransferId,
): Promise<void> {
  await tx.insertRefusal({ id, request, personId, reasons, actor: principal.actor });
  await tx.audit({
    action: 'transfer.refused',
    outcome: 'refused',
    actor: principal.actor,
    organizations: [principal.organizationId],
    ...(personId !== null && { personId }),
    transferId: id,
    requestId: command.requestId,
    codes: { purpose: request.purpose, reasons: reasons.map(({ code }) => code) },
  });
}

async function loadOwn(tx: OrganizationTx, id: TransferId): Promise<Transfer> {
  const transfer = await tx.loadTransfer(id);
  if (transfer === null)
    throw new RelaisError('transfer.vanished', 500, 'exception', 'The transfer could not be loaded.');
  return transfer;
}

function idempotencyConflict(): RelaisError {
  return new RelaisError(
    'transfer.idempotency-conflict',
    409,
    'conflict',
    'This Idempotency-Key was used with another request.',
  );
}

function heldTooLong(): RelaisError {
  return new RelaisError(
    'transfer.held-too-long',
    422,
    'business-rule',
    'A transfer can be held for 90 days at most.',
    {
      violations: [{ path: '/sendAfter', rule: 'transfer.held-too-long', message: 'At most 90 days from now.' }],
    },
  );
}
