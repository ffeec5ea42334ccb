import type { TransferId } from '../../../kernel/ids.js';
import type { Reservation } from '../../../transfer/transfer.js';
import type { TxContext } from '../tx-context.js';

/** The unique index makes a concurrent request with the same key wait until the first one commits or gives up. */
const RESERVE = `
  insert into idempotency_key (organization_id, key_hash, request_digest, transfer_id) values ($1, $2, $3, $4)
  on conflict do nothing`;

/** A statement of its own: its snapshot sees what the first request has just committed. */
const LOOK = 'select request_digest, transfer_id from idempotency_key where organization_id = $1 and key_hash = $2';

/** @param requestDigest SHA-256 (hex) of the canonical body */
export async function reserveIdempotencyKey(
  tx: TxContext,
  key: string,
  requestDigest: string,
  transferId: TransferId,
): Promise<Reservation> {
  const keyHash = tx.keyring.blind(tx.organizationId, 'idempotency-key', key);
  const reserved = await tx.client.query({
    name: 'reserve-key',
    text: RESERVE,
    values: [tx.organizationId, keyHash, requestDigest, transferId],
  });
  if (reserved.rowCount === 1) return { kind: 'new' };
  const { rows } = await tx.client.query<{ request_digest: string; transfer_id: TransferId }>({
    name: 'look-up-key',
    text: LOOK,
    values: [tx.organizationId, keyHash],
  });
  const known = rows[0]!;
  return known.request_digest === requestDigest
    ? { kind: 'known', transferId: known.transfer_id }
    : { kind: 'conflict' };
}
