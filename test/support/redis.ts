import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';

/** A Redis server of one test's own, which may be killed, frozen and flushed. */
export interface TestRedis {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Sends one command as text and returns the raw reply (RESP). */
  command(line: string): Promise<string>;
  stop(): Promise<void>;
}

/** True where a Redis server can be started; elsewhere everything runs on PostgreSQL. */
export const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;

/** Starts `redis-server` on a free port of 127.0.0.1, in memory only. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'relais-redis-'));
  let server: ChildProcess | undefined;

  const command = async (line: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.end(`${line}\r\nQUIT\r\n`);
      let reply = '';
      for await (const chunk of socket) reply += String(chunk);
      return reply.replace(/\+OK\r\n$/, '');
    } finally {
      socket.destroy();
    }
  };
  const start = async (): Promise<void> => {
    server = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory],
      { stdio: 'ignore' },
    );
    for (let tries = 0; tries < 100; tries += 1) {
      const reply = await command('PING').catch(() => '');
      if (reply.includes('PONG')) return;
      await sleep(50);
    }
    throw new Error('redis-server did not start');
  };
  const kill = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    command,
    stop: async () => {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}

/** Every key of a server with all it holds, as text; empty where there is no server. */
export async function dumpRedis(url: string | undefined): Promise<string> {
  if (url === undefined || url === '') return '';
  const client = createClient({ url });
  await client.connect();
  try {
    const parts: string[] = [];
    for await (const keys of client.scanIterator({ COUNT: 500 })) {
      for (const key of keys) parts.push(key, await contentOf(client, key));
    }
    return parts.join('\n');
  } finally {
    client.destroy();
  }
}

const READ: Readonly<Record<string, (key: string) => string[]>> = {
  string: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  zset: (key) => ['ZRANGE', key, '0', '-1'],
  stream: (key) => ['XRANGE', key, '-', '+'],
};

async function contentOf(client: { sendCommand(args: string[]): Promise<unknown> }, key: string): Promise<string> {
  const type = String(await client.sendCommand(['TYPE', key]));
  const command = READ[type];
  // A key may expire between two commands; a kind that is not known here must not pass unseen.
  if (command === undefined) return type === 'none' ? '' : Promise.reject(new Error(`A key of type ${type}`));
  return JSON.stringify(await client.sendCommand(command(key)));
}
