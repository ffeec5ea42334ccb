import {
  createNodeRedisClient,
  createPostgresBackend,
  Queue as BullQueue,
  Worker,
  withBackend,
  type PostgresConnectionOptions,
} from 'bullmq';
import { createClient } from 'redis';
import type { Log } from '../../kernel/log.js';
import type { JobKind } from './queue.js';
import { POSTGRES_SCHEMA, QUEUE_ROLE } from './migrate-queue.js';

/** A job carries one id and nothing else: a dump of the backend shows opaque ids only (threat 33). */
export type JobData = { readonly transferId: string } | { readonly announcementId: string };

export interface Backend {
  openQueue(kind: JobKind): BullQueue<JobData>;
  /** The caller starts it with `run()` once it is ready. */
  openWorker(
    kind: JobKind,
    process: (data: JobData, signal: AbortSignal | undefined) => Promise<void>,
    concurrency: number,
  ): { worker: Worker<JobData>; release: () => void };
  /** False when a call would certainly fail: nothing is then sent, so nothing piles up. */
  connected(): boolean;
  close(): void;
}

export interface BackendOptions {
  readonly redisUrl?: string | undefined;
  readonly databaseUrl?: string | undefined;
  /** Separates deployments that share a Redis or a database; letters, digits, `_` and `-`. */
  readonly prefix: string;
  readonly log: Log;
}

/** PostgreSQL decides retries, so a stalled job must never be failed for good by the queue (measured: two kills did). */
const WORKER_OPTIONS = {
  autorun: false,
  drainDelay: 2,
  lockDuration: 15_000,
  stalledInterval: 10_000,
  maxStalledCount: 1_000_000,
  runRetryDelay: 1_000,
} as const;

const QUEUE_OPTIONS = {
  defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  // The event stream repeats job ids; nothing reads it.
  streams: { events: { maxLen: 100 } },
};

export function createBackend({ redisUrl, databaseUrl, prefix, log }: BackendOptions): Backend {
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(prefix)) throw new RangeError('prefix must be 1 to 40 of A-Z a-z 0-9 _ -');
  const name = (kind: JobKind): string => `${prefix}-${kind}`;
  if (redisUrl !== undefined) return redisBackend(redisUrl, prefix, name, log);
  if (databaseUrl !== undefined) return postgresBackend(databaseUrl, name);
  throw new RangeError('The queue needs a Redis or a PostgreSQL address.');
}

function redisBackend(url: string, prefix: string, name: (kind: JobKind) => string, log: Log): Backend {
  // The hash tag keeps a queue's keys in one slot of a Redis Cluster.
  const keyPrefix = `{${prefix}}`;
  const connect = (role: 'producer' | 'worker') => {
    const client = createClient({
      url,
      // A producer must fail at once; a worker waits for Redis to come back.
      disableOfflineQueue: role === 'producer',
      commandsQueueMaxLength: 20_000,
      pingInterval: role === 'producer' ? 1_500 : 5_000,
      socket: {
        connectTimeout: 1_000,
        // A frozen Redis accepts bytes and says nothing: without this the connection would hang for ever.
        socketTimeout: role === 'producer' ? 4_000 : 12_000,
        reconnectStrategy: (retries) => Math.min(100 * 2 ** Math.min(retries, 5), 2_000) + Math.random() * 100,
      },
    });
    client.on('error', (error: unknown) => log('queue.redis-error', { role, code: codeOf(error) }));
    // BullMQ takes its listeners away when it closes; an error that comes after must not end the process.
    const adapter = createNodeRedisClient(client);
    adapter.on('error', () => undefined);
    return { client, adapter };
  };
  let producer: ReturnType<typeof connect> | undefined;
  const shared = (): ReturnType<typeof connect> => {
    producer ??= connect('producer');
    return producer;
  };
  return {
    openQueue: (kind) =>
      new BullQueue(name(kind), { ...QUEUE_OPTIONS, connection: shared().adapter, prefix: keyPrefix }),
    openWorker: (kind, process, concurrency) => {
      const { client, adapter } = connect('worker');
      const worker = new Worker<JobData>(name(kind), (job, _token, signal) => process(job.data, signal), {
        ...WORKER_OPTIONS,
        connection: adapter,
        prefix: keyPrefix,
        concurrency,
      });
      return { worker, release: () => destroy(client) };
    },
    connected: () => shared().client.isReady,
    close: () => {
      if (producer !== undefined) destroy(producer.client);
    },
  };
}

function destroy(client: { readonly isOpen: boolean; destroy(): void }): void {
  if (client.isOpen) client.destroy();
}

function postgresBackend(databaseUrl: string, name: (kind: JobKind) => string): Backend {
  // The prefix is part of the queue's name: BullMQ's key prefix has no meaning in PostgreSQL.
  const connection = (max: number): PostgresConnectionOptions => ({
    connectionString: databaseUrl,
    schema: POSTGRES_SCHEMA,
    max,
    connectionTimeoutMillis: 2_000,
    application_name: 'relais-queue',
    options: `-c role=${QUEUE_ROLE}`,
  });
  const { Queue, Worker: PostgresWorker } = withBackend(createPostgresBackend);
  return {
    openQueue: (kind) =>
      new Queue<JobData>(name(kind), { ...QUEUE_OPTIONS, connection: connection(2) }) as unknown as BullQueue<JobData>,
    openWorker: (kind, process, concurrency) => ({
      worker: new PostgresWorker<JobData>(name(kind), (job, _token, signal) => process(job.data, signal), {
        ...WORKER_OPTIONS,
        connection: connection(2),
        concurrency,
      }) as unknown as Worker<JobData>,
      release: () => undefined,
    }),
    connected: () => true,
    close: () => undefined,
  };
}

/** An error's code or class: never its message, which may quote an address or a value. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
