import type { PersonId, TransferId } from '../../../kernel/ids.js';
import type { TxContext } from '../tx-context.js';

const LIVE = `
  select transfer_id, fence from outbox
   where organization_id = $1 and person_id = $2 and open and lease_until > clock_timestamp()`;

/** Deliveries of this person's record that a worker holds at this moment, each with its fence. */
export async function liveDeliveries(
  tx: TxContext,
  personId: PersonId,
): Promise<readonly { transferId: TransferId; fence: number }[]> {
  const { rows } = await tx.client.query<{ transfer_id: TransferId; fence: number }>(LIVE, [
    tx.organizationId,
    personId,
  ]);
  return rows.map((row) => ({ transferId: row.transfer_id, fence: row.fence }));
}
