import { NOT_STOPPED } from './not-stopped.js';

/**
 * Announcements to one organization that are handed out and not finished, over all processes. Fewer than a worker's slots: a
 * system that answers slowly never has them all.
 */
export const ANNOUNCEMENTS_IN_FLIGHT = 8;

/** Organizations that something waits for, one index probe each, as in take-due.ts. */
export const TOLD = `
  told as (
    (select told_organization_id as id from announcement where open and enqueued_at is null order by told_organization_id limit 1)
    union all
    select (select a.told_organization_id from announcement a
             where a.open and a.enqueued_at is null and a.told_organization_id > told.id order by a.told_organization_id limit 1)
      from told where told.id is not null
  )`;

export const FREE_TURNS = `
  ${ANNOUNCEMENTS_IN_FLIGHT} - (select count(*) from announcement a
     where a.told_organization_id = t.organization_id and a.open and a.enqueued_at is not null)`;

const DUE = `
  a.told_organization_id = t.organization_id and a.open and a.enqueued_at is null and a.next_attempt_at <= clock_timestamp()`;

/**
 * Hands out what is due, at most `$1`: organizations take turns, who was told longest ago first, in equal shares and within what
 * each may have in flight. Locks and `turn` as for records (take-due.ts).
 */
export const TAKE_ANNOUNCEMENTS = `
  with recursive ${TOLD}, chosen as (
    select t.organization_id, ${FREE_TURNS} as slots
      from announcement_turn t
     where t.organization_id in (select id from told) and ${NOT_STOPPED}
       and ${FREE_TURNS} >= 1
       and (select a.id from announcement a where ${DUE} order by a.next_attempt_at limit 1) is not null
       and t.turn = (select seen.turn from announcement_turn seen where seen.organization_id = t.organization_id)
     order by t.last_taken_at, t.organization_id
     limit $1 for update of t skip locked
  ), share as (
    select greatest(1, floor($1::numeric / greatest(1, count(*)))) as size from chosen
  ), due as (
    select found.id
      from chosen t cross join share cross join lateral (
        select a.id from announcement a where ${DUE}
         order by a.next_attempt_at limit least(t.slots, share.size)::bigint for update of a skip locked
      ) found
  ), taken as (
    update announcement a set enqueued_at = clock_timestamp() from due where a.id = due.id
    returning a.id, a.told_organization_id
  ), counted as (
    update announcement_turn t set turn = t.turn + 1, last_taken_at = clock_timestamp()
     where t.organization_id in (select told_organization_id from taken)
  )
  select 'announcement' as kind, id from taken`;

/** One entry of an index: most looks find nothing. */
export const ANY_ANNOUNCED = `
  select told_organization_id from announcement where open and enqueued_at is null order by told_organization_id limit 1`;

/** When the next one is due; those to an organization that has all its turns in flight do not count: an end wakes the relay. */
export const NEXT_ANNOUNCEMENT = `
  with recursive ${TOLD}
  select greatest(0, ceil(extract(epoch from min(first.at) - clock_timestamp()) * 1000))::float8 as wait_ms
    from announcement_turn t cross join lateral (
      select a.next_attempt_at as at from announcement a
       where a.told_organization_id = t.organization_id and a.open and a.enqueued_at is null
       order by a.next_attempt_at limit 1
    ) first
   where t.organization_id in (select id from told) and ${NOT_STOPPED} and ${FREE_TURNS} >= 1
  having min(first.at) is not null`;
