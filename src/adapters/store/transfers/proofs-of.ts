import type { Instant } from '../../../kernel/clock.js';
import { isUuid, type TransferId } from '../../../kernel/ids.js';
import type { TransferProofs } from '../../../transfer/evidence-ports.js';
import type { TxContext } from '../tx-context.js';

const PROOFS = `
  select t.signature, t.commitment_salt, t.mapping_version, r.status, r.digest, r.location, r.received_at
    from transfer t left join receipt r on r.transfer_id = t.id
   where t.id = $1 and t.sender_organization_id = $2`;

interface Row {
  readonly signature: string | null;
  readonly commitment_salt: Buffer | null;
  readonly mapping_version: string | null;
  readonly status: number | null;
  readonly digest: string | null;
  readonly location: string | null;
  readonly received_at: Instant | null;
}

export async function proofsOf(tx: TxContext, id: TransferId): Promise<TransferProofs | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<Row>(PROOFS, [id, tx.organizationId]);
  const row = rows[0];
  if (row === undefined) return null;
  const { status, digest, received_at: receivedAt } = row;
  return {
    signature: row.signature,
    commitmentSalt: row.commitment_salt,
    mappingVersion: row.mapping_version,
    receipt:
      status === null || digest === null || receivedAt === null
        ? null
        : { status, digest, location: row.location, receivedAt },
  };
}
