import type { Log } from '../../kernel/log.js';
import type { Dispatch } from '../../transfer/ports.js';
import { codeOf } from './backend.js';
import { JOB_KINDS, QueueUnreachable, type JobKind, type Queue } from './queue.js';

export interface RelayOptions {
  readonly dispatch: Pick<Dispatch, 'isAnyWaiting' | 'takeDue' | 'putBack' | 'nextDueInMs'>;
  readonly queue: Pick<Queue, 'enqueue' | 'depth'>;
  readonly log: Log;
  /** Rows taken at once. */
  readonly batch?: number;
  /**
   * No more is taken while this many wait in the queue: the order among partners is PostgreSQL's, memory stays bounded,
   * and rows do not wait so long in the queue that the reconciler takes them for lost.
   */
  readonly highWater?: number;
  /** How late a due row may be noticed when nobody woke the relay (another process committed it, a hold ran out). */
  readonly pollMs?: number;
  /**
   * Least time between two looks: what is committed meanwhile is taken together, one look for all of it. Ids and codes about a
   * transfer have more time than a record.
   */
  readonly gatherMs?: Readonly<Record<JobKind, number>>;
}

export interface Relay {
  /** Something was committed, of one kind or nobody knows which: look now. Never throws, costs nothing. */
  readonly wake: (kind?: JobKind) => void;
  /** Takes no more; resolves when what was taken is enqueued or put back. */
  readonly stop: () => Promise<void>;
}

const GATHER_MS: Readonly<Record<JobKind, number>> = { transfer: 25, announcement: 200 };
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
const SHORTEST_SLEEP_MS = 10;

/**
 * Moves due outbox rows to the queue: take (the row is marked by the same statement), enqueue, or put back. A relay that
 * is killed in between leaves marked rows, which the reconciler re-opens; one that cannot reach the queue leaves due
 * rows. Any number of relays may run. Each kind has its own loop, so that announcements to a system that is down never
 * delay a record.
 */
export function startRelay(options: RelayOptions): Relay {
  const loops = JOB_KINDS.map((kind) => ({ kind, ...startLoop(kind, options) }));
  return {
    wake: (kind) => {
      for (const loop of loops) if (kind === undefined || loop.kind === kind) loop.wake();
    },
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

function startLoop(
  kind: JobKind,
  { dispatch, queue, log, batch = 64, highWater = 256, pollMs = 500, gatherMs = GATHER_MS }: RelayOptions,
): Relay {
  let stopped = false;
  let wanted = false;
  let interrupt: (() => void) | undefined;
  let pauseMs = 0;
  /** The queue's depth was seen to be below the mark, and nothing was put there since. */
  let hasRoom = false;

  const sleep = (ms: number, wakeable: boolean): Promise<void> =>
    new Promise((resolve) => {
      if (stopped || (wakeable && wanted)) {
        resolve();
        return;
      }
      const done = (): void => {
        if (!wakeable && !stopped) return;
        clearTimeout(timer);
        interrupt = undefined;
        resolve();
      };
      const timer = setTimeout(() => {
        interrupt = undefined;
        resolve();
      }, ms);
      interrupt = done;
    });

  /** One look: how long to sleep after it, and whether a wake-up may cut that short. */
  const look = async (): Promise<{ readonly ms: number; readonly wakeable: boolean }> => {
    wanted = false;
    // Most looks find nothing, and change nothing: the end of each delivery asks for one, in every process.
    if (!(await dispatch.isAnyWaiting(kind))) return { ms: pollMs, wakeable: true };
    // Another relay may have filled the queue meanwhile: by one batch too many.
    hasRoom ||= (await queue.depth(kind)).waiting < highWater;
    if (!hasRoom) return { ms: 50, wakeable: false };
    const taken = await dispatch.takeDue(batch, kind);
    if (taken.length > 0) hasRoom = false;
    else {
      const due = await dispatch.nextDueInMs(kind);
      return { ms: Math.min(Math.max(due ?? pollMs, SHORTEST_SLEEP_MS), pollMs), wakeable: true };
    }
    for (const [taking, ids] of byKind(taken)) await hand(taking, ids);
    return { ms: 0, wakeable: true };
  };

  const hand = async (taking: JobKind, ids: readonly string[]): Promise<void> => {
    try {
      await queue.enqueue(taking, ids);
    } catch (error) {
      const unqueued = error instanceof QueueUnreachable ? error.unqueuedIds : ids;
      log('relay.put-back', { kind: taking, count: unqueued.length });
      await dispatch.putBack(unqueued);
      throw error;
    }
  };

  const run = async (): Promise<void> => {
    while (!stopped) {
      try {
        const lookedAtMs = performance.now();
        const { ms, wakeable } = await look();
        pauseMs = 0;
        // The first wake-up after a silence is answered at once; the ones right after it wait for one another.
        const gather = lookedAtMs + gatherMs[kind] - performance.now();
        if (gather > 0) await sleep(gather, false);
        if (ms > 0) await sleep(ms, wakeable);
      } catch (error) {
        // Queue or database away: rows stay due. A wake-up does not shorten this pause.
        pauseMs = Math.min(Math.max(pauseMs * 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
        log('relay.paused', { kind, code: codeOf(error), delayMs: pauseMs });
        await sleep(pauseMs * (0.5 + Math.random() / 2), false);
      }
    }
  };
  const running = run();

  return {
    wake: () => {
      wanted = true;
      interrupt?.();
    },
    stop: async () => {
      stopped = true;
      interrupt?.();
      await running;
    },
  };
}

function byKind(taken: readonly { readonly kind: JobKind; readonly id: string }[]): Map<JobKind, string[]> {
  const ids = new Map<JobKind, string[]>();
  for (const { kind, id } of taken) ids.set(kind, [...(ids.get(kind) ?? []), id]);
  return ids;
}
