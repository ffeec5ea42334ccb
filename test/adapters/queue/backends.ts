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

/**
 * Every backend that this machine can run; PostgreSQL always. For one test file, which calls this while it is read: what they
 * open is shared by its tests and ends with them.
 */
export function openBackends(): readonly TestBackend[] {
  const closers: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });
  const closing = (queue: Queue): Queue => {
    closers.push(() => queue.close());
    return queue;
  };

  let database: Promise<string> | undefined;
  const postgresql: TestBackend = {
    name: 'postgresql',
    create: async (prefix = newPrefix()) => {
      database ??= databaseWithWorkerLogin(closers);
      return closing(createQueue({ databaseUrl: await database, prefix, log }));
    },
  };

  let server: ReturnType<typeof startRedis> | undefined;
  const redis: TestBackend = {
    name: 'redis',
    create: async (prefix = newPrefix()) => {
      if (server === undefined) {
        server = startRedis();
        closers.push(async () => (await server)?.stop());
      }
      return closing(createQueue({ redisUrl: (await server).url, prefix, log }));
    },
  };
  return hasRedisServer ? [postgresql, redis] : [postgresql];
}

/** Its worker's login may do what `migrateQueue` granted to `relais_worker`, and nothing else. */
async function databaseWithWorkerLogin(closers: (() => Promise<unknown>)[]): Promise<string> {
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
