import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createPool, type RuntimeRole } from '../../src/adapters/store/connection/pool.js';
import { createStore, type PostgresStore } from '../../src/adapters/store/create-store.js';
import { insertEntry } from '../../src/adapters/store/audit/insert-entry.js';
import { createDeliveryControl } from '../../src/adapters/store/dispatch/control.js';
import type { DeliveryControl } from '../../src/transfer/delivery-control.js';
import { administer, databaseUrl } from './global-setup.js';

export interface TestDatabase {
  /** Superuser's login of this test's own database. */
  readonly url: string;
  readonly masterKey: Buffer;
  readonly store: PostgresStore;
  /** A pool that acts as one runtime role. */
  pool(role: RuntimeRole): pg.Pool;
  /** One statement as the superuser, for looking behind the scenes. */
  query<R extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  drop(): Promise<void>;
}

/** A migrated, empty database of the test's own; copied from the run's template in a few dozen milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl');
  const name = `relais_test_${randomUUID().replaceAll('-', '')}`;
  await copyTemplate(adminUrl, name);
  const url = databaseUrl(adminUrl, name);
  const masterKey = randomBytes(32);
  const store = createStore({ url, masterKey });
  const admin = new pg.Pool({ connectionString: url, options: '-c search_path=relais -c timezone=UTC', max: 2 });
  admin.on('error', () => undefined);
  const pools: pg.Pool[] = [admin];
  return {
    url,
    masterKey,
    store,
    pool: (role) => {
      const pool = createPool({ url, role, max: 4 });
      pools.push(pool);
      return pool;
    },
    query: async (sql, values = []) => (await admin.query(sql, [...values])).rows,
    drop: async () => {
      await Promise.all([store.close(), ...pools.map((pool) => pool.end())]);
      await administer(adminUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** PostgreSQL refuses to copy a database that another session reads, which a copy of a parallel test may look like. */
async function copyTemplate(adminUrl: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await administer(adminUrl, `create database ${name} template ${inject('templateDatabase')}`);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '55006' || attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** What an operator does with deliveries, on connections of its own role. */
export function controlOf(database: TestDatabase): DeliveryControl {
  return createDeliveryControl({ pool: database.pool('relais_identity'), audit: insertEntry });
}
