import { isUuid, type OrganizationId, type TransferId } from '../../../kernel/ids.js';
import type { Claim } from '../../../transfer/transfer.js';
import type { Query } from './rows.js';
import { NOT_STOPPED } from './not-stopped.js';

const PARTNER_NOT_STOPPED = `
  ${NOT_STOPPED}
  and not exists (select from partner_delivery d where d.partner_id = o.partner_id and d.stopped_at is not null)`;

/**
 * Waits for a withdrawal that holds the row, and then sees that it is closed. Only what was handed out is claimed: an id
 * that the queue brings a second time, after its row was re-opened, would be one more in flight than the limit.
 */
const CLAIM = `
  update outbox o
     set fence = fence + 1, attempts = attempts + 1,
         lease_until = clock_timestamp() + make_interval(secs => $2)
   where transfer_id = $1 and open and enqueued_at is not null and next_attempt_at <= clock_timestamp()
     and (lease_until is null or lease_until <= clock_timestamp()) and ${PARTNER_NOT_STOPPED}
  returning organization_id, fence, attempts, attempts - attempts_before as tries`;

const FENCE_HOLDS = `
  select (extract(epoch from lease_until - clock_timestamp()) * 1000)::float8 as left_ms
    from outbox o
   where transfer_id = $1 and fence = $2 and open and lease_until > clock_timestamp() and ${PARTNER_NOT_STOPPED}`;

/** A lease on one delivery; null when it is not due, not handed out, already held, over, or stopped by an operator. */
export async function claim(query: Query, transferId: TransferId, leaseMs: number): Promise<Claim | null> {
  if (!isUuid(transferId)) return null;
  const { rows } = await query<{ organization_id: OrganizationId; fence: number; attempts: number; tries: number }>(
    'claim',
    CLAIM,
    [transferId, leaseMs / 1000],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    transferId,
    senderOrganizationId: row.organization_id,
    fence: row.fence,
    attempt: row.attempts,
    tries: row.tries,
  };
}

/**
 * Asked right before the socket write: the lease is live, nobody else has the delivery, nobody stopped it. A process that
 * was stopped before it read the answer must not take an old yes for a new one.
 */
export async function fenceHolds(query: Query, { transferId, fence }: Claim): Promise<boolean> {
  const askedAtMs = performance.now();
  const { rows } = await query<{ left_ms: number }>('fence-holds', FENCE_HOLDS, [transferId, fence]);
  return rows[0] !== undefined && performance.now() - askedAtMs < rows[0].left_ms;
}
