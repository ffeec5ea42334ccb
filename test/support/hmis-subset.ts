import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HmisRecord, HmisRow } from '../../src/domain/mapping/models/hmis-model.js';
import { sharedData } from './shared-data.js';

const TABLES = ['Client', 'Enrollment', 'Exit', 'Services', 'Project', 'Organization'];

/** The tables of the shared HMIS subset (271 persons) that maps read; null where it is absent. */
export function hmisSubset(): HmisRecord | null {
  const folder = sharedData('hmis-csv-fy2026', 'subset');
  if (folder === null) return null;
  const rowsOf = (table: string): HmisRow[] =>
    parse(readFileSync(join(folder, `${table}.csv`)), {
      columns: (header: string[]) => header.map((name) => name.trim()),
      bom: true,
    });
  return Object.fromEntries(TABLES.map((table) => [table, rowsOf(table)]));
}
