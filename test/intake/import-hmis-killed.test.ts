import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createImportStore } from '../../src/adapters/store/imports/create-import-store.js';
import type { OrganizationId } from '../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { seedOrganization } from '../support/fixtures.js';
import { generateHmisExport } from '../support/generate-hmis-export.mjs';
import { runImport, temporaryFolder } from './support.js';

const CLI = join(import.meta.dirname, '../../dist/cli.js');
const PEOPLE = 300;
const ROWS = 8_000;

describe('an import that is killed', () => {
  let database: TestDatabase;
  let organizationId: OrganizationId;
  beforeEach(async () => {
    database = await createTestDatabase();
    ({ organizationId } = await seedOrganization(database, 'County', 'housing'));
  });
  afterEach(() => database.drop());

  /** Rows that the import's own transaction has written so far, seen from outside by the size of the table. */
  const bytesWritten = async (): Promise<number> =>
    (await database.query<{ n: number }>(`select pg_relation_size('hmis_row_version')::float8 as n`))[0]!.n;

  async function contents(): Promise<Map<string, string>> {
    const rows = new Map<string, string>();
    for await (const page of createImportStore(database.store).readHmis(organizationId, {})) {
      for (const row of page) rows.set(`${row.file}:${row.line}:${row.version}`, row.cells.join('|'));
    }
    return rows;
  }

  it('with -9 half-way leaves nothing, and the next run ends as one clean run does', { timeout: 120_000 }, async () => {
    expect(existsSync(CLI), 'npm test builds dist first').toBe(true);
    const folder = temporaryFolder();
    generateHmisExport(folder, PEOPLE, ROWS);
    const child = spawn(process.execPath, [CLI, 'import', 'hmis', folder], {
      env: { ...process.env, DATABASE_URL: database.url, RELAIS_MASTER_KEY: database.masterKey.toString('base64') },
      stdio: 'ignore',
    });
    const ended = new Promise<NodeJS.Signals | null>((resolve) =>
      child.once('exit', (_code, signal) => resolve(signal)),
    );
    while ((await bytesWritten()) < 500_000 && child.exitCode === null) await sleep(5);
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    // The server notices that its client is gone.
    const others = `select from pg_stat_activity where datname = current_database() and application_name = 'relais_app' and state <> 'idle'`;
    while ((await database.query(others)).length > 0) await sleep(20);

    expect(await contents()).toEqual(new Map());
    for (const table of [
      'hmis_import',
      'hmis_row',
      'hmis_row_version',
      'hmis_header',
      'person',
      'person_index',
      'audit_entry',
    ]) {
      expect(await database.query(`select from ${table}`), table).toHaveLength(0);
    }

    const rerun = await runImport(createImportStore(database.store), organizationId, folder);
    expect(rerun.result).toMatchObject({ kind: 'imported', people: PEOPLE, rows: ROWS, added: ROWS, changed: 0 });
    const after = await contents();
    expect(after.size).toBe(ROWS);
    const again = await runImport(createImportStore(database.store), organizationId, folder);
    expect(again.result).toMatchObject({ added: 0, changed: 0 });
    expect(await contents()).toEqual(after);
  });
});
