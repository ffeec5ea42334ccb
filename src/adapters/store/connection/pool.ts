import type { Writable } from 'node:stream';
import pg from 'pg';
import { instant } from '../../../kernel/clock.js';
import { RelaisError } from '../../../kernel/errors.js';

/** What a connection may do (migrations/0001_spine.sql). */
export type RuntimeRole = 'relais_app' | 'relais_worker' | 'relais_identity';

export interface PoolOptions {
  readonly url: string;
  readonly role: RuntimeRole;
  /** Most connections at once; default 10. */
  readonly max?: number;
  /** How long a request waits for a free connection; default 2,000. */
  readonly waitMs?: number;
}

/** What the worker asks for is always asked by keys, and often: its statements are planned once. */
const PLANS: Readonly<Record<RuntimeRole, string>> = {
  relais_app: '',
  relais_worker: ' -c plan_cache_mode=force_generic_plan',
  relais_identity: '',
};

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const DATE = 1082;

/** bigint as a number where it is exact, instants as ISO text in UTC, dates as they are written. */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: (text) => {
    const number = Number(text);
    if (!Number.isSafeInteger(number)) throw new RangeError('bigint beyond 2^53');
    return number;
  },
  [TIMESTAMPTZ]: (text) => instant(text.replace(' ', 'T').replace(/\+00$/, 'Z')),
  [DATE]: (text) => text,
};

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    PARSERS[oid] ??
    (pg.types.getTypeParser(oid, format) as (text: string) => unknown)) as typeof pg.types.getTypeParser,
};

/**
 * A pool whose connections act as one runtime role from their first statement on, whatever the login may do: with the
 * same DATABASE_URL, privileges are dropped on a laptop (superuser's login) as in production (a plain member of the roles).
 */
export function createPool({ url, role, max = 10, waitMs = 2_000 }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c role=${role} -c search_path=relais -c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres${PLANS[role]}`,
    max,
    connectionTimeoutMillis: waitMs,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    // A statement does not wait for the answer to the one before it, only its caller does.
    pipeline: true,
    application_name: role,
    types,
  });
  // A connection that breaks (server restart), idle or in use, makes the next statement fail and is replaced; without a
  // listener its event would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    sendTogether(client);
  });
  return pool;
}

/** What is asked in one turn of the event loop leaves in one write: a transaction's first statement with its `begin`. */
function sendTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  client.query = ((...args: unknown[]) => {
    stream.cork();
    process.nextTick(() => stream.uncork());
    return query(...args);
  }) as typeof client.query;
}

/**
 * Refuses a production login that could step over row level security: superuser, BYPASSRLS, or owner of a table.
 *
 * @throws RelaisError `store.login-too-powerful`
 */
export async function assertRuntimeLogin(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ powerful: boolean }>(
    `select r.rolsuper or r.rolbypassrls or exists (
              select from pg_class c
              where c.relnamespace = 'relais'::regnamespace and pg_has_role(session_user, c.relowner, 'member')
            ) as powerful
       from pg_roles r where r.rolname = session_user`,
  );
  if (rows[0]?.powerful !== false) {
    const message = 'The login of DATABASE_URL is a superuser, may bypass row level security, or owns tables.';
    throw new RelaisError('store.login-too-powerful', 500, 'exception', message);
  }
}
