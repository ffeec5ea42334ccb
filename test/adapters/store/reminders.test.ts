import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type ReminderId } from '../../../src/kernel/ids.js';
import type { NewReminder } from '../../../src/transfer/reminder-ports.js';
import type { NewTransfer } from '../../../src/transfer/transfer.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { handOut, newTransfer, seed, type Seeded } from '../../support/fixtures.js';

let database: TestDatabase;
let seeded: Seeded;
beforeAll(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
});
afterAll(() => database.drop());

const as = <T>(work: Parameters<typeof database.store.asOrganization<T>>[1]): Promise<T> =>
  database.store.asOrganization(seeded.sender.organizationId, work);

async function delivered(): Promise<NewTransfer> {
  const transfer = newTransfer(seeded);
  await as((tx) => tx.insertTransfer(transfer));
  await handOut(database, transfer.id);
  const claim = await database.store.dispatch.claim(transfer.id, 30_000);
  await as((tx) => tx.finishDelivered(claim!, { status: 201, digest: 'd', location: null }));
  return transfer;
}
const reminderOf = (transfer: NewTransfer, period: string): NewReminder => ({
  id: newId<ReminderId>(),
  transferId: transfer.id,
  period,
  issuedBy: seeded.actor,
  recipientOrganizationId: seeded.recipient.organizationId,
  message: {},
});

it('hands each unanswered transfer to one worker, though two look at once, and not before its time', async () => {
  const transfers = await Promise.all(Array.from({ length: 20 }, delivered));
  const { store } = database;
  expect(await store.takeUnanswered(100)).toEqual([]);
  await database.query(`update referral set remind_at = now() - interval '1 second'`);
  const taken = (await Promise.all([store.takeUnanswered(15), store.takeUnanswered(15)])).flat();
  expect(taken.map(({ transferId }) => transferId).sort()).toEqual(transfers.map(({ id }) => id).sort());
  expect(new Set(taken.map(({ organizationId }) => organizationId))).toEqual(new Set([seeded.sender.organizationId]));
  expect(await store.takeUnanswered(100)).toEqual([]);
  // A worker that died: another looks at it a quarter of an hour later.
  await database.query(`update referral set remind_at = remind_at - interval '15 minutes 1 second'`);
  expect(await store.takeUnanswered(100)).toHaveLength(20);
});

it('writes one reminder of a period and queues it once, though two workers have decided on it', async () => {
  const transfer = await delivered();
  const both = await Promise.all([
    as((tx) => tx.putReminder(reminderOf(transfer, '1'))),
    as((tx) => tx.putReminder(reminderOf(transfer, '1'))),
  ]);
  expect(both.sort()).toEqual([false, true]);
  expect(await as((tx) => tx.putReminder(reminderOf(transfer, '2')))).toBe(true);
  const queued = await database.query('select from announcement where transfer_id = $1', [transfer.id]);
  expect(queued).toHaveLength(2);
});

it('puts an answer before or after what is decided under the lock', async () => {
  const transfer = await delivered();
  const order: string[] = [];
  let answered: Promise<void> | undefined;
  await as(async (tx) => {
    await tx.lockReferral(transfer.id);
    answered = as(async (other) => {
      const { actor } = seeded;
      await other.recordReferral({ transferId: transfer.id, status: 'accepted', message: null, actor });
      order.push('answered');
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    order.push('decided');
  });
  await answered;
  expect(order).toEqual(['decided', 'answered']);
  // Whoever has answered is not looked at again.
  const [referral] = await database.query('select remind_at from referral where transfer_id = $1', [transfer.id]);
  expect(referral).toEqual({ remind_at: null });
});

it('ends once, and is read by its sender alone', async () => {
  const transfer = await delivered();
  const reminder = reminderOf(transfer, '1');
  await as((tx) => tx.putReminder(reminder));
  expect(await as((tx) => tx.reminderDelivered(reminder.id))).toBe(true);
  expect(await as((tx) => tx.reminderDelivered(reminder.id))).toBe(false);
  expect(await as((tx) => tx.reminderGivenUp(reminder.id, 'unreachable'))).toBe(false);
  const { recipient } = seeded;
  const seen = await database.store.asOrganization(recipient.organizationId, (tx) => tx.loadReminders(transfer.id));
  expect(seen).toBeNull();
  await database.store.asOrganization(recipient.organizationId, async (tx) => {
    expect(await tx.setQuiet(transfer.id, true, seeded.actor)).toBe(false);
    expect(await tx.reminderGivenUp(reminder.id, 'x')).toBe(false);
  });
});
