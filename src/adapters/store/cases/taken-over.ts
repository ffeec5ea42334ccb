import type { Instant } from '../../../kernel/clock.js';
import type { CaseId, OrganizationId, TransferId } from '../../../kernel/ids.js';
import type { NewTakenOver, TakenOver, TakeOverTx } from '../../../transfer/take-over-ports.js';
import type { TxContext } from '../tx-context.js';

const PUT = `
  with taken as (
    insert into taken_over (organization_id, transfer_id, case_id, from_organization_id, called, reference, received_at, onward, keep_until, keep_then, left_out)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $12)
    on conflict (organization_id, transfer_id) do nothing
    returning transfer_id
  )
  insert into transfer_event (transfer_id, sender_organization_id, recipient_organization_id, shared, status, actor)
  select transfer_id, $4, $1, true, 'taken-over', $11 from taken`;

export async function putTakenOver(tx: TxContext, taken: NewTakenOver): Promise<boolean> {
  const { rowCount } = await tx.client.query({
    name: 'put-taken-over',
    text: PUT,
    values: [
      tx.organizationId,
      taken.transferId,
      taken.caseId,
      taken.fromOrganizationId,
      taken.from,
      taken.reference,
      taken.receivedAt,
      taken.onward,
      taken.keepUntil,
      taken.keepThen,
      taken.actor,
      taken.leftOut,
    ],
  });
  return rowCount === 1;
}

interface Row {
  readonly transfer_id: TransferId;
  readonly case_id: CaseId;
  readonly called: OrganizationId;
  readonly reference: string;
  readonly received_at: Instant;
  readonly taken_at: Instant;
  readonly onward: TakenOver['onward'];
  readonly keep_until: Instant | null;
  readonly keep_then: TakenOver['keepThen'];
  readonly left_out: number;
}

export async function takenOver(tx: TxContext, by: Parameters<TakeOverTx['takenOver']>[0]): Promise<TakenOver | null> {
  const [column, value] = 'transferId' in by ? ['transfer_id', by.transferId] : ['case_id', by.caseId];
  const { rows } = await tx.client.query<Row>({
    name: `taken-over-${column}`,
    text: `select * from taken_over where organization_id = $1 and ${column} = $2`,
    values: [tx.organizationId, value],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    transferId: row.transfer_id,
    caseId: row.case_id,
    from: row.called,
    reference: row.reference,
    receivedAt: row.received_at,
    takenAt: row.taken_at,
    onward: row.onward,
    keepUntil: row.keep_until,
    keepThen: row.keep_then,
    leftOut: row.left_out,
  };
}
