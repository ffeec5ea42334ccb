import type { TransferId } from '../../../kernel/ids.js';
import type { Reservation } from '../../../transfer/transfer.js';
import type { TxContext } from '../tx-context.js';

/** The unique index makes a concurrent request with the same key wait until the first one commits or gives up. */
const RESERVE = `
  insert into idempotency_key (organization_id, key_hash, request_digest, transfer_id)
  select $1, decode(key_hash, 'hex'), request_digest, transfer_id
    from unnest($2::text[], $3::text[], $4::uuid[]) as asked (key_hash, request_digest, transfer_id)
  on conflict do nothing
  returning transfer_id`;

/** A statement of its own: its snapshot sees what the first request has just committed. */
const LOOK = 'select request_digest, transfer_id from idempotency_key where organization_id = $1 and key_hash = $2';

export interface AskedKey {
  readonly key: string;
  /** SHA-256 (hex) of the canonical body. */
  readonly requestDigest: string;
  readonly transferId: TransferId;
}

export async function reserveIdempotencyKeys(
  tx: TxContext,
  asked: readonly AskedKey[],
): Promise<readonly Reservation[]> {
  const hashes = asked.map(({ key }) => tx.keyring.blind(tx.organizationId, 'idempotency-key', key));
  const { rows } = await tx.client.query<{ transfer_id: TransferId }>({
    name: 'reserve-key',
    text: RESERVE,
    values: [
      tx.organizationId,
      hashes.map((hash) => hash.toString('hex')),
      asked.map(({ requestDigest }) => requestDigest),
      asked.map(({ transferId }) => transferId),
    ],
  });
  const reserved = new Set(rows.map(({ transfer_id: id }) => id));
  return Promise.all(
    asked.map(async ({ requestDigest, transferId }, index): Promise<Reservation> =>
      reserved.has(transferId) ? { kind: 'new' } : await lookUp(tx, hashes[index]!, requestDigest),
    ),
  );
}

async function lookUp(tx: TxContext, keyHash: Buffer, requestDigest: string): Promise<Reservation> {
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
