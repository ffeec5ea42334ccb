import type { Actor } from '../kernel/actor.js';
import { addMs, systemClock } from '../kernel/clock.js';
import { newId, type ReminderId } from '../kernel/ids.js';
import type { AuditFact } from '../domain/audit/entry.js';
import type { LabelRules } from '../domain/labels/rules/rules.js';
import { leavesDoubt } from './doubt.js';
import type { DeliveryResult, Door } from './door-ports.js';
import type { Postman } from './guest-ports.js';
import { againstNow } from './issue-reminder.js';
import type { BundleFrame } from './pin-bundle.js';
import type { Announcement, OrganizationTx, Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Reminder, ReminderState } from './reminder-ports.js';
import { DAY_MS } from './reminder-rule.js';

export interface DeliverReminderDeps {
  readonly store: Store;
  readonly door: Door;
  /** Absent where no mail server is configured. */
  readonly postman?: Postman;
  readonly labelRules: LabelRules;
  readonly frame: BundleFrame;
  readonly retryDelayMs: (attempt: number) => number;
  readonly maxAttempts: number;
}

type Announced = Announcement & { readonly reminderId: ReminderId };
interface Prepared {
  readonly transfer: Transfer;
  readonly reminder: Reminder;
  readonly requestId: string;
}
/** `in-doubt`: it may have arrived, and the partner does not say. */
type End = DeliveryResult | { readonly kind: 'in-doubt' };

const WORKER: Actor = { type: 'system', id: 'worker', organizationId: null };
/** One that could not leave for so long is not sent: the next period has its own. */
const STALE_MS = 3 * DAY_MS;

/**
 * Takes a reminder to the recipient's system, or mails it to a guest. It is **decided again** under the referral's lock, in the
 * transaction that writes the intent, and once more right before the first byte, so that nobody is reminded of what they
 * have just answered, or of what was withdrawn meanwhile. Its key at the partner and its Message-ID are computed from the
 * transfer and the period: whatever is tried again, is restored or comes twice, is the same reminder. Whatever becomes of it,
 * the transfer stays as it was.
 */
export async function deliverReminder(
  deps: DeliverReminderDeps,
  announced: Announced,
  signal: AbortSignal,
): Promise<'done' | 'abandoned' | 'retry'> {
  const { store } = deps;
  const as = <T>(work: (tx: OrganizationTx) => Promise<T>): Promise<T> =>
    store.asOrganization(announced.organizationId, work);
  const prepared = await as((tx) => prepare(deps, tx, announced));
  if (prepared === null) {
    await store.dispatch.finishAnnouncement(announced.id, announced.fence, 'abandoned');
    return 'abandoned';
  }
  const end = await send(deps, announced, prepared, signal);
  const { reminder } = prepared;
  if (end.kind === 'received') {
    await as((tx) => arrived(tx, prepared));
    await store.dispatch.finishAnnouncement(announced.id, announced.fence, 'done');
    return 'done';
  }
  const isOver = end.kind === 'retry' && announced.attempt >= deps.maxAttempts;
  const unsure = reminder.unsure || (end.kind === 'retry' && leavesDoubt(end.cause)) || end.kind === 'in-doubt';
  if (end.kind === 'rejected' || end.kind === 'in-doubt' || isOver) {
    await as((tx) => giveUp(tx, prepared, end.kind === 'in-doubt' ? 'unconfirmed' : end.cause, unsure));
    await store.dispatch.finishAnnouncement(announced.id, announced.fence, 'abandoned');
    return 'abandoned';
  }
  await as((tx) => tx.markReminder(reminder.id, unsure));
  const wantedMs = end.kind === 'retry' ? (end.retryAfterMs ?? 0) : 0;
  const delayMs = Math.max(wantedMs, deps.retryDelayMs(announced.attempt));
  // Only a wake-up time, no expiry: the process's clock is good enough.
  const retryAt = addMs(systemClock.now(), delayMs);
  await store.dispatch.finishAnnouncement(announced.id, announced.fence, { retryAt });
  return 'retry';
}

/** Null when it has ended, or must not leave any more. */
async function prepare(
  { labelRules, maxAttempts }: DeliverReminderDeps,
  tx: OrganizationTx,
  { reminderId, transferId, partner, attempt }: Announced,
): Promise<Prepared | null> {
  await tx.lockReferral(transferId);
  const [transfer, state] = await Promise.all([tx.loadTransfer(transferId), tx.loadReminders(transferId)]);
  const reminder = state?.reminders.find(({ id }) => id === reminderId);
  if (transfer === null || state === null || reminder === undefined) return null;
  if (reminder.deliveredAt !== null || reminder.cause !== null) return null;
  const prepared = { transfer, reminder, requestId: newId<string>() };
  const against = await whyNotSend(transfer, state, reminder);
  if (against !== null) {
    await giveUp(tx, prepared, against, reminder.unsure);
    return null;
  }
  await tx.audit({ ...fact(prepared, 'reminder.intent', { attempt }), requestId: prepared.requestId });
  await tx.markReminder(reminderId, true);
  return prepared;

  async function whyNotSend(
    transfer: Transfer,
    state: ReminderState,
    { issuedAt, unsure }: Reminder,
  ): Promise<string | null> {
    if (partner === null) return 'no-endpoint';
    const against = await againstNow(labelRules, tx, transfer, state);
    if (against !== null) return against;
    if (state.at > addMs(issuedAt, STALE_MS)) return 'too-old';
    // Workers that vanished in mid-attempt count as well.
    return attempt > maxAttempts || (unsure && partner.endpoint?.idempotency === 'none') ? 'unconfirmed' : null;
  }
}

async function send(
  { store, door, postman, labelRules, frame }: DeliverReminderDeps,
  announced: Announced,
  { transfer, reminder, requestId }: Prepared,
  signal: AbortSignal,
): Promise<End> {
  const key = `${transfer.id}.reminder.${reminder.period}`;
  const { endpoint, guest } = announced.partner ?? {};
  const mayWrite = async (): Promise<boolean> => {
    const isStillRight = await store.asOrganization(announced.organizationId, async (tx) => {
      const [now, state] = await Promise.all([tx.loadTransfer(transfer.id), tx.loadReminders(transfer.id)]);
      return now !== null && state !== null && (await againstNow(labelRules, tx, now, state)) === null;
    });
    return isStillRight && store.dispatch.announcementMayLeave(announced);
  };
  if (guest !== undefined) {
    if (postman === undefined) return { kind: 'retry', cause: 'mail-unreachable' };
    const { email, lang } = guest;
    const messageId = `<${key}@${new URL(frame.publicUrl).hostname}>`;
    return postman.send({ to: email, lang, url: null, reference: transfer.reference, messageId }, mayWrite, signal);
  }
  if (endpoint === undefined) return { kind: 'rejected', cause: 'no-endpoint', status: 0 };
  if (reminder.unsure && endpoint.idempotency === 'query') {
    const asked = { system: `${frame.publicUrl}/reminders`, value: reminder.id };
    const found = await door.find(endpoint, asked, mayWrite, signal);
    if (found.kind === 'found') return { kind: 'received', receipt: found.receipt };
    if (found.kind === 'rejected') return { kind: 'in-doubt' };
    if (found.kind !== 'absent') return found;
  }
  return door.send(
    endpoint,
    {
      body: Buffer.from(JSON.stringify(announced.body), 'utf8'),
      contentType: 'application/fhir+json',
      idempotencyKey: key,
      requestId,
    },
    mayWrite,
    signal,
  );
}

async function arrived(tx: OrganizationTx, prepared: Prepared): Promise<void> {
  if (await tx.reminderDelivered(prepared.reminder.id)) await tx.audit(fact(prepared, 'reminder.delivered'));
}

/** @param unsure it may have arrived all the same */
async function giveUp(tx: OrganizationTx, prepared: Prepared, cause: string, unsure: boolean): Promise<void> {
  await tx.markReminder(prepared.reminder.id, unsure);
  if (!(await tx.reminderGivenUp(prepared.reminder.id, cause))) return;
  await tx.audit({ ...fact(prepared, 'reminder.given-up', { cause }), outcome: 'failure' });
}

/** The recipient may read of what reached it, and of nothing else. */
function fact(
  { transfer, reminder }: Prepared,
  action: AuditFact['action'],
  codes: NonNullable<AuditFact['codes']> = {},
): AuditFact {
  const { senderOrganizationId: sender, recipientOrganizationId: recipient } = transfer;
  return {
    action,
    outcome: 'success',
    actor: WORKER,
    organizations: action === 'reminder.delivered' ? [sender, recipient] : [sender],
    transferId: transfer.id,
    codes: { reminder: reminder.id, period: reminder.period, ...codes },
  };
}
