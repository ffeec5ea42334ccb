import { isUuid, type OrganizationId, type TransferId } from '../../../kernel/ids.js';
import type { Claim } from '../../../transfer/transfer.js';
import { oneAtATime } from '../connection/gather.js';
import type { Query } from './rows.js';
import { NOT_STOPPED } from './not-stopped.js';

const PARTNER_NOT_STOPPED = `
  ${NOT_STOPPED}
  and not exists (select from partner_delivery d where d.partner_id = o.partner_id and d.stopped_at is not null)`;

const DUE = `
  open and enqueued_at is not null and next_attempt_at <= clock_timestamp()
     and (lease_until is null or lease_until <= clock_timestamp()) and ${PARTNER_NOT_STOPPED}`;
const SET = `
  fence = o.fence + 1, attempts = o.attempts + 1, lease_until = clock_timestamp() + make_interval(secs => $2)`;
const CLAIMED = 'o.transfer_id, o.organization_id, o.fence, o.attempts, o.attempts - o.attempts_before as tries';

/**
 * Waits for a withdrawal that holds the row, and then sees that it is closed. Only what was handed out is claimed: an id
 * that the queue brings a second time, after its row was re-opened, would be one more in flight than the limit.
 */
const CLAIM = `update outbox o set ${SET} where transfer_id = $1 and ${DUE} returning ${CLAIMED}`;

/** Several wait for nobody: one that is held by somebody is claimed by itself. */
const CLAIM_FREE = `
  with free as (
    select transfer_id from outbox o where transfer_id = any ($1::uuid[]) and ${DUE} for update skip locked
  )
  update outbox o set ${SET} from free where o.transfer_id = free.transfer_id returning ${CLAIMED}`;

const FENCE_HOLDS = `
  select o.transfer_id, o.fence, (extract(epoch from lease_until - clock_timestamp()) * 1000)::float8 as left_ms
    from unnest($1::uuid[], $2::integer[]) as held (transfer_id, fence)
    join outbox o on o.transfer_id = held.transfer_id and o.fence = held.fence
   where open and lease_until > clock_timestamp() and ${PARTNER_NOT_STOPPED}`;

interface Row {
  readonly transfer_id: TransferId;
  readonly organization_id: OrganizationId;
  readonly fence: number;
  readonly attempts: number;
  readonly tries: number;
}

interface Asked {
  readonly transferId: TransferId;
  readonly leaseMs: number;
}

/** A lease on a delivery; null when it is not due, not handed out, already held, over, or stopped by an operator. */
export function createClaim(query: Query): (asked: Asked) => Promise<Claim | null> {
  return oneAtATime((asked: readonly Asked[]) => claimAll(query, asked));
}

async function claimAll(
  query: Query,
  asked: readonly Asked[],
): Promise<readonly (Claim | null | Promise<Claim | null>)[]> {
  // A process has one length of lease.
  const { leaseMs } = asked[0]!;
  const claim = async (name: string, text: string, of: TransferId | readonly TransferId[]) => {
    const { rows } = await query<Row>(name, text, [of, leaseMs / 1000]);
    return rows.map(toClaim);
  };
  // The queue may bring an id twice: the first gets it.
  const ids = [...new Set(asked.map(({ transferId }) => transferId))].filter(isUuid);
  const free = ids.length > 1 ? await claim('claim-free', CLAIM_FREE, ids) : [];
  const answers = new Map<TransferId, Claim | Promise<Claim | null>>(free.map((one) => [one.transferId, one]));
  for (const id of ids)
    if (!answers.has(id))
      answers.set(
        id,
        claim('claim', CLAIM, id).then(([one]) => one ?? null),
      );
  return asked.map(({ transferId }) => {
    const answer = answers.get(transferId) ?? null;
    answers.delete(transferId);
    return answer;
  });
}

const toClaim = (row: Row): Claim => ({
  transferId: row.transfer_id,
  senderOrganizationId: row.organization_id,
  fence: row.fence,
  attempt: row.attempts,
  tries: row.tries,
});

/** What is left of each lease, in milliseconds; null when it is over, somebody else has the delivery, or it was stopped. */
async function leftOf(query: Query, claims: readonly Claim[]): Promise<readonly (number | null)[]> {
  const { rows } = await query<{ transfer_id: TransferId; fence: number; left_ms: number }>(
    'fence-holds',
    FENCE_HOLDS,
    [claims.map(({ transferId }) => transferId), claims.map(({ fence }) => fence)],
  );
  const left = new Map(rows.map((row) => [`${row.transfer_id} ${row.fence}`, row.left_ms]));
  return claims.map(({ transferId, fence }) => left.get(`${transferId} ${fence}`) ?? null);
}

/**
 * Asked right before the socket write: the lease is live, nobody else has the delivery, nobody stopped it. A process that
 * was stopped before it read the answer must not take an old yes for a new one.
 */
export function createFence(query: Query): (claim: Claim) => Promise<boolean> {
  const ask = oneAtATime((claims: readonly Claim[]) => leftOf(query, claims));
  return async (claim) => {
    const askedAtMs = performance.now();
    const leftMs = await ask(claim);
    return leftMs !== null && performance.now() - askedAtMs < leftMs;
  };
}
