import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
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

  it('puts in force what was the newest version before, for an owner that is no superuser', async () => {
    const admin = inject('adminUrl');
    const owner = `relais_owner_${randomUUID().replaceAll('-', '')}`;
    await administer(admin, `create role ${owner} login createrole password 'pw'`);
    await administer(admin, `create database ${owner} owner ${owner}`);
    const own = new URL(databaseUrl(admin, owner));
    own.username = owner;
    own.password = 'pw';
    try {
      await migrate(
        own.href,
        shipped.filter(({ name: file }) => file < '0009'),
      );
      const [a, b] = [randomUUID(), randomUUID()];
      const old = (id: string, status: string): string => `
        insert into agreement (id, version, parties) values ('${id}', 2, array['${a}', '${b}']::uuid[]);
        insert into agreement_version (agreement_id, version, parties, content, actor) values
          ('${id}', 1, array['${a}', '${b}']::uuid[], '{"status":"draft"}', '{}'),
          ('${id}', 2, array['${a}', '${b}']::uuid[], '{"status":"${status}","validUntil":"2027-01-01T00:00:00.000Z"}', '{}');`;
      const [active, drafted] = [randomUUID(), randomUUID()];
      const behind = new URL(databaseUrl(admin, owner));
      behind.searchParams.set('options', '-c search_path=relais');
      await administer(behind.href, `${old(active, 'active')} ${old(drafted, 'draft')}`);
      await migrate(own.href);
      const client = new pg.Client({ connectionString: behind.href });
      await client.connect();
      const { rows } = await client.query(
        'select id, in_force, pending, valid_until is not null as ends from agreement order by in_force nulls last',
      );
      const forced = await client.query(
        `select bool_and(relforcerowsecurity) as forced from pg_class where relname in ('agreement', 'agreement_version')`,
      );
      await client.end();
      expect(rows).toEqual([
        { id: active, in_force: 2, pending: null, ends: true },
        { id: drafted, in_force: null, pending: 2, ends: false },
      ]);
      expect(forced.rows).toEqual([{ forced: true }]);
    } finally {
      await administer(admin, `drop database if exists ${owner} with (force)`);
      await administer(admin, `drop role ${owner}`);
    }
  });
});
