import { readHeader } from '../domain/hmis/check-header.js';
import type { HmisTable, HmisVersion } from '../domain/hmis/define-table.js';
import { hmisTable, hmisTables, hmisVersionOf } from '../domain/hmis/tables.js';
import type { HmisExport, HmisExportFile } from './ports.js';

/** The files of an export in the order in which they are imported, each with its table. */
export interface ArrangedExport {
  readonly version: HmisVersion;
  /** Names and SSN were hashed by the sender (Export.HashStatus other than 1). */
  readonly hashed: boolean;
  readonly files: readonly { readonly file: HmisExportFile; readonly table: HmisTable | null }[];
  /** Files of the format that are not there, with `.csv`. */
  readonly missing: readonly string[];
  /** Places and lines of what Organization.csv says about victim services; null when there is no such file. */
  readonly victimServices: VictimServices | null;
}

export interface VictimServices {
  /** Lines on which VictimServiceProvider is 1. */
  readonly marked: readonly number[];
  /** Lines on which it is neither 0 nor 1, or -1 alone when the column is missing: it cannot be told. */
  readonly unclear: readonly number[];
}

/** Reads what has to be known before the first row is stored: Export, the header of Client, and all of Organization. */
export async function arrangeExport(source: HmisExport): Promise<ArrangedExport> {
  const byName = new Map(source.files.map((file) => [stem(file.name).toLowerCase(), file]));
  const [exportHeader = [], exportRow = []] = await firstRows(byName.get('export'), 2);
  const [clientHeader = []] = await firstRows(byName.get('client'), 1);
  const told = (column: string): string | null =>
    exportRow[exportHeader.findIndex((name) => name.trim() === column)] ?? null;
  const version = hmisVersionOf(
    told('CSVVersion'),
    clientHeader.map((name) => name.trim()),
  );
  const tables = hmisTables(version);
  const known = tables.flatMap((table) => {
    const file = byName.get(table.file.toLowerCase());
    return file === undefined ? [] : [{ file, table }];
  });
  const unknown = source.files
    .filter(({ name }) => hmisTable(stem(name), version) === null)
    .map((file) => ({ file, table: null }));
  const organization = byName.get('organization');
  return {
    version,
    hashed: !['1', null, ''].includes(told('HashStatus')),
    files: [...known, ...unknown],
    missing: tables.filter(({ file }) => !byName.has(file.toLowerCase())).map(({ file }) => `${file}.csv`),
    victimServices: organization === undefined ? null : await readVictimServices(organization, version),
  };
}

async function readVictimServices(file: HmisExportFile, version: HmisVersion): Promise<VictimServices> {
  const marked: number[] = [];
  const unclear: number[] = [];
  let at = -1;
  let header: readonly string[] | null = null;
  for await (const { rows } of file.rows()) {
    for (const { line, cells } of rows) {
      if (header === null) {
        header = cells;
        at = readHeader(hmisTable('Organization', version), file.name, cells).cells.findIndex(
          (cell) => cell?.name === 'VictimServiceProvider',
        );
        if (at < 0) return { marked, unclear: [-1] };
        continue;
      }
      const value = (cells[at] ?? '').trim();
      if (value === '1') marked.push(line);
      else if (value !== '0') unclear.push(line);
    }
  }
  return { marked, unclear: header === null ? [-1] : unclear };
}

async function firstRows(file: HmisExportFile | undefined, count: number): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [];
  if (file === undefined) return found;
  for await (const { rows } of file.rows()) {
    for (const { cells } of rows) {
      found.push(cells);
      if (found.length === count) return found;
    }
  }
  return found;
}

/** Name without `.csv`. */
function stem(fileName: string): string {
  return fileName.slice(0, -'.csv'.length);
}
