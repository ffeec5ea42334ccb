import type pg from 'pg';
import type { Actor } from '../../../kernel/actor.js';
import type { OrganizationId, PersonId, TransferId } from '../../../kernel/ids.js';
import { insertEntry } from '../audit/insert-entry.js';
import { acrossOrganizations } from '../connection/in-organization.js';

const CALENDAR: Actor = { type: 'system', id: 'calendar', organizationId: null };

const NOTICES = `
  update notice set escalated_at = database_time()
   where answered_at is null and escalated_at is null and due_at <= database_time()
  returning sender_organization_id as organization_id, person_id, transfer_id, id`;
const CONTESTS = `
  update contest set escalated_at = database_time()
   where answered_at is null and escalated_at is null and due_at <= database_time()
  returning organization_id, person_id, null::uuid as transfer_id, id`;

interface Row {
  readonly organization_id: OrganizationId;
  readonly person_id: PersonId;
  readonly transfer_id: TransferId | null;
  readonly id: string;
}

/**
 * What was to be answered by now and was not: it goes to the log once, and stays on the admins' list until it is answered.
 *
 * @param pool acts as relais_worker, which reads ids and times of these tables and nothing else
 */
export async function escalateOverdue(pool: pg.Pool): Promise<number> {
  return acrossOrganizations(pool, async (client) => {
    let found = 0;
    for (const [action, text] of [
      ['notice.overdue', NOTICES],
      ['contest.overdue', CONTESTS],
    ] as const) {
      const { rows } = await client.query<Row>(text);
      found += rows.length;
      for (const row of rows) {
        await insertEntry(client, {
          action,
          outcome: 'failure',
          actor: CALENDAR,
          organizations: [row.organization_id],
          personId: row.person_id,
          ...(row.transfer_id !== null && { transferId: row.transfer_id }),
          codes: { id: row.id },
        });
      }
    }
    return found;
  });
}
