import type { AgreementId, PersonId, TransferId } from '../../../kernel/ids.js';
import type { TxContext } from '../tx-context.js';

const LIVE = `
  select o.transfer_id, o.fence from outbox o join transfer t on t.id = o.transfer_id
   where o.organization_id = $1 and o.open and o.lease_until > clock_timestamp()
     and (o.person_id = $2 or t.agreement_id = $3)`;

/** Deliveries of this person's record, or under this agreement, that a worker holds at this moment, with their fences. */
export async function liveDeliveries(
  tx: TxContext,
  of: { readonly personId: PersonId } | { readonly agreementId: AgreementId },
): Promise<readonly { transferId: TransferId; fence: number }[]> {
  const { rows } = await tx.client.query<{ transfer_id: TransferId; fence: number }>(LIVE, [
    tx.organizationId,
    'personId' in of ? of.personId : null,
    'agreementId' in of ? of.agreementId : null,
  ]);
  return rows.map((row) => ({ transferId: row.transfer_id, fence: row.fence }));
}
