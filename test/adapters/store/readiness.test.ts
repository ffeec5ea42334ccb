import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('is migrated when every migration of this version is applied as its file stands, and not before', async () => {
  expect(await database.store.isMigrated()).toBe(true);
  const [last] = await database.query<{ name: string; checksum: string }>(
    'select name, checksum from migration order by name desc limit 1',
  );
  await database.query('update migration set checksum = $1 where name = $2', ['edited', last!.name]);
  expect(await database.store.isMigrated()).toBe(false);
  await database.query('delete from migration where name = $1', [last!.name]);
  expect(await database.store.isMigrated()).toBe(false);
});
