import { createWriteStream, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { createImportStore } from '../../src/adapters/store/imports/create-import-store.js';
import type { ImportStore } from '../../src/intake/ports.js';
import type { OrganizationId } from '../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { dumpDatabase } from '../support/dump-database.js';
import { seedOrganization } from '../support/fixtures.js';
import { sharedData } from '../support/shared-data.js';
import { runImport, temporaryFolder } from './support.js';

const subset = sharedData('hmis-csv-fy2026', 'subset');
const files = subset === null ? [] : readdirSync(subset).filter((name) => name.endsWith('.csv'));

/** An independent reading: the whole file at once, without the product's reader. */
function cellsOf(file: string): string[][] {
  return parse(readFileSync(join(subset!, file)), { relax_column_count: true });
}

describe.skipIf(subset === null)('the FY2026 export of 271 people [skipped: shared data absent]', () => {
  let database: TestDatabase;
  let store: ImportStore;
  let organizationId: OrganizationId;
  beforeEach(async () => {
    database = await createTestDatabase();
    store = createImportStore(database.store);
    ({ organizationId } = await seedOrganization(database, 'County', 'housing'));
  });
  afterEach(() => database.drop());

  it('comes in as 271 people with every row, and changes nothing the second time', async () => {
    const rows = files.reduce((sum, file) => sum + cellsOf(file).length - 1, 0);
    const first = await runImport(store, organizationId, subset!);
    expect(first.result).toMatchObject({
      kind: 'imported',
      version: 'FY2026',
      people: 271,
      rows,
      added: rows,
      changed: 0,
    });

    const second = await runImport(store, organizationId, subset!);
    expect(second.result).toMatchObject({ kind: 'imported', people: 271, rows, added: 0, changed: 0 });
    expect(second.findings).toEqual(first.findings);
    const [counts] = await database.query<{
      rows: number;
      versions: number;
      imports: number;
      persons: number;
      audits: number;
    }>(
      `select (select count(*) from hmis_row)::int as rows, (select count(*) from hmis_row_version)::int as versions,
              (select count(*) from hmis_import)::int as imports, (select count(*) from person)::int as persons,
              (select count(*) from audit_entry where entry ->> 'action' = 'import.finished')::int as audits`,
    );
    expect(counts).toEqual({ rows, versions: rows, imports: 2, persons: 271, audits: 2 });
  });

  it('gives back every cell of every row, in order', async () => {
    await runImport(store, organizationId, subset!);
    for (const file of files) {
      const [header, ...expected] = cellsOf(file);
      const found: string[][] = [];
      for await (const page of store.readHmis(organizationId, { file: file.slice(0, -4) })) {
        for (const row of page) {
          expect(row.columns).toEqual(header);
          found.push([...row.cells]);
        }
      }
      expect(found).toEqual(expected);
    }
  });

  it('names each malformed DateUpdated by its line, and no other one', async () => {
    const { findings } = await runImport(store, organizationId, subset!);
    const expected: string[] = [];
    for (const file of files) {
      const [header, ...rows] = cellsOf(file);
      const at = header!.indexOf('DateUpdated');
      rows.forEach((row, index) => {
        if (at >= 0 && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(row[at]!)) expected.push(`${file}:${index + 2}`);
      });
    }
    expect(expected.length).toBe(271 + 313);
    const found = findings.filter(({ column, rule }) => column === 'DateUpdated' && rule === 'hmis.datetime');
    expect(found.map(({ file, line }) => `${file}:${line}`).sort()).toEqual(expected.sort());
  });

  it('stores no cell in clear and echoes none in findings', async () => {
    const { findings } = await runImport(store, organizationId, subset!);
    const dump = await dumpDatabase(database.url);
    const [header, ...clients] = cellsOf('Client.csv');
    const secrets = clients.flatMap((row) =>
      ['FirstName', 'LastName', 'SSN', 'DOB'].map((name) => row[header!.indexOf(name)]!),
    );
    for (const secret of new Set(secrets)) {
      expect(dump.includes(secret)).toBe(false);
    }
    const text = JSON.stringify(findings);
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('comes in the same from a zip archive', async () => {
    const zip = new yazl.ZipFile();
    for (const file of files) zip.addFile(join(subset!, file), `export/${file}`);
    const path = join(temporaryFolder(), 'export.zip');
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(path));
    const fromZip = await runImport(store, organizationId, path);
    expect(fromZip.result).toMatchObject({ kind: 'imported', people: 271 });
    const fromFolder = await runImport(store, organizationId, subset!);
    expect(fromFolder.result).toMatchObject({ added: 0, changed: 0 });
    expect(fromFolder.findings).toEqual(fromZip.findings);
  });
});
