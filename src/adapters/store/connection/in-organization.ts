import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Instant } from '../../../kernel/clock.js';
import { notFound } from '../../../kernel/errors.js';
import { isUuid, type OrganizationId } from '../../../kernel/ids.js';
import { isRetryable, translateError } from './errors.js';

const ATTEMPTS = 5;

/**
 * One transaction that row level security sees as one organization. Done again, from the start, when PostgreSQL asks
 * for it (deadlock, serialization failure, the same next version taken twice): `work` must have no effect elsewhere.
 *
 * @param work gets the connection and the transaction's time
 * @throws RelaisError 503 `store.unavailable`, 500 `store.failed`, and whatever `work` throws
 */
export function inOrganization<T>(
  pool: pg.Pool,
  organizationId: OrganizationId,
  work: (client: pg.PoolClient, at: Instant) => Promise<T>,
): Promise<T> {
  // It is written into the statement below, where parameters are not possible.
  if (!isUuid(organizationId)) return Promise.reject(notFound());
  return inTransaction(
    pool,
    `begin; select set_config('relais.organization', '${organizationId}', true), now() as at`,
    work,
  );
}

/** One transaction of a role that is not bound to an organization. */
export function acrossOrganizations<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, at: Instant) => Promise<T>,
  isolation: 'read committed' | 'repeatable read read only' = 'read committed',
): Promise<T> {
  return inTransaction(
    pool,
    `begin isolation level ${isolation.replace(' read only', ', read only')}; select now() as at`,
    work,
  );
}

async function inTransaction<T>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient, at: Instant) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(pool, begin, work);
    } catch (error) {
      if (!isRetryable(error) || attempt === ATTEMPTS) throw translateError(error);
      await sleep(Math.random() * 10 * 2 ** attempt);
    }
  }
}

async function once<T>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient, at: Instant) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: unknown;
  try {
    // Two statements in one round trip: the driver answers with a list.
    const results = (await client.query(begin)) as unknown as pg.QueryResult<{ at: Instant }>[];
    const result = await work(client, results[1]!.rows[0]!.at);
    const end = await client.query('commit');
    // A transaction that failed inside and was carried on "commits" as a rollback: that must not look like success.
    if (end.command !== 'COMMIT') throw new Error('The transaction was rolled back');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: unknown) => (broken = failure));
    throw error;
  } finally {
    client.release(broken === undefined ? undefined : true);
  }
}
