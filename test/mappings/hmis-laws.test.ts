import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import type { HmisRecord, HmisRow } from '../../src/domain/mapping/models/hmis-model.js';
import { readJson, writeJson, type JsonValue } from '../../src/kernel/json.js';
import { sharedData } from '../support/shared-data.js';
import { ALL_BUT_NEVER, context, loadPack } from './pack.js';
import { bundleOf, fromStranger } from './round-trip.js';

const folder = sharedData('hmis-csv-fy2026', 'subset');
const TABLES = ['Client', 'Enrollment', 'Exit', 'Services'] as const;
const KEY: Readonly<Record<string, string>> = {
  Client: 'PersonalID',
  Enrollment: 'EnrollmentID',
  Exit: 'ExitID',
  Services: 'ServicesID',
};

const rowsOf = (table: string): HmisRow[] =>
  parse(readFileSync(join(folder!, `${table}.csv`)), {
    columns: (header: string[]) => header.map((name) => name.trim()),
    bom: true,
  });

/** Non-empty cells as `Table/key/Column=value`. */
function cellsOf(record: Readonly<Record<string, readonly HmisRow[]>>, tables: readonly string[]): Set<string> {
  const cells = new Set<string>();
  for (const table of tables) {
    for (const row of record[table] ?? []) {
      for (const [column, value] of Object.entries(row)) {
        if (value !== '') cells.add(`${table}/${row[KEY[table]!]}/${column}=${value}`);
      }
    }
  }
  return cells;
}

describe.skipIf(folder === null)('the HMIS pack, there and back (skipped: shared data absent)', () => {
  let mapping: CompiledMapping<HmisRecord>;
  let people: HmisRecord[];
  beforeAll(async () => {
    mapping = await loadPack('hmis');
    const all = Object.fromEntries(TABLES.map((table) => [table, rowsOf(table)]));
    const projects = rowsOf('Project');
    people = all['Client']!.map(({ PersonalID }) => ({
      ...Object.fromEntries(
        TABLES.map((table) => [table, all[table]!.filter((row) => row['PersonalID'] === PersonalID)]),
      ),
      Project: projects,
    }));
  }, 60_000);

  it('gives every person of the subset back, without residue or conflict', () => {
    expect(people).toHaveLength(271);
    let [came, cells] = [0, 0];
    const lost = new Map<string, number>();
    const invented: string[] = [];
    for (const person of people) {
      const bundle = readJson(
        writeJson(bundleOf(mapping.toFhir(person, ALL_BUT_NEVER, context)) as unknown as JsonValue),
      );
      const { record, residue, conflicts, refused } = mapping.fromFhir(bundle, ALL_BUT_NEVER, context);
      expect({ residue, conflicts, refused }).toEqual({ residue: [], conflicts: [], refused: [] });
      const [before, after] = [cellsOf(person, TABLES), cellsOf(record as HmisRecord, TABLES)];
      cells += before.size;
      for (const cell of before) {
        const column = cell.replace(/\/[^/]*\//, '.').replace(/=.*/s, '');
        if (after.has(cell)) came += 1;
        else lost.set(column, (lost.get(column) ?? 0) + 1);
      }
      invented.push(...[...after].filter((cell) => !before.has(cell)));
    }
    expect(invented).toEqual([]);
    expect(Object.fromEntries(lost)).toEqual({});
    expect(came).toBe(cells);
    expect(cells).toBeGreaterThan(10_000);
  }, 120_000);

  it('takes the same people from a stranger, by their identifiers', () => {
    people.forEach((person, seed) => {
      const bundle = fromStranger(bundleOf(mapping.toFhir(person, ALL_BUT_NEVER, context)), seed);
      const own = mapping.fromFhir(bundleOf(mapping.toFhir(person, ALL_BUT_NEVER, context)), ALL_BUT_NEVER, context);
      const { record, conflicts, residue } = mapping.fromFhir(bundle, ALL_BUT_NEVER, context);
      expect({ conflicts, residue }).toEqual({ conflicts: [], residue: [] });
      expect(cellsOf(record as HmisRecord, TABLES)).toEqual(cellsOf(own.record as HmisRecord, TABLES));
    });
  }, 120_000);
});
