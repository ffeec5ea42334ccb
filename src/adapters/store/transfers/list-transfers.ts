import { isUuid, type PersonId } from '../../../kernel/ids.js';
import type { OrganizationTx } from '../../../transfer/ports.js';
import type { DisclosureRow, Transfer } from '../../../transfer/transfer.js';
import type { TxContext } from '../tx-context.js';
import { NOTICE_DEFERRED } from '../oversight/notice-deferrals.js';
import { SELECT_TRANSFER, toTransfer, type TransferRow } from './transfer-row.js';

const MOST = 200;

/** One index scan for what was sent and one for what was received, each stopped at the limit. */
const PAGE = `
  select id from (
    (select id, requested_at from transfer
      where sender_organization_id = $1 and ($2::timestamptz is null or requested_at < $2) order by requested_at desc limit $3)
    union all
    (select id, requested_at from transfer
      where recipient_organization_id = $1 and sender_organization_id <> $1 and delivered_at is not null
        and ($2::timestamptz is null or requested_at < $2) order by requested_at desc limit $3)
  ) either order by requested_at desc limit $3`;

const PAGE_OF_PERSON = `
  select id from transfer
   where sender_organization_id = $1 and ($2::timestamptz is null or requested_at < $2) and person_id = $4
   order by requested_at desc limit $3`;

/** Sent and received, newest first; of one person: sent. */
export async function listTransfers(
  tx: TxContext,
  filter: Parameters<OrganizationTx['listTransfers']>[0],
): Promise<readonly Transfer[]> {
  const limit = Math.max(1, Math.min(filter.limit, MOST));
  const values = [tx.organizationId, filter.before ?? null, limit];
  if (filter.personId !== undefined) {
    if (!isUuid(filter.personId)) return [];
    return select(tx, PAGE_OF_PERSON, [...values, filter.personId]);
  }
  return select(tx, PAGE, values);
}

/** What reached somebody, newest first; one whose notice to the person is deferred too: its recipient has duties as well. */
export async function deliveriesOf(tx: TxContext, personId: PersonId): Promise<readonly Transfer[]> {
  if (!isUuid(personId)) return [];
  const ids = `select id from transfer where sender_organization_id = $1 and person_id = $2 and status = 'delivered'`;
  return select(tx, ids, [tx.organizationId, personId]);
}

/**
 * What the person may read: every transfer about them, refused and stopped ones too. One whose notice is deferred is not
 * there at all, so that nothing that is made of the rows (order, counts, names) can tell of it.
 */
export async function disclosuresOf(tx: TxContext, personId: PersonId): Promise<readonly DisclosureRow[]> {
  if (!isUuid(personId)) return [];
  const transfers = await select(
    tx,
    `select id from transfer t where sender_organization_id = $1 and person_id = $2 and not ${NOTICE_DEFERRED}`,
    [tx.organizationId, personId],
  );
  const names = await tx.client.query<{ id: string; name: string }>(
    'select id, name from organization where id = any ($1)',
    [[...new Set(transfers.map((transfer) => transfer.recipientOrganizationId))]],
  );
  const nameOf = new Map(names.rows.map(({ id, name }) => [id, name]));
  return transfers.map((transfer) => ({ transfer, recipientName: nameOf.get(transfer.recipientOrganizationId) ?? '' }));
}

async function select(tx: TxContext, ids: string, values: unknown[]): Promise<readonly Transfer[]> {
  const { rows } = await tx.client.query<TransferRow>(
    `with page as materialized (${ids})
     ${SELECT_TRANSFER} join page on page.id = t.id order by t.requested_at desc, t.id`,
    values,
  );
  return rows.map((row) => toTransfer(tx, row));
}
