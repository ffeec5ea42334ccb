import { JOB_KINDS, type JobKind, type Query } from './rows.js';
import { NOT_STOPPED } from './not-stopped.js';
import { NEXT_ANNOUNCEMENT } from './take-announcements.js';
import { FREE_SLOTS, WAITING, waitingInOrder } from './take-due.js';

/**
 * When `takeDue` would next find something, by the same rules: a partner that is paused counts from the end of its pause, one
 * without tokens from its next token. One at its limit in flight, or stopped, does not count: the end of a delivery
 * wakes the relay. Null when nothing waits: GREATEST would pass over a null and say "now".
 */
const NEXT_TRANSFER = `
  with recursive ${WAITING}
  select greatest(0, ceil(extract(epoch from min(greatest(
           first.at, d.paused_until, d.open_until,
           case when d.tokens < 1 then d.tokens_at + make_interval(secs => (1 - d.tokens) / d.rate_per_second) end
         )) - clock_timestamp()) * 1000))::float8 as wait_ms
    from partner_delivery d cross join lateral (
      select w.next_attempt_at as at from ${waitingInOrder()} limit 1
    ) first
   where d.partner_id in (select partner_id from waiting) and d.stopped_at is null and ${NOT_STOPPED} and ${FREE_SLOTS} >= 1
  having min(first.at) is not null`;

/** Milliseconds; null when nothing is going to be due by itself. */
export async function nextDueInMs(query: Query, kind?: JobKind): Promise<number | null> {
  const waits: number[] = [];
  for (const each of kind === undefined ? JOB_KINDS : [kind]) {
    const { rows } = await query<{ wait_ms: number }>(
      null,
      each === 'transfer' ? NEXT_TRANSFER : NEXT_ANNOUNCEMENT,
      [],
    );
    if (rows[0] !== undefined) waits.push(rows[0].wait_ms);
  }
  return waits.length === 0 ? null : Math.min(...waits);
}
