import type { Actor } from '../../../kernel/actor.js';
import { isUuid, type ConsentId, type OrganizationId, type PersonId, type TransferId } from '../../../kernel/ids.js';
import type { Reason } from '../../../domain/decision/reasons.js';
import type { TxContext } from '../tx-context.js';

/** Found by the person, whose open deliveries are few; `loadSending` locks the same rows. */
const LOCK = `
  select transfer_id, coalesce(lease_until > clock_timestamp(), false) as lease_live
    from outbox
   where organization_id = $1 and open and consent_ids @> array[$2::uuid]
     and person_id = (select person_id from consent_version where organization_id = $1 and consent_id = $2 limit 1)
   order by transfer_id
     for update`;

/** Transfers not yet delivered that stand on this consent, their outbox rows locked against a claim. */
export async function lockUndelivered(
  tx: TxContext,
  consentId: ConsentId,
): Promise<readonly { transferId: TransferId; leaseLive: boolean }[]> {
  if (!isUuid(consentId)) return [];
  const { rows } = await tx.client.query<{ transfer_id: TransferId; lease_live: boolean }>(LOCK, [
    tx.organizationId,
    consentId,
  ]);
  return rows.map((row) => ({ transferId: row.transfer_id, leaseLive: row.lease_live }));
}

/**
 * What will never leave needs no keeping: its content is due for the purge at once. A transfer in `sending` whose worker
 * vanished is not stopped here, because its bytes may have left: the next claim decides.
 */
const STOP = `
  with closed as (
    update outbox o set open = false, enqueued_at = null, lease_until = null
      from transfer t
     where o.transfer_id = $1 and o.organization_id = $2 and o.open
       and (o.lease_until is null or o.lease_until <= clock_timestamp())
       and t.id = o.transfer_id and t.status in ('held', 'queued')
    returning o.transfer_id, o.recipient_organization_id
  ), stopped as (
    update transfer t
       set status = $3, purge_at = now() + make_interval(days => case when $3 = 'needs-review' then t.purge_after_days else 0 end)
      from closed where t.id = closed.transfer_id
    returning t.id, t.purge_at
  ), due as (
    update transfer_content c set purge_at = stopped.purge_at from stopped where c.transfer_id = stopped.id
  )
  insert into transfer_event (transfer_id, sender_organization_id, recipient_organization_id, shared, status, actor, reasons)
  select transfer_id, $2, recipient_organization_id, false, $3, $4, $5 from closed`;

const LOCK_WAITING = `
  select transfer_id from outbox
   where organization_id = $1 and open and person_id = $2 and ($3::uuid is null or recipient_organization_id = $3)
     and (lease_until is null or lease_until <= clock_timestamp())
   order by transfer_id
     for update`;

/** Transfers about the person that wait, to this recipient or to anybody; their outbox rows locked against a claim. */
export async function lockWaiting(
  tx: TxContext,
  personId: PersonId,
  recipient: OrganizationId | null,
): Promise<readonly TransferId[]> {
  if (!isUuid(personId)) return [];
  const { rows } = await tx.client.query<{ transfer_id: TransferId }>(LOCK_WAITING, [
    tx.organizationId,
    personId,
    recipient,
  ]);
  return rows.map((row) => row.transfer_id);
}

/** held | queued → stopped, cancelled or needs-review, where no lease is live. False when it is too late. */
export async function stopTransfer(
  tx: TxContext,
  transferId: TransferId,
  status: 'stopped' | 'cancelled' | 'needs-review',
  reasons: readonly Reason[],
  actor: Actor,
): Promise<boolean> {
  if (!isUuid(transferId)) return false;
  const stopped = await tx.client.query(STOP, [transferId, tx.organizationId, status, actor, JSON.stringify(reasons)]);
  return stopped.rowCount === 1;
}
