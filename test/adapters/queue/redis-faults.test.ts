import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createQueue } from '../../../src/adapters/queue/create-queue.js';
import { QueueUnreachable, type Queue } from '../../../src/adapters/queue/queue.js';
import { startReconciler } from '../../../src/adapters/queue/reconcile.js';
import { startRelay } from '../../../src/adapters/queue/relay.js';
import { hasRedisServer, startRedis, type TestRedis } from '../../support/redis.js';
import { log, newPrefix } from './backends.js';
import { memoryDispatch } from './memory-dispatch.js';

async function setUp(): Promise<{ redis: TestRedis; queue: Queue }> {
  const redis = await startRedis();
  const queue = createQueue({ redisUrl: redis.url, prefix: newPrefix(), log });
  onTestFinished(async () => {
    await queue.close();
    await redis.stop();
  });
  return { redis, queue };
}

/** Relay, reconciler and worker over an outbox in memory: what a gateway runs. */
function run(queue: Queue, dispatch: ReturnType<typeof memoryDispatch>, lostAfterMs = 500) {
  const deliveries = new Map<string, number>();
  const worker = queue.work(
    'transfer',
    async (id) => {
      const delivered = await dispatch.deliver(id, () => sleep(5));
      if (delivered) deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
    },
    { concurrency: 4 },
  );
  const relay = startRelay({ dispatch, queue, log });
  const reconciler = startReconciler({ dispatch, log, wake: relay.wake, everyMs: 200, lostAfterMs });
  onTestFinished(async () => {
    await reconciler.stop();
    await relay.stop();
    await worker.close(0);
  });
  return deliveries;
}

async function refusal(queue: Queue, ids: readonly string[]): Promise<{ error: unknown; ms: number }> {
  const startedAt = performance.now();
  const error: unknown = await queue.enqueue('transfer', ids).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { error, ms: performance.now() - startedAt };
}

describe.runIf(hasRedisServer)('when Redis fails', () => {
  it('a killed Redis refuses within a second, by a typed error, and accepts again after its restart', async () => {
    const { redis, queue } = await setUp();
    await queue.enqueue('transfer', [randomUUID()]);
    await redis.kill();
    const ids = [randomUUID(), randomUUID()];
    for (let n = 0; n < 3; n += 1) {
      const { error, ms } = await refusal(queue, ids);
      expect(error).toBeInstanceOf(QueueUnreachable);
      expect((error as QueueUnreachable).unqueuedIds).toEqual(ids);
      expect(ms).toBeLessThan(2_500);
    }
    expect(await queue.ready()).toBe(false);
    await redis.start();
    await vi.waitFor(() => queue.enqueue('transfer', ids), { timeout: 20_000, interval: 100 });
    expect((await queue.depth('transfer')).waiting).toBe(2);
  });

  it('a Redis that is absent at start is waited for without hanging anybody', async () => {
    const redis = await startRedis();
    await redis.kill();
    const queue = createQueue({ redisUrl: redis.url, prefix: newPrefix(), log });
    onTestFinished(async () => {
      await queue.close();
      await redis.stop();
    });
    const { error, ms } = await refusal(queue, [randomUUID()]);
    expect(error).toBeInstanceOf(QueueUnreachable);
    expect(ms).toBeLessThan(2_500);
    await redis.start();
    await vi.waitFor(() => queue.enqueue('transfer', [randomUUID()]), { timeout: 20_000, interval: 100 });
  });

  it('a frozen Redis refuses within a second and accepts again when it thaws', async () => {
    const { redis, queue } = await setUp();
    await queue.enqueue('transfer', [randomUUID()]);
    redis.freeze();
    const { error, ms } = await refusal(queue, [randomUUID()]);
    expect(error).toBeInstanceOf(QueueUnreachable);
    expect(ms).toBeLessThan(2_500);
    // Longer than the socket's own timeout: the connection is dropped and made anew.
    await sleep(5_000);
    expect((await refusal(queue, [randomUUID()])).ms).toBeLessThan(2_500);
    redis.thaw();
    await vi.waitFor(() => queue.enqueue('transfer', [randomUUID()]), { timeout: 20_000, interval: 100 });
  });

  it.each([
    ['out of memory', 'CONFIG SET maxmemory 1'],
    ['read-only', 'REPLICAOF 127.0.0.1 1'],
  ])('a Redis that is %s refuses, and the rows stay due', async (_name, command) => {
    const { redis, queue } = await setUp();
    const dispatch = memoryDispatch();
    await queue.ready();
    await redis.command(command);
    const id = randomUUID();
    const { error } = await refusal(queue, [id]);
    expect(error).toBeInstanceOf(QueueUnreachable);
    expect((error as QueueUnreachable).unqueuedIds).toEqual([id]);
    dispatch.add('transfer', randomUUID());
    const relay = startRelay({ dispatch, queue, log });
    await sleep(400);
    await relay.stop();
    expect(dispatch.due()).toHaveLength(1);
  });

  it('FLUSHALL in the middle of a backlog loses nothing and delivers nothing twice', async () => {
    const { redis, queue } = await setUp();
    const dispatch = memoryDispatch();
    for (let n = 0; n < 200; n += 1) dispatch.add('transfer', randomUUID());
    const deliveries = run(queue, dispatch);
    await vi.waitFor(() => expect(deliveries.size).toBeGreaterThan(20), { timeout: 20_000, interval: 5 });
    await redis.command('FLUSHALL');
    await vi.waitFor(() => expect(dispatch.undone()).toHaveLength(0), 20_000);
    expect(deliveries.size).toBe(200);
    expect([...deliveries.values()].every((times) => times === 1)).toBe(true);
  });

  it('Redis killed without persistence and started empty: the backlog drains, nothing twice', async () => {
    const { redis, queue } = await setUp();
    const dispatch = memoryDispatch();
    for (let n = 0; n < 200; n += 1) dispatch.add('transfer', randomUUID());
    const deliveries = run(queue, dispatch);
    await vi.waitFor(() => expect(deliveries.size).toBeGreaterThan(20), { timeout: 20_000, interval: 5 });
    await redis.kill();
    await sleep(500);
    dispatch.add('transfer', randomUUID());
    await redis.start();
    await vi.waitFor(() => expect(dispatch.undone()).toHaveLength(0), 30_000);
    expect(deliveries.size).toBe(201);
    expect([...deliveries.values()].every((times) => times === 1)).toBe(true);
  });

  it('a worker stops in time although Redis is frozen', async () => {
    const { redis, queue } = await setUp();
    const worker = queue.work('transfer', async () => undefined, { concurrency: 2 });
    await queue.enqueue('transfer', [randomUUID()]);
    await sleep(300);
    redis.freeze();
    const startedAt = performance.now();
    await worker.close(500);
    await queue.close();
    expect(performance.now() - startedAt).toBeLessThan(12_000);
    redis.thaw();
  });

  it('a dump of Redis shows opaque ids only, all under one hash tag', async () => {
    const { redis, queue } = await setUp();
    const id = randomUUID();
    await queue.enqueue('transfer', [id]);
    const keys = (await redis.command('KEYS *')).split('\r\n').filter((line) => /^[^*$]/.test(line));
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.every((key) => /^\{t[0-9a-f]{10}\}:/.test(key))).toBe(true);
    const job = keys.find((key) => key.includes(id)) ?? '';
    const fields = await redis.command(`HGET ${job} data`);
    expect(fields).toContain(`{"transferId":"${id}"}`);
  });
});
