import { isUuid, type ConsentId } from '../../../kernel/ids.js';
import type { TxContext } from '../tx-context.js';

const STAND_ON = `
  update outbox set consent_ids = consent_ids || $2::uuid
   where organization_id = $1 and open and consent_ids && $3::uuid[] and not consent_ids @> array[$2::uuid]
     and person_id = (select person_id from consent_version where organization_id = $1 and consent_id = $2 limit 1)`;

/** Deliveries to do that stand on one of the earlier consents stand on this one as well: its withdrawal must find them. */
export async function standOn(tx: TxContext, id: ConsentId, earlier: readonly ConsentId[]): Promise<void> {
  if (earlier.length === 0) return;
  await tx.client.query(STAND_ON, [tx.organizationId, id, earlier.filter(isUuid)]);
}
