import { randomBytes } from 'node:crypto';
import { afterAll } from 'vitest';
import { migrateQueue } from '../../../src/adapters/queue/migrate-queue.js';
import { createQueue } from '../../../src/adapters/queue/create-queue.js';
import type { Queue } from '../../../src/adapters/queue/queue.js';
import { hasRedisServer, startRedis } from '../../support/redis.js';

export interface TestBackend {
  readonly name: 'redis' | 'postgresql';
  /** A queue under a prefix of its own, closed after the file. */
  create(prefix?: string): Promise<Queue>;
}

export const newPrefix = (): string => `t${randomBytes(5).toString('hex')}`;

/** Events that the queue logged, newest last. */
export const events: { event: string; fields: Readonly<Record<string, string | number>> }[] = [];
export const log = (event: string, fields: Readonly<Record<string, string | number>>): void => {
  events.push({ event, fields });
};

const closers: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

export const postgresql: TestBackend = {
  name: 'postgresql',
  create: async (prefix = newPrefix()) => {
    const url = process.env['QPG_OWNER'] ?? '';
    await migrateQueue(url);
    const queue = createQueue({ databaseUrl: process.env['QPG_RUNTIME'] ?? '', prefix, log });
    closers.push(() => queue.close());
    return queue;
  },
};

let sharedRedis: ReturnType<typeof startRedis> | undefined;
export const redis: TestBackend = {
  name: 'redis',
  create: async (prefix = newPrefix()) => {
    if (sharedRedis === undefined) {
      sharedRedis = startRedis();
      closers.push(async () => (await sharedRedis)?.stop());
    }
    const { url } = await sharedRedis;
    const queue = createQueue({ redisUrl: url, prefix, log });
    closers.push(() => queue.close());
    return queue;
  },
};

/** Every backend that this machine can run; PostgreSQL always. */
export const backends: readonly TestBackend[] = hasRedisServer ? [postgresql, redis] : [postgresql];
