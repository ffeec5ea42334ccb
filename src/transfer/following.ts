import { RelaisError } from '../kernel/errors.js';
import type { TaskId, TransferId } from '../kernel/ids.js';
import type { OrganizationTx } from './ports.js';
import type { Principal } from './principal.js';
import type { TransferCommand } from './request-transfer.js';

/** The transfer that another follows: sent because its recipient asked for more. */
export interface Followed {
  readonly transferId: TransferId;
  readonly taskId: TaskId;
}

/**
 * What a transfer follows: something that the same sender delivered to the same recipient about the same case. Anything
 * else would tell one recipient of another's transfer.
 *
 * @returns null where it follows nothing
 * @throws RelaisError 422 `transfer.follows-unknown`
 */
export async function followedBy(
  tx: Pick<OrganizationTx, 'loadTransfer'>,
  { organizationId }: Principal,
  { follows, caseId, recipientOrganizationId }: Pick<TransferCommand, 'follows' | 'caseId' | 'recipientOrganizationId'>,
): Promise<Followed | null> {
  if (follows === undefined) return null;
  const earlier = await tx.loadTransfer(follows);
  const fits =
    earlier?.status === 'delivered' &&
    earlier.senderOrganizationId === organizationId &&
    earlier.recipientOrganizationId === recipientOrganizationId &&
    earlier.caseId === caseId;
  if (fits && earlier.taskId !== null) return { transferId: earlier.id, taskId: earlier.taskId };
  const message = 'Not a transfer of this case that reached this recipient.';
  throw new RelaisError('transfer.follows-unknown', 422, 'value', 'The transfer that this one follows is not known.', {
    violations: [{ path: '/follows', rule: 'transfer.follows-unknown', message }],
  });
}
