import { isUuid, type TaskId, type TransferId } from '../../../kernel/ids.js';
import type { Transfer } from '../../../transfer/transfer.js';
import type { TxContext } from '../tx-context.js';
import { SELECT_TRANSFER, toTransfer, type TransferRow } from './transfer-row.js';

/** As sender, or as recipient once it was delivered (row level security). */
export async function loadTransfer(tx: TxContext, id: TransferId): Promise<Transfer | null> {
  return one(tx, 'load-transfer', 'where t.id = $1', id);
}

export async function findTransferByTask(tx: TxContext, taskId: TaskId): Promise<Transfer | null> {
  return one(tx, 'find-transfer-by-task', 'where t.task_id = $1', taskId);
}

async function one(tx: TxContext, name: string, where: string, id: string): Promise<Transfer | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<TransferRow>({ name, text: `${SELECT_TRANSFER} ${where}`, values: [id] });
  return rows[0] === undefined ? null : toTransfer(tx, rows[0]);
}
