import { createHash } from 'node:crypto';
import { canonicalJson } from '../kernel/canonical-json.js';
import { addMs, type Instant } from '../kernel/clock.js';
import { newId, type DecisionId, type TaskId, type TransferId } from '../kernel/ids.js';
import { decide } from '../domain/decision/decide.js';
import type { Decision, DisclosureRequest, Permit } from '../domain/decision/decision.js';
import { explainElements, type ExplainedElement } from '../domain/decision/explain-elements.js';
import { receiptOf } from '../domain/decision/receipt.js';
import type { Reason } from '../domain/decision/reasons.js';
import { buildDisclosure, type BuildDisclosureDeps } from './build-disclosure.js';
import { followedBy } from './following.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Principal } from './principal.js';
import { elementsOf } from './preview-difference.js';
import type { TransferCommand } from './request-transfer.js';
import type { Account, Disclosable } from './steps.js';

export interface PreviewTransferDeps extends BuildDisclosureDeps {
  readonly store: Store;
}

export type PreviewCommand = Pick<
  TransferCommand,
  | 'caseId'
  | 'recipientOrganizationId'
  | 'purpose'
  | 'ground'
  | 'requested'
  | 'withhold'
  | 'answerExpectedBy'
  | 'follows'
  | 'requestId'
>;

export type PreviewResult =
  | {
      readonly outcome: 'permit';
      readonly permit: Permit;
      readonly reasons: readonly Reason[];
      /** The exact bytes that would leave, and their SHA-256 (hex). */
      readonly disclosable: Disclosable;
      readonly elements: readonly ExplainedElement[];
      /** Until then `POST /api/v1/transfers` with the digest sends these bytes. */
      readonly expiresAt: Instant;
    }
  | { readonly outcome: 'deny'; readonly reasons: readonly Reason[] };

/** Long enough to read it out at the desk, short enough not to outlive a change of mind. */
const VALID_MS = 60 * 60_000;

/**
 * Shows what would leave, before anything does: the exact bundle, and for every element of the record whether it leaves
 * or stays and by which rule. The ids and the moment in it are pinned, so that sending it sends these bytes.
 *
 * A preview is no attempt to disclose: a denial is audited and is not a refused transfer of the person's report.
 *
 * @throws RelaisError 422 `transfer.not-valid`, `transfer.withhold-unknown` or `transfer.follows-unknown`
 */
export async function previewTransfer(
  deps: PreviewTransferDeps,
  principal: Principal,
  command: PreviewCommand,
): Promise<PreviewResult> {
  return deps.store.asOrganization(principal.organizationId, async (tx) => {
    const request = requestOf(principal, command);
    const followed = await followedBy(tx, principal, command);
    const terms = await tx.loadTerms(request);
    const decision = decide(terms, request);
    await tx.recordDecision(receiptOf(newId<DecisionId>(), 'preview', null, terms, request, decision));
    if (decision.outcome === 'deny') {
      await auditPreview(tx, principal, command, decision);
      return { outcome: 'deny', reasons: decision.reasons };
    }
    const { permit, reasons } = decision;
    const facts = {
      transferId: newId<TransferId>(),
      taskId: newId<TaskId>(),
      answerExpectedBy: command.answerExpectedBy ?? null,
      at: permit.decidedAt,
      follows: followed?.taskId ?? null,
    };
    const disclosable = await buildDisclosure(deps, tx, permit, facts, command.withhold);
    const expiresAt = addMs(terms.at, VALID_MS);
    await tx.putPreview({
      digest: disclosable.digest,
      transferId: facts.transferId,
      taskId: facts.taskId,
      at: facts.at,
      personId: permit.personId,
      caseVersion: permit.caseVersion,
      permitted: permit.permitted,
      agreement: { id: permit.agreement.id, version: permit.agreement.version },
      mappingVersion: deps.mapping.compiled.version,
      requestDigest: digestOfRequest(request, facts.answerExpectedBy, command.withhold, command.follows),
      elements: elementsOf(disclosable.account),
      expiresAt,
    });
    await auditPreview(tx, principal, command, decision, countHeldBack(disclosable.account));
    return {
      outcome: 'permit',
      permit,
      reasons,
      disclosable,
      elements: explainElements(permit, disclosable.account),
      expiresAt,
    };
  });
}

/** What is asked, as the decision sees it. */
export function requestOf(
  principal: Principal,
  command: Pick<TransferCommand, 'caseId' | 'recipientOrganizationId' | 'purpose' | 'ground' | 'requested'>,
): DisclosureRequest {
  return {
    senderOrganizationId: principal.organizationId,
    recipientOrganizationId: command.recipientOrganizationId,
    caseId: command.caseId,
    purpose: command.purpose,
    ground: command.ground,
    ...(command.requested !== undefined && { requested: command.requested }),
  };
}

/**
 * SHA-256 (hex) of everything that decides what a bundle holds, apart from the record and the terms.
 *
 * @param heldBack a set: order and repetition do not matter
 */
export function digestOfRequest(
  request: DisclosureRequest,
  answerExpectedBy: Instant | null,
  heldBack: readonly string[] = [],
  follows?: TransferId,
): string {
  const withhold = [...new Set(heldBack)].sort();
  const whole = {
    request,
    answerExpectedBy,
    ...(withhold.length > 0 && { withhold }),
    ...(follows !== undefined && { follows }),
  };
  return createHash('sha256').update(canonicalJson(whole)).digest('hex');
}

/** Elements that the author kept back: of which ones, the log does not say. */
export function countHeldBack({ withheld }: Account): number {
  return withheld.filter(({ reason }) => reason === 'by-author').length;
}

async function auditPreview(
  tx: OrganizationTx,
  principal: Principal,
  command: PreviewCommand,
  decision: Decision,
  withheldByAuthor = 0,
): Promise<void> {
  await tx.audit({
    action: 'transfer.previewed',
    outcome: decision.outcome === 'permit' ? 'success' : 'refused',
    actor: principal.actor,
    organizations: [principal.organizationId],
    ...(decision.outcome === 'permit' && { personId: decision.permit.personId }),
    requestId: command.requestId,
    codes: {
      purpose: command.purpose,
      reasons: decision.reasons.map(({ code }) => code),
      ...(decision.outcome === 'permit' && { permitted: decision.permit.permitted }),
      ...(withheldByAuthor > 0 && { withheldByAuthor }),
    },
  });
}
