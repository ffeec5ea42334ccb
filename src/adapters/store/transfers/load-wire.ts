import { isUuid, type TransferId } from '../../../kernel/ids.js';
import { open } from '../crypto/envelope.js';
import type { TxContext } from '../tx-context.js';
import { contentKeyPlace, wirePlace } from './insert-transfer.js';

/** The bytes that left or will leave; null once purged, and for a recipient before the delivery. */
export async function loadWire(tx: TxContext, id: TransferId): Promise<Buffer | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<{ key_id: string; wrapped_key: Buffer; wire: Buffer | null }>(
    'select key_id, wrapped_key, wire from transfer_content where transfer_id = $1',
    [id],
  );
  const row = rows[0];
  if (row === undefined || row.wire === null) return null;
  return open(tx.keyring.unwrap(row.wrapped_key, contentKeyPlace(id, row.key_id)), row.wire, wirePlace(id));
}

/** The salt that opens the log's commitment to a transfer's digest; null once the person was erased. */
export async function commitmentSaltOf(tx: TxContext, id: TransferId): Promise<Buffer | null> {
  const { rows } = await tx.client.query<{ commitment_salt: Buffer | null }>({
    name: 'commitment-salt',
    text: 'select commitment_salt from transfer where id = $1 and sender_organization_id = $2',
    values: [id, tx.organizationId],
  });
  return rows[0]?.commitment_salt ?? null;
}
