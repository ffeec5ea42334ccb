import { randomUUID } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/demo/processes.js';
import { startWorld } from '../../src/demo/start-world.js';
import { TOIT_COMMUN } from '../../src/demo/world.js';
import { startOwnCluster, type OwnCluster } from '../support/own-cluster.js';
import { Valmont, type Answer, type TransferView } from '../support/story.js';

const SIGTERMS = 20;
const CALLERS = 4;
/** Between an answer and the caller's next request: a gateway under load, and not one that drowns. */
const PAUSE_MS = 150;

let cluster: OwnCluster;
let valmont: Valmont;
let balancer: Balancer;

beforeAll(async () => {
  // Six processes of Relais at a turn, up to 18 connections each (docs/scale.md).
  cluster = await startOwnCluster({ settings: { max_connections: '200' } });
  valmont = new Valmont(await startWorld({ lang: 'en', databaseUrl: cluster.url, redisUrl: process.env['REDIS_URL'] }));
  balancer = await startBalancer(Number(new URL(valmont.world.publicUrl).port));
}, 60_000);
afterAll(async () => {
  await balancer?.close();
  await valmont?.close();
  await cluster?.remove();
});

type Running = Awaited<ReturnType<Valmont['world']['startGateway']>>;

async function serve(): Promise<Running> {
  const port = await freePort();
  const gateway = await valmont.world.startGateway('serve', { RELAIS_PORT: String(port) });
  balancer.ports.push(port);
  return gateway;
}
const work = (): Promise<Running> => valmont.world.startGateway('worker');

test('20 SIGTERMs, one process after the other under load, drop nothing and send nothing twice', async () => {
  const gateways = [await serve(), await serve()];
  const workers = [await work(), await work()];
  await valmont.prepare();

  let isOver = false;
  const acknowledged: string[] = [];
  const unexpected: number[] = [];
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!isOver) {
      const { status, body } = await askUntilAnswered(randomUUID());
      if (status === 202) acknowledged.push(body.id);
      else unexpected.push(status);
      await sleep(PAUSE_MS);
    }
  });
  const codes: (number | null)[] = [];
  for (let turn = 0; turn < SIGTERMS; turn += 1) {
    const [list, start] = turn % 2 === 0 ? [gateways, serve] : [workers, work];
    list.push(await start());
    const leaving = list.shift()!;
    if (list === gateways) balancer.ports.shift();
    await leaving.stop('SIGTERM');
    codes.push(leaving.child.exitCode);
  }
  isOver = true;
  await Promise.all(callers);

  expect(codes).toEqual(Array.from({ length: SIGTERMS }, () => 0));
  expect(unexpected).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(SIGTERMS * CALLERS);
  for (const id of acknowledged)
    expect(
      await valmont.until(id, ({ status }) => !['held', 'queued', 'sending'].includes(status), 60_000),
    ).toMatchObject({
      status: 'delivered',
    });
  const { effects } = await valmont.effects(TOIT_COMMUN);
  const arrived = effects.map(({ idempotencyKey }) => idempotencyKey);
  expect(new Set(arrived).size).toBe(arrived.length);
  expect(acknowledged.filter((id) => !arrived.includes(id))).toEqual([]);
  process.stdout.write(`20 SIGTERMs: ${acknowledged.length} transfers acknowledged and delivered once each\n`);
}, 400_000);

/** As a client does that lost its connection: the same key again, until somebody answers. */
async function askUntilAnswered(key: string): Promise<Answer<TransferView>> {
  for (;;) {
    const answer = await valmont.request(TOIT_COMMUN, 'HOUSING', { key }).catch(() => null);
    if (answer !== null) return answer;
    await sleep(50);
  }
}

interface Balancer {
  /** Of the gateways that take new connections, the oldest first. */
  readonly ports: number[];
  close(): Promise<void>;
}

/** What stands before several gateways: gives each new connection to one of them, by turns. */
async function startBalancer(port: number): Promise<Balancer> {
  const ports: number[] = [];
  const sockets = new Set<Socket>();
  let next = 0;
  const server = createServer((from) => {
    const to = connect(ports[next++ % ports.length] ?? 0, '127.0.0.1');
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.end();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    ports,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
