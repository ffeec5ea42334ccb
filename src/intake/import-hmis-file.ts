import { readHeader, type HeaderReading } from '../domain/hmis/check-header.js';
import type { HmisTable } from '../domain/hmis/define-table.js';
import { hmisIdentity } from '../domain/hmis/identity.js';
import type { Finding } from '../domain/hmis/rules.js';
import { createKeyOccurrences } from './key-occurrences.js';
import type { HmisExportFile, HmisImportTx, IncomingRow, RawRow, RowCounts } from './ports.js';

interface FileImport {
  readonly file: HmisExportFile;
  /** Null for a file that the format does not know. */
  readonly table: HmisTable | null;
  readonly hashed: boolean;
  readonly report: (finding: Finding) => void;
}

/** Stores the rows of one file and reports what breaks the format. */
export async function importHmisFile(
  tx: HmisImportTx,
  { file, table, hashed, report }: FileImport,
  progress: (rows: number, bytes: number) => void,
): Promise<RowCounts & { rows: number; keys: number }> {
  // The format's own spelling: a name that the format does not know is the sender's text.
  const shown = table === null ? '?.csv' : `${table.file}.csv`;
  if (table === null) report({ file: shown, line: 0, column: '', rule: 'hmis.unknown-file' });
  const counts = { added: 0, changed: 0, unchanged: 0, rows: 0, keys: 0 };
  const occurrenceOf = createKeyOccurrences();
  let header: HeaderReading | null = null;
  let width = 0;
  for await (const batch of file.rows()) {
    let rows = batch.rows;
    if (header === null) {
      const columns = rows[0]!.cells;
      width = columns.length;
      header = readHeader(table, shown, columns);
      header.findings.forEach(report);
      const name =
        table === null
          ? ({ kind: 'unknown', file: file.name } as const)
          : ({ kind: 'known', file: table.file } as const);
      await tx.useHeader(name, columns);
      rows = rows.slice(1);
    }
    const incoming: IncomingRow[] = [];
    for (const row of rows) {
      const { keyAt, personAt } = header;
      checkRow(row, header, width, shown, report);
      const key = row.cells[keyAt] ?? '';
      const occurrence = occurrenceOf(key);
      // An empty key is reported as such.
      if (occurrence > 1 && key !== '' && table !== null)
        report({ file: shown, line: row.line, column: table.key, rule: 'hmis.duplicate-key' });
      if (occurrence === 1 && key !== '') counts.keys += 1;
      const personalId = personAt < 0 ? '' : (row.cells[personAt] ?? '');
      incoming.push({
        key,
        occurrence,
        line: row.line,
        cells: row.cells,
        personalId: personalId === '' ? null : personalId,
        ...(table?.file === 'Client' && personalId !== '' && { identity: identityOf(row, header, hashed) }),
      });
    }
    if (incoming.length > 0) {
      const put = await tx.putRows(incoming);
      counts.added += put.added;
      counts.changed += put.changed;
      counts.unchanged += put.unchanged;
      counts.rows += incoming.length;
    }
    progress(counts.rows, batch.bytesRead);
  }
  if (header === null) report({ file: shown, line: 0, column: '', rule: 'hmis.empty-file' });
  return counts;
}

function checkRow(
  row: RawRow,
  header: HeaderReading,
  width: number,
  file: string,
  report: (finding: Finding) => void,
): void {
  const { cells, line } = row;
  if (cells.length !== width) report({ file, line, column: '', rule: 'hmis.row-width' });
  const columns = header.cells;
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at];
    const text = cells[at];
    if (column == null || text === undefined) continue;
    const rule = column.check(text);
    if (rule !== null) report({ file, line, column: column.name, rule });
  }
}

function identityOf(row: RawRow, header: HeaderReading, hashed: boolean): NonNullable<IncomingRow['identity']> {
  const at = new Map(header.cells.flatMap((cell, index) => (cell === null ? [] : [[cell.name, index] as const])));
  return hmisIdentity((column) => row.cells[at.get(column) ?? -1], hashed);
}
