// A Redis server of the run's own, to be flushed, frozen, filled and killed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.mjs';

/** Null where there is no `redis-server`: the queue is then in PostgreSQL. */
export async function startRedis({ folder: parent }) {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const folder = join(parent, 'redis');
  mkdirSync(folder);
  const port = await freePort();
  const snapshot = join(folder, 'dump.rdb');
  let server;

  /** One command as text; the raw reply (RESP). */
  const command = async (line) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(3_000, () => socket.destroy(new Error('Redis does not answer')));
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
  /** Whatever ends the harness must not leave a server behind. */
  const end = () => server.kill('SIGKILL');
  const start = async () => {
    const settings = {
      port,
      bind: '127.0.0.1',
      save: '',
      appendonly: 'no',
      dir: folder,
      'maxmemory-policy': 'noeviction',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    server = spawn('redis-server', args, { stdio: 'ignore' });
    process.once('exit', end);
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await command('PING').catch(() => '')).includes('PONG')) return;
      await sleep(25);
    }
    throw new Error('redis-server did not start');
  };
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    process.off('exit', end);
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    command,
    start,
    kill,
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    /** Keeps what is in it now, to be put back later. */
    keepSnapshot: async () => {
      await command('SAVE');
      copyFileSync(snapshot, `${snapshot}.kept`);
      rmSync(snapshot);
    },
    /** For the next start, which loads it. */
    putBackSnapshot: () => {
      if (existsSync(`${snapshot}.kept`)) copyFileSync(`${snapshot}.kept`, snapshot);
    },
    forgetSnapshot: () => rmSync(snapshot, { force: true }),
    stop: kill,
  };
}
