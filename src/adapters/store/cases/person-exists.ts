import { isUuid, type PersonId } from '../../../kernel/ids.js';
import type { TxContext } from '../tx-context.js';

export async function personExists(tx: TxContext, personId: PersonId): Promise<boolean> {
  if (!isUuid(personId)) return false;
  const found = await tx.client.query({
    text: 'select from person where organization_id = $1 and id = $2 and erased_at is null',
    values: [tx.organizationId, personId],
  });
  return found.rowCount === 1;
}
