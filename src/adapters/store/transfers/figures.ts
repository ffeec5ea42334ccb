import type { Instant } from '../../../kernel/clock.js';
import type { Figures } from '../../../transfer/figures.js';
import type { TxContext } from '../tx-context.js';

/** Each is one scan of `transfer_sender` (or `transfer_failed`) from that moment on; events are found by their key. */
const BY_DAY = `
  select to_char(requested_at at time zone 'UTC', 'YYYY-MM-DD') as on, status, count(*)::int as count
    from transfer where sender_organization_id = $1 and requested_at >= $2
   group by 1, 2 order by 1, 2`;

const ANSWERS = `
  select t.recipient_organization_id as "organizationId", count(answer.at)::int as answered,
         (count(*) - count(answer.at))::int as waiting,
         percentile_cont(0.5) within group (order by extract(epoch from answer.at - t.delivered_at)) as "medianSeconds",
         percentile_cont(0.9) within group (order by extract(epoch from answer.at - t.delivered_at)) as "p90Seconds"
    from transfer t
    left join lateral (
      select min(e.at) as at from transfer_event e
       where e.transfer_id = t.id and e.status like 'referral:%' and e.status not in ('referral:requested', 'referral:received')
    ) answer on true
   where t.sender_organization_id = $1 and t.requested_at >= $2 and t.status = 'delivered' and t.delivered_at is not null
   group by 1 order by count(*) desc, 1`;

const FAILED = `
  select t.recipient_organization_id as "organizationId", t.recipient_partner_id as "partnerId",
         coalesce(ended.cause, 'unknown') as cause, count(*)::int as count
    from transfer t
    left join lateral (
      select e.cause from transfer_event e
       where e.transfer_id = t.id and e.status = 'failed' order by e.position desc limit 1
    ) ended on true
   where t.sender_organization_id = $1 and t.requested_at >= $2 and t.status = 'failed'
   group by 1, 2, 3 order by count(*) desc, 1, 3`;

/** Counts alone leave the database. */
export async function figuresSince({ client, organizationId }: TxContext, since: Instant): Promise<Figures> {
  const values = [organizationId, since];
  return {
    transfers: (await client.query<Figures['transfers'][number]>(BY_DAY, values)).rows,
    answers: (await client.query<Figures['answers'][number]>(ANSWERS, values)).rows,
    failed: (await client.query<Figures['failed'][number]>(FAILED, values)).rows,
  };
}
