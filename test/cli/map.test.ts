import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildMappings } from '../../src/adapters/mapping/build-mappings.js';
import { sharedData } from '../support/shared-data.js';
import { runCli } from './run-cli.js';

const root = join(import.meta.dirname, '../..');
const grace = join(root, 'config/demo/cases/grace-okafor.json');
const folder = mkdtempSync(join(tmpdir(), 'relais-map-'));
const file = (name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
};
const json = async (...argv: string[]): Promise<Record<string, unknown>> => {
  const run = await runCli(['map', ...argv, '--json']);
  expect(run).toMatchObject({ code: 0, err: '' });
  return JSON.parse(run.out) as Record<string, unknown>;
};
const tables = {
  Client: [{ PersonalID: '7', FirstName: 'Ada', NameDataQuality: '1', DOB: '1990-02-03' }],
  Enrollment: [{ EnrollmentID: '70', PersonalID: '7', EntryDate: '2026-01-05', ProjectID: 'p' }],
};

describe('relais map', () => {
  // The command takes the builds of the installation.
  beforeAll(() => buildMappings({ root }), 60_000);

  it('shows what a case becomes, and what of it stays, without a database', async () => {
    const run = await runCli(['map', '--mapping', 'case', '--in', grace]);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toContain('Patient by case/person');
    expect(run.out).toMatch(/can never leave:\n {2}workingNotes\[0\]/);
    expect(run.out).not.toContain('Okafor');
  });

  it('says of each element its source and the line of the map', async () => {
    const run = await runCli(['map', '--mapping', 'case', '--in', grace, '--trace']);
    expect(run.out).toMatch(
      /Condition\.recordedDate ← needs\[0\]\.identifiedOn {2}mappings\/case\/need\.map\.yaml:\d+:\d+/,
    );
    expect(run.out).toMatch(/← needs\[0\]\.category \(code map sdoh-category\)/);
  });

  it('gives machines one document, with the trace only when it is asked for', async () => {
    expect(Object.keys(await json('--mapping', 'case', '--in', grace))).toEqual(['bundle', 'loss']);
    const { trace } = await json('--mapping', 'case', '--in', grace, '--trace');
    expect((trace as unknown[])[0]).toMatchObject({ entry: 0, map: 'case/person', resourceType: 'Patient' });
  });

  it('brings a bundle back', async () => {
    const { bundle } = await json('--mapping', 'case', '--in', grace);
    const path = file('bundle.json', bundle);
    const { record, kept } = await json('--mapping', 'case', '--in', path, '--reverse');
    expect(kept).toEqual([]);
    const original = JSON.parse(readFileSync(grace, 'utf8')) as { needs: unknown };
    expect((record as { needs: unknown }).needs).toEqual(original.needs);
    const traced = await runCli(['map', '--mapping', 'case', '--in', path, '--reverse', '--trace']);
    expect(traced.out).toMatch(
      /needs\[0\]\.identifiedOn ← entry\[\d+\] Condition\.recordedDate {2}mappings\/case\/need\.map\.yaml:\d+/,
    );
    const french = await runCli(['map', '--mapping', 'case', '--in', path, '--reverse', '--lang', 'fr']);
    expect(french.out).toContain('valeurs sont revenues');
  });

  it('holds back what is not permitted, and says so', async () => {
    const { bundle, loss } = await json('--mapping', 'case', '--in', grace, '--permit', 'identity,needs');
    const types = (bundle as { entry: { resource: { resourceType: string } }[] }).entry.map(
      ({ resource }) => resource.resourceType,
    );
    expect(types).not.toContain('Encounter');
    expect(loss).toContainEqual({ path: 'interventions[0].date', kind: 'content', reason: 'not-permitted' });
  });

  it('takes HMIS tables, and one person of them', async () => {
    const path = file('tables.json', { ...tables, Client: [...tables.Client, { PersonalID: '8' }] });
    const { bundle } = await json('--mapping', 'hmis', '--in', path, '--person', '7');
    const text = JSON.stringify(bundle);
    expect(text).toContain('"Ada"');
    expect(text).not.toContain('"8"');
  });

  it('measures a record', async () => {
    const { coverage } = await json('--mapping', 'hmis', '--in', file('one.json', tables), '--coverage');
    expect(coverage).toMatchObject({ records: 1, counts: { content: 4, key: 4 } });
    const run = await runCli(['map', '--mapping', 'hmis', '--in', file('one.json', tables), '--coverage']);
    expect(run.out).toMatch(/standard element: \d+\.\d % \(\d+\)/);
  });

  it.skipIf(sharedData('hmis-csv-fy2026') === null)(
    'takes a folder of CSV files (skipped: shared data absent)',
    async () => {
      const path = sharedData('hmis-csv-fy2026', 'subset')!;
      const run = await runCli(['map', '--mapping', 'hmis', '--in', path, '--person', '2616']);
      expect(run.code).toBe(0);
      expect(run.out).toContain('Patient by hmis/client');
    },
  );

  it.each([
    [['--mapping', 'nonsense', '--in', 'x'], 2, 'Allowed choices are case, hmis'],
    [['--mapping', 'case'], 2, 'Name the record with --in'],
    [['--mapping', 'case', '--in', '/no/such/file'], 2, 'There is no file'],
    [['--mapping', 'case', '--in', grace, '--permit', 'nonsense'], 2, 'The labels are: identity'],
    [['--mapping', 'case', '--in', grace, '--permit', 'working-notes'], 2, 'The labels are: identity'],
    [['--mapping', 'case', '--in', grace, '--reverse'], 1, 'This is not a FHIR Bundle.'],
    [['--mapping', 'hmis', '--in', grace], 1, '/ mapping.unknown-table'],
  ])('answers %j with exit code %i and one sentence', async (argv, code, sentence) => {
    const run = await runCli(['map', ...argv]);
    expect(run.code).toBe(code);
    expect(run.err).toContain(sentence);
    expect(run.err).not.toMatch(/\n\s+at /);
  });

  it('names place and rule of a mistake, in both languages, and repeats nothing', async () => {
    const path = file('wrong.json', { schemaVersion: 1, person: { id: 'p', sex: 'Quetzalcoatl' } });
    const run = await runCli(['map', '--mapping', 'case', '--in', path, '--lang', 'fr']);
    expect(run.code).toBe(1);
    expect(run.err).toContain('/person/sex case.code');
    expect(run.err).toContain('Opération impossible\u00a0: le dossier enfreint des règles');
    expect(run.err).not.toContain('Quetzalcoatl');
    const cells = file('cells.json', { Client: [{ PersonalID: 7, Quetzalcoatl: '' }] });
    const rows = await runCli(['map', '--mapping', 'hmis', '--in', cells]);
    expect(rows.err).toContain('/Client/0/PersonalID mapping.cell');
    expect(rows.err).toContain('/Client/0 mapping.unknown-column');
    expect(rows.err).not.toContain('Quetzalcoatl');
  });

  it('helps in both languages', async () => {
    expect((await runCli(['map', '--help'])).out).toContain('where each element comes from');
    expect((await runCli(['map', '--help', '--lang', 'fr'])).out).toContain(
      'appliquer une correspondance fournie à un dossier',
    );
  });
});
