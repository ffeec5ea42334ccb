import type { ConsentId, TransferId } from '../../../kernel/ids.js';
import type { TxContext } from '../tx-context.js';

const WITHDRAWN = `
  select t.id as transfer_id, named.id
    from transfer t
    cross join lateral jsonb_to_recordset(t.ground -> 'secrecy' -> 'consents') as named (id uuid)
    cross join lateral (
      select terms ->> 'status' as status from consent_version
       where organization_id = $1 and consent_id = named.id order by version desc limit 1
    ) newest
   where t.id = any ($2::uuid[]) and t.sender_organization_id = $1 and newest.status = 'inactive'
     and t.ground -> 'secrecy' ->> 'kind' = 'consent'`;

/** For each transfer, the consents that it was sent on and that are withdrawn by now. */
export async function withdrawnUnder(
  tx: TxContext,
  transferIds: readonly TransferId[],
): Promise<readonly (readonly ConsentId[])[]> {
  const { rows } = await tx.client.query<{ transfer_id: TransferId; id: ConsentId }>({
    name: 'withdrawn-under',
    text: WITHDRAWN,
    values: [tx.organizationId, transferIds],
  });
  return transferIds.map((of) => rows.filter((row) => row.transfer_id === of).map(({ id }) => id));
}
