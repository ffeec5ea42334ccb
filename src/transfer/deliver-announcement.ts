import { addMs, systemClock } from '../kernel/clock.js';
import type { Actor } from '../kernel/actor.js';
import { newId, type NoticeId, type OrganizationId } from '../kernel/ids.js';
import { deliverReminder, type DeliverReminderDeps } from './deliver-reminder.js';
import type { Store } from './ports.js';

const MAX_ATTEMPTS = 12;
const WORKER: Actor = { type: 'system', id: 'worker', organizationId: null };

/**
 * Tells the agency's own software that a transfer or referral moved on, or a past recipient's system what a notice says:
 * ids and codes only, so it needs no ground. The announcement's id is its idempotency key; it may arrive late or out of
 * order, and names the state it is about. A notice that no system takes stays on the recipient's list. A reminder takes the
 * same road and is decided again on it (deliver-reminder).
 */
export async function deliverAnnouncement(
  { leaseMs, ...deps }: Omit<DeliverReminderDeps, 'maxAttempts'> & { readonly leaseMs: number },
  id: string,
  signal: AbortSignal,
): Promise<'not-ours' | 'done' | 'abandoned' | 'retry'> {
  const { store, door, retryDelayMs } = deps;
  const announcement = await store.dispatch.claimAnnouncement(id, leaseMs);
  if (announcement === null) return 'not-ours';
  const { noticeId, reminderId, partner } = announcement;
  if (reminderId !== null) {
    return deliverReminder({ ...deps, maxAttempts: MAX_ATTEMPTS }, { ...announcement, reminderId }, signal);
  }
  const address = noticeId === null ? partner?.webhook : partner?.endpoint;
  if (address === undefined || announcement.attempt > MAX_ATTEMPTS) {
    await store.dispatch.finishAnnouncement(id, announcement.fence, 'abandoned');
    return 'abandoned';
  }
  const requestId = newId<string>();
  if (noticeId !== null) await auditIntent(store, announcement.organizationId, noticeId, requestId);
  const result = await door.send(
    address,
    {
      body: Buffer.from(JSON.stringify(announcement.body), 'utf8'),
      contentType: noticeId === null ? 'application/json' : 'application/fhir+json',
      idempotencyKey: id,
      requestId,
    },
    () => store.dispatch.announcementMayLeave(announcement),
    signal,
  );
  if (result.kind === 'received') {
    if (noticeId !== null) await noticeArrived(store, announcement.organizationId, noticeId);
    await store.dispatch.finishAnnouncement(id, announcement.fence, 'done');
    return 'done';
  }
  if (result.kind === 'rejected') {
    await store.dispatch.finishAnnouncement(id, announcement.fence, 'abandoned');
    return 'abandoned';
  }
  const delayMs = Math.max(
    result.kind === 'retry' ? (result.retryAfterMs ?? 0) : 0,
    retryDelayMs(announcement.attempt),
  );
  // Only a wake-up time, no expiry: the process's clock is good enough.
  await store.dispatch.finishAnnouncement(id, announcement.fence, { retryAt: addMs(systemClock.now(), delayMs) });
  return 'retry';
}

/** A notice goes to another organization: it is written down before its first byte leaves, as a record is. */
async function auditIntent(
  store: Store,
  organizationId: OrganizationId,
  noticeId: NoticeId,
  requestId: string,
): Promise<void> {
  await store.asOrganization(organizationId, async (tx) => {
    const notice = await tx.loadNotice(noticeId);
    if (notice === null) return;
    await tx.audit({
      action: 'notice.intent',
      outcome: 'success',
      actor: WORKER,
      organizations: [organizationId],
      transferId: notice.transferId,
      requestId,
      codes: { notice: noticeId, kind: notice.kind },
    });
  });
}

async function noticeArrived(store: Store, organizationId: OrganizationId, noticeId: NoticeId): Promise<void> {
  await store.asOrganization(organizationId, async (tx) => {
    if (!(await tx.noticeDelivered(noticeId))) return;
    const notice = await tx.loadNotice(noticeId);
    if (notice === null) return;
    await tx.audit({
      action: 'notice.delivered',
      outcome: 'success',
      actor: WORKER,
      organizations: [organizationId, notice.recipientOrganizationId],
      transferId: notice.transferId,
      codes: { notice: noticeId, kind: notice.kind },
    });
  });
}
