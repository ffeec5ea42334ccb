import { randomUUID } from 'node:crypto';
import type { HmisFileName } from '../../../intake/ports.js';
import type { PersonId } from '../../../kernel/ids.js';
import { seal } from '../crypto/envelope.js';
import type { TxContext } from '../tx-context.js';

/** A person of an import: whom a row is about, and the key that it is encrypted with. */
export interface ImportPerson {
  readonly personId: PersonId;
  readonly dataKey: Buffer;
}

/**
 * The tables grow within the transaction, unseen by the planner: a plan made while they were empty walks every row of a
 * file for each batch (measured: 300 rows/s at 150,000 rows, and falling). So statistics are made at 1,000 rows, 10,000
 * and so on.
 */
export const FIRST_ANALYZE_AT_ROWS = 1_000;

/** What the statements of one import share. */
export interface ImportContext {
  readonly tx: TxContext;
  readonly importId: string;
  /** Data key for rows that are about no person. */
  readonly organizationKey: Buffer;
  /** The last persons met, by PersonalID. Bounded: an export can have more people than memory. */
  readonly persons: Map<string, ImportPerson>;
  header: CurrentHeader | null;
  rowsStored: number;
  /** How many rows must have been stored before the planner's statistics are made again. */
  analyzeAt: number;
}

export interface CurrentHeader {
  readonly id: string;
  /** As stored: the format's name, or a keyed hash of a name that the format does not know. */
  readonly file: string;
  readonly hash: Buffer;
}

const PUT_HEADER = `
  insert into hmis_header (id, organization_id, header_hash, content) values ($1, $2, $3, $4)
  on conflict (organization_id, header_hash) do nothing`;

/** Stores the header unless the same one was met before, in this import or an earlier one. */
export async function useHeader(context: ImportContext, file: HmisFileName, columns: readonly string[]): Promise<void> {
  const { tx, organizationKey } = context;
  const content = JSON.stringify({ file: file.file, columns });
  const hash = tx.keyring.blind(tx.organizationId, 'hmis-header', content);
  const stored = await tx.client.query<{ id: string }>(
    'select id from hmis_header where organization_id = $1 and header_hash = $2',
    [tx.organizationId, hash],
  );
  let id = stored.rows[0]?.id;
  if (id === undefined) {
    id = randomUUID();
    const sealed = seal(organizationKey, content, { table: 'hmis_header', row: id, version: 1 });
    await tx.client.query(PUT_HEADER, [id, tx.organizationId, hash, sealed]);
  }
  context.header = { id, file: storedFileName(tx, file), hash };
}

export function storedFileName({ keyring, organizationId }: TxContext, file: HmisFileName): string {
  if (file.kind === 'known') return file.file;
  return `other-${keyring.blind(organizationId, 'hmis-file', file.file.toLowerCase()).toString('hex')}`;
}

/** The organization's own key, made at its first import. */
export async function organizationKey(tx: TxContext): Promise<Buffer> {
  const place = { table: 'hmis_key', row: tx.organizationId, version: 1 } as const;
  const find = () =>
    tx.client.query<{ wrapped_key: Buffer }>('select wrapped_key from hmis_key where organization_id = $1', [
      tx.organizationId,
    ]);
  let found = (await find()).rows[0];
  if (found === undefined) {
    await tx.client.query(
      'insert into hmis_key (organization_id, wrapped_key) values ($1, $2) on conflict do nothing',
      [tx.organizationId, tx.keyring.wrap(tx.keyring.newDataKey(), place)],
    );
    found = (await find()).rows[0]!;
  }
  return tx.keyring.unwrap(found.wrapped_key, place);
}
