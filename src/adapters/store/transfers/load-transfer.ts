import { isUuid, type TaskId, type TransferId } from '../../../kernel/ids.js';
import type { Transfer } from '../../../transfer/transfer.js';
import type { TxContext } from '../tx-context.js';
import { SELECT_TRANSFER, toTransfer, type TransferRow } from './transfer-row.js';

/** As sender, or as recipient once they were delivered (row level security). */
export async function loadTransfers(tx: TxContext, ids: readonly TransferId[]): Promise<readonly (Transfer | null)[]> {
  const { rows } = await tx.client.query<TransferRow>({
    name: 'load-transfer',
    text: `${SELECT_TRANSFER} where t.id = any ($1::uuid[])`,
    values: [ids.filter(isUuid)],
  });
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = found.get(id);
    return row === undefined ? null : toTransfer(tx, row);
  });
}

export async function findTransferByTask(tx: TxContext, taskId: TaskId): Promise<Transfer | null> {
  if (!isUuid(taskId)) return null;
  const { rows } = await tx.client.query<TransferRow>({
    name: 'find-transfer-by-task',
    text: `${SELECT_TRANSFER} where t.task_id = $1`,
    values: [taskId],
  });
  return rows[0] === undefined ? null : toTransfer(tx, rows[0]);
}
