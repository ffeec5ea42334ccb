import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrate, readMigrations, type Migration } from '../../../src/adapters/store/migrate.js';
import { administer, databaseUrl } from '../../support/global-setup.js';

const name = `relais_migrate_${randomUUID().replaceAll('-', '')}`;
let url: string;
beforeAll(async () => {
  await administer(inject('adminUrl'), `create database ${name}`);
  url = databaseUrl(inject('adminUrl'), name);
});
afterAll(() => administer(inject('adminUrl'), `drop database if exists ${name} with (force)`));

const shipped = readMigrations();
const extra = (file: string, sql: string): Migration => ({ name: file, sql, checksum: `checksum of ${sql}` });

describe('migrating', () => {
  it('applies every file once, in order, by one of several migrators at the same time', async () => {
    const done = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(done.flat()).toEqual(shipped.map((migration) => migration.name));
    expect(shipped[0]!.name).toBe('0001_spine.sql');
    expect(await migrate(url)).toEqual([]);
  });

  it('leaves nothing of a file that fails', async () => {
    const bad = extra('9001_bad.sql', 'create table half (x int); select 1/0');
    await expect(migrate(url, [...shipped, bad])).rejects.toMatchObject({ code: '22012' });
    const good = extra('9001_bad.sql', 'create table half (x int); drop table half');
    expect(await migrate(url, [...shipped, good])).toEqual(['9001_bad.sql']);
  });

  it('refuses a database that is newer than this version', async () => {
    await expect(migrate(url)).rejects.toMatchObject({ code: 'migration.unknown' });
  });

  it('refuses an applied file that was edited', async () => {
    const known = [...shipped, extra('9001_bad.sql', 'create table half (x int); drop table half')];
    const edited = [{ ...known[0]!, checksum: 'other' }, ...known.slice(1)];
    await expect(migrate(url, edited)).rejects.toMatchObject({ code: 'migration.changed' });
  });

  it('reads files in the order of their names and nothing else', () => {
    const directory = mkdtempSync(join(tmpdir(), 'migrations-'));
    for (const file of ['0002_b.sql', '0001_a.sql', 'README.md', '0003_c.sql.bak'])
      writeFileSync(join(directory, file), '');
    expect(readMigrations(pathToFileURL(`${directory}/`)).map((migration) => migration.name)).toEqual([
      '0001_a.sql',
      '0002_b.sql',
    ]);
    rmSync(directory, { recursive: true });
  });
});
