import { setTimeout as sleep } from 'node:timers/promises';
import { RelaisError } from '../kernel/errors.js';
import type { OrganizationId } from '../kernel/ids.js';
import type { OrganizationTx, Store } from './ports.js';

const POLL_MS = 50;

/**
 * Waits until every delivery that was live when a person's new word, or an agreement's new version, was committed has
 * ended. One that begins later decides on what is new. So whoever narrows, refuses, withdraws or suspends is answered
 * when nothing can leave any more that this does not allow (docs/architecture.md).
 *
 * @throws RelaisError 503 `consent.delivery-live` (what was recorded stands) when one stays live
 */
export async function awaitLiveDeliveries(
  { store, patienceMs }: { readonly store: Store; readonly patienceMs: number },
  organizationId: OrganizationId,
  of: Parameters<OrganizationTx['liveDeliveries']>[0],
): Promise<void> {
  const live = async (): Promise<ReadonlySet<string>> => {
    const found = await store.asOrganization(organizationId, (tx) => tx.liveDeliveries(of));
    return new Set(found.map(({ transferId, fence }) => `${transferId}/${fence}`));
  };
  const waitedFor = await live();
  const giveUpAt = Date.now() + patienceMs;
  for (let now = waitedFor; [...waitedFor].some((delivery) => now.has(delivery)); now = await live()) {
    if (Date.now() > giveUpAt) throw stillLive();
    await sleep(POLL_MS);
  }
}

/** What was recorded stands; only its acknowledgement must wait. */
export function stillLive(): RelaisError {
  return new RelaisError(
    'consent.delivery-live',
    503,
    'transient',
    'This is recorded. A delivery that had begun before is not finished yet: ask again to know its end.',
    { retryAfterSeconds: 5 },
  );
}
