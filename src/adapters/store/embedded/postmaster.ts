import { spawn } from 'node:child_process';
import { chownSync, closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { RelaisError } from '../../../kernel/errors.js';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import type { ClusterPaths } from './state-directory.js';

export const SUPERUSER = 'relais';
export const DATABASE = 'relais';

/** PostgreSQL gets nothing of our environment: no secret of the gateway can end up in its /proc entry. */
const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

/** A new, empty cluster. */
export async function initialise(
  binaries: Binaries,
  paths: ClusterPaths,
  account: Account | null,
  ephemeral: boolean,
): Promise<void> {
  const password = readFileSync(paths.password, 'utf8');
  // initdb runs as PostgreSQL's account and reads the password from a file of its own.
  const passwordFile = join(paths.run, 'initdb-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account !== null) chownSync(passwordFile, account.uid, account.gid);
  try {
    const settings = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, `--username=${SUPERUSER}`];
    settings.push('--encoding=UTF8', '--locale=C', ...(ephemeral ? ['--no-sync'] : []));
    const { status, errors } = await run(binaries.initdb, ['-D', paths.data, ...settings], account);
    if (status !== 0) throw failed(`initdb failed: ${lastLines(errors)}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Runs a program to its end as PostgreSQL's account, without holding up the event loop. */
function run(
  file: string,
  args: readonly string[],
  account: Account | null,
): Promise<{ status: number | null; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...(account ?? {}),
      cwd: '/',
      env: ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, errors }));
  });
}

export function isInitialised(paths: ClusterPaths): boolean {
  // initdb writes this file first and global/pg_control last but one.
  return existsSync(join(paths.data, 'PG_VERSION')) && existsSync(join(paths.data, 'global/pg_control'));
}

/** Starts the postmaster in a session of its own: Ctrl-C in a terminal must reach the gateway first, not the database. */
export async function launch(
  binaries: Binaries,
  paths: ClusterPaths,
  account: Account | null,
  ephemeral: boolean,
): Promise<void> {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: paths.run,
    unix_socket_permissions: '0700',
    port: '5432',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '200',
    log_statement: 'none',
    // A failed statement's text could hold a value.
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    dynamic_shared_memory_type: process.platform === 'linux' ? 'mmap' : 'posix',
    ...(ephemeral ? { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' } : {}),
  };
  const log = openSync(paths.log, 'a', 0o600);
  const child = spawn(
    binaries.postgres,
    ['-D', paths.data, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    {
      ...(account ?? {}),
      cwd: '/',
      env: ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  child.unref();
  let exited = false;
  child.once('exit', () => (exited = true));
  child.once('error', () => (exited = true));
  const deadline = Date.now() + 60_000;
  while ((await probe(paths)) !== 'ours') {
    if (exited) throw failed(`PostgreSQL did not start: ${lastLines(readFileSync(paths.log, 'utf8'))}`);
    if (Date.now() > deadline) throw failed('PostgreSQL did not answer within 60 s.');
    await sleep(30);
  }
}

/**
 * Who answers at the socket. `ours` is proven both ways by SCRAM (RFC 5802: the server shows that it knows the verifier
 * of our password) and by the data directory that it names.
 */
export async function probe(paths: ClusterPaths): Promise<'ours' | 'foreign' | 'silent'> {
  const client = new pg.Client({ ...connectionOf(paths, 'postgres'), connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const answer = await client.query<{ data_directory: string }>('show data_directory');
    return answer.rows[0]?.data_directory === paths.data ? 'ours' : 'foreign';
  } catch (error) {
    // 28xxx: it speaks PostgreSQL but does not know our password. 57P03: it is starting or stopping.
    return /^28/.test((error as { code?: string }).code ?? '') ? 'foreign' : 'silent';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The pid in postmaster.pid when such a process exists; it may be somebody else's by now. */
export function recordedPid(paths: ClusterPaths): number | null {
  try {
    const pid = Number(readFileSync(join(paths.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    if (!Number.isInteger(pid) || pid <= 1) return null;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? -1 : null;
  }
}

/** `pg_ctl stop` runs as PostgreSQL's account, so it cannot signal a process of anybody else. */
export async function shutDown(
  binaries: Binaries,
  paths: ClusterPaths,
  account: Account | null,
  mode: 'fast' | 'immediate',
): Promise<void> {
  await run(binaries.pgCtl, ['stop', '-D', paths.data, '-m', mode, '-w', '-t', '60'], account);
}

export async function createDatabaseOnce(paths: ClusterPaths): Promise<void> {
  const client = new pg.Client(connectionOf(paths, 'postgres'));
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function connectionOf(paths: ClusterPaths, database: string): pg.ClientConfig {
  return { host: paths.run, port: 5432, user: SUPERUSER, database, password: readFileSync(paths.password, 'utf8') };
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-4).join(' | ');
}

function failed(message: string): RelaisError {
  return new RelaisError('embedded.failed', 500, 'exception', message);
}
