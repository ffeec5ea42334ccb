import { RelaisError } from '../../kernel/errors.js';

/** What waits in the queue: a record to deliver, or an announcement (ids and codes) to the agency's software. */
export type JobKind = 'transfer' | 'announcement';
export const JOB_KINDS: readonly JobKind[] = ['transfer', 'announcement'];

export interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
}

/**
 * Wakes workers. It carries ids and may lose all of them at any time: PostgreSQL is the truth, the reconciler re-opens
 * what was lost here, and the claim in PostgreSQL makes a doubled id harmless.
 */
export interface Queue {
  /**
   * @throws QueueUnreachable within a second when the backend is gone or frozen; names the ids that were not accepted
   */
  enqueue(kind: JobKind, ids: readonly string[]): Promise<void>;
  /**
   * Starts a worker. The handler decides nothing about retries: whatever it throws is logged by its code and forgotten
   * here, because the next attempt is a row in PostgreSQL. `signal` aborts when the worker must stop now or lost its job.
   */
  work(
    kind: JobKind,
    handler: (id: string, signal: AbortSignal) => Promise<unknown>,
    options: { readonly concurrency: number },
  ): QueueWorker;
  /** @throws QueueUnreachable */
  depth(kind: JobKind): Promise<QueueDepth>;
  /** True when the backend answers within a second. */
  ready(): Promise<boolean>;
  /** Closes what enqueues; workers are closed by themselves, before. */
  close(): Promise<void>;
}

export interface QueueWorker {
  /** Takes no more, lets what is in flight finish, aborts its signals after `deadlineMs` (default 20 s). */
  close(deadlineMs?: number): Promise<void>;
}

/** The queue's backend did not answer in time. Nothing is lost: the rows stay due. */
export class QueueUnreachable extends RelaisError {
  readonly unqueuedIds: readonly string[];

  constructor(unqueuedIds: readonly string[], cause?: unknown) {
    super('queue.unreachable', 503, 'transient', 'The queue cannot be reached.', { retryAfterSeconds: 1, cause });
    this.name = 'QueueUnreachable';
    this.unqueuedIds = unqueuedIds;
  }
}
