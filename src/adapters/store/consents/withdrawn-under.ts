import type { ConsentId, TransferId } from '../../../kernel/ids.js';
import type { TxContext } from '../tx-context.js';

const WITHDRAWN = `
  select named.id
    from transfer t
    cross join lateral jsonb_to_recordset(t.ground -> 'secrecy' -> 'consents') as named (id uuid)
    cross join lateral (
      select terms ->> 'status' as status from consent_version
       where organization_id = $1 and consent_id = named.id order by version desc limit 1
    ) newest
   where t.id = $2 and t.sender_organization_id = $1 and newest.status = 'inactive'
     and t.ground -> 'secrecy' ->> 'kind' = 'consent'`;

/** Consents that a transfer was sent on and that are withdrawn by now. */
export async function withdrawnUnder(tx: TxContext, transferId: TransferId): Promise<readonly ConsentId[]> {
  const { rows } = await tx.client.query<{ id: ConsentId }>({
    name: 'withdrawn-under',
    text: WITHDRAWN,
    values: [tx.organizationId, transferId],
  });
  return rows.map(({ id }) => id);
}
