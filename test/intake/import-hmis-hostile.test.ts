import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { openHmisExport } from '../../src/adapters/hmis/open-export.js';
import { createImportStore } from '../../src/adapters/store/imports/create-import-store.js';
import type { ImportStore, StoredHmisRow } from '../../src/intake/ports.js';
import { createKeyOccurrences } from '../../src/intake/key-occurrences.js';
import type { OrganizationId } from '../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { dumpDatabase } from '../support/dump-database.js';
import { seedOrganization } from '../support/fixtures.js';
import { clientCsv, clientRow, headerOf, organizationCsv, runImport, temporaryFolder, writeExport } from './support.js';

let database: TestDatabase;
let store: ImportStore;
let organizationId: OrganizationId;
beforeEach(async () => {
  database = await createTestDatabase();
  store = createImportStore(database.store);
  ({ organizationId } = await seedOrganization(database, 'County', 'housing'));
});
afterEach(() => database.drop());

async function stored(file = 'Client'): Promise<StoredHmisRow[]> {
  const rows: StoredHmisRow[] = [];
  for await (const page of store.readHmis(organizationId, { file })) rows.push(...page);
  return rows;
}

const rowCount = async (): Promise<number> =>
  (await database.query<{ n: number }>('select count(*)::int as n from hmis_row_version'))[0]!.n;

const about = (findings: readonly { file: string; line: number; column: string; rule: string }[]) =>
  findings
    .filter(({ rule }) => rule !== 'hmis.missing-file')
    .map(({ file, line, column, rule }) => `${file}:${line}:${column} ${rule}`);

describe('rows come in verbatim', () => {
  it('with byte order mark, quoted line ends, formulas, blanks, blank lines and mixed line ends, at their own lines', async () => {
    const first = clientRow({
      PersonalID: '1',
      FirstName: '"Ada\r\nMaria"',
      LastName: '"=HYPERLINK(""http://x"",""y"")"',
    });
    const second = clientRow({ PersonalID: '2', FirstName: '  spaced ', DOB: '12/04/1990' });
    const third = clientRow({ PersonalID: '3', LastName: "O'Brien-Łukasz 陳", DOB: 'unknown' });
    const csv = `\uFEFF${headerOf('Client')}\r\n${first}\r\n\r\n${second}\n${third}`;
    const { findings } = await runImport(store, organizationId, writeExport({ 'CLIENT.CSV': csv }));
    expect(about(findings)).toEqual(['Client.csv:5:DOB hmis.date', 'Client.csv:6:DOB hmis.date']);
    const rows = await stored();
    expect(rows.map(({ cells }) => [cells[1], cells[3]])).toEqual([
      ['Ada\r\nMaria', '=HYPERLINK("http://x","y")'],
      ['  spaced ', 'Okafor'],
      ['Ada', "O'Brien-Łukasz 陳"],
    ]);
    expect(rows.map(({ line }) => line)).toEqual([2, 5, 6]);
  });

  it('ragged, repeated, without key, in unknown and in reordered columns', async () => {
    const header = headerOf('Client').split(',');
    const reordered = ['Grace Okafor', ...header.slice(1), header[0]!];
    const cells = clientRow({}).split(',');
    const row = (id: string) => ['secret cell', ...cells.slice(1), id].join(',');
    const csv = [reordered.join(','), row('7'), row('7'), row(''), `${row('8')},extra`, 'short'].join('\r\n');
    const { findings, result } = await runImport(store, organizationId, writeExport({ 'Client.csv': csv }));
    expect(about(findings)).toEqual([
      'Client.csv:1:#1 hmis.unknown-column',
      'Client.csv:1:PersonalID hmis.column-order',
      'Client.csv:3:PersonalID hmis.duplicate-key',
      'Client.csv:4:PersonalID hmis.required',
      'Client.csv:5: hmis.row-width',
      'Client.csv:6: hmis.row-width',
    ]);
    expect(JSON.stringify(findings)).not.toContain('Grace');
    // Five, and the one of Organization.csv.
    expect(result).toMatchObject({ people: 2, rows: 6, added: 6 });
    const rows = await stored();
    expect(rows.map((each) => each.cells.length)).toEqual([39, 39, 39, 40, 1]);
    expect(rows[0]!.columns).toEqual(reordered);
    const again = await runImport(store, organizationId, writeExport({ 'Client.csv': csv }));
    expect(again.result).toMatchObject({ added: 0, changed: 0 });
  });

  it('in a file that the format does not know, whose name stays encrypted', async () => {
    const path = writeExport({ 'Client.csv': clientCsv({}), 'Okafor family.csv': 'PersonalID,Note\r\n1,Zanzibar\r\n' });
    const { result, findings } = await runImport(store, organizationId, path);
    expect(about(findings)).toEqual(['?.csv:0: hmis.unknown-file']);
    expect(result).toMatchObject({ rows: 3, people: 1 });
    const dump = await dumpDatabase(database.url);
    expect(dump).not.toContain('Zanzibar');
    expect(dump).not.toContain('Okafor');
    const [{ id } = { id: '' }] = await database.query<{ id: string }>('select id from person');
    const all: StoredHmisRow[] = [];
    for await (const page of store.readHmis(organizationId, {}))
      all.push(...page.filter(({ personId }) => personId === id));
    expect(all.map(({ file }) => file).sort()).toEqual(['Client', 'Okafor family.csv']);
  });

  it('a row that differs is a new version, and the old one stays', async () => {
    await runImport(store, organizationId, writeExport({ 'Client.csv': clientCsv({}, { PersonalID: '2' }) }));
    const changed = writeExport({ 'Client.csv': clientCsv({}, { PersonalID: '2', FirstName: 'Bea' }) });
    const { result } = await runImport(store, organizationId, changed);
    expect(result).toMatchObject({ added: 0, changed: 1 });
    expect((await stored()).map(({ version, cells }) => [version, cells[1]])).toEqual([
      [1, 'Ada'],
      [2, 'Bea'],
    ]);
    expect(await rowCount()).toBe(4);
    await expect(database.query('delete from hmis_row_version')).rejects.toThrow(/append-only/);
  });
});

describe('an export is refused as a whole', () => {
  it.each([
    ['1', 'victim-service-provider', [2]],
    [' 1', 'victim-service-provider', [2]],
    ['yes', 'victim-service-unclear', [2]],
    ['', 'victim-service-unclear', [2]],
  ])('when VictimServiceProvider is %j', async (value, reason, lines) => {
    const path = writeExport({ 'Client.csv': clientCsv({}), 'Organization.csv': organizationCsv(value) });
    const { result } = await runImport(store, organizationId, path);
    expect(result).toEqual({ kind: 'refused', reason, lines });
    expect(await rowCount()).toBe(0);
    const audits = await database.query<{ entry: { outcome: string; codes: unknown } }>(
      'select entry from audit_entry',
    );
    expect(audits.map(({ entry }) => [entry.outcome, entry.codes])).toEqual([['refused', { reason }]]);
    expect(await database.query('select from person')).toEqual([]);
  });

  it('when there is no Organization.csv, unless somebody states that there is no victim service', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'Client.csv'), clientCsv({}));
    expect((await runImport(store, organizationId, folder)).result).toMatchObject({ reason: 'victim-service-untold' });
    const stated = await runImport(store, organizationId, folder, { statesNoVictimServices: true });
    expect(stated.result).toMatchObject({ kind: 'imported', people: 1 });
  });

  it.each([
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from(clientCsv({})), Buffer.from([0x46, 0xe9, 0x0a])]),
      'hmis.encoding',
    ],
    [
      'half a character at the end',
      Buffer.concat([Buffer.from(clientCsv({})), Buffer.from([0xe2, 0x82])]),
      'hmis.encoding',
    ],
    ['a quote that is never closed', `${clientCsv({})}"secret${'x'.repeat(1_200_000)}`, 'hmis.csv-broken'],
    ['text after a quote', `${clientCsv({})}"secret"x,1\r\n`, 'hmis.csv-broken'],
  ])('for %s, with nothing stored and nothing echoed', async (_what, content, code) => {
    const failure = await runImport(store, organizationId, writeExport({ 'Client.csv': content })).catch(
      (error: Error) => error,
    );
    expect(failure).toMatchObject({ code, status: 422 });
    expect((failure as Error).message).not.toContain('secret');
    expect(await rowCount()).toBe(0);
    expect(await database.query('select from person')).toEqual([]);
  });
});

describe('an archive is refused', () => {
  async function zipOf(entries: Readonly<Record<string, Buffer>>): Promise<string> {
    const zip = new yazl.ZipFile();
    for (const [name, content] of Object.entries(entries)) zip.addBuffer(content, name);
    const path = join(temporaryFolder(), 'export.zip');
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(path));
    return path;
  }
  const patched = (path: string, change: (bytes: Buffer) => void): string => {
    const bytes = readFileSync(path);
    change(bytes);
    writeFileSync(path, bytes);
    return path;
  };
  const replaceAll = (bytes: Buffer, from: string, to: string): void => {
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at, 'latin1');
  };
  const refused = (path: string) =>
    openHmisExport(path).then(
      () => 'opened',
      (error: { code: string }) => error.code,
    );

  it('when a file unpacks to far more than it holds', async () => {
    expect(await refused(await zipOf({ 'Client.csv': Buffer.alloc(32 * 1024 ** 2) }))).toBe('hmis.zip-refused');
  });

  it('when it declares less than it unpacks to', async () => {
    const path = patched(await zipOf({ 'Client.csv': Buffer.alloc(4 * 1024 ** 2, 'a,b\n') }), (bytes) => {
      // Uncompressed size in the central directory (APPNOTE 4.3.12, offset 24).
      bytes.writeUInt32LE(100, bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1')) + 24);
    });
    await expect(runImport(store, organizationId, path)).rejects.toMatchObject({ code: 'hmis.zip-refused' });
  });

  it('when a name leads out of it, comes twice, or there are too many', async () => {
    const outside = patched(await zipOf({ 'aa/Client.csv': Buffer.from('x') }), (bytes) =>
      replaceAll(bytes, 'aa/Client.csv', '../Client.csv'),
    );
    expect(await refused(outside)).toBe('hmis.zip-refused');
    expect(await refused(await zipOf({ 'a/Client.csv': Buffer.from('x'), 'b/client.CSV': Buffer.from('y') }))).toBe(
      'hmis.duplicate-file',
    );
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`${at}.txt`, Buffer.from('x')]));
    expect(await refused(await zipOf(many))).toBe('hmis.zip-refused');
  });

  it('when it is encrypted, or no archive at all', async () => {
    const encrypted = patched(await zipOf({ 'Client.csv': Buffer.from('x') }), (bytes) => {
      bytes[bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1')) + 8]! |= 1;
    });
    expect(await refused(encrypted)).toBe('hmis.zip-refused');
    const text = join(temporaryFolder(), 'export.zip');
    writeFileSync(text, 'not a zip');
    expect(await refused(text)).toBe('hmis.zip-refused');
    expect(await refused(join(temporaryFolder(), 'nothing'))).toBe('hmis.not-found');
  });

  it('but one with folders and other files in it is read', async () => {
    const files = {
      'x/Client.csv': Buffer.from(clientCsv({})),
      'x/Organization.csv': Buffer.from(organizationCsv('0')),
      'x/readme.txt': Buffer.from('hello'),
      '__MACOSX/._Client.csv': Buffer.from('x'),
    };
    const { result } = await runImport(store, organizationId, await zipOf(files));
    expect(result).toMatchObject({ kind: 'imported', people: 1, ignored: 1 });
  });
});

describe('what is stored', () => {
  it('is another organization’s secret, by row level security alone', async () => {
    await runImport(store, organizationId, writeExport({ 'Client.csv': clientCsv({}) }));
    const other = await seedOrganization(database, 'Elsewhere', 'health');
    const pool = database.pool('relais_app');
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query(`select set_config('relais.organization', $1, true)`, [other.organizationId]);
      for (const table of ['hmis_import', 'hmis_key', 'hmis_header', 'hmis_row', 'hmis_row_version']) {
        expect((await client.query(`select from ${table}`)).rowCount).toBe(0);
      }
      await client.query('rollback');
    } finally {
      client.release();
    }
  });

  it('finds the person by name through the blind index, and forgets all of it at erasure', async () => {
    await runImport(store, organizationId, writeExport({ 'Client.csv': clientCsv({}) }));
    const [person] = await database.query<{ id: string }>('select distinct person_id as id from person_index');
    expect(person).toBeDefined();
    await database.store.asOrganization(organizationId, (tx) => tx.erasePerson(person!.id as never));
    expect(await database.query('select from person_index')).toEqual([]);
    expect(await database.query(`select from hmis_row where file = 'Client'`)).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  it('does not index names that the sender hashed', async () => {
    const hashed = (status: string) =>
      `${headerOf('Export')}\r\nX1,1,,,,,,,,2026-01-01 08:00:00,2026-01-01,2026-01-31,S,1,2026 v1,3,2,${status},I\r\n`;
    const tokens = async () =>
      (await database.query<{ n: number }>('select count(*)::int as n from person_index'))[0]!.n;
    await runImport(store, organizationId, writeExport({ 'Client.csv': clientCsv({}), 'Export.csv': hashed('4') }));
    expect(await tokens()).toBe(1);
    await runImport(
      store,
      organizationId,
      writeExport({ 'Client.csv': clientCsv({ LastName: 'Okafor-Bello' }), 'Export.csv': hashed('1') }),
    );
    expect(await tokens()).toBeGreaterThan(5);
  });
});

it('keys are counted, over many and repeated ones', () => {
  const occurrenceOf = createKeyOccurrences();
  for (let n = 0; n < 50_000; n++) expect(occurrenceOf(`key-${n}`)).toBe(1);
  expect([occurrenceOf('key-7'), occurrenceOf('key-7'), occurrenceOf(''), occurrenceOf('')]).toEqual([2, 3, 1, 2]);
});
