import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'bullmq';
import { atMost } from '../../kernel/at-most.js';
import type { Log } from '../../kernel/log.js';
import { codeOf, type Backend, type JobData } from './backend.js';
import type { JobKind, QueueWorker } from './queue.js';

const REOPEN_AFTER_MS = 1_000;
const CLOSE_DEADLINE_MS = 20_000;
/** After the signals were aborted: time for handlers to write down where they stopped. */
const ABORT_GRACE_MS = 2_000;
/** For the backend to take back what is done; it may not answer any more. */
const PUT_AWAY_MS = 2_000;

interface WorkerPlan {
  readonly backend: Backend;
  readonly log: Log;
  readonly kind: JobKind;
  readonly handler: (id: string, signal: AbortSignal) => Promise<unknown>;
  readonly concurrency: number;
}

/**
 * Runs a BullMQ worker until it is closed, and makes it anew when its first connection failed (BullMQ remembers that
 * failure for ever). Handlers never fail a job: the outcome of a delivery is in PostgreSQL, and an error's message must
 * not reach the queue's event stream.
 */
export function startWorker({ backend, log, kind, handler, concurrency }: WorkerPlan): QueueWorker {
  const stopping = new AbortController();
  const aborting = new AbortController();
  const running = new Set<Promise<void>>();
  let current: { worker: Worker<JobData>; release: () => void } | undefined;

  const handle = async (data: JobData, lost: AbortSignal | undefined): Promise<void> => {
    const id = 'transferId' in data ? data.transferId : data.announcementId;
    const signal = lost === undefined ? aborting.signal : AbortSignal.any([aborting.signal, lost]);
    const work = handler(id, signal).then(
      () => undefined,
      (error: unknown) => log('queue.handler-failed', { kind, ...data, code: codeOf(error) }),
    );
    running.add(work);
    await work;
    running.delete(work);
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      current = backend.openWorker(kind, handle, concurrency);
      const { worker, release } = current;
      worker.on('error', (error) => log('queue.worker-error', { kind, code: codeOf(error) }));
      try {
        await worker.waitUntilReady();
        if (stopping.signal.aborted) return;
        await worker.run();
      } catch (error) {
        log('queue.worker-error', { kind, code: codeOf(error) });
      }
      if (stopping.signal.aborted) return;
      await worker.close(true).catch(() => undefined);
      release();
      await sleep(REOPEN_AFTER_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  void run();

  let closed: Promise<void> | undefined;
  const close = async (deadlineMs: number): Promise<void> => {
    stopping.abort();
    const { worker, release } = current ?? {};
    // Stops taking at once; resolves when what was taken is done and put away, unless the backend is gone.
    const graceful = worker?.close().catch(() => undefined);
    await settled(running, deadlineMs);
    if (running.size > 0) {
      log('queue.worker-aborts', { kind, count: running.size });
      aborting.abort();
      await settled(running, ABORT_GRACE_MS);
    }
    if (graceful !== undefined) await atMost(graceful, PUT_AWAY_MS);
    release?.();
  };
  return {
    close: (deadlineMs = CLOSE_DEADLINE_MS) => {
      closed ??= close(deadlineMs);
      return closed;
    },
  };
}

/** Waits until the set is empty, at most `ms`. Work that is taken over meanwhile is waited for too. */
async function settled(running: ReadonlySet<Promise<void>>, ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (running.size > 0 && performance.now() < until) {
    await atMost(Promise.all(running), until - performance.now());
  }
}
