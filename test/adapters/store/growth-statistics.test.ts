import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool } from '../../../src/adapters/store/connection/pool.js';
import { backlog } from '../../support/backlog.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seedOrganization } from '../../support/fixtures.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** What the planner believes of a table: -1 where nobody has counted. */
async function counted(table: string): Promise<{ rows: number; at: Date | null }> {
  await database.query('select pg_stat_clear_snapshot()');
  const [row] = await database.query(
    `select c.reltuples::int as rows, s.last_analyze as at from pg_class c join pg_stat_user_tables s on s.relid = c.oid
      where c.oid = ('relais.' || $1)::regclass`,
    [table],
  );
  return row as { rows: number; at: Date | null };
}

/** Changes are told to the statistics up to a second after their transaction. */
async function counts(table: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await database.store.analyzeGrown();
        return (await counted(table)).rows;
      },
      { timeout: 10_000, interval: 300 },
    )
    .toBeGreaterThan(0);
}

describe('the planner’s statistics of a young gateway', () => {
  it('are taken again once a table has more than doubled, so that no plan of an empty table is kept', async () => {
    const sender = await seedOrganization(database, 'CCAS de Valmont', 'social');
    const recipient = await seedOrganization(database, 'Toit Commun', 'housing');
    expect((await counted('transfer')).rows).toBe(-1);

    await backlog(database, sender, recipient, { count: 600, dueSecondsAgo: 60 });
    await counts('transfer');
    const first = await counted('transfer');
    expect(first.rows).toBe(600);

    // A few more are not worth a look.
    await backlog(database, sender, recipient, { count: 20, dueSecondsAgo: 60 });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await database.store.analyzeGrown();
    expect(await counted('transfer')).toEqual(first);
  });

  it('are nobody’s to take but the worker’s', async () => {
    for (const role of ['relais_app', 'relais_identity'] as const) {
      const pool = createPool({ url: database.url, role, max: 1 });
      await expect(pool.query('select analyze_grown()')).rejects.toThrow(/permission denied/);
      await pool.end();
    }
  });
});
