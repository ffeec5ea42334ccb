import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hmisTable, MAPPED_FILES } from '../../src/domain/hmis/tables.js';
import type { HmisRecord, HmisRow } from '../../src/domain/mapping/models/hmis-model.js';

/** The files that the HMIS pack maps. */
export const TABLES = [...MAPPED_FILES];

export function rowsOf(folder: string, table: string): HmisRow[] {
  return parse(readFileSync(join(folder, `${table}.csv`)), {
    columns: (header: string[]) => header.map((name) => name.trim()),
    bom: true,
  });
}

/** Each person with the rows that are about them, their projects and these projects' organizations. */
export function peopleOf(folder: string): HmisRecord[] {
  const all = new Map<string, HmisRow[]>(TABLES.map((table) => [table, rowsOf(folder, table)]));
  const owned = new Map<string, Map<string, HmisRow[]>>();
  for (const [table, rows] of all) {
    const byPerson = new Map<string, HmisRow[]>();
    for (const row of rows)
      byPerson.set(row['PersonalID'] ?? '', [...(byPerson.get(row['PersonalID'] ?? '') ?? []), row]);
    owned.set(table, byPerson);
  }
  const named = (table: string, column: string, by: readonly HmisRow[]): HmisRow[] =>
    all.get(table)!.filter((row) => by.some((other) => other[column] === row[column]));
  return all.get('Client')!.map((client) => {
    const own = Object.fromEntries(
      TABLES.map((table) => [table, owned.get(table)!.get(client['PersonalID']!) ?? ([] as HmisRow[])]),
    );
    const projects = named('Project', 'ProjectID', own['Enrollment']!);
    return {
      ...own,
      Project: projects,
      Organization: named('Organization', 'OrganizationID', projects),
      User: all.get('User')!,
      Export: all.get('Export')!,
    };
  });
}

const keyOf = (table: string): string => hmisTable(table, 'FY2026')!.key;

/** Non-empty cells as `Table/key/Column=value`. */
export function cellsOf(record: Readonly<Record<string, unknown>>): Set<string> {
  const cells = new Set<string>();
  for (const table of TABLES) {
    for (const row of (record[table] as readonly HmisRow[] | undefined) ?? []) {
      for (const [column, value] of Object.entries(row)) {
        if (value !== '') cells.add(`${table}/${row[keyOf(table)]}/${column}=${value}`);
      }
    }
  }
  return cells;
}

/** `Table.Column` of a cell. */
export const columnOf = (cell: string): string => cell.replace(/\/[^/]*\//, '.').replace(/=.*/s, '');
