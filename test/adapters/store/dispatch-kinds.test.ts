import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { newTransfer, seed } from '../../support/fixtures.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('takes and times records and announcements apart, so that neither uses up the turn of the other', async () => {
  const seeded = await seed(database);
  const transfer = newTransfer(seeded);
  await database.store.asOrganization(seeded.sender.organizationId, (tx) => tx.insertTransfer(transfer));
  const { dispatch } = database.store;
  expect(await dispatch.nextDueInMs('announcement')).toBeNull();
  expect(await dispatch.nextDueInMs('transfer')).toBe(0);
  expect(await dispatch.takeDue(10, 'announcement')).toEqual([]);
  expect(await dispatch.takeDue(10, 'transfer')).toEqual([{ kind: 'transfer', id: transfer.id }]);

  await database.query(
    `insert into announcement (organization_id, told_organization_id, transfer_id, body) values ($1, $1, $2, '{}')`,
    [seeded.sender.organizationId, transfer.id],
  );
  expect(await dispatch.nextDueInMs('transfer')).toBeNull();
  expect(await dispatch.nextDueInMs('announcement')).toBe(0);
  expect(await dispatch.takeDue(10, 'transfer')).toEqual([]);
  expect(await dispatch.takeDue(10, 'announcement')).toMatchObject([{ kind: 'announcement' }]);
});
