import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startReconciler } from '../../../src/adapters/queue/reconcile.js';
import { startRelay, type RelayOptions } from '../../../src/adapters/queue/relay.js';
import { QueueUnreachable, type JobKind } from '../../../src/adapters/queue/queue.js';
import { openBackends, log } from './backends.js';
import { memoryDispatch } from './memory-dispatch.js';

const AT_ONCE = { transfer: 0, announcement: 0 };

/** A queue that only remembers, for the relay's own rules. */
function rememberingQueue() {
  const enqueued: { kind: JobKind; id: string; at: number }[] = [];
  const state = { reachable: true, waiting: 0, refuse: new Set<string>() };
  return {
    enqueued,
    state,
    async enqueue(kind: JobKind, ids: readonly string[]) {
      if (!state.reachable) throw new QueueUnreachable(ids);
      const refused = ids.filter((id) => state.refuse.has(id));
      for (const id of ids) if (!state.refuse.has(id)) enqueued.push({ kind, id, at: Date.now() });
      if (refused.length > 0) throw new QueueUnreachable(refused);
    },
    async depth() {
      if (!state.reachable) throw new QueueUnreachable([]);
      return { waiting: state.waiting, active: 0 };
    },
  };
}

function relay(
  options: Pick<RelayOptions, 'dispatch' | 'queue'> & Partial<RelayOptions>,
): ReturnType<typeof startRelay> {
  const started = startRelay({ log, ...options });
  onTestFinished(() => started.stop());
  return started;
}

describe('the relay', () => {
  it('enqueues a committed row at once when it is woken', async () => {
    const dispatch = memoryDispatch();
    const queue = rememberingQueue();
    const { wake } = relay({ dispatch, queue, pollMs: 60_000 });
    await sleep(50);
    const id = randomUUID();
    dispatch.add('transfer', id);
    const wokenAt = Date.now();
    wake();
    await vi.waitFor(() => expect(queue.enqueued).toHaveLength(1), { interval: 2, timeout: 10_000 });
    expect(queue.enqueued[0]?.id).toBe(id);
    expect((queue.enqueued[0]?.at ?? Infinity) - wokenAt).toBeLessThan(2_000);
  });

  it('notices within half a second what another process committed', async () => {
    const dispatch = memoryDispatch();
    const queue = rememberingQueue();
    relay({ dispatch, queue });
    await sleep(100);
    const addedAt = Date.now();
    dispatch.add('announcement', randomUUID());
    await vi.waitFor(() => expect(queue.enqueued).toHaveLength(1), 15_000);
    expect((queue.enqueued[0]?.at ?? Infinity) - addedAt).toBeLessThan(2_000);
  });

  it('lets a held row go when its hold runs out, and not before', async () => {
    const dispatch = memoryDispatch();
    const queue = rememberingQueue();
    dispatch.add('transfer', randomUUID(), 700);
    const addedAt = Date.now();
    relay({ dispatch, queue });
    await vi.waitFor(() => expect(queue.enqueued).toHaveLength(1), 15_000);
    const waited = (queue.enqueued[0]?.at ?? 0) - addedAt;
    expect(waited).toBeGreaterThanOrEqual(695);
    expect(waited).toBeLessThan(3_000);
  });

  it('keeps rows due while the queue cannot be reached, and enqueues them all when it can', async () => {
    const dispatch = memoryDispatch();
    const queue = rememberingQueue();
    queue.state.reachable = false;
    for (let n = 0; n < 200; n += 1) dispatch.add('transfer', randomUUID());
    relay({ dispatch, queue });
    await sleep(400);
    expect(dispatch.due()).toHaveLength(200);
    queue.state.reachable = true;
    await vi.waitFor(() => expect(queue.enqueued).toHaveLength(200), 15_000);
    expect(new Set(queue.enqueued.map(({ id }) => id)).size).toBe(200);
  });

  it('takes nothing while the queue is full, also when it has become full since', async () => {
    const dispatch = memoryDispatch();
    const queue = rememberingQueue();
    const { wake } = relay({ dispatch, queue, highWater: 10, batch: 2, gatherMs: AT_ONCE });
    dispatch.add('transfer', randomUUID());
    await vi.waitFor(() => expect(queue.enqueued).toHaveLength(1), 15_000);
    queue.state.waiting = 10;
    for (let n = 0; n < 6; n += 1) dispatch.add('transfer', randomUUID());
    wake('transfer');
    await sleep(300);
    // One batch at most: what it saw of the queue before anything was put there.
    expect(dispatch.due().length).toBeGreaterThanOrEqual(4);
    queue.state.waiting = 0;
    await vi.waitFor(() => expect(queue.enqueued).toHaveLength(7), 15_000);
  });

  it('asks how deep the queue is only when something waits, and again only after something was put there', async () => {
    const dispatch = memoryDispatch();
    const queue = rememberingQueue();
    const depth = vi.spyOn(queue, 'depth');
    const looks = vi.spyOn(dispatch, 'takeDue');
    const { wake } = relay({ dispatch, queue, pollMs: 10, gatherMs: AT_ONCE });
    await sleep(100);
    expect(looks).not.toHaveBeenCalled();
    expect(depth).not.toHaveBeenCalled();

    dispatch.add('transfer', randomUUID(), 60_000);
    wake('transfer');
    await vi.waitFor(() => expect(looks.mock.calls.length).toBeGreaterThan(5), 15_000);
    expect(depth).toHaveBeenCalledTimes(1);

    dispatch.add('transfer', randomUUID());
    await vi.waitFor(() => expect(depth).toHaveBeenCalledTimes(2), 15_000);
    expect(queue.enqueued).toHaveLength(1);
  });

  it('puts back only what the queue did not accept', async () => {
    const dispatch = memoryDispatch();
    const queue = rememberingQueue();
    const [accepted, refused] = [randomUUID(), randomUUID()];
    dispatch.add('transfer', accepted);
    dispatch.add('transfer', refused);
    queue.state.refuse.add(refused);
    relay({ dispatch, queue });
    await vi.waitFor(() => expect(dispatch.due()).toEqual([refused]), 15_000);
    queue.state.refuse.clear();
    await vi.waitFor(() => expect(queue.enqueued.map(({ id }) => id)).toEqual([accepted, refused]), 15_000);
  });

  it('takes no more while enough waits in the queue', async () => {
    const dispatch = memoryDispatch();
    const queue = rememberingQueue();
    queue.state.waiting = 256;
    dispatch.add('transfer', randomUUID());
    relay({ dispatch, queue });
    await sleep(300);
    expect(dispatch.due()).toHaveLength(1);
    queue.state.waiting = 0;
    await vi.waitFor(() => expect(dispatch.due()).toHaveLength(0), 15_000);
  });

  it('goes on after the database was away', async () => {
    const dispatch = memoryDispatch();
    const queue = rememberingQueue();
    dispatch.fail(true);
    const { wake } = relay({ dispatch, queue });
    await sleep(300);
    dispatch.fail(false);
    dispatch.add('transfer', randomUUID());
    wake();
    await vi.waitFor(() => expect(queue.enqueued).toHaveLength(1), 15_000);
  });

  it('stops while it sleeps', async () => {
    const { stop } = relay({ dispatch: memoryDispatch(), queue: rememberingQueue(), pollMs: 60_000 });
    await sleep(50);
    const startedAt = Date.now();
    await stop();
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });
});

describe('the reconciler', () => {
  it('re-opens rows that nobody finished, once they are old enough', async () => {
    const dispatch = memoryDispatch();
    dispatch.add('transfer', randomUUID());
    await dispatch.takeDue(1);
    let woken = 0;
    const reconciler = startReconciler({ dispatch, log, wake: () => (woken += 1), everyMs: 50, lostAfterMs: 300 });
    onTestFinished(() => reconciler.stop());
    await sleep(150);
    expect(dispatch.due()).toHaveLength(0);
    await vi.waitFor(() => expect(dispatch.due()).toHaveLength(1), 15_000);
    await vi.waitFor(() => expect(woken).toBe(1), 15_000);
  });

  it('goes on after the database was away', async () => {
    const dispatch = memoryDispatch();
    dispatch.add('transfer', randomUUID());
    await dispatch.takeDue(1);
    dispatch.fail(true);
    const reconciler = startReconciler({ dispatch, log, wake: () => undefined, everyMs: 30, lostAfterMs: 0 });
    onTestFinished(() => reconciler.stop());
    await sleep(100);
    dispatch.fail(false);
    await vi.waitFor(() => expect(dispatch.due()).toHaveLength(1), 15_000);
  });
});

describe.each(openBackends())('relay, queue and workers together on $name', (backend) => {
  it('deliver a backlog once each, in bounded batches', async () => {
    const dispatch = memoryDispatch();
    const queue = await backend.create();
    for (let n = 0; n < 500; n += 1) dispatch.add('transfer', randomUUID());
    let delivered = 0;
    let deepest = 0;
    const worker = queue.work(
      'transfer',
      async (id) => {
        if (await dispatch.deliver(id, () => sleep(2))) delivered += 1;
      },
      { concurrency: 8 },
    );
    const watch = setInterval(() => {
      void queue.depth('transfer').then(
        ({ waiting }) => (deepest = Math.max(deepest, waiting)),
        () => undefined,
      );
    }, 50);
    onTestFinished(async () => {
      clearInterval(watch);
      await worker.close(0);
    });
    relay({ dispatch, queue, batch: 32, highWater: 64 });
    await vi.waitFor(() => expect(dispatch.undone()).toHaveLength(0), 30_000);
    expect(delivered).toBe(500);
    expect(deepest).toBeLessThan(64 + 32);
  });
});
