import { addMs, systemClock } from '../kernel/clock.js';
import { newId } from '../kernel/ids.js';
import type { Door, Store } from './ports.js';

const MAX_ATTEMPTS = 12;

/**
 * Tells the agency's own software that a transfer or referral moved on: ids and codes only, so it needs no ground. The
 * announcement's id is its idempotency key; it may arrive late or out of order, and names the state it is about.
 */
export async function deliverAnnouncement(
  {
    store,
    door,
    leaseMs,
    retryDelayMs,
  }: {
    readonly store: Store;
    readonly door: Door;
    readonly leaseMs: number;
    readonly retryDelayMs: (attempt: number) => number;
  },
  id: string,
  signal: AbortSignal,
): Promise<'not-ours' | 'done' | 'abandoned' | 'retry'> {
  const announcement = await store.dispatch.claimAnnouncement(id, leaseMs);
  if (announcement === null) return 'not-ours';
  const { webhook } = announcement.partner;
  if (webhook === undefined || announcement.attempt > MAX_ATTEMPTS) {
    await store.dispatch.finishAnnouncement(id, announcement.fence, 'abandoned');
    return 'abandoned';
  }
  const result = await door.send(
    webhook,
    {
      body: Buffer.from(JSON.stringify(announcement.body), 'utf8'),
      contentType: 'application/json',
      idempotencyKey: id,
      requestId: newId<string>(),
    },
    async () => true,
    signal,
  );
  if (result.kind === 'received') {
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
