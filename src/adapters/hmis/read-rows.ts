import { pipeline, type Readable } from 'node:stream';
import { CsvError, parse, type Info } from 'csv-parse';
import { RelaisError } from '../../kernel/errors.js';
import type { RawRow, RowBatch } from '../../intake/ports.js';
import { utf8Only } from './utf8-only.js';

const ROWS_PER_BATCH = 1_000;
/** A row longer than this is an unclosed quote that swallows the file. */
const MAX_ROW_BYTES = 1024 * 1024;

interface Parsed {
  readonly record: string[];
  readonly info: Pick<Info, 'lines' | 'bytes' | 'empty_lines'>;
}

/**
 * The rows of one CSV file (RFC 4180): byte order mark dropped, CRLF or LF, quoted line ends, any number of cells,
 * blank lines passed over; cells as they stand, formulas included.
 *
 * @throws RelaisError 422 `hmis.encoding`, `hmis.csv-broken`
 */
export async function* readRows(fileName: string, bytes: Readable): AsyncGenerator<RowBatch> {
  const parser = parse({
    bom: true,
    info: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
  });
  // Errors of either end surface in the loop below.
  pipeline(bytes, utf8Only(fileName), parser, () => undefined);
  const lineOf = lineCounter();
  let rows: RawRow[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      rows.push({ line: lineOf(record, info), cells: record });
      if (rows.length === ROWS_PER_BATCH) {
        yield { rows, bytesRead: info.bytes };
        rows = [];
      }
    }
    if (rows.length > 0) yield { rows, bytesRead: parser.info.bytes };
  } catch (error) {
    throw translate(fileName, error);
  } finally {
    bytes.destroy();
  }
}

/**
 * The line on which a row begins. The parser's own count takes a CRLF inside quotes for two lines, so lines are counted
 * here: one for each row, one for each line end in its cells, one for each blank line before it.
 */
function lineCounter(): (record: readonly string[], info: Parsed['info']) => number {
  let next = 1;
  let blankBefore = 0;
  let linesBefore = 0;
  return (record, info) => {
    const blank = info.empty_lines - blankBefore;
    const start = next + blank;
    const inside = info.lines - linesBefore - blank > 1 ? lineEnds(record) : 0;
    next = start + 1 + inside;
    blankBefore = info.empty_lines;
    linesBefore = info.lines;
    return start;
  };
}

function lineEnds(record: readonly string[]): number {
  let count = 0;
  for (const cell of record) count += cell.split(/\r\n|\n/).length - 1;
  return count;
}

function translate(fileName: string, error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const { lines } = error as unknown as { lines?: number };
  // The parser's own message quotes the input.
  const place = lines === undefined ? '' : ` near line ${lines}`;
  const message =
    error.code === 'CSV_MAX_RECORD_SIZE'
      ? `${fileName}: a row${place} is longer than 1 MB; a quote may not be closed. Nothing was imported.`
      : `${fileName}: the quotes${place} are not those of CSV (RFC 4180). Nothing was imported.`;
  return new RelaisError('hmis.csv-broken', 422, 'structure', message);
}
