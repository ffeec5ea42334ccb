import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Instant } from '../../../kernel/clock.js';
import { notFound } from '../../../kernel/errors.js';
import { isUuid, type OrganizationId } from '../../../kernel/ids.js';
import { byItself, gathering, type Gather } from './gather.js';
import { isConsequence, isRetryable, translateError } from './errors.js';

const ATTEMPTS = 5;
/**
 * The planner knows how long a list is and would plan anew for each. What works in common ask for is always asked by keys: one
 * plan is enough.
 */
const GENERIC_PLANS = ` set_config('plan_cache_mode', 'force_generic_plan', true),`;
/** Several works do not wait for what one of them waits for; shorter than PostgreSQL takes to see a deadlock (1 s). */
const SHORT_WAITS = ` set_config('lock_timeout', '250ms', true),`;

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
  readonly gather: Gather;
}

/**
 * One transaction that row level security sees as one organization. Done again, from the start, when PostgreSQL asks
 * for it (deadlock, serialization failure, the same next version taken twice): `work` must have no effect elsewhere.
 *
 * @param works how many works may share it (together.ts); 0 for a transaction by itself
 * @throws RelaisError 503 `store.unavailable`, 500 `store.failed`, and whatever `work` throws
 */
export function inOrganization<T>(
  pool: pg.Pool,
  organizationId: OrganizationId,
  work: (client: pg.PoolClient, transaction: OpenTransaction) => Promise<T>,
  works = 0,
): Promise<T> {
  // It is written into the statement below, where parameters are not possible.
  if (!isUuid(organizationId)) return Promise.reject(notFound());
  const settings = `${works > 0 ? GENERIC_PLANS : ''}${works > 1 ? SHORT_WAITS : ''}`;
  return inTransaction(
    pool,
    `begin; select set_config('relais.organization', '${organizationId}', true),${settings} now() as at`,
    work,
    works > 1,
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
  isShared = false,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(pool, begin, work, isShared);
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
  isShared: boolean,
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
    const { gather, flush } = isShared ? gathering() : { gather: byItself, flush: undefined };
    const inOrder = flush === undefined ? client : afterGathered(client, flush);
    const result = await work(inOrder, { client: inOrder, at, later, gather });
    flush?.();
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

/** A statement that is sent by itself comes after what was asked for before it. */
function afterGathered(client: pg.PoolClient, flush: () => void): pg.PoolClient {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const inOrder = Object.create(client) as pg.PoolClient;
  inOrder.query = ((...args: unknown[]) => {
    flush();
    return query(...args);
  }) as typeof client.query;
  return inOrder;
}
