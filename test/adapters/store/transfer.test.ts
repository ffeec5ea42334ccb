import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addMs, instant } from '../../../src/kernel/clock.js';
import { newId, type OrganizationId, type TransferId } from '../../../src/kernel/ids.js';
import type { StoreTx } from '../../../src/adapters/store/organization-tx.js';
import type { Receipt } from '../../../src/transfer/door-ports.js';
import type { Claim, NewTransfer, PartnerSign } from '../../../src/transfer/transfer.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { anotherPerson, handOut, newTransfer, seed, type Seeded } from '../../support/fixtures.js';

let database: TestDatabase;
let seeded: Seeded;
beforeAll(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
  // What earlier tests leave behind uses up no turn of later ones; limits have their own tests (dispatcher.test.ts).
  await database.query('update partner_delivery set max_in_flight = 256');
});
afterAll(() => database.drop());

const asSender = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> =>
  database.store.asOrganization(seeded.sender.organizationId, work);
const asRecipient = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> =>
  database.store.asOrganization(seeded.recipient.organizationId, work);
const fails: PartnerSign = { sign: 'fails' };
const receipt: Receipt = { status: 201, digest: 'd'.repeat(64), location: 'Task/9' };

async function submit(change: Partial<NewTransfer> = {}, about: Seeded = seeded): Promise<TransferId> {
  const transfer = newTransfer(about, change);
  await asSender((tx) => tx.insertTransfer(transfer));
  return transfer.id;
}

async function claimed(id: TransferId, leaseMs = 30_000): Promise<Claim> {
  await handOut(database, id);
  const claim = await database.store.dispatch.claim(id, leaseMs);
  expect(claim).not.toBeNull();
  return claim!;
}

async function delivered(): Promise<TransferId> {
  const id = await submit();
  const claim = await claimed(id);
  expect(await asSender((tx) => tx.finishDelivered(claim, receipt))).toBe(true);
  return id;
}

describe('a transfer', () => {
  it('is queued, claimed, sent and delivered, byte for byte, with its timeline', async () => {
    const transfer = newTransfer(seeded);
    const { reference } = await asSender((tx) => tx.insertTransfer(transfer));
    expect(reference).toMatch(/^R-\d{4}$/);
    expect(await asRecipient((tx) => tx.loadTransfer(transfer.id))).toBeNull();
    expect(await asRecipient((tx) => tx.loadWire(transfer.id))).toBeNull();

    const due = await database.store.dispatch.takeDue(10);
    expect(due).toContainEqual({ kind: 'transfer', id: transfer.id });
    expect(await database.store.dispatch.takeDue(10)).toEqual([]);
    const claim = await claimed(transfer.id);
    expect(claim).toMatchObject({ fence: 1, attempt: 1, senderOrganizationId: seeded.sender.organizationId });
    const sending = await asSender(async (tx) => {
      const found = await tx.loadSending(claim);
      await tx.markSending(claim, 'h..s');
      return found;
    });
    expect(sending?.wire.equals(transfer.disclosable.wire)).toBe(true);
    expect(sending).toMatchObject({
      request: transfer.permit.request,
      permitted: transfer.permit.permitted,
      digest: transfer.disclosable.digest,
      agreementId: seeded.agreement.id,
      recipientPartner: { id: seeded.recipient.partnerId, status: 'active' },
    });
    expect(await database.store.dispatch.fenceHolds(claim)).toBe(true);
    expect(await asSender((tx) => tx.finishDelivered(claim, receipt))).toBe(true);
    expect(await database.store.dispatch.fenceHolds(claim)).toBe(false);

    const seen = await asSender((tx) => tx.loadTransfer(transfer.id));
    expect(seen).toMatchObject({
      reference,
      status: 'delivered',
      referralStatus: 'requested',
      personId: seeded.personId,
      withheldElements: 3,
      attempts: 1,
      nextAttemptAt: null,
      ground: transfer.permit.ground,
    });
    expect(seen!.timeline.map(({ status }) => status)).toEqual(['queued', 'sending', 'delivered']);
    expect(Date.parse(seen!.purgeAt!) - Date.parse(seen!.deliveredAt!)).toBe(30 * 24 * 3_600_000);
  });

  it('shows the recipient what reached it, and nothing of how it came about', async () => {
    const id = await delivered();
    const seen = await asRecipient((tx) => tx.loadTransfer(id));
    expect(seen).toMatchObject({
      status: 'delivered',
      personId: null,
      ground: null,
      reasons: [],
      caseId: '',
      withheldElements: 0,
    });
    expect(seen!.timeline.map(({ status }) => status)).toEqual(['delivered']);
    expect(await asRecipient((tx) => tx.findTransferByTask(seen!.taskId!))).toMatchObject({ id });
    expect((await asRecipient((tx) => tx.loadWire(id)))?.toString()).toContain('Bundle');
    expect((await asRecipient((tx) => tx.listTransfers({ limit: 50 }))).map((transfer) => transfer.id)).toContain(id);
  });

  it('gets one reference after the other, also from submissions at the same time', async () => {
    const transfers = Array.from({ length: 20 }, () => newTransfer(seeded));
    const references = await Promise.all(
      transfers.map(async (transfer) => (await asSender((tx) => tx.insertTransfer(transfer))).reference),
    );
    expect(new Set(references).size).toBe(20);
    const numbers = references.map((reference) => Number(reference.slice(2))).sort((a, b) => a - b);
    expect(numbers.at(-1)! - numbers[0]!).toBe(19);
    await asSender(async (tx) => {
      for (const { id } of transfers) await tx.stopTransfer(id, 'cancelled', [], seeded.actor);
    });
  });

  it('is one for 100 parallel submissions with one key, and a conflict for another body', async () => {
    const key = randomUUID();
    const digest = createHash('sha256').update('body').digest('hex');
    const inserted: TransferId[] = [];
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        database.store.asOrganization(seeded.sender.organizationId, async (tx) => {
          const transfer = newTransfer(seeded);
          const reservation = await tx.reserveIdempotencyKey(key, digest, transfer.id);
          if (reservation.kind === 'known') return reservation.transferId;
          expect(reservation.kind).toBe('new');
          await tx.insertTransfer(transfer);
          inserted.push(transfer.id);
          return transfer.id;
        }),
      ),
    );
    expect(inserted).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set(inserted));
    expect(await asSender((tx) => tx.reserveIdempotencyKey(key, 'f'.repeat(64), newId()))).toEqual({
      kind: 'conflict',
    });
    // Another organization's key of the same name is another key.
    expect(await asRecipient((tx) => tx.reserveIdempotencyKey(key, digest, newId()))).toEqual({ kind: 'new' });
    await asSender((tx) => tx.stopTransfer(inserted[0]!, 'cancelled', [], seeded.actor));
  });

  it('is held until its time, and can be undone until then', async () => {
    const id = await submit({ sendAfter: addMs(instant(Date.now()), 3_600_000) });
    expect(await asSender((tx) => tx.loadTransfer(id))).toMatchObject({ status: 'held' });
    expect((await database.store.dispatch.takeDue(50)).map((due) => due.id)).not.toContain(id);
    expect(await database.store.dispatch.claim(id, 1_000)).toBeNull();
    expect(await asSender((tx) => tx.stopTransfer(id, 'cancelled', [], seeded.actor))).toBe(true);
    expect(await asSender((tx) => tx.stopTransfer(id, 'cancelled', [], seeded.actor))).toBe(false);
    expect(await asSender((tx) => tx.loadTransfer(id))).toMatchObject({ status: 'cancelled' });
  });

  it('tells how long until the next one is due', async () => {
    const id = await submit({ sendAfter: addMs(instant(Date.now()), 5_000) });
    const wait = await database.store.dispatch.nextDueInMs();
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThanOrEqual(5_500);
    await asSender((tx) => tx.stopTransfer(id, 'cancelled', [], seeded.actor));
  });

  it('keeps a refusal, also to somebody who does not exist', async () => {
    const id = newId<TransferId>();
    const { reference } = await asSender((tx) =>
      tx.insertRefusal({
        id,
        request: {
          senderOrganizationId: seeded.sender.organizationId,
          recipientOrganizationId: newId<OrganizationId>(),
          caseId: seeded.caseId,
          purpose: 'HOUSING',
          ground: { kind: 'safeguarding', justification: 'in words', informed: { nobodyBecause: 'in words' } },
        },
        personId: seeded.personId,
        reasons: [{ code: 'deny.recipient-unknown' }],
        actor: seeded.actor,
      }),
    );
    expect(reference).toMatch(/^R-/);
    const rows = await asSender((tx) => tx.disclosuresOf(seeded.personId));
    const refusal = rows.find(({ transfer }) => transfer.id === id)!;
    expect(refusal).toMatchObject({
      recipientName: '',
      transfer: { status: 'refused', reasons: [{ code: 'deny.recipient-unknown' }] },
    });
    expect(rows.some(({ recipientName }) => recipientName === 'Toit Commun')).toBe(true);
  });
});

describe('the fence', () => {
  it('refuses the late worker everything: reading, the first byte, every end', async () => {
    const id = await submit();
    const late = await claimed(id, 30);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const current = await claimed(id);
    expect(current.fence).toBe(late.fence + 1);
    expect(await database.store.dispatch.fenceHolds(late)).toBe(false);
    expect(await database.store.dispatch.fenceHolds(current)).toBe(true);
    expect(await asSender((tx) => tx.loadSending(late))).toBeNull();
    expect(await asSender((tx) => tx.finishDelivered(late, receipt))).toBe(false);
    expect(await asSender((tx) => tx.finishRetry(late, 'http-500', instant(Date.now()), fails))).toBe(false);
    expect(await asSender((tx) => tx.finishFailed(late, 'http-400', fails))).toBe(false);
    expect(await asSender((tx) => tx.finishStopped(late, 'stopped', []))).toBe(false);
    await asSender((tx) => tx.markSending(late, 'h..s'));
    expect(await asSender((tx) => tx.loadTransfer(id))).toMatchObject({ status: 'queued' });
    expect(await asSender((tx) => tx.finishDelivered(current, receipt))).toBe(true);
  });

  it('gives a delivery to exactly one of many workers', async () => {
    const id = await submit();
    await handOut(database, id);
    const claims = await Promise.all(Array.from({ length: 20 }, () => database.store.dispatch.claim(id, 30_000)));
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });

  it('does not hold once the lease ran out, even when nobody else has claimed', async () => {
    const id = await submit();
    const claim = await claimed(id, 20);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await database.store.dispatch.fenceHolds(claim)).toBe(false);
    expect(await asSender((tx) => tx.loadSending(claim))).toBeNull();
  });

  it('does not hold by an answer that is read after the lease that it speaks of', async () => {
    const claim = await claimed(await submit(), 30_000);
    const clock = vi.spyOn(performance, 'now').mockReturnValueOnce(1_000).mockReturnValueOnce(32_000);
    try {
      expect(await database.store.dispatch.fenceHolds(claim)).toBe(false);
    } finally {
      clock.mockRestore();
    }
    expect(await database.store.dispatch.fenceHolds(claim)).toBe(true);
  });
});

describe('retry and loss', () => {
  it('tries again at the given time, and keeps the cause as a code only', async () => {
    const id = await submit();
    const first = await claimed(id);
    expect(await asSender((tx) => tx.finishRetry(first, 'http-503', addMs(instant(Date.now()), 150), fails))).toBe(
      true,
    );
    expect(await database.store.dispatch.claim(id, 1_000)).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 250));
    const second = await claimed(id);
    expect(second).toMatchObject({ fence: 2, attempt: 2 });
    expect(await asSender((tx) => tx.finishFailed(second, 'Grace said: no such person', fails))).toBe(true);
    const seen = await asSender((tx) => tx.loadTransfer(id));
    expect(seen).toMatchObject({ status: 'failed', attempts: 2 });
    expect(seen!.timeline.map(({ status, cause }) => [status, cause])).toEqual([
      ['queued', undefined],
      ['queued', 'http-503'],
      ['failed', 'unspecified'],
    ]);
  });

  it('re-opens what the queue lost and what a dead worker held', async () => {
    const lost = await submit({}, await anotherPerson(database, seeded));
    const held = await submit({}, await anotherPerson(database, seeded));
    const { dispatch } = database.store;
    expect((await dispatch.takeDue(50)).map(({ id }) => id)).toEqual(expect.arrayContaining([lost, held]));
    await claimed(held, 30);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await dispatch.reopenLost(3_600_000)).toBeGreaterThanOrEqual(1);
    const reopened = (await dispatch.takeDue(50)).map(({ id }) => id);
    expect(reopened).toContain(held);
    expect(reopened).not.toContain(lost);
    // Both were enqueued longer ago than the millisecond that is asked for.
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await dispatch.reopenLost(1)).toBeGreaterThanOrEqual(2);
    expect((await dispatch.takeDue(50)).map(({ id }) => id)).toEqual(expect.arrayContaining([lost, held]));
    await dispatch.putBack([lost]);
    expect((await dispatch.takeDue(50)).map(({ id }) => id)).toEqual([lost]);
  });

  it('does not re-open a delivery under a live lease', async () => {
    const id = await submit();
    await database.store.dispatch.takeDue(50);
    await claimed(id, 30_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await database.store.dispatch.reopenLost(1);
    expect((await database.store.dispatch.takeDue(50)).map((due) => due.id)).not.toContain(id);
  });
});

describe('a withdrawal', () => {
  it('stops what waits and reports what is on the wire', async () => {
    const waiting = await submit();
    const onTheWire = await submit();
    await claimed(onTheWire);
    await asSender(async (tx) => {
      const open = new Map((await tx.lockUndelivered(seeded.consentId)).map((row) => [row.transferId, row.leaseLive]));
      expect(open.get(waiting)).toBe(false);
      expect(open.get(onTheWire)).toBe(true);
      expect(await tx.stopTransfer(onTheWire, 'stopped', [], seeded.actor)).toBe(false);
      expect(await tx.stopTransfer(waiting, 'stopped', [{ code: 'deny.consent-withdrawn' }], seeded.actor)).toBe(true);
    });
    expect(await asSender((tx) => tx.loadTransfer(waiting))).toMatchObject({ status: 'stopped' });
    expect(await database.store.dispatch.claim(waiting, 1_000)).toBeNull();
    expect((await asSender((tx) => tx.lockUndelivered(newId()))).length).toBe(0);
  });

  it('holds off every claim from the moment it looked', async () => {
    const id = await submit();
    await handOut(database, id);
    let claim: Promise<Claim | null> = Promise.resolve(null);
    await asSender(async (tx) => {
      expect((await tx.lockUndelivered(seeded.consentId)).map(({ transferId }) => transferId)).toContain(id);
      claim = database.store.dispatch.claim(id, 30_000);
      const early = await Promise.race([claim, new Promise((resolve) => setTimeout(resolve, 150, 'waits'))]);
      expect(early).toBe('waits');
    });
    expect(await claim).toMatchObject({ transferId: id });
  });

  it('is waited for by a delivery that was claimed but not yet decided again', async () => {
    const id = await submit();
    const claim = await claimed(id, 40);
    await new Promise((resolve) => setTimeout(resolve, 60));
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const locked = new Promise<void>((resolve) => {
      void asSender(async (tx) => {
        await tx.lockUndelivered(seeded.consentId);
        expect(await tx.stopTransfer(id, 'stopped', [], seeded.actor)).toBe(true);
        resolve();
        await gate;
      });
    });
    await locked;
    const reclaim = database.store.dispatch.claim(id, 30_000);
    const load = asSender((tx) => tx.loadSending(claim));
    const early = await Promise.race([
      reclaim.then(() => 'early'),
      new Promise((resolve) => setTimeout(resolve, 150, 'waits')),
    ]);
    expect(early).toBe('waits');
    release();
    expect(await reclaim).toBeNull();
    expect(await load).toBeNull();
  });
});

describe('the recipient’s answer', () => {
  it('moves forward only, with the words kept encrypted', async () => {
    const id = await delivered();
    const actor = {
      type: 'partner',
      id: seeded.recipient.partnerId,
      organizationId: seeded.recipient.organizationId,
    } as const;
    const report = (status: 'accepted' | 'received' | 'completed', message: string | null): Promise<void> =>
      asSender((tx) => tx.recordReferral({ transferId: id, status, message, actor }));
    await report('accepted', 'Two bedrooms, dog welcome');
    await expect(report('received', null)).rejects.toMatchObject({ code: 'task.transition', status: 409 });
    await report('accepted', 'Keys on 26 February');
    const seen = await asRecipient((tx) => tx.loadTransfer(id));
    expect(seen).toMatchObject({ referralStatus: 'accepted' });
    expect(seen!.timeline.map(({ status, message }) => [status, message])).toEqual([
      ['delivered', undefined],
      ['referral:accepted', 'Two bedrooms, dog welcome'],
      ['referral:accepted', 'Keys on 26 February'],
    ]);
    await report('completed', null);
    expect(await asSender((tx) => tx.loadTransfer(id))).toMatchObject({ referralStatus: 'completed' });
  });

  it('is not taken before the delivery', async () => {
    const id = await submit();
    await expect(
      asSender((tx) => tx.recordReferral({ transferId: id, status: 'accepted', message: null, actor: seeded.actor })),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('is announced to the agency’s software with ids and codes, under a lease', async () => {
    const id = await delivered();
    await asSender((tx) => tx.announce(id, 'transfer.status'));
    const { dispatch } = database.store;
    const due = (await dispatch.takeDue(100)).filter(({ kind }) => kind === 'announcement');
    expect(due).toHaveLength(1);
    const announcement = await dispatch.claimAnnouncement(due[0]!.id, 5_000);
    expect(announcement?.partner?.organizationId).toBe(seeded.sender.organizationId);
    expect(announcement?.body).toMatchObject({
      id: due[0]!.id,
      type: 'transfer.status',
      transferId: id,
      status: 'delivered',
    });
    expect(Object.keys(announcement!.body).sort()).toEqual(
      ['at', 'id', 'reference', 'referralStatus', 'status', 'transferId', 'type'].sort(),
    );
    expect(await dispatch.claimAnnouncement(due[0]!.id, 5_000)).toBeNull();
    await dispatch.finishAnnouncement(due[0]!.id, announcement!.fence, { retryAt: instant(Date.now() - 1_000) });
    const again = await dispatch.claimAnnouncement(due[0]!.id, 5_000);
    expect(again).toMatchObject({ attempt: 2 });
    await dispatch.finishAnnouncement(due[0]!.id, announcement!.fence, 'done');
    await dispatch.finishAnnouncement(due[0]!.id, again!.fence, 'done');
    expect(await database.query('select open from announcement where id = $1', [due[0]!.id])).toEqual([
      { open: false },
    ]);
  });
});

describe('the purge', () => {
  it('deletes content and words after the term, keeps the proofs, and audits', async () => {
    const id = await delivered();
    const actor = seeded.actor;
    await asSender((tx) => tx.recordReferral({ transferId: id, status: 'accepted', message: 'words', actor }));
    await database.query("update transfer_content set purge_at = now() - interval '1 second' where transfer_id = $1", [
      id,
    ]);
    expect(await database.store.purgeDueContent()).toBeGreaterThanOrEqual(1);
    const seen = await asSender((tx) => tx.loadTransfer(id));
    expect(seen!.contentPurgedAt).not.toBeNull();
    expect(seen!.digest).not.toBeNull();
    expect(seen!.timeline.at(-1)).toMatchObject({ status: 'referral:accepted' });
    expect(seen!.timeline.at(-1)!.message).toBeUndefined();
    expect(await asSender((tx) => tx.loadWire(id))).toBeNull();
    expect(await asSender((tx) => tx.listAudit({ transferId: id, action: 'content.purged', limit: 5 }))).toHaveLength(
      1,
    );
    // What is written afterwards has a key and a term of its own.
    await asSender((tx) => tx.recordReferral({ transferId: id, status: 'completed', message: 'late words', actor }));
    const later = await asSender((tx) => tx.loadTransfer(id));
    expect(later!.timeline.map(({ message }) => message)).toEqual([undefined, undefined, undefined, 'late words']);
    expect(await asSender((tx) => tx.loadWire(id))).toBeNull();
  });

  it('leaves alone what is not due', async () => {
    const id = await delivered();
    await database.store.purgeDueContent();
    expect(await asSender((tx) => tx.loadWire(id))).not.toBeNull();
  });
});
