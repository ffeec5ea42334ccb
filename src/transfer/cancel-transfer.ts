import { notFound, RelaisError } from '../kernel/errors.js';
import type { TransferId } from '../kernel/ids.js';
import type { Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Principal } from './principal.js';

/**
 * Undo: takes back a transfer that has not begun to leave.
 *
 * @throws RelaisError 404, or 409 `transfer.too-late` once a worker has it or it is over
 */
export async function cancelTransfer(
  { store }: { readonly store: Store },
  principal: Principal,
  transferId: TransferId,
  requestId: string,
): Promise<Transfer> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const transfer = await tx.loadTransfer(transferId);
    if (transfer === null || transfer.senderOrganizationId !== principal.organizationId) throw notFound();
    if (transfer.status === 'cancelled') return transfer;
    if (!(await tx.stopTransfer(transferId, 'cancelled', [], principal.actor))) {
      throw new RelaisError('transfer.too-late', 409, 'business-rule', 'It is too late to take this transfer back.');
    }
    await tx.audit({
      action: 'transfer.cancelled',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      ...(transfer.personId !== null && { personId: transfer.personId }),
      transferId,
      requestId,
    });
    return (await tx.loadTransfer(transferId)) ?? transfer;
  });
}
