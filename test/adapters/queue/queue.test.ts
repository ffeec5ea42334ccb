import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { JobKind, Queue } from '../../../src/adapters/queue/queue.js';
import { openBackends, events } from './backends.js';

/** A worker that is closed with the test. */
function work(
  queue: Queue,
  kind: JobKind,
  handler: (id: string, signal: AbortSignal) => Promise<unknown>,
  concurrency = 4,
): ReturnType<Queue['work']> {
  const worker = queue.work(kind, handler, { concurrency });
  onTestFinished(() => worker.close(0));
  return worker;
}

describe.each(openBackends())('the queue on $name', (backend) => {
  it('hands every id to a worker of its kind once', async () => {
    const queue = await backend.create();
    const transfers = Array.from({ length: 50 }, () => randomUUID());
    const announcements = [randomUUID(), randomUUID()];
    const seen: Record<JobKind, string[]> = { transfer: [], announcement: [] };
    work(queue, 'transfer', async (id) => seen.transfer.push(id));
    work(queue, 'announcement', async (id) => seen.announcement.push(id));

    await queue.enqueue('transfer', transfers);
    await queue.enqueue('announcement', announcements);

    await vi.waitFor(() => expect(seen.transfer).toHaveLength(50), 20_000);
    await vi.waitFor(() => expect(seen.announcement).toHaveLength(2), 20_000);
    expect(seen.transfer.toSorted()).toEqual(transfers.toSorted());
    expect(seen.announcement.toSorted()).toEqual(announcements.toSorted());
    await vi.waitFor(async () => expect(await queue.depth('transfer')).toEqual({ waiting: 0, active: 0 }), 15_000);
  });

  it('wakes a waiting worker at once, not at its next look', async () => {
    const queue = await backend.create();
    let arrivedAt = 0;
    work(queue, 'transfer', async () => {
      arrivedAt = performance.now();
    });
    await sleep(700);
    const enqueuedAt = performance.now();
    await queue.enqueue('transfer', [randomUUID()]);
    await vi.waitFor(() => expect(arrivedAt).toBeGreaterThan(0), { timeout: 15_000, interval: 5 });
    expect(arrivedAt - enqueuedAt).toBeLessThan(1_500);
  });

  it('takes the same id again while its attempt before is still being worked on', async () => {
    const queue = await backend.create();
    const id = randomUUID();
    let calls = 0;
    const first = deferred();
    work(queue, 'transfer', async () => {
      calls += 1;
      if (calls === 1) await first.promise;
    });
    await queue.enqueue('transfer', [id]);
    await vi.waitFor(() => expect(calls).toBe(1), 15_000);
    await queue.enqueue('transfer', [id]);
    first.resolve(undefined);
    await vi.waitFor(() => expect(calls).toBe(2), 15_000);
  });

  it('forgets a job whose handler threw, and keeps nothing of the error but its code', async () => {
    const queue = await backend.create();
    const id = randomUUID();
    let calls = 0;
    work(queue, 'transfer', async () => {
      calls += 1;
      throw Object.assign(new Error('Grace Okafor'), { code: 'E_TEST' });
    });
    await queue.enqueue('transfer', [id]);
    await vi.waitFor(() => expect(calls).toBe(1), 15_000);
    await vi.waitFor(async () => expect(await queue.depth('transfer')).toEqual({ waiting: 0, active: 0 }), 15_000);
    const logged = events.filter(({ fields }) => fields['transferId'] === id);
    expect(logged).toEqual([
      { event: 'queue.handler-failed', fields: { kind: 'transfer', transferId: id, code: 'E_TEST' } },
    ]);
    await sleep(300);
    expect(calls).toBe(1);
  });

  it('lets what is in flight finish when it stops, and takes nothing more', async () => {
    const queue = await backend.create();
    const started: string[] = [];
    const finished: string[] = [];
    const worker = queue.work(
      'transfer',
      async (id) => {
        started.push(id);
        await sleep(300);
        finished.push(id);
      },
      { concurrency: 2 },
    );
    await queue.enqueue(
      'transfer',
      Array.from({ length: 10 }, () => randomUUID()),
    );
    await vi.waitFor(() => expect(started.length).toBeGreaterThanOrEqual(2), 15_000);
    await worker.close();
    const count = started.length;
    expect(finished).toHaveLength(count);
    expect(count).toBeLessThan(10);
    await sleep(500);
    expect(started).toHaveLength(count);
    expect((await queue.depth('transfer')).waiting).toBe(10 - count);
  });

  it('aborts what does not finish before the deadline', async () => {
    const queue = await backend.create();
    let aborted = false;
    let started = false;
    const worker = queue.work(
      'transfer',
      async (_id, signal) => {
        started = true;
        await sleep(60_000, undefined, { signal }).catch(() => {
          aborted = true;
        });
      },
      { concurrency: 1 },
    );
    await queue.enqueue('transfer', [randomUUID()]);
    await vi.waitFor(() => expect(started).toBe(true), 15_000);
    const startedAt = performance.now();
    await worker.close(200);
    expect(aborted).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('answers that it is ready', async () => {
    expect(await (await backend.create()).ready()).toBe(true);
  });
});

function deferred(): { promise: Promise<unknown>; resolve: (value: unknown) => void } {
  let resolve: (value: unknown) => void = () => undefined;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
