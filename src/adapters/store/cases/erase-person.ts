import { RelaisError, notFound } from '../../../kernel/errors.js';
import { isUuid, type PersonId } from '../../../kernel/ids.js';
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
  ), unshown as (
    delete from preview where organization_id = $1 and person_id = $2
  ), unopened as (
    update transfer set commitment_salt = null
     where sender_organization_id = $1 and person_id = $2 and commitment_salt is not null
       and not exists (select from outbox o where o.transfer_id = transfer.id and o.open)
  ), closed as (
    update outbox set open = false, enqueued_at = null where organization_id = $1 and person_id = $2 and open
    returning transfer_id
  ), cancelled as (
    update transfer t set status = 'cancelled', commitment_salt = null from closed where t.id = closed.transfer_id
  )
  select count(*) as persons from erased`;

/**
 * Erases a person (GDPR art. 17): destroys the data key, so that every version of every case, its residue and every
 * consent is unreadable, in backups made from now on too; deletes the index rows and the contents of transfers. What is left are ids, codes and
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
