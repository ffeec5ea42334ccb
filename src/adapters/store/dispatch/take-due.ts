import { NOT_STOPPED } from './not-stopped.js';
import { JOB_KINDS, type JobKind, type Query, type TakenJob } from './rows.js';
import { ANY_ANNOUNCED, TAKE_ANNOUNCEMENTS } from './take-announcements.js';

/**
 * Partners that have something waiting, one index probe each (a loose index scan): neither closed rows nor the length of
 * a backlog cost anything.
 */
export const WAITING = `
  waiting as (
    (select partner_id from outbox where open and enqueued_at is null order by partner_id limit 1)
    union all
    select (select o.partner_id from outbox o
             where o.open and o.enqueued_at is null and o.partner_id > waiting.partner_id order by o.partner_id limit 1)
      from waiting where waiting.partner_id is not null
  )`;

/**
 * What waits for a partner `d`, by the time of its next attempt; of each person only the first: what was due earlier and is still
 * open goes first, whether it waits, is on the wire or is to be tried again. What ended, as a dead letter too, stands in
 * nobody's way.
 *
 * `offset 0`: that is asked of each row once the rows are in order, so who takes the first few has done when it has them, however
 * long the backlog is and however the planner puts it in order.
 */
export const waitingInOrder = (condition = 'true'): string => `
  (select o.transfer_id, o.partner_id, o.person_id, o.next_attempt_at from outbox o
    where o.partner_id = d.partner_id and o.open and o.enqueued_at is null and ${condition}
    order by o.next_attempt_at offset 0) w
  where exists (select from (select e.transfer_id from outbox e
                              where e.open and e.partner_id = w.partner_id and e.person_id = w.person_id
                              order by e.due_at, e.transfer_id limit 1) first
                 where first.transfer_id = w.transfer_id)`;

/** How many more may be handed out: one at a time while the breaker is not closed (its probe). */
export const FREE_SLOTS = `
  case when d.failures >= d.breaker_failures then 1 else d.max_in_flight end
  - (select count(*) from outbox o where o.partner_id = d.partner_id and o.open and o.enqueued_at is not null)`;

/** What the bucket holds at this moment of the database's clock. */
const TOKENS = `
  least(d.burst::float8, d.tokens + d.rate_per_second
    * greatest(0, extract(epoch from clock_timestamp() - greatest(d.tokens_at, '2000-01-01')))::float8)`;

const DUE = waitingInOrder('o.next_attempt_at <= clock_timestamp()');

/**
 * Hands out what is due, at most `$1`, fairly: partners take turns (who was served longest ago first), each gets an equal
 * share, and a partner's own order is by the time it is due. A partner is passed over while it is stopped, paused by its
 * own Retry-After, behind an open breaker, at its limit in flight, or out of tokens.
 *
 * One relay at a time hands out for one partner: its row is locked, and others pass it over (SKIP LOCKED). A relay whose
 * snapshot is older than another's hand-out would count too few in flight; it finds that `turn` moved on and hands out
 * nothing (after the lock PostgreSQL checks the row's newest version, the inner query sees the snapshot's).
 */
export const TAKE_TRANSFERS = `
  with recursive ${WAITING}, chosen as (
    select d.partner_id, ${FREE_SLOTS} as slots, ${TOKENS} as tokens
      from partner_delivery d
     where d.partner_id in (select partner_id from waiting)
       and d.stopped_at is null and ${NOT_STOPPED}
       and (d.paused_until is null or d.paused_until <= clock_timestamp())
       and (d.open_until is null or d.open_until <= clock_timestamp())
       and ${FREE_SLOTS} >= 1 and ${TOKENS} >= 1
       and exists (select from ${DUE})
       and d.turn = (select seen.turn from partner_delivery seen where seen.partner_id = d.partner_id)
     order by d.last_taken_at, d.partner_id
     limit $1 for update of d skip locked
  ), share as (
    select greatest(1, floor($1::numeric / greatest(1, count(*)))) as size from chosen
  ), found as (
    select first.transfer_id
      from chosen d cross join share cross join lateral (
        select w.transfer_id from ${DUE} limit least(d.slots, floor(d.tokens), share.size)::bigint
      ) first
  ), due as (
    select o.transfer_id from outbox o
     where o.transfer_id in (select transfer_id from found) and o.open and o.enqueued_at is null for update skip locked
  ), taken as (
    update outbox o set enqueued_at = clock_timestamp() from due
     where o.transfer_id = due.transfer_id returning o.transfer_id, o.partner_id
  ), charged as (
    update partner_delivery d
       set tokens = greatest(0, ${TOKENS} - c.taken), tokens_at = clock_timestamp(), turn = d.turn + 1, last_taken_at = clock_timestamp()
      from (select partner_id, count(*) as taken from taken group by partner_id) c
     where d.partner_id = c.partner_id
  )
  select 'transfer' as kind, transfer_id as id from taken`;

/** One entry of an index. Its plan is kept; one that was made for an empty table is made anew soon after that grew (analyze_grown). */
const ANY_WAITING = `select partner_id from outbox where open and enqueued_at is null order by partner_id limit 1`;

/** Whether anything of a kind waits to be handed out, due or not. */
export async function isAnyWaiting(query: Query, kind: JobKind): Promise<boolean> {
  return (await query(`any-${kind}`, kind === 'transfer' ? ANY_WAITING : ANY_ANNOUNCED, [])).rows.length > 0;
}

/** Each statement is its own transaction; any number of relays take turns without waiting for one another. */
export async function takeDue(query: Query, limit: number, kind?: JobKind): Promise<readonly TakenJob[]> {
  const taken: TakenJob[] = [];
  for (const each of kind === undefined ? JOB_KINDS : [kind]) {
    // Planned anew each time: a plan that was made for almost nothing reads everything for each row of a long queue.
    const text = each === 'transfer' ? TAKE_TRANSFERS : TAKE_ANNOUNCEMENTS;
    taken.push(...(await query<TakenJob>(null, text, [limit])).rows);
  }
  return taken;
}
