import { newId, type PersonId, type TransferId } from '../../src/kernel/ids.js';
import type { TestDatabase } from './database.js';
import type { SeededOrganization } from './fixtures.js';

export interface BacklogOptions {
  readonly count: number;
  /** Among how many persons the deliveries are dealt, one after the other; default: each has a person of its own. */
  readonly persons?: number;
  /** When the first was due, in seconds before now; the others follow a millisecond apart. */
  readonly dueSecondsAgo?: number;
  readonly open?: boolean;
}

/**
 * Many deliveries to one partner at once, as rows: transfers without content, for tests of whose turn it is.
 *
 * @returns ids in the order in which they became due
 */
export async function backlog(
  database: TestDatabase,
  sender: SeededOrganization,
  recipient: SeededOrganization,
  { count, persons = count, dueSecondsAgo = 60, open = true }: BacklogOptions,
): Promise<TransferId[]> {
  const personIds = Array.from({ length: Math.min(persons, count) }, () => newId<PersonId>());
  await database.query(
    `insert into person (id, organization_id, wrapped_key) select id, $2, '\\x00' from unnest($1::uuid[]) as id`,
    [personIds, sender.organizationId],
  );
  const rows = await database.query<{ transfer_id: TransferId }>(
    `with dealt as (
       select gen_random_uuid() as id, n, ($1::uuid[])[1 + (n % cardinality($1::uuid[]))] as person,
              clock_timestamp() - make_interval(secs => $6) + make_interval(secs => n / 1000.0) as due
         from generate_series(0, $5::int - 1) as n
     ), asked as (
       insert into transfer (id, sender_organization_id, recipient_organization_id, recipient_partner_id, reference, status, case_id,
         person_id, purpose, ground_kind, permitted, purge_after_days, reasons, actor, requested_at)
       select id, $2, $3, $4, 'R-' || n, case when $7 then 'queued' else 'delivered' end, 'case', person, 'HOUSING', 'consent', 1, 30,
         '[]', '{}', due from dealt
     ), due as (
       insert into outbox (transfer_id, organization_id, recipient_organization_id, partner_id, person_id, consent_ids, open, due_at,
         next_attempt_at)
       select id, $2, $3, $4, person, '{}', $7, due, due from dealt
     )
     select id as transfer_id from dealt order by due`,
    [personIds, sender.organizationId, recipient.organizationId, recipient.partnerId, count, dueSecondsAgo, open],
  );
  return rows.map((row) => row.transfer_id);
}

/** Sets limits, or a state, of one partner. */
export async function setPartner(
  database: TestDatabase,
  { partnerId }: SeededOrganization,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const names = Object.keys(values);
  const set = names.map((name, index) => `${name} = $${index + 2}`).join(', ');
  await database.query(`update partner_delivery set ${set} where partner_id = $1`, [
    partnerId,
    ...Object.values(values),
  ]);
}
