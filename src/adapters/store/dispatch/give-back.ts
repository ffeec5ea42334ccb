import { isUuid } from '../../../kernel/ids.js';
import type { Query } from './rows.js';

/** What a worker holds by now was accepted after all, though nobody heard it: it stays handed out. */
const PUT_BACK = `
  with transfers as (
    update outbox set enqueued_at = null where transfer_id = any ($1::uuid[]) and open
       and (lease_until is null or lease_until <= clock_timestamp())
  )
  update announcement set enqueued_at = null where id = any ($1::uuid[]) and open
     and (lease_until is null or lease_until <= clock_timestamp())`;

/** Handed out long ago without a live lease, or a lease that ran out: the queue or the worker lost it. */
const LOST = `open and enqueued_at is not null and coalesce(
  lease_until < clock_timestamp(), enqueued_at < clock_timestamp() - make_interval(secs => $1))`;

const REOPEN = `
  with transfers as (update outbox set enqueued_at = null, lease_until = null where ${LOST} returning 1),
       announcements as (update announcement set enqueued_at = null, lease_until = null where ${LOST} returning 1)
  select (select count(*) from transfers) + (select count(*) from announcements) as reopened`;

/** Gives back what could not be enqueued. */
export async function putBack(query: Query, ids: readonly string[]): Promise<void> {
  await query('put-back', PUT_BACK, [ids.filter(isUuid)]);
}

/** Re-opens what the queue or a worker lost; returns how many. */
export async function reopenLost(query: Query, olderThanMs: number): Promise<number> {
  return (await query<{ reopened: number }>('reopen-lost', REOPEN, [olderThanMs / 1000])).rows[0]!.reopened;
}
