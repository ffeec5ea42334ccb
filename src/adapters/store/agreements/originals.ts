import { randomUUID } from 'node:crypto';
import type { Actor } from '../../../kernel/actor.js';
import type { Instant } from '../../../kernel/clock.js';
import { isUuid, type AgreementId, type OrganizationId } from '../../../kernel/ids.js';
import type { SignedOriginal } from '../../../transfer/agreement-ports.js';
import { open, seal, type Place } from '../crypto/envelope.js';
import type { TxContext } from '../tx-context.js';

const PUT = `
  insert into agreement_original (agreement_id, version, parties, media_type, digest, key_id, wrapped_key, content, actor)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`;

/** A scan bears names and signatures, so it is encrypted as a record is, with a key of its own. */
export async function putOriginal(
  tx: TxContext,
  { agreementId, version, mediaType, content, digest }: SignedOriginal,
  parties: readonly OrganizationId[],
  actor: Actor,
): Promise<boolean> {
  const key = tx.keyring.newDataKey();
  const keyId = randomUUID();
  const stored = await tx.client.query(PUT, [
    agreementId,
    version,
    parties,
    mediaType,
    digest,
    keyId,
    tx.keyring.wrap(key, keyPlace(agreementId, version, keyId)),
    seal(key, content, contentPlace(agreementId, version)),
    actor,
  ]);
  return stored.rowCount === 1;
}

interface Row {
  readonly media_type: SignedOriginal['mediaType'];
  readonly digest: string;
  readonly key_id: string;
  readonly wrapped_key: Buffer;
  readonly content: Buffer;
  readonly recorded_at: Instant;
}

export async function loadOriginal(
  tx: TxContext,
  agreementId: AgreementId,
  version: number,
): Promise<(SignedOriginal & { readonly recordedAt: Instant }) | null> {
  if (!isUuid(agreementId)) return null;
  const { rows } = await tx.client.query<Row>(
    `select media_type, digest, key_id, wrapped_key, content, recorded_at from agreement_original
      where agreement_id = $1 and version = $2`,
    [agreementId, version],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const key = tx.keyring.unwrap(row.wrapped_key, keyPlace(agreementId, version, row.key_id));
  return {
    agreementId,
    version,
    mediaType: row.media_type,
    digest: row.digest,
    content: open(key, row.content, contentPlace(agreementId, version)),
    recordedAt: row.recorded_at,
  };
}

const keyPlace = (id: AgreementId, version: number, keyId: string): Place => ({
  table: 'agreement_original',
  row: `${id}/${version}`,
  version: keyId,
});
const contentPlace = (id: AgreementId, version: number): Place => ({
  table: 'agreement_original',
  row: id,
  version,
});
