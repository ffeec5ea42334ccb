import { readFile, stat } from 'node:fs/promises';
import { openHmisExport } from '../adapters/hmis/open-export.js';
import { readHeader, type HeaderReading } from '../domain/hmis/check-header.js';
import { hmisTable } from '../domain/hmis/tables.js';
import type { HmisExportFile } from '../intake/ports.js';
import { RelaisError } from '../kernel/errors.js';
import { readJson, type JsonValue } from '../kernel/json.js';

const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** More rows than these are no record: they are chosen from with --person. */
const MAX_ROWS = 50_000;

/**
 * What `relais map --in` names: a JSON document, or the tables of a folder or zip archive of HMIS CSV files.
 *
 * @param personalId only the rows of this person; tables about nobody are left out then
 * @throws RelaisError `cli.no-file`, `cli.too-large`, `cli.too-many-rows`, `json.*`, `hmis.*`
 */
export async function readMapInput(path: string, mapping: string, personalId: string | undefined): Promise<JsonValue> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw noFile();
  if (mapping === 'hmis' && (found.isDirectory() || /\.zip$/i.test(path))) return readExport(path, personalId);
  if (!found.isFile()) throw noFile();
  if (found.size > MAX_FILE_BYTES)
    throw new RelaisError('cli.too-large', 422, 'too-long', 'This file is larger than 64 MB.');
  const value = readJson(await readFile(path));
  return mapping === 'hmis' && personalId !== undefined ? onlyPerson(value, personalId) : value;
}

const noFile = (): RelaisError =>
  new RelaisError('cli.no-file', 404, 'not-found', 'There is no file that can be read at this path.');

function onlyPerson(value: JsonValue, personalId: string): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const isOwn = (row: JsonValue): boolean => (row as Record<string, unknown> | null)?.['PersonalID'] === personalId;
  return Object.fromEntries(
    Object.entries(value).map(([table, rows]) => [table, Array.isArray(rows) ? rows.filter(isOwn) : (rows ?? null)]),
  );
}

async function readExport(path: string, personalId: string | undefined): Promise<JsonValue> {
  const source = await openHmisExport(path);
  try {
    const tables: Record<string, Record<string, string>[]> = {};
    let rows = 0;
    for (const file of source.files) {
      const table = hmisTable(file.name.replace(/\.csv$/i, ''), 'FY2026');
      if (table === null || (personalId !== undefined && !table.hasPerson)) continue;
      const own = await readTable(file, table.file, personalId, MAX_ROWS - rows);
      rows += own.length;
      tables[table.file] = own;
    }
    return tables;
  } finally {
    await source.close();
  }
}

async function readTable(
  file: HmisExportFile,
  name: string,
  personalId: string | undefined,
  most: number,
): Promise<Record<string, string>[]> {
  const found: Record<string, string>[] = [];
  let header: HeaderReading | null = null;
  for await (const { rows } of file.rows()) {
    for (const { cells } of rows) {
      if (header === null) {
        header = readHeader(hmisTable(name, 'FY2026'), `${name}.csv`, cells);
        continue;
      }
      if (personalId !== undefined && cells[header.personAt] !== personalId) continue;
      if (found.length >= most)
        throw new RelaisError(
          'cli.too-many-rows',
          422,
          'too-long',
          'This export has more than 50000 rows: choose a person with --person.',
        );
      const named = header.cells.flatMap((column, at) =>
        column === null ? [] : [[column.name, cells[at] ?? ''] as const],
      );
      found.push(Object.fromEntries(named));
    }
  }
  return found;
}
