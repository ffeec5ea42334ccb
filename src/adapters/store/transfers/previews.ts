import type pg from 'pg';
import type { Instant } from '../../../kernel/clock.js';
import type { AgreementId, PersonId, TaskId, TransferId } from '../../../kernel/ids.js';
import type { Preview, PreviewElement } from '../../../transfer/transfer.js';
import { acrossOrganizations } from '../connection/in-organization.js';
import { open, seal, type Place } from '../crypto/envelope.js';
import { dataKeyOf, type TxContext } from '../tx-context.js';

const INSERT = `
  insert into preview (organization_id, digest, transfer_id, task_id, person_id, case_version, permitted, agreement_id,
                       agreement_version, mapping_version, request_digest, at, elements, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`;

export async function putPreview(tx: TxContext, preview: Preview): Promise<void> {
  const key = await dataKeyOf(tx, preview.personId);
  await tx.client.query({
    name: 'put-preview',
    text: INSERT,
    values: [
      tx.organizationId,
      preview.digest,
      preview.transferId,
      preview.taskId,
      preview.personId,
      preview.caseVersion,
      preview.permitted,
      preview.agreement.id,
      preview.agreement.version,
      preview.mappingVersion,
      preview.requestDigest,
      preview.at,
      seal(key, JSON.stringify(preview.elements), elementsPlace(preview.transferId)),
      preview.expiresAt,
    ],
  });
}

const TAKE = `
  delete from preview where organization_id = $1 and digest = $2 and expires_at > clock_timestamp()
  returning transfer_id, task_id, person_id, case_version, permitted, agreement_id, agreement_version, mapping_version,
            request_digest, at, elements, expires_at`;

interface Row {
  readonly transfer_id: TransferId;
  readonly task_id: TaskId;
  readonly person_id: PersonId;
  readonly case_version: number;
  readonly permitted: number;
  readonly agreement_id: AgreementId;
  readonly agreement_version: number;
  readonly mapping_version: string;
  readonly request_digest: string;
  readonly at: Instant;
  readonly elements: Buffer;
  readonly expires_at: Instant;
}

/** Taken with the transaction: a request that fails afterwards gives it back. */
export async function takePreview(tx: TxContext, digest: string): Promise<Preview | null> {
  const { rows } = await tx.client.query<Row>({
    name: 'take-preview',
    text: TAKE,
    values: [tx.organizationId, digest],
  });
  const row = rows[0];
  if (row === undefined) return null;
  const key = await dataKeyOf(tx, row.person_id);
  const elements = open(key, row.elements, elementsPlace(row.transfer_id)).toString('utf8');
  return {
    digest,
    transferId: row.transfer_id,
    taskId: row.task_id,
    at: row.at,
    personId: row.person_id,
    caseVersion: row.case_version,
    permitted: row.permitted,
    agreement: { id: row.agreement_id, version: row.agreement_version },
    mappingVersion: row.mapping_version,
    requestDigest: row.request_digest,
    elements: JSON.parse(elements) as PreviewElement[],
    expiresAt: row.expires_at,
  };
}

/**
 * Forgets previews whose hour is over.
 *
 * @param pool acts as relais_worker, which can delete expired previews and read nothing of them
 */
export async function deleteExpiredPreviews(pool: pg.Pool): Promise<number> {
  return acrossOrganizations(pool, async (client) => {
    const { rowCount } = await client.query('delete from preview where expires_at <= now()');
    return rowCount ?? 0;
  });
}

const elementsPlace = (id: TransferId): Place => ({ table: 'preview', row: id, version: 'elements' });
