import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  ANNOUNCEMENTS_IN_FLIGHT,
  TAKE_ANNOUNCEMENTS,
} from '../../../src/adapters/store/dispatch/take-announcements.js';
import { addMs, instant } from '../../../src/kernel/clock.js';
import type { OrganizationId } from '../../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { newTransfer, seed, seedOrganization } from '../../support/fixtures.js';

let database: TestDatabase;
let sender: OrganizationId;
let transferId: string;
let slow: OrganizationId;
let quick: OrganizationId;
beforeAll(async () => {
  database = await createTestDatabase();
  const seeded = await seed(database);
  const transfer = newTransfer(seeded);
  sender = seeded.sender.organizationId;
  transferId = transfer.id;
  await database.store.asOrganization(sender, (tx) => tx.insertTransfer(transfer));
});
beforeEach(async () => {
  await database.query('update announcement set open = false where open');
  slow = (await seedOrganization(database, 'Toit Commun', 'housing')).organizationId;
  quick = (await seedOrganization(database, 'Les Tilleuls', 'health')).organizationId;
});
afterAll(() => database.drop());

async function announce(told: OrganizationId, count: number, dueSecondsAgo = 1): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    `insert into announcement (organization_id, told_organization_id, transfer_id, body, next_attempt_at)
     select $1, $2, $3, '{}', now() - make_interval(secs => $5) + make_interval(secs => n * 1e-3)
       from generate_series(1, $4::int) n returning id`,
    [sender, told, transferId, count, dueSecondsAgo],
  );
  return rows.map(({ id }) => id);
}
const take = async (limit = 64): Promise<string[]> =>
  (await database.store.dispatch.takeDue(limit, 'announcement')).map(({ id }) => id);
const nextDueInMs = (): Promise<number | null> => database.store.dispatch.nextDueInMs('announcement');

async function end(ids: readonly string[]): Promise<void> {
  await database.query('update announcement set open = false where id = any ($1)', [ids]);
}

it('an organization whose system does not answer keeps no other waiting', async () => {
  const many = new Set(await announce(slow, 3_000, 3_600));
  const ten = new Set(await announce(quick, 10));
  const first = await take();
  expect(first.filter((id) => many.has(id))).toHaveLength(ANNOUNCEMENTS_IN_FLIGHT);
  const served = first.filter((id) => ten.has(id));
  await end(served);
  // None of the first eight has ended: there is no more for that one, and the rest for the other.
  const second = await take();
  expect(second.every((id) => ten.has(id))).toBe(true);
  expect(served.length + second.length).toBe(10);
});

it('the next one of an organization is handed out when one has ended, and nothing is due before', async () => {
  const ids = await announce(slow, ANNOUNCEMENTS_IN_FLIGHT + 1);
  const first = await take();
  expect(new Set(first)).toEqual(new Set(ids.slice(0, ANNOUNCEMENTS_IN_FLIGHT)));
  expect(await take()).toEqual([]);
  expect(await nextDueInMs()).toBeNull();
  await end(first.slice(0, 1));
  expect(await nextDueInMs()).toBe(0);
  expect(await take()).toEqual(ids.slice(ANNOUNCEMENTS_IN_FLIGHT));
});

it('organizations come in turn, however many more there are than a batch holds', async () => {
  const all = await Promise.all(
    Array.from(
      { length: 6 },
      async (_, n) => (await seedOrganization(database, `Service ${n}`, 'social')).organizationId,
    ),
  );
  for (const each of all) await announce(each, 5);
  const told = async (): Promise<string[]> => {
    const rows = await database.query<{ told: string }>(
      'select distinct told_organization_id as told from announcement where id = any ($1)',
      [await take(2)],
    );
    return rows.map((row) => row.told);
  };
  const turns = [await told(), await told(), await told()];
  expect(new Set(turns.flat())).toEqual(new Set(all));
});

it('what is to be tried again later is not due before its time', async () => {
  const [id] = await announce(slow, 1);
  const later = addMs(instant(Date.now()), 60_000);
  await database.query('update announcement set next_attempt_at = $2 where id = $1', [id, later]);
  expect(await take()).toEqual([]);
  const wait = await nextDueInMs();
  expect(wait).toBeGreaterThan(50_000);
  expect(wait).toBeLessThanOrEqual(60_000);
});

it('what a process of the version before announces, during a rolling restart, stands in its own turn', async () => {
  const [row] = await database.query<{ id: string; told: string }>(
    `insert into announcement (organization_id, transfer_id, body) values ($1, $2, '{}')
     returning id, told_organization_id as told`,
    [sender, transferId],
  );
  expect(row?.told).toBe(sender);
  expect(await take()).toEqual([row?.id]);
});

it('any number of relays hand out no more at once, and nothing twice', async () => {
  const ids = new Set(await announce(slow, 200));
  const taken: string[] = [];
  let most = 0;
  const relay = async (): Promise<void> => {
    while (taken.length < ids.size) {
      const mine = await take(5);
      taken.push(...mine);
      const [row] = await database.query<{ count: number }>(
        `select count(*)::int as count from announcement where told_organization_id = $1 and open and enqueued_at is not null`,
        [slow],
      );
      most = Math.max(most, row!.count);
      await end(mine);
    }
  };
  await Promise.all(Array.from({ length: 8 }, relay));
  expect(most).toBeLessThanOrEqual(ANNOUNCEMENTS_IN_FLIGHT);
  expect(most).toBeGreaterThan(1);
  expect(new Set(taken)).toEqual(ids);
  expect(taken).toHaveLength(ids.size);
});

it('a hand-out reads what it hands out, and nothing that ended', async () => {
  await announce(slow, 20_000);
  await database.query('update announcement set open = false where open');
  await announce(slow, 100);
  await announce(quick, 100);
  await database.query('analyze announcement');
  const client = await database.pool('relais_worker').connect();
  const results = await client.query(
    `begin; explain (analyze, buffers) ${TAKE_ANNOUNCEMENTS.replaceAll('$1', '64::bigint')}; rollback`,
  );
  client.release();
  const [, { rows }] = results as unknown as [unknown, { rows: { 'QUERY PLAN': string }[] }];
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).not.toMatch(/Seq Scan on announcement /);
  const [, hit = ''] = /Buffers: shared hit=(\d+)/.exec(plan) ?? [];
  expect(Number(hit)).toBeGreaterThan(0);
  // The table has thousands.
  expect(Number(hit)).toBeLessThan(1_000);
});
