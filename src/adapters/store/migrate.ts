import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import pg from 'pg';
import { RelaisError } from '../../kernel/errors.js';

/** Beside this file: in `src` when vitest runs it, in `dist` where the build copies the SQL files. */
const MIGRATIONS = new URL('./migrations/', import.meta.url);

/** Any number that nobody else uses for pg_advisory_lock: "relais" in ASCII. */
const LOCK = '125780158870899';

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 (hex) of the file: a merged migration is never edited. */
  readonly checksum: string;
}

/** The migrations of this version, in the order of their names. */
export function readMigrations(directory: URL = MIGRATIONS): readonly Migration[] {
  const names = readdirSync(directory).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name));
  return names.sort().map((name) => {
    const sql = readFileSync(new URL(name, directory), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

/**
 * Is every migration of this version applied, as its file stands?
 *
 * @param pool acts as relais_app
 */
export async function isMigrated(pool: Pick<pg.Pool, 'query'>, migrations: readonly Migration[]): Promise<boolean> {
  const { rows } = await pool.query<{ name: string; checksum: string }>('select name, checksum from migration');
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  return migrations.every(({ name, checksum }) => applied.get(name) === checksum);
}

/**
 * Brings the schema `relais` up to date: each new file in a transaction of its own, one migrator at a time.
 *
 * @param ownerUrl login that may create the schema and the roles; it will own the tables
 * @returns the names of the migrations that were applied now
 * @throws RelaisError `migration.changed` when an applied file was edited, `migration.unknown` when the database is
 *   newer than this version
 */
export async function migrate(
  ownerUrl: string,
  migrations: readonly Migration[] = readMigrations(),
): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(`set client_min_messages = warning`);
    await client.query('create schema if not exists relais');
    await client.query('set search_path = relais');
    await client.query(
      `create table if not exists migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
    );
    const applied = await client.query<{ name: string; checksum: string }>('select name, checksum from migration');
    const todo = pending(migrations, new Map(applied.rows.map((row) => [row.name, row.checksum])));
    for (const migration of todo) await apply(client, migration);
    return todo.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

function pending(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): readonly Migration[] {
  const known = new Set(migrations.map((migration) => migration.name));
  for (const name of applied.keys()) {
    if (!known.has(name))
      throw refused('migration.unknown', `The database has ${name}, which this version does not know.`);
  }
  for (const { name, checksum } of migrations) {
    const before = applied.get(name);
    if (before !== undefined && before !== checksum)
      throw refused('migration.changed', `${name} was changed after it was applied.`);
  }
  return migrations.filter((migration) => !applied.has(migration.name));
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into relais.migration (name, checksum) values ($1, $2)', [
      migration.name,
      migration.checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

function refused(code: string, message: string): RelaisError {
  return new RelaisError(code, 500, 'exception', message);
}
