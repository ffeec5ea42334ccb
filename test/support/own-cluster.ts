import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { unprivilegedAccount } from '../../src/adapters/store/embedded/account.js';
import { findBinaries } from '../../src/adapters/store/embedded/binaries.js';

/** A PostgreSQL server of one test's own, with fsync and its write-ahead log as in production: to fill, kill and restore. */
export interface OwnCluster {
  readonly url: string;
  readonly data: string;
  /** @param settings added to those of the cluster, for this start */
  start(settings?: Readonly<Record<string, string>>): Promise<void>;
  /** `immediate` is a crash: the next start recovers from the write-ahead log. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  isRunning(): boolean;
  sql<R extends pg.QueryResultRow>(text: string): Promise<R[]>;
  /** Copies and removes files as the account that the server runs as. */
  asServer(command: string, ...args: string[]): void;
  remove(): Promise<void>;
}

/**
 * @param options.data where the server keeps its data: an empty directory; default: one in the temporary folder
 * @param options.settings of postgresql.conf
 */
export async function startOwnCluster(
  options: { readonly data?: string; readonly settings?: Readonly<Record<string, string>> } = {},
): Promise<OwnCluster> {
  const account = unprivilegedAccount();
  const { initdb, postgres } = findBinaries(account);
  const root = mkdtempSync(join(tmpdir(), 'relais-own-'));
  chmodSync(root, 0o755);
  const socket = directory(join(root, 'socket'));
  const data = directory(options.data ?? join(root, 'data'));
  const environment = { ...(account ?? {}), cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' } };

  function directory(path: string): string {
    mkdirSync(path, { recursive: true });
    if (account !== null) chownSync(path, account.uid, account.gid);
    chmodSync(path, 0o700);
    return path;
  }
  const asServer = (command: string, ...args: string[]): void => {
    const { status, stderr } = spawnSync(command, args, { ...environment, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
  };
  // The socket's directory is private to the account, so nobody else can connect.
  asServer(initdb, '-D', data, '-U', 'relais', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--wal-segsize=1');

  const url = `postgresql://relais@${encodeURIComponent(socket)}:5432/postgres`;
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socket,
    timezone: 'UTC',
    max_connections: '60',
    shared_buffers: '16MB',
    min_wal_size: '2MB',
    max_wal_size: '8MB',
    ...options.settings,
  };
  let server: ChildProcess | undefined;
  const isRunning = (): boolean => server !== undefined && server.exitCode === null && server.signalCode === null;
  const sql = async <R extends pg.QueryResultRow>(text: string): Promise<R[]> => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<R>(text)).rows;
    } finally {
      await client.end();
    }
  };
  const start = async (added: Readonly<Record<string, string>> = {}): Promise<void> => {
    const args = Object.entries({ ...settings, ...added }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server = spawn(postgres, ['-D', data, ...args], { ...environment, stdio: 'ignore' });
    for (const until = Date.now() + 60_000; ; await sleep(50)) {
      if (
        await sql('select pg_is_in_recovery() as waits').then(
          ([row]) => row?.['waits'] === false,
          () => false,
        )
      )
        return;
      if (!isRunning()) throw new Error('PostgreSQL did not start.');
      if (Date.now() > until) throw new Error('PostgreSQL does not answer.');
    }
  };
  const stop = async (mode: 'fast' | 'immediate' = 'fast'): Promise<void> => {
    if (!isRunning()) return;
    const exited = once(server!, 'exit');
    server!.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await exited;
  };
  await start();
  return {
    url,
    data,
    start,
    stop,
    isRunning,
    sql,
    asServer,
    remove: async () => {
      await stop('immediate');
      rmSync(root, { recursive: true, force: true });
    },
  };
}
