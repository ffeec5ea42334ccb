import { RelaisError, notFound } from '../../../kernel/errors.js';
import type { Instant } from '../../../kernel/clock.js';
import { isUuid, type PersonId } from '../../../kernel/ids.js';
import type { PersonInventory } from '../../../transfer/stored-case.js';
import type { TxContext } from '../tx-context.js';

const LOCK_DELIVERIES = `
  select coalesce(lease_until > clock_timestamp(), false) as live
    from outbox where organization_id = $1 and person_id = $2 and open for update`;

const ERASE = `
  with erased as (
    update person set key_hash = null, wrapped_key = null, erased_at = now()
     where organization_id = $1 and id = $2 and erased_at is null
    returning id
  ), unindexed as (
    delete from person_index where organization_id = $1 and person_id = $2
  ), emptied as (
    delete from transfer_content where sender_organization_id = $1 and person_id = $2
  ), unlinked as (
    delete from access_link where organization_id = $1 and person_id = $2
  ), unshown as (
    delete from preview where organization_id = $1 and person_id = $2
  ), unwritten as (
    delete from draft where organization_id = $1 and person_id = $2
  ), unnoted as (
    delete from file_opening where organization_id = $1 and file_id = $2
  ), unsaid as (
    update notice set wrapped_key = null, words = null
     where sender_organization_id = $1 and person_id = $2 and wrapped_key is not null
  ), unopened as (
    update transfer set commitment_salt = null, signature = null
     where sender_organization_id = $1 and person_id = $2 and (commitment_salt is not null or signature is not null)
       and not exists (select from outbox o where o.transfer_id = transfer.id and o.open)
  ), closed as (
    update outbox set open = false, enqueued_at = null where organization_id = $1 and person_id = $2 and open
    returning transfer_id
  ), cancelled as (
    update transfer t set status = 'cancelled', commitment_salt = null, signature = null from closed where t.id = closed.transfer_id
  )
  select count(*) as persons from erased`;

/**
 * Erases a person (GDPR art. 17): destroys the data key, so that every version of every case, its residue and every
 * consent is unreadable, in backups made from now on too; deletes the index rows, the contents of transfers and what recipients wrote about them. What is left are ids, codes and
 * times; the audit log stays valid. Done twice, it does nothing. The caller adds the audit entry.
 *
 * @throws RelaisError 404, or 503 `person.delivery-live` while a delivery is on the wire
 */
export async function erasePerson(tx: TxContext, personId: PersonId): Promise<{ erased: boolean }> {
  if (!isUuid(personId)) throw notFound();
  const known = await tx.client.query('select from person where organization_id = $1 and id = $2 for update', [
    tx.organizationId,
    personId,
  ]);
  if (known.rowCount === 0) throw notFound();
  const deliveries = await tx.client.query<{ live: boolean }>(LOCK_DELIVERIES, [tx.organizationId, personId]);
  if (deliveries.rows.some(({ live }) => live)) {
    const message = 'A delivery about this person is on the wire; try again shortly.';
    throw new RelaisError('person.delivery-live', 503, 'transient', message, { retryAfterSeconds: 5 });
  }
  const { rows } = await tx.client.query<{ persons: number }>(ERASE, [tx.organizationId, personId]);
  tx.dataKeys.delete(personId);
  return { erased: rows[0]!.persons === 1 };
}

const INVENTORY = `
  select p.id as person_id, p.erased_at,
         (p.wrapped_key is not null)::integer as keys,
         (select count(*) from person_index i where i.organization_id = $1 and i.person_id = p.id)
           + (select count(*) from hmis_row h where h.organization_id = $1 and h.person_id = p.id) as index_rows,
         (select count(*) from case_version c where c.organization_id = $1 and c.person_id = p.id)
           + (select count(*) from residue r where r.organization_id = $1 and r.person_id = p.id)
           + (select count(*) from hmis_row_version h where h.organization_id = $1 and h.person_id = p.id) as records,
         (select count(*) from consent_version c where c.organization_id = $1 and c.person_id = p.id)
           + (select count(*) from consent_evidence e where e.organization_id = $1 and e.person_id = p.id)
           + (select count(*) from contest c where c.organization_id = $1 and c.person_id = p.id)
           + (select count(*) from declined_share d where d.organization_id = $1 and d.person_id = p.id) as decisions,
         (select count(*) from transfer_content c where c.sender_organization_id = $1 and c.person_id = p.id)
           + (select count(*) from preview v where v.organization_id = $1 and v.person_id = p.id)
           + (select count(*) from draft d where d.organization_id = $1 and d.person_id = p.id) as contents,
         (select count(*) from outbox o where o.organization_id = $1 and o.person_id = p.id and o.open) as waiting,
         (select count(*) from transfer t where t.sender_organization_id = $1 and t.person_id = p.id) as transfers,
         (select count(*) from audit_entry a where a.organizations @> array[$1::uuid] and a.person_id = p.id) as proofs
    from person p
   where p.organization_id = $1 and (p.id = $2 or p.key_hash = $3)`;

interface Row {
  readonly person_id: PersonId;
  readonly erased_at: Instant | null;
  readonly keys: number;
  readonly index_rows: number;
  readonly records: number;
  readonly decisions: number;
  readonly contents: number;
  readonly waiting: number;
  readonly transfers: number;
  readonly proofs: number;
}

/**
 * What is kept about a person, in numbers: what an erasure destroys, and what it leaves as proof.
 *
 * @param person the person's id, or the agency's own key until it is erased
 */
export async function inventoryOf(tx: TxContext, person: string): Promise<PersonInventory | null> {
  const key = tx.keyring.blind(tx.organizationId, 'agency-person-key', person);
  const values = [tx.organizationId, isUuid(person) ? person : null, key];
  const { rows } = await tx.client.query<Row>(INVENTORY, values);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    personId: row.person_id,
    erasedAt: row.erased_at,
    keys: row.keys,
    indexRows: row.index_rows,
    records: row.records,
    decisions: row.decisions,
    contents: row.contents,
    waiting: row.waiting,
    transfers: row.transfers,
    proofs: row.proofs,
  };
}
