import { createHash } from 'node:crypto';
import { notFound, RelaisError } from '../kernel/errors.js';
import type { TaskId } from '../kernel/ids.js';
import { DECLINE_REASON_SYSTEM, isDeclineReason, type DeclineReason } from './decline-reasons.js';
import { isReferralStatus, mayFollow, type ReferralStatus } from './status.js';
import type { Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Principal } from './principal.js';

/** What a recipient reports: the parts of a FHIR R4 Task that Relais understands. */
export interface ReferralReport {
  readonly status: ReferralStatus;
  /** With `rejected`: why, as a code. */
  readonly declined: DeclineReason | null;
  /** statusReason, notes and outputs in the recipient's words, in that order. */
  readonly message: string | null;
  /** Of a form that may be sent twice; the second time does nothing. */
  readonly formId?: string;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a Task update (https://hl7.org/fhir/R4/task.html). Only state and words are taken: the rest of the Task is
 * Relais' own and cannot be changed by the recipient.
 *
 * @throws RelaisError 422 `task.invalid`
 */
export function readReferralReport(resource: unknown): ReferralReport {
  const task = resource as Json | null;
  const invalid = (path: string, rule: string, message: string): RelaisError =>
    new RelaisError('task.invalid', 422, 'invalid', 'This Task cannot be taken over.', {
      violations: [{ path, rule, message }],
    });
  if (typeof task !== 'object' || task === null || task['resourceType'] !== 'Task') {
    throw invalid('Task', 'task.resource-type', 'resourceType must be Task.');
  }
  const { status } = task;
  if (typeof status !== 'string' || !isReferralStatus(status)) {
    throw invalid('Task.status', 'task.status', 'status must be a FHIR R4 task status that a recipient can report.');
  }
  const given = task['statusReason'] as Json | undefined;
  const statusReason = textOf(given?.['text']);
  const declined = status === 'rejected' ? declinedBy(given) : null;
  // Gravity SDOHCC-TaskForReferralManagement: a reason is expected when the recipient says no or not now.
  if (given !== undefined && statusReason === null && declined === null) {
    throw invalid(
      'Task.statusReason',
      'task.status-reason-text',
      'statusReason.text is required, or a coding of decline-reason.',
    );
  }
  const words = [
    statusReason,
    ...listOf(task['note']).map(({ text }) => textOf(text)),
    ...listOf(task['output']).map(outputText),
  ];
  const message = words.filter((text) => text !== null).join('\n');
  if (message.length > 4000) throw invalid('Task', 'task.too-long', 'At most 4000 characters of text.');
  return { status, declined, message: message === '' ? null : message };
}

function declinedBy(statusReason: Json | undefined): DeclineReason | null {
  const codes = listOf(statusReason?.['coding'])
    .filter(({ system }) => system === DECLINE_REASON_SYSTEM)
    .map(({ code }) => code);
  return codes.find(isDeclineReason) ?? null;
}

function outputText(output: Json): string | null {
  return textOf(output['valueString']) ?? textOf((output['valueCodeableConcept'] as Json | undefined)?.['text']);
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/**
 * Takes the recipient's report on a referral: state moves forward only, the sender's software is told (ids and codes).
 * What the recipient wrote is about the person, so it is stored under that person's key, at the sender.
 *
 * @throws RelaisError 404 for a Task that is not this recipient's, 409 `task.transition`
 */
export async function updateReferral(
  { store, wake }: { readonly store: Store; readonly wake: () => void },
  principal: Principal,
  taskId: TaskId,
  report: ReferralReport,
  requestId: string,
): Promise<Transfer> {
  const seen = await store.asOrganization(principal.organizationId, (tx) => tx.findTransferByTask(taskId));
  if (seen === null || seen.recipientOrganizationId !== principal.organizationId) throw notFound();

  const updated = await store.asOrganization(seen.senderOrganizationId, async (tx) => {
    const transfer = await tx.findTransferByTask(taskId);
    if (transfer === null) throw notFound();
    if (report.formId !== undefined) {
      const digest = createHash('sha256').update(`${transfer.id}/${report.status}`).digest('hex');
      const reserved = await tx.reserveIdempotencyKey(`referral-form/${report.formId}`, digest, transfer.id);
      if (reserved.kind !== 'new') return transfer;
    }
    const current = transfer.referralStatus ?? 'requested';
    if (current === report.status && report.message === null) {
      // Nothing is new, and what is there is read all the same.
      await tx.audit({
        action: 'transfer.read',
        outcome: 'success',
        actor: principal.actor,
        organizations: [transfer.senderOrganizationId, transfer.recipientOrganizationId],
        transferId: transfer.id,
        requestId,
        codes: { as: 'recipient', what: 'referral' },
      });
      return transfer;
    }
    if (current !== report.status && !mayFollow(current, report.status)) {
      throw new RelaisError(
        'task.transition',
        409,
        'business-rule',
        'The referral has moved on: this state cannot follow its present one.',
        {
          details: { from: current, to: report.status },
        },
      );
    }
    const { status, declined, message } = report;
    await tx.recordReferral({ transferId: transfer.id, status, declined, message, actor: principal.actor });
    await tx.audit({
      action: 'referral.updated',
      outcome: 'success',
      actor: principal.actor,
      organizations: [transfer.senderOrganizationId, transfer.recipientOrganizationId],
      transferId: transfer.id,
      requestId,
      codes: { from: current, to: report.status, withMessage: message !== null },
    });
    await tx.announce(transfer.id, 'referral.status');
    return (await tx.loadTransfer(transfer.id)) ?? transfer;
  });
  wake();
  return updated;
}
