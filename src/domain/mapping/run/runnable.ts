import { isJsonObject, type JsonValue } from '../../../kernel/json/value.js';
import { RelaisError, type Violation } from '../../../kernel/errors.js';
import { parseCase } from '../../case/parse-case.js';
import { hmisTable, hmisTables } from '../../hmis/tables.js';
import type { PackName } from '../compile-pack.js';
import { caseCells } from '../coverage/case-cells.js';
import type { Cell } from '../coverage/cell.js';
import { hmisCells } from '../coverage/hmis-cells.js';
import type { CompiledMapping } from '../mapping.js';
import type { HmisRecord } from '../models/hmis-model.js';
import type { TracedMapping } from '../trace/traced.js';

/** A shipped mapping with all that is needed to run it on a record that somebody brings along. */
export interface Runnable {
  readonly name: PackName;
  readonly version: string;
  readonly compiled: CompiledMapping<unknown>;
  readonly traced: TracedMapping<unknown>;
  /**
   * The record that a JSON document is.
   *
   * @throws RelaisError 422 `case.invalid`, `mapping.tables`: places and rules, nothing of what was sent
   */
  readonly read: (value: JsonValue) => unknown;
  readonly cellsOf: (record: unknown) => Cell[];
  /** Names of the source's columns (coverage/tier.ts); a case has none. */
  readonly columns: ReadonlySet<string>;
}

/** A runnable mapping of two builds of one pack. */
export function runnable<Model>(
  name: PackName,
  compiled: CompiledMapping<Model>,
  traced: TracedMapping<Model>,
): Runnable {
  const shared = {
    name,
    version: compiled.version,
    // A record comes from `read`, so it is of the model.
    compiled: compiled as CompiledMapping<unknown>,
    traced: traced as TracedMapping<unknown>,
  };
  if (name === 'case') return { ...shared, read: parseCase, cellsOf: caseCells, columns: new Set() };
  return {
    ...shared,
    read: readTables,
    cellsOf: (record) => hmisCells(record as HmisRecord, traced.masks),
    columns: new Set(hmisTables('FY2026').flatMap(({ columns }) => columns.map((column) => column.name))),
  };
}

const MAX_VIOLATIONS = 100;

/** Tables of an HMIS CSV export as JSON: `{ "Client": [{ "PersonalID": "…" }] }`, every cell a text. */
function readTables(value: JsonValue): HmisRecord {
  const violations: Violation[] = [];
  const report = (path: string, rule: string, message: string): void => {
    violations.push({ path, rule: `mapping.${rule}`, message });
  };
  if (!isJsonObject(value)) report('', 'tables', 'Tables are an object: name of the table, list of its rows.');
  for (const [table, rows] of Object.entries(isJsonObject(value) ? value : {})) {
    const columns = columnsOf(table);
    // A name that the format does not know is the sender's own text: it is not repeated.
    if (columns === null) report('', 'unknown-table', 'There is a table here that HMIS CSV does not know.');
    else if (!Array.isArray(rows)) report(`/${table}`, 'rows', 'A table is a list of rows.');
    else rows.forEach((row: JsonValue, index) => checkRow(row, `/${table}/${index}`, columns, report));
  }
  if (violations.length === 0) return value as unknown as HmisRecord;
  throw new RelaisError('mapping.tables', 422, 'invalid', 'These are no tables of an HMIS CSV export.', {
    violations: violations.slice(0, MAX_VIOLATIONS),
  });
}

function columnsOf(table: string): ReadonlySet<string> | null {
  const versions = (['FY2026', 'FY2024'] as const).map((version) => hmisTable(table, version));
  if (versions.every((format) => format?.file !== table)) return null;
  return new Set(versions.flatMap((format) => format?.columns.map(({ name }) => name) ?? []));
}

function checkRow(
  row: JsonValue,
  path: string,
  columns: ReadonlySet<string>,
  report: (path: string, rule: string, message: string) => void,
): void {
  if (!isJsonObject(row)) return report(path, 'row', 'A row is an object: name of the column, cell.');
  for (const [column, cell] of Object.entries(row)) {
    if (!columns.has(column)) report(path, 'unknown-column', 'There is a column here that HMIS CSV does not know.');
    else if (typeof cell !== 'string')
      report(`${path}/${column}`, 'cell', 'A cell is a text, as it stands in the file.');
  }
}
