import { randomBytes } from 'node:crypto';
import { afterAll } from 'vitest';
import type { Log } from '../../../src/kernel/log.js';
import { migrateQueue } from '../../../src/adapters/queue/migrate-queue.js';
import { createQueue } from '../../../src/adapters/queue/create-queue.js';
import type { Queue } from '../../../src/adapters/queue/queue.js';
import { createTestDatabase } from '../../support/database.js';
import { hasRedisServer, startRedis } from '../../support/redis.js';

export interface TestBackend {
  readonly name: 'redis' | 'postgresql';
  /** A queue under a prefix of its own, closed after the file. */
  create(prefix?: string): Promise<Queue>;
}

export const newPrefix = (): string => `t${randomBytes(5).toString('hex')}`;

/** Events that the queue logged, newest last. */
export const events: { event: string; fields: NonNullable<Parameters<Log>[1]> }[] = [];
export const log: Log = (event, fields = {}) => {
  events.push({ event, fields });
};

const closers: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

let sharedDatabase: Promise<string> | undefined;
/** Its worker's login may do what `migrateQueue` granted to `relais_worker`, and nothing else. */
async function databaseWithWorkerLogin(): Promise<string> {
  const database = await createTestDatabase();
  await migrateQueue(database.url);
  // Twice, as every start of a new version does.
  await migrateQueue(database.url);
  const [login, password] = [newPrefix(), randomBytes(16).toString('hex')];
  await database.query(`create role ${login} login password '${password}' in role relais_worker`);
  await database.query('revoke temporary on database "' + new URL(database.url).pathname.slice(1) + '" from public');
  closers.push(async () => {
    await database.query(`drop role ${login}`);
    await database.drop();
  });
  const url = new URL(database.url);
  url.username = login;
  url.password = password;
  return url.href;
}

export const postgresql: TestBackend = {
  name: 'postgresql',
  create: async (prefix = newPrefix()) => {
    sharedDatabase ??= databaseWithWorkerLogin();
    const queue = createQueue({ databaseUrl: await sharedDatabase, prefix, log });
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
