// The servers that both sides share: PostgreSQL (DATABASE_URL, or the embedded one with fsync and synchronous commits as
// they come) and Redis with its append-only file synced every second (REDIS_URL, or one that is started here).
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createClient } from 'redis';
import { parentOf } from './cpu.mjs';

/** @returns url of a login that may create databases, the postmaster's pid, and how to stop it */
export async function openPostgres() {
  const given = process.env.DATABASE_URL;
  if (given) return { url: given, pid: await postmasterOf(given), stop: async () => undefined, name: 'DATABASE_URL' };
  const { startEmbeddedPostgres } = await import('../../dist/adapters/store/embedded/start-embedded-postgres.js');
  const stateDir = mkdtempSync(join(tmpdir(), 'relais-bench-'));
  chmodSync(stateDir, 0o755);
  const embedded = await startEmbeddedPostgres({ stateDir });
  return {
    url: embedded.url,
    pid: await postmasterOf(embedded.url),
    name: 'embedded PostgreSQL',
    stop: async () => {
      await embedded.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

async function postmasterOf(url) {
  const { rows } = await query(url, 'select pg_backend_pid() as pid', [], (pid) => parentOf(pid));
  return rows;
}

/** One statement on a connection of its own; `look` reads /proc while the backend still lives. */
export async function query(url, text, values = [], look = undefined) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query(text, values);
    return look === undefined ? result.rows : { rows: look(result.rows[0].pid) };
  } finally {
    await client.end();
  }
}

/** @returns null where there is no Redis to be had: both sides then queue in PostgreSQL */
export async function openRedis() {
  const given = process.env.REDIS_URL;
  if (given) {
    const client = await createClient({ url: given }).connect();
    const info = await client.info('server');
    await client.configSet('appendonly', 'yes');
    await client.configSet('appendfsync', 'everysec');
    client.destroy();
    return { url: given, pid: Number(/process_id:(\d+)/.exec(info)[1]), stop: async () => undefined };
  }
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const dir = mkdtempSync(join(tmpdir(), 'relais-bench-redis-'));
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', dir, save: '', appendonly: 'yes', appendfsync: 'everysec' };
  const child = spawn(
    'redis-server',
    Object.entries({ ...settings, 'maxmemory-policy': 'noeviction' }).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ]),
    { stdio: 'ignore' },
  );
  const url = `redis://127.0.0.1:${port}`;
  await answers(url);
  return {
    url,
    pid: child.pid,
    stop: async () => {
      child.kill('SIGTERM');
      await new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve()));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function answers(url) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on('error', () => undefined);
    try {
      await client.connect();
      client.destroy();
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error('Redis did not start.');
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
