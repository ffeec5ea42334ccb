import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Instant } from '../../../kernel/clock.js';
import { notFound } from '../../../kernel/errors.js';
import { isUuid, type OrganizationId } from '../../../kernel/ids.js';
import { isConsequence, isRetryable, translateError } from './errors.js';

const ATTEMPTS = 5;

/** A transaction that is open: what is asked of it at once is sent at once, and done in that order (pool.ts). */
export interface OpenTransaction {
  readonly client: pg.PoolClient;
  /** The transaction's time at the database. */
  readonly at: Promise<Instant>;
  /**
   * For a statement whose answer nobody waits for: the commit does, and fails when it failed. So an appended row costs
   * no round trip of its own.
   */
  readonly later: (statement: Promise<unknown>) => void;
}

/**
 * One transaction that row level security sees as one organization. Done again, from the start, when PostgreSQL asks
 * for it (deadlock, serialization failure, the same next version taken twice): `work` must have no effect elsewhere.
 *
 * @throws RelaisError 503 `store.unavailable`, 500 `store.failed`, and whatever `work` throws
 */
export function inOrganization<T>(
  pool: pg.Pool,
  organizationId: OrganizationId,
  work: (client: pg.PoolClient, transaction: OpenTransaction) => Promise<T>,
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
  work: (client: pg.PoolClient) => Promise<T>,
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
  work: (client: pg.PoolClient, transaction: OpenTransaction) => Promise<T>,
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
  work: (client: pg.PoolClient, transaction: OpenTransaction) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const appended: Promise<void>[] = [];
  const failures: unknown[] = [];
  let broken: unknown;
  try {
    // Two statements in one message: the driver answers with a list. The first statement of `work` leaves with them.
    const at = client.query(begin).then((results) => {
      const [, second] = results as unknown as [unknown, pg.QueryResult<{ at: Instant }>];
      return second.rows[0]!.at;
    });
    const later = (statement: Promise<unknown>): void => {
      const settled = statement.then(
        () => undefined,
        (error: unknown) => {
          if (!isConsequence(error)) failures.push(error);
        },
      );
      appended.push(settled);
    };
    later(at);
    const result = await work(client, { client, at, later });
    // A statement that the driver could not even send is known by now; the database would commit without it.
    await new Promise((resolve) => setImmediate(resolve));
    if (failures.length > 0) throw failures[0];
    const end = await client.query('commit');
    await Promise.all(appended);
    if (failures.length > 0) throw failures[0];
    // A transaction that failed inside and was carried on "commits" as a rollback: that must not look like success.
    if (end.command !== 'COMMIT') throw new Error('The transaction was rolled back');
    return result;
  } catch (error) {
    await client.query('rollback').catch((problem: unknown) => (broken = problem));
    // What failed first says why; the statements after it only say that there is no transaction any more.
    throw failures[0] ?? error;
  } finally {
    client.release(broken === undefined ? undefined : true);
  }
}
