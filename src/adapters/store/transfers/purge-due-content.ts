import type pg from 'pg';
import type { Actor } from '../../../kernel/actor.js';
import type { OrganizationId, PersonId, TransferId } from '../../../kernel/ids.js';
import { insertEntry } from '../audit/insert-entry.js';
import { acrossOrganizations } from '../connection/in-organization.js';

const RETENTION: Actor = { type: 'system', id: 'retention', organizationId: null };

/** With the row goes the key of the timeline's messages. */
const PURGE = `
  with due as (
    select transfer_id from transfer_content where purge_at <= database_time() order by purge_at limit $1
  ), purged as (
    delete from transfer_content c using due where c.transfer_id = due.transfer_id
    returning c.transfer_id, c.sender_organization_id, c.person_id
  ), marked as (
    update transfer t set content_purged_at = database_time() from purged where t.id = purged.transfer_id
  )
  select transfer_id, sender_organization_id, person_id from purged`;

interface Row {
  readonly transfer_id: TransferId;
  readonly sender_organization_id: OrganizationId;
  readonly person_id: PersonId;
}

/**
 * Relais conveys; it is not one more case file. Deletes the content of transfers whose term after receipt is over; the
 * proofs (transfer, decision, digest, receipt, audit) stay.
 *
 * @param pool acts as relais_worker, which can delete content but not read it
 * @returns how many transfers lost their content, at most `limit`
 */
export async function purgeDueContent(pool: pg.Pool, limit = 200): Promise<number> {
  return acrossOrganizations(pool, async (client) => {
    const { rows } = await client.query<Row>(PURGE, [limit]);
    for (const row of rows) {
      await insertEntry(client, {
        action: 'content.purged',
        outcome: 'success',
        actor: RETENTION,
        organizations: [row.sender_organization_id],
        personId: row.person_id,
        transferId: row.transfer_id,
      });
    }
    return rows.length;
  });
}
