import type pg from 'pg';
import type { AuditFact } from '../../../domain/audit/entry.js';

/** Inserts the audit entry of what the same transaction does. */
export type AuditWriter = (client: pg.ClientBase, fact: AuditFact) => Promise<void>;

/** Runs `work` in one transaction; rolls back and rethrows when it fails. A connection that broke is not reused. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
