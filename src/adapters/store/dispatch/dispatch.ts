import type pg from 'pg';
import { isUuid, type OrganizationId, type TransferId } from '../../../kernel/ids.js';
import type { Claim, Dispatch } from '../../../transfer/ports.js';
import { translateError } from '../connection/errors.js';
import { claimAnnouncement, finishAnnouncement } from './announcements.js';

/** Each SQL statement is its own transaction; SKIP LOCKED lets any number of relays take turns without waiting. */
const TAKE_DUE = `
  with due as (
    select transfer_id from outbox where open and enqueued_at is null and next_attempt_at <= now()
       and coalesce($2, 'transfer') = 'transfer'
     order by next_attempt_at limit $1 for update skip locked
  ), transfers as (
    update outbox o set enqueued_at = clock_timestamp() from due where o.transfer_id = due.transfer_id returning o.transfer_id
  ), due_announcement as (
    select id from announcement where open and enqueued_at is null and next_attempt_at <= now()
       and coalesce($2, 'announcement') = 'announcement'
     order by next_attempt_at limit $1 for update skip locked
  ), announcements as (
    update announcement a set enqueued_at = clock_timestamp() from due_announcement d where a.id = d.id returning a.id
  )
  select 'transfer' as kind, transfer_id as id from transfers union all select 'announcement', id from announcements`;

const PUT_BACK = `
  with transfers as (update outbox set enqueued_at = null where transfer_id = any ($1::uuid[]) and open)
  update announcement set enqueued_at = null where id = any ($1::uuid[]) and open`;

/** Enqueued long ago without a live lease, or a lease that ran out: the queue or the worker lost it. */
const LOST = `open and enqueued_at is not null and coalesce(
  lease_until < clock_timestamp(), enqueued_at < clock_timestamp() - make_interval(secs => $1))`;

const REOPEN = `
  with transfers as (update outbox set enqueued_at = null, lease_until = null where ${LOST} returning 1),
       announcements as (update announcement set enqueued_at = null, lease_until = null where ${LOST} returning 1)
  select (select count(*) from transfers) + (select count(*) from announcements) as reopened`;

/** Waits for a withdrawal that holds the row, and then sees that it is closed. */
const CLAIM = `
  update outbox
     set fence = fence + 1, attempts = attempts + 1,
         lease_until = clock_timestamp() + make_interval(secs => $2)
   where transfer_id = $1 and open and next_attempt_at <= clock_timestamp()
     and (lease_until is null or lease_until <= clock_timestamp())
  returning organization_id, fence, attempts`;

const FENCE_HOLDS = `
  select (extract(epoch from lease_until - clock_timestamp()) * 1000)::float8 as left_ms
    from outbox where transfer_id = $1 and fence = $2 and open and lease_until > clock_timestamp()`;

/** Null when nothing waits: GREATEST would pass over a null and say "now". */
const NEXT_DUE = `
  select case when due.at is not null
              then greatest(0, ceil(extract(epoch from due.at - clock_timestamp()) * 1000)) end::float8 as wait_ms
    from (select least(
      (select min(next_attempt_at) from outbox
        where open and enqueued_at is null and coalesce($1, 'transfer') = 'transfer'),
      (select min(next_attempt_at) from announcement
        where open and enqueued_at is null and coalesce($1, 'announcement') = 'announcement')
    ) as at) due`;

/**
 * @param workerPool acts as relais_worker: ids, leases and times of all organizations, and nothing else
 * @param appPool to read the webhook of the organization that an announcement is for
 */
export function createDispatch(workerPool: pg.Pool, appPool: pg.Pool): Dispatch {
  const query = async <R extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: unknown[],
  ): Promise<pg.QueryResult<R>> => {
    try {
      return await workerPool.query<R>({ name, text, values });
    } catch (error) {
      throw translateError(error);
    }
  };
  return {
    takeDue: async (limit, kind) =>
      (await query<{ kind: 'transfer' | 'announcement'; id: string }>('take-due', TAKE_DUE, [limit, kind ?? null]))
        .rows,
    putBack: async (ids) => {
      await query('put-back', PUT_BACK, [ids.filter(isUuid)]);
    },
    reopenLost: async (olderThanMs) =>
      (await query<{ reopened: number }>('reopen-lost', REOPEN, [olderThanMs / 1000])).rows[0]!.reopened,
    claim: async (transferId, leaseMs) => claim(query, transferId, leaseMs),
    fenceHolds: async ({ transferId, fence }) => {
      const askedAtMs = performance.now();
      const { rows } = await query<{ left_ms: number }>('fence-holds', FENCE_HOLDS, [transferId, fence]);
      const left = rows[0];
      // A process that was stopped before it read the answer must not take an old yes for a new one.
      return left !== undefined && performance.now() - askedAtMs < left.left_ms;
    },
    claimAnnouncement: (id, leaseMs) => claimAnnouncement(workerPool, appPool, id, leaseMs),
    finishAnnouncement: (id, fence, result) => finishAnnouncement(workerPool, id, fence, result),
    nextDueInMs: async (kind) =>
      (await query<{ wait_ms: number | null }>('next-due', NEXT_DUE, [kind ?? null])).rows[0]!.wait_ms,
  };
}

type Query = <R extends pg.QueryResultRow>(name: string, text: string, values: unknown[]) => Promise<pg.QueryResult<R>>;

async function claim(query: Query, transferId: TransferId, leaseMs: number): Promise<Claim | null> {
  if (!isUuid(transferId)) return null;
  const { rows } = await query<{ organization_id: OrganizationId; fence: number; attempts: number }>('claim', CLAIM, [
    transferId,
    leaseMs / 1000,
  ]);
  const row = rows[0];
  if (row === undefined) return null;
  return { transferId, senderOrganizationId: row.organization_id, fence: row.fence, attempt: row.attempts };
}
