import { randomBytes } from 'node:crypto';
import type { Queue as BullQueue } from 'bullmq';
import { codeOf, createBackend, type Backend, type BackendOptions, type JobData } from './backend.js';
import { startWorker } from './start-worker.js';
import { QueueUnreachable, type JobKind, type Queue } from './queue.js';

/** A healthy backend answers in a few milliseconds; past this the rows go back to being due. */
const ANSWER_WITHIN_MS = 700;
const FIRST_CONNECTION_MS = 1_500;

/**
 * BullMQ on Redis when there is a `redisUrl`, else on PostgreSQL (`databaseUrl`, runtime login; schema made by
 * `migrateQueue`). The same code drives both.
 */
export function createQueue(options: BackendOptions): Queue {
  const { log } = options;
  const backend = createBackend(options);
  const opened = new Map<JobKind, BullQueue<JobData>>();

  const open = (kind: JobKind): BullQueue<JobData> => {
    let queue = opened.get(kind);
    if (queue === undefined) {
      const opening = backend.openQueue(kind);
      opening.on('error', (error) => log('queue.error', { kind, code: codeOf(error) }));
      opened.set(kind, opening);
      // BullMQ remembers a first connection that failed, for ever: forget the queue instead.
      opening.waitUntilReady().catch(() => {
        if (opened.get(kind) === opening) opened.delete(kind);
        opening.close().catch(() => undefined);
      });
      queue = opening;
    }
    return queue;
  };

  const ask = async <T>(kind: JobKind, question: (queue: BullQueue<JobData>) => Promise<T>): Promise<T> => {
    try {
      return await answered(backend, open(kind), question);
    } catch (error) {
      throw error instanceof QueueUnreachable ? error : new QueueUnreachable([], error);
    }
  };

  const depth: Queue['depth'] = async (kind) => {
    const counts = await ask(kind, (queue) => queue.getJobCounts('waiting', 'active', 'prioritized', 'delayed'));
    return {
      waiting: (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0) + (counts['delayed'] ?? 0),
      active: counts['active'] ?? 0,
    };
  };

  return {
    depth,

    async enqueue(kind, ids) {
      if (ids.length === 0) return;
      const accepted = new Set<string>();
      try {
        await answered(backend, open(kind), async (queue) => {
          // Single adds, pipelined by the client: a bulk add uses scripts that a restarted Redis has forgotten and
          // fails from then on (measured with node-redis).
          const failures = await Promise.all(
            ids.map((id) => add(queue, kind, id).then(() => void accepted.add(id), reason)),
          );
          const failure = failures.find((found) => found !== undefined);
          if (failure !== undefined) throw failure.error;
        });
      } catch (error) {
        throw new QueueUnreachable(
          ids.filter((id) => !accepted.has(id)),
          error,
        );
      }
    },

    work: (kind, handler, { concurrency }) => startWorker({ backend, log, kind, handler, concurrency }),

    async ready() {
      try {
        await depth('transfer');
        return true;
      } catch {
        return false;
      }
    },

    async close() {
      const closing = [...opened.values()].map((queue) => queue.close().catch(() => undefined));
      opened.clear();
      await within(Promise.all(closing), ANSWER_WITHIN_MS).catch(() => undefined);
      backend.close();
    },
  };
}

/**
 * The job's own id is new every time: BullMQ silently ignores an id that it still knows, and a retry may be enqueued
 * while the attempt before it is still being put away.
 */
function add(queue: BullQueue<JobData>, kind: JobKind, id: string): Promise<unknown> {
  const data: JobData = kind === 'transfer' ? { transferId: id } : { announcementId: id };
  return queue.add(kind, data, { jobId: `${id}.${randomBytes(6).toString('hex')}` });
}

function reason(error: unknown): { readonly error: unknown } {
  return { error };
}

async function answered<T>(
  backend: Backend,
  queue: BullQueue<JobData>,
  question: (queue: BullQueue<JobData>) => Promise<T>,
): Promise<T> {
  // A first connection, on a machine that is just starting everything, gets its chance; a lost one is reported at once.
  await within(queue.waitUntilReady(), FIRST_CONNECTION_MS);
  if (!backend.connected()) throw new QueueUnreachable([]);
  return within(question(queue), ANSWER_WITHIN_MS);
}

async function within<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new QueueUnreachable([])), Math.max(ms, 0));
  });
  // The answer may still come, or fail, after nobody waits for it.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
