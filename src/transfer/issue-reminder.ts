import type { Bundle, Task } from 'fhir/r4.js';
import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import { newId, type ReminderId } from '../kernel/ids.js';
import { decide } from '../domain/decision/decide.js';
import type { LabelRules } from '../domain/labels/rules/rules.js';
import { whatShrank } from './deliver-transfer.js';
import type { BundleFrame } from './pin-bundle.js';
import type { OrganizationTx } from './ports.js';
import type { Transfer } from './transfer.js';
import type { NewReminder, Reminder, ReminderState } from './reminder-ports.js';
import { againstReminding, type AgainstReminding, type ReminderStanding } from './reminder-rule.js';
import { senderFace } from './sender-face.js';
import { isLate, lastWord } from './whose-turn.js';

export function standingOf(transfer: Transfer, state: ReminderState): ReminderStanding {
  const { status, referralStatus, answerExpectedBy, deliveredAt, contentPurgedAt } = transfer;
  const { at, stopUsing, stopped, reminders } = state;
  const { waitsSince, answeredAt } = lastWord(transfer);
  return {
    at,
    status,
    referralStatus,
    answerExpectedBy,
    deliveredAt,
    contentPurgedAt,
    waitsSince,
    answeredAt,
    quiet: state.quietSince !== null,
    stopUsing,
    stopped,
    lastAt: reminders.findLast(mayHaveCome)?.issuedAt ?? null,
    taken: reminders.map(({ period }) => period),
  };
}

/** What was given up with nothing sent bothered nobody. */
function mayHaveCome({ cause, unsure }: Reminder): boolean {
  return cause === null || unsure;
}

/**
 * Why nobody may be reminded of it now: by the rule, or because it could not be sent today as it was (a withdrawal, an
 * objection, an agreement or a partner that is suspended, a mark that the person's file bears since). A reminder holds
 * nothing of the record; but it asks somebody to work with it.
 */
export async function againstNow(
  labelRules: LabelRules,
  tx: OrganizationTx,
  transfer: Transfer,
  state: ReminderState,
): Promise<AgainstReminding | null> {
  const against = againstReminding(standingOf(transfer, state));
  if (against !== null) return against;
  const received = await tx.loadReceived(transfer.id);
  if (received === null) return 'not-kept';
  // The sender took the guest's link back.
  if (transfer.recipientIsGuest && (await tx.loadGuestLink(transfer.id))?.state === 'revoked') {
    return 'no-longer-permitted';
  }
  const decision = decide(await tx.loadTerms(received.request), received.request);
  if (decision.outcome === 'deny') return 'no-longer-permitted';
  const lost = await whatShrank(labelRules, tx, received, decision.permit);
  return lost.length === 0 ? null : 'no-longer-permitted';
}

/**
 * Writes down that the recipient is to be reminded, and queues it; the caller has decided so, under the lock of the referral.
 *
 * @returns false when this period has had its reminder
 */
export async function issueReminder(
  tx: OrganizationTx,
  frame: BundleFrame,
  transfer: Transfer,
  { period, at, actor, requestId }: Issue,
): Promise<boolean> {
  const id = newId<ReminderId>();
  const { id: transferId, recipientOrganizationId, senderOrganizationId } = transfer;
  const face = senderFace(frame, transfer, await tx.loadOrganization(senderOrganizationId));
  // What Relais reminds of by itself is late by the rule, also where no date was set.
  const why = actor.type === 'system' || isLate(transfer, lastWord(transfer), at) ? 'answer-late' : 'answer-awaited';
  const message = toMessage(frame, transfer, face.id, { id, at, why }) as unknown as NewReminder['message'];
  if (!(await tx.putReminder({ id, transferId, period, issuedBy: actor, recipientOrganizationId, message })))
    return false;
  await tx.audit({
    action: 'reminder.issued',
    outcome: 'success',
    actor,
    organizations: [senderOrganizationId],
    transferId,
    ...(requestId !== undefined && { requestId }),
    codes: { reminder: id, period },
  });
  return true;
}

interface Issue {
  readonly period: string;
  readonly at: Instant;
  readonly actor: Actor;
  readonly requestId?: string;
}

const OWN = 'https://relais.example/fhir/CodeSystem';

/**
 * The Task that the recipient's system gets: which transfer, which Task it has not reported on, why it is asked, as codes.
 * Answered where every answer goes: `PUT [base]/fhir/Task/{id}` of the Task in `focus`.
 */
function toMessage(
  { publicUrl }: BundleFrame,
  transfer: Transfer,
  sender: string,
  { id, at, why }: { readonly id: ReminderId; readonly at: Instant; readonly why: 'answer-late' | 'answer-awaited' },
): Bundle {
  const { reference, taskId, answerExpectedBy, recipientOrganizationId } = transfer;
  const logical = (path: string, value: string) => ({ identifier: { system: `${publicUrl}/${path}`, value } });
  const task: Task = {
    resourceType: 'Task',
    id,
    identifier: [{ system: `${publicUrl}/reminders`, value: id }],
    basedOn: [{ type: 'ServiceRequest', ...logical('transfers', transfer.id) }],
    status: 'requested',
    intent: 'order',
    code: {
      coding: [{ system: `${OWN}/notice`, code: 'reminder' }],
      text: `Transfer ${reference} still waits for your answer.`,
    },
    focus: { type: 'Task', ...logical('fhir/Task', taskId ?? '') },
    authoredOn: at,
    requester: logical('organizations', sender),
    owner: logical('organizations', recipientOrganizationId),
    reasonCode: { coding: [{ system: `${OWN}/reminder-reason`, code: why }] },
    ...(answerExpectedBy !== null && { restriction: { period: { end: answerExpectedBy } } }),
  };
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ fullUrl: `urn:uuid:${id}`, resource: task, request: { method: 'POST', url: 'Task' } }],
  };
}
