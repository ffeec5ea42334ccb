import { isUuid, type TransferId } from '../../../kernel/ids.js';
import type { OrganizationTx } from '../../../transfer/ports.js';
import type { TxContext } from '../tx-context.js';

/** The id of the row is the id of the message: made first, so that the body can carry it. */
const ANNOUNCE = `
  insert into announcement (id, organization_id, told_organization_id, transfer_id, body)
  select fresh.id, t.sender_organization_id, told.id, t.id,
         jsonb_build_object('id', fresh.id, 'type', $2::text, 'transferId', t.id, 'reference', t.reference, 'status', t.status,
           'referralStatus', r.status, 'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    from transfer t
    left join referral r on r.transfer_id = t.id
    cross join lateral (select gen_random_uuid() as id, t.id as of) fresh
    cross join lateral (
      select case when $2 = 'referral.message' then t.recipient_organization_id else t.sender_organization_id end as id
    ) told
   where t.id = any ($1::uuid[]) and t.sender_organization_id = $3
     and exists (select from partner p
                  where p.organization_id = told.id and p.status = 'active' and p.webhook is not null)`;

/** Queues ids and codes for the sender's software, or for the recipient's where something was said to it; nothing without a webhook. */
export async function announce(
  tx: TxContext,
  transferIds: readonly TransferId[],
  event: Parameters<OrganizationTx['announce']>[1],
): Promise<void> {
  const values = [transferIds.filter(isUuid), event, tx.organizationId];
  await tx.client.query({ name: 'announce', text: ANNOUNCE, values });
}
