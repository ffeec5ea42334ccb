import type pg from 'pg';
import type { OrganizationId, TransferId } from '../../../kernel/ids.js';
import type { ReminderWatch } from '../../../transfer/reminder-ports.js';
import { acrossOrganizations } from '../connection/in-organization.js';

/** Of a worker that dies, or cannot read one, another looks at it again. */
const TAKEN_MINUTES = 15;

const TAKE = `
  with due as (
    select transfer_id from referral where remind_at <= database_time() order by remind_at limit $1 for update skip locked
  )
  update referral r set remind_at = database_time() + make_interval(mins => ${TAKEN_MINUTES})
    from due where r.transfer_id = due.transfer_id
  returning r.transfer_id, r.sender_organization_id`;

interface Row {
  readonly transfer_id: TransferId;
  readonly sender_organization_id: OrganizationId;
}

/** @param pool acts as relais_worker, which reads ids and times of this table and nothing else */
export async function takeUnanswered(pool: pg.Pool, limit: number): ReturnType<ReminderWatch['takeUnanswered']> {
  return acrossOrganizations(pool, async (client) => {
    const { rows } = await client.query<Row>(TAKE, [limit]);
    return rows.map((row) => ({ transferId: row.transfer_id, organizationId: row.sender_organization_id }));
  });
}
