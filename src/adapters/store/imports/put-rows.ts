import { randomUUID } from 'node:crypto';
import type { IncomingRow, RowCounts } from '../../../intake/ports.js';
import type { PersonId } from '../../../kernel/ids.js';
import { seal } from '../crypto/envelope.js';
import type { CurrentHeader, ImportContext } from './import-context.js';
import { ensurePersons, indexPersons } from './import-persons.js';

const KNOWN = `
  select id, key_hash, digest, version from hmis_row
   where organization_id = $1 and file = $2 and key_hash = any ($3::bytea[])`;

const PUT = `
  with new as (
    select * from unnest($4::uuid[], $5::bytea[], $6::bytea[], $7::integer[], $8::uuid[], $9::bigint[], $10::bytea[])
      as new (id, key_hash, digest, version, person_id, line, content)
  ), stored as (
    insert into hmis_row_version (row_id, version, organization_id, import_id, header_id, person_id, content)
    select id, version, $1, $2, $3, person_id, content from new
  )
  insert into hmis_row (id, organization_id, file, key_hash, digest, version, person_id, line)
  select id, $1, $11, key_hash, digest, version, person_id, line from new
  on conflict (id) do update
     set digest = excluded.digest, version = excluded.version, person_id = excluded.person_id, line = excluded.line`;

interface Known {
  readonly id: string;
  readonly key_hash: Buffer;
  readonly digest: Buffer;
  readonly version: number;
}

interface Digested {
  readonly row: IncomingRow;
  readonly content: string;
  readonly keyHash: Buffer;
  readonly digest: Buffer;
  readonly known: Known | undefined;
}

/** Appends a version for each row that is new or differs from its newest one. */
export async function putRows(context: ImportContext, rows: readonly IncomingRow[]): Promise<RowCounts> {
  const header = context.header!;
  const digested = await compare(context, header, rows);
  const todo = digested.filter(({ known, digest }) => known === undefined || !known.digest.equals(digest));
  if (todo.length > 0) {
    await store(context, header, todo);
    await keepStatistics(context, todo.length);
  }
  const added = todo.filter(({ known }) => known === undefined).length;
  return { added, changed: todo.length - added, unchanged: rows.length - todo.length };
}

async function compare(
  context: ImportContext,
  header: CurrentHeader,
  rows: readonly IncomingRow[],
): Promise<Digested[]> {
  const { tx } = context;
  const { organizationId, keyring } = tx;
  const headerHash = header.hash.toString('hex');
  const keyHashes = rows.map(({ key, occurrence }) =>
    keyring.blind(organizationId, 'hmis-row-key', JSON.stringify([header.file, key, occurrence])),
  );
  const found = await tx.client.query<Known>({
    name: 'import-known-rows',
    text: KNOWN,
    values: [organizationId, header.file, keyHashes],
  });
  const known = new Map(found.rows.map((row) => [row.key_hash.toString('hex'), row]));
  return rows.map((row, at) => {
    const content = JSON.stringify(row.cells);
    const keyHash = keyHashes[at]!;
    const digest = keyring.blind(organizationId, 'hmis-row', `${headerHash}${content}`);
    return { row, content, keyHash, digest, known: known.get(keyHash.toString('hex')) };
  });
}

async function store(context: ImportContext, header: CurrentHeader, todo: readonly Digested[]): Promise<void> {
  const { tx, importId } = context;
  const personalIds = new Set(todo.flatMap(({ row }) => (row.personalId === null ? [] : [row.personalId])));
  const persons = await ensurePersons(context, personalIds);
  const ids: string[] = [];
  const versions: number[] = [];
  const owners: (PersonId | null)[] = [];
  const contents: Buffer[] = [];
  for (const { row, content, known } of todo) {
    const id = known?.id ?? randomUUID();
    const version = (known?.version ?? 0) + 1;
    const person = row.personalId === null ? undefined : persons.get(row.personalId);
    ids.push(id);
    versions.push(version);
    owners.push(person?.personId ?? null);
    contents.push(
      seal(person?.dataKey ?? context.organizationKey, content, { table: 'hmis_row_version', row: id, version }),
    );
  }
  await tx.client.query({
    name: 'import-put-rows',
    text: PUT,
    values: [
      tx.organizationId,
      importId,
      header.id,
      ids,
      todo.map(({ keyHash }) => keyHash),
      todo.map(({ digest }) => digest),
      versions,
      owners,
      todo.map(({ row }) => row.line),
      contents,
      header.file,
    ],
  });
  await indexPersons(
    context,
    todo.flatMap(({ row }) =>
      row.identity === undefined || row.personalId === null
        ? []
        : [{ personId: persons.get(row.personalId)!.personId, identity: row.identity }],
    ),
  );
}

async function keepStatistics(context: ImportContext, rows: number): Promise<void> {
  context.rowsStored += rows;
  if (context.rowsStored < context.analyzeAt) return;
  context.analyzeAt *= 10;
  await context.tx.client.query('select analyze_imports()');
}
