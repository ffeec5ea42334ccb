import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { languageOf } from '../../src/cli/build-program.js';
import type { OrganizationId } from '../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { seedOrganization } from '../support/fixtures.js';
import { sharedData } from '../support/shared-data.js';
import { clientCsv, organizationCsv, temporaryFolder, writeExport } from '../intake/support.js';
import { runCli } from './run-cli.js';

const grace = readFileSync(join(import.meta.dirname, '../../config/demo/cases/grace-okafor.json'), 'utf8');
const oneLine = (change: (record: Record<string, unknown>) => void = () => undefined): string => {
  const record = JSON.parse(grace) as Record<string, unknown>;
  change(record);
  return JSON.stringify(record);
};

describe('the command line', () => {
  it('helps in both languages', async () => {
    const english = await runCli(['--help']);
    expect(english).toMatchObject({ code: 0, err: '' });
    expect(english.out).toContain('Usage: relais');
    const french = await runCli(['import', 'hmis', '--help', '--lang', 'fr']);
    expect(french.code).toBe(0);
    expect(french.out).toContain('Utilisation :');
    expect(french.out).toContain('pour quel organisme');
    expect(french.out).not.toMatch(/display help|Usage:|Options:$/m);
    expect(COMMANDS.length).toBeGreaterThan(5);
  });

  it('speaks the language of the system unless it is told', () => {
    expect(languageOf([], { LANG: 'fr_CA.UTF-8' })).toBe('fr');
    expect(languageOf([], { LANG: 'de_DE.UTF-8' })).toBe('en');
    expect(languageOf(['--lang=en'], { LANG: 'fr_FR.UTF-8' })).toBe('en');
    expect(languageOf(['audit', 'verify', '--lang', 'fr'], {})).toBe('fr');
  });

  it.each([
    [['nonsense'], 2, 'unknown command'],
    [['import', 'hmis'], 2, 'missing required argument'],
    [['import', 'hmis', '--nonsense', 'x'], 2, 'unknown option'],
    [['import', 'hmis', '/no/such/folder'], 2, 'There is no folder or file at this path.'],
    [['validate', '/no/such/file'], 2, 'There is no file'],
    [['init', '--name', 'X', '--admin', 'a', '--sector', 'space', '--issuer', 'https://i.example'], 2, 'sector'],
    [['import', 'hmis', 'x', '--lang', 'de'], 2, '--lang'],
  ])('answers %j with exit code %i and one sentence', async (argv, code, sentence) => {
    const run = await runCli(argv);
    expect(run.code).toBe(code);
    expect(run.err).toContain(sentence);
    expect(run.err).not.toMatch(/\n\s+at /);
  });

  it('says in French what is wrong when French is asked for', async () => {
    const run = await runCli(['import', 'hmis', '/no/such/folder', '--lang', 'fr']);
    expect(run.err).toContain('Opération impossible\u00a0: aucun dossier');
    expect((await runCli(['nonsense', '--lang', 'fr'])).err).toContain('Cette commande n’existe pas');
  });

  it('validates FHIR files, and says where they are wrong without repeating it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'good.json'), '{"resourceType":"Patient","birthDate":"1991-02-03"}');
    writeFileSync(join(folder, 'bad.json'), '{"resourceType":"Patient","birthDate":"Quetzalcoatl"}');
    writeFileSync(join(folder, 'broken.json'), '{"resourceType":"Patient",');
    expect((await runCli(['validate', join(folder, 'good.json')])).code).toBe(0);
    const run = await runCli(['validate', join(folder, 'bad.json'), join(folder, 'broken.json')]);
    expect(run.code).toBe(1);
    expect(run.out).toContain('Patient.birthDate');
    expect(run.out).toContain('2 files, 2 errors.');
    expect(run.out).not.toContain('Quetzalcoatl');
  });
});

/** A file that no map reads. */
const AFFILIATION = `AffiliationID,ProjectID,ResProjectID,DateCreated,DateUpdated,UserID,DateDeleted,ExportID
1,1,2,2025-01-02 03:04:05,2025-01-02 03:04:05,u,,e
`;

describe('relais validate', () => {
  const bad = '{"resourceType":"Patient","gender":"Quetzalcoatl"}';
  const good = '{"resourceType":"Patient","gender":"other"}';

  it('reads folders, files of one resource a line and byte order marks, and counts what is there', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'a.json'), `\ufeff${good}`);
    writeFileSync(join(folder, 'b.ndjson'), `${good}\n\n${bad}\r\n{\n`);
    writeFileSync(join(folder, 'inner', 'package.json'), '{"name":"x"}');
    writeFileSync(join(folder, 'inner', 'read.me'), 'x');
    const run = await runCli(['validate', folder]);
    expect(run.code).toBe(1);
    const [first, second, last] = run.out.split('\n').map((line) => line.replace(folder, ''));
    expect(first).toMatch(
      /^\/b\.ndjson:3: error Patient\.gender fhir\.code The code is not in the required value set /,
    );
    expect(second).toMatch(/^\/b\.ndjson:4: error json\./);
    expect(last).toBe('3 files, 3 resources, 1 not FHIR, 2 errors.');
  });

  it('says the place in a bundle, the recommendations when they are asked for, and all of it in French', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'bundle.json');
    const entry = [good, good, good, bad].map((resource) => `{"resource":${resource}}`).join();
    writeFileSync(path, `{"resourceType":"Bundle","type":"collection","entry":[${entry}]}`);
    const french = await runCli(['validate', path, '--warnings', '--lang', 'fr']);
    expect(french.code).toBe(1);
    const lines = french.out.split('\n').map((line) => line.replace(`${path}: `, ''));
    expect(lines.find((line) => line.startsWith('erreur'))).toMatch(
      /^erreur Bundle\.entry\[3\]\.resource\.gender fhir\.code Le code ne figure pas dans le jeu de valeurs obligatoire /,
    );
    expect(lines[0]).toMatch(/^avertissement Bundle\.entry\[0\]\.resource fhir\.rule\.dom-6 La règle dom-6/);
    expect(lines.at(-1)).toBe('1 fichier, 1 erreur, 4 avertissements.');
    writeFileSync(path, '{"resourceType":"Patient",}');
    expect((await runCli(['validate', path, '--lang', 'fr'])).out).toContain(
      'erreur json.syntax le document JSON n’est pas lisible',
    );
  });

  it('ends with 0 when all is well, and with 2 when there is nothing to read', async () => {
    const folder = temporaryFolder();
    expect(await runCli(['validate', folder])).toEqual({ code: 2, out: '', err: 'There is no FHIR resource there.' });
    writeFileSync(join(folder, 'x.json'), '{"name":"x"}');
    expect((await runCli(['validate', folder, '--lang', 'fr'])).err).toBe('Aucune ressource FHIR à cet endroit.');
    expect((await runCli(['validate', join(folder, 'x.json')])).code).toBe(1);
    writeFileSync(join(folder, 'y.json'), good);
    expect(await runCli(['validate', join(folder, 'y.json')])).toEqual({ code: 0, out: '1 file, no error.', err: '' });
  });

  it('takes its time over a resource that a server would refuse for its size', async () => {
    const folder = temporaryFolder();
    const concept = Array.from({ length: 30_000 }, (_, index) => `{"code":"c${index}","display":"d"}`).join();
    const text = `{"resourceType":"CodeSystem","status":"active","content":"complete","concept":[${concept}]}`;
    writeFileSync(join(folder, 'large.json'), text);
    expect(await runCli(['validate', folder])).toMatchObject({ code: 0, out: '1 file, no error.' });
  });
});

describe('on a store, the command line', () => {
  let database: TestDatabase;
  let organizationId: OrganizationId;
  beforeEach(async () => {
    database = await createTestDatabase();
    ({ organizationId } = await seedOrganization(database, 'County', 'housing'));
  });
  afterEach(() => database.drop());

  it('lists each finding as file:line:column rule, and says 0 changes the second time', async () => {
    const path = writeExport({
      'Client.csv': clientCsv({ DateUpdated: '13-06-19' }, { PersonalID: '2', DOB: 'Quetzalcoatl' }),
      'Affiliation.csv': AFFILIATION,
    });
    const first = await runCli(['import', 'hmis', path], database, organizationId);
    expect(first.code).toBe(0);
    expect(first.out.split('\n')).toEqual(
      expect.arrayContaining(['Client.csv:2:DateUpdated hmis.datetime', 'Client.csv:3:DOB hmis.date']),
    );
    expect(first.out).toContain('2 people, 4 rows');
    expect(first.out).toContain('1 rows of 1 files kept, not yet mapped');
    expect(first.out).not.toContain('Quetzalcoatl');
    const second = await runCli(['import', 'hmis', path], database, organizationId);
    expect(second.out.split('\n').at(-1)).toBe('0 changes');
    const french = await runCli(['import', 'hmis', path, '--lang', 'fr'], database, organizationId);
    expect(french.out).toContain('2 personnes, 4 lignes');
  });

  it('writes every finding to the file that it is given, readable by its owner alone', async () => {
    const folder = temporaryFolder();
    const path = writeExport({ 'Client.csv': clientCsv({ DateUpdated: '13-06-19' }) });
    const file = join(folder, 'findings.csv');
    await runCli(['import', 'hmis', path, '--findings', file], database, organizationId);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines[0]).toBe('file,line,column,rule');
    expect(lines).toContain('Client.csv,2,DateUpdated,hmis.datetime');
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('refuses a victim service provider with the reason and exit code 1', async () => {
    const path = writeExport({ 'Client.csv': clientCsv({}), 'Organization.csv': organizationCsv('1') });
    const run = await runCli(['import', 'hmis', path], database, organizationId);
    expect(run.code).toBe(1);
    expect(run.out).toContain('victim service provider');
  });

  it.skipIf(sharedData('hmis-csv-fy2026', 'subset') === null)(
    'names 271 people of the shared export [skipped: shared data absent]',
    async () => {
      const subset = sharedData('hmis-csv-fy2026', 'subset')!;
      const first = await runCli(['import', 'hmis', subset], database, organizationId);
      expect(first.out).toContain('271 people');
      expect(first.out.match(/^\w+\.csv:\d+:DateUpdated hmis\.datetime$/gm)).toHaveLength(271 + 313);
      expect((await runCli(['import', 'hmis', subset], database, organizationId)).out).toMatch(/\n0 changes$/);
    },
  );

  it('imports cases line by line: good ones stored, bad ones named by line, place and rule', async () => {
    const file = join(temporaryFolder(), 'cases.ndjson');
    const other = oneLine((record) => ((record['person'] as Record<string, unknown>)['id'] = 'p-2'));
    const bad = oneLine((record) => ((record['person'] as Record<string, unknown>)['birthDate'] = 'Quetzalcoatl'));
    const long = `{"x":"${'y'.repeat(4 * 1024 * 1024)}"}`;
    writeFileSync(
      file,
      [oneLine(), '', bad, '{"a":1,"a":2}', long, `{"id":"second-file","case":${oneLine()}}`, other].join('\r\n'),
    );
    const first = await runCli(['import', 'cases', file], database, organizationId);
    expect(first.code).toBe(1);
    expect(first.out).toMatch(/^3:\/person\/birthDate case\./m);
    expect(first.out).toMatch(/^4:\S* json\.duplicate-name /m);
    expect(first.out).toMatch(/^5: import\.line-too-long /m);
    expect(first.out).toContain('3 lines refused.');
    expect(first.out).toContain('3 changes');
    expect(first.out).not.toContain('Quetzalcoatl');
    const second = await runCli(['import', 'cases', file], database, organizationId);
    expect(second.out.split('\n').at(-1)).toBe('0 changes');
    expect(await database.query('select from case_version')).toHaveLength(3);
  });

  it('imports cases all or nothing when it is asked to', async () => {
    const file = join(temporaryFolder(), 'cases.ndjson');
    writeFileSync(file, `${oneLine()}\n{"schemaVersion":1}\n`);
    const refused = await runCli(['import', 'cases', '--all-or-nothing', file], database, organizationId);
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('Nothing was stored.');
    expect(await database.query('select from case_version')).toHaveLength(0);
    writeFileSync(file, `${oneLine()}\n`);
    expect(await runCli(['import', 'cases', '--all-or-nothing', file], database, organizationId)).toMatchObject({
      code: 0,
    });
    expect(await database.query('select from case_version')).toHaveLength(1);
  });

  it('verifies the audit log, and names a changed entry', async () => {
    await runCli(['import', 'hmis', writeExport({ 'Client.csv': clientCsv({}) })], database, organizationId);
    expect(await runCli(['audit', 'verify'], database, organizationId)).toMatchObject({
      code: 0,
      out: 'The audit log holds: 1 entries, 1 signed checkpoints.',
    });
    await database.query('alter table audit_entry disable trigger all');
    await database.query(`update audit_entry set entry = jsonb_set(entry, '{codes,people}', '99')`);
    const broken = await runCli(['audit', 'verify'], database, organizationId);
    expect(broken.code).toBe(1);
    expect(broken.out).toContain('broken at entry 0');
  });
});
