import type pg from 'pg';
import type { Actor } from '../../../kernel/actor.js';
import type { AgreementId, OrganizationId } from '../../../kernel/ids.js';
import { insertEntry } from '../audit/insert-entry.js';
import { acrossOrganizations } from '../connection/in-organization.js';

const CALENDAR: Actor = { type: 'system', id: 'calendar', organizationId: null };

const NOTE = `
  update agreement set expiry_noted_at = now() where valid_until <= now() and expiry_noted_at is null
  returning id, parties, in_force`;

/**
 * The end of an agreement is the calendar's: decisions look at the time themselves. This writes it into the log, once.
 *
 * @param pool acts as relais_worker, which sees of an agreement its parties and its end, once that is over
 * @returns how many ended since the last time
 */
export async function noteExpiredAgreements(pool: pg.Pool): Promise<number> {
  return acrossOrganizations(pool, async (client) => {
    const { rows } = await client.query<{ id: AgreementId; parties: OrganizationId[]; in_force: number }>(NOTE);
    for (const { id, parties, in_force: version } of rows) {
      await insertEntry(client, {
        action: 'agreement.expired',
        outcome: 'success',
        actor: CALENDAR,
        organizations: parties,
        codes: { agreement: id, version },
      });
    }
    return rows.length;
  });
}
