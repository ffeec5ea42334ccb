// A PostgreSQL server of the run's own, to be restarted, killed and locked: the newest one that the system has installed,
// else the one of the npm package. Commit timestamps are kept, so that the oracle knows when an entry was committed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.mjs';

const DEBIAN = '/usr/lib/postgresql';
const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

/**
 * @param {{ folder: string, library: (path: string) => Promise<any> }} options
 *   `library` imports a module of the build (account and binaries are found as the product finds them)
 */
export async function startPostgres({ folder, library }) {
  const { unprivilegedAccount } = await library('adapters/store/embedded/account.js');
  const { findBinaries } = await library('adapters/store/embedded/binaries.js');
  const account = unprivilegedAccount();
  const installed = installedBinaries();
  const { initdb, postgres } = installed ?? findBinaries(account);
  const data = join(folder, 'postgres');
  mkdirSync(data, { mode: 0o700 });
  chmodSync(data, 0o700);
  if (account !== null) chownSync(data, account.uid, account.gid);
  const options = { ...(account ?? {}), cwd: '/', env: ENVIRONMENT };
  const made = spawnSync(
    initdb,
    ['-D', data, '-U', 'relais', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'],
    options,
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const url = `postgres://relais@127.0.0.1:${port}/postgres`;
  const log = openSync(join(folder, 'postgres.log'), 'a');
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    // What is committed survives a crash of the server, not one of the machine: the machine is not what is killed here.
    fsync: 'off',
    synchronous_commit: 'on',
    track_commit_timestamp: 'on',
    deadlock_timeout: '300ms',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const parameters = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let server;

  const answers = async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  /** Whatever ends the harness must not leave a server behind. */
  const kill = () => server.kill('SIGQUIT');
  const start = async () => {
    server = spawn(postgres, ['-D', data, ...parameters], { ...options, stdio: ['ignore', log, log] });
    process.once('exit', kill);
    for (const end = Date.now() + 60_000; !(await answers()); await sleep(25)) {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}`);
      if (Date.now() > end) throw new Error('PostgreSQL did not start');
    }
  };
  /** @param {'fast' | 'immediate'} mode */
  const stop = async (mode) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    process.off('exit', kill);
    const exited = once(server, 'exit');
    server.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await exited;
  };
  await start();
  return { url, start, stop, version: String(spawnSync(postgres, ['--version'], options).stdout).trim() };
}

function installedBinaries() {
  if (!existsSync(DEBIAN)) return null;
  const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  const found = versions.map((version) => join(DEBIAN, version, 'bin/initdb')).find(existsSync);
  return found === undefined ? null : { initdb: found, postgres: join(dirname(found), 'postgres') };
}
