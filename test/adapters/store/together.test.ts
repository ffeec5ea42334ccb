import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTogether } from '../../../src/adapters/store/connection/together.js';
import { addMs, instant } from '../../../src/kernel/clock.js';
import { RelaisError } from '../../../src/kernel/errors.js';
import { newId, type OrganizationId, type TransferId } from '../../../src/kernel/ids.js';
import type { StoreTx } from '../../../src/adapters/store/organization-tx.js';
import type { Claim, NewTransfer } from '../../../src/transfer/transfer.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { anotherPerson, handOut, newTransfer, seed, type Seeded } from '../../support/fixtures.js';

describe('works that may share a transaction', () => {
  const organization = newId<OrganizationId>();

  /** Transactions that only count: how many works each did. */
  function counting(fail: (works: number) => Error | null = () => null) {
    const transactions: number[] = [];
    const together = createTogether<'a' | 'b', number>(
      async (_organizationId, work, works) => {
        transactions.push(works);
        const result = await work(transactions.length);
        const failure = fail(works);
        if (failure !== null) throw failure;
        return result;
      },
      { a: { waitMs: 1, atOnce: 1 }, b: { waitMs: 1, atOnce: 1 } },
    );
    return { transactions, together };
  }

  it('share one, by kind and organization, sixteen at most', async () => {
    const { transactions, together } = counting();
    const works = Array.from({ length: 20 }, (_, n) => together('a', organization, () => Promise.resolve(n)));
    const others = [
      together('b', organization, () => Promise.resolve('kind')),
      together('a', newId<OrganizationId>(), () => Promise.resolve('organization')),
    ];
    expect(await Promise.all(works)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(await Promise.all(others)).toEqual(['kind', 'organization']);
    expect(transactions.sort((a, b) => a - b)).toEqual([1, 1, 4, 16]);
  });

  it('have each its own on a quiet gateway', async () => {
    const { transactions, together } = counting();
    for (const n of [1, 2, 3]) expect(await together('a', organization, () => Promise.resolve(n))).toBe(n);
    expect(transactions).toEqual([1, 1, 1]);
  });

  it('are done again one by one when one is refused, which is refused alone', async () => {
    const { transactions, together } = counting();
    const refused = new RelaisError('refused', 422, 'value', 'No.');
    const results = await Promise.allSettled(
      [1, 2, 3].map((n) => together('a', organization, () => (n === 2 ? Promise.reject(refused) : Promise.resolve(n)))),
    );
    expect(results).toMatchObject([{ value: 1 }, { status: 'rejected', reason: refused }, { value: 3 }]);
    expect(transactions).toEqual([3, 1, 1, 1]);
  });

  it('all fail, and none is done again, when nobody knows whether they were done', async () => {
    const away = new RelaisError('store.unavailable', 503, 'transient', 'Away.', { details: { sqlState: '57P01' } });
    const { transactions, together } = counting(() => away);
    const results = await Promise.allSettled([1, 2].map((n) => together('a', organization, () => Promise.resolve(n))));
    expect(results).toMatchObject([{ reason: away }, { reason: away }]);
    expect(transactions).toEqual([2]);
  });

  it('are done again one by one when a lock was not given in time', async () => {
    const locked = new RelaisError('store.unavailable', 503, 'transient', 'Locked.', {
      details: { sqlState: '55P03' },
    });
    const { transactions, together } = counting((works) => (works > 1 ? locked : null));
    expect(await Promise.all([1, 2].map((n) => together('a', organization, () => Promise.resolve(n))))).toEqual([1, 2]);
    expect(transactions).toEqual([2, 1, 1]);
  });

  it('do not hold up who comes after one that waits', async () => {
    const { together } = counting();
    let release: (value: string) => void = () => undefined;
    const waiting = together('a', organization, () => new Promise<string>((resolve) => (release = resolve)));
    await sleep(20);
    expect(await together('a', organization, () => Promise.resolve('went on'))).toBe('went on');
    release('at last');
    expect(await waiting).toBe('at last');
  });
});

describe('works that share a transaction of the database', () => {
  let database: TestDatabase;
  let seeded: Seeded;
  beforeAll(async () => {
    database = await createTestDatabase();
    seeded = await seed(database);
    await database.query('update partner_delivery set max_in_flight = 256');
  });
  afterAll(() => database.drop());

  const together = <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> =>
    database.store.together('request', seeded.sender.organizationId, (tx) => work(tx as StoreTx));
  const submitted = async (): Promise<TransferId> => {
    const transfer = newTransfer(seeded);
    await database.store.asOrganization(seeded.sender.organizationId, (tx) => tx.insertTransfer(transfer));
    return transfer.id;
  };
  const claimed = async (): Promise<Claim> => {
    const id = await submitted();
    await handOut(database, id);
    return (await database.store.dispatch.claim(id, 30_000))!;
  };
  /** With bytes and words of its own. */
  const written = (transfer: NewTransfer, text: string): NewTransfer => {
    const wire = Buffer.from(text);
    const ground = {
      kind: 'vital-interest',
      justification: `Because of ${text.length}`,
      informed: { nobodyBecause: 'danger' },
    };
    return {
      ...transfer,
      permit: { ...transfer.permit, request: { ...transfer.permit.request, ground } },
      disclosable: { ...transfer.disclosable, wire, digest: createHash('sha256').update(wire).digest('hex') },
    } as unknown as NewTransfer;
  };
  const request = () => ({
    senderOrganizationId: seeded.sender.organizationId,
    recipientOrganizationId: seeded.recipient.organizationId,
    caseId: seeded.caseId,
    purpose: 'HOUSING' as const,
  });

  it('writes transfers that come together by one statement, each with its own bytes and facts', async () => {
    const first = await submitted();
    const other = await anotherPerson(database, seeded);
    const inAnHour = addMs(instant(Date.now()), 3_600_000);
    const transfers = [
      written(newTransfer(seeded), 'short'),
      written(newTransfer(other, { sendAfter: inAnHour, commitmentSalt: Buffer.alloc(16, 7) }), 'é'.repeat(30_000)),
      written(newTransfer(seeded, { answerExpectedBy: inAnHour, follows: first }), ''),
    ];
    const stored = await Promise.all(
      transfers.map((transfer) =>
        together(async (tx) => {
          // As in the story: answered for all at once, and with the persons' keys.
          await tx.loadTerms(transfer.permit.request);
          const { reference } = await tx.insertTransfer(transfer);
          return { reference, loaded: await tx.loadTransfer(transfer.id), wire: await tx.loadWire(transfer.id) };
        }),
      ),
    );
    const ids = transfers.map(({ id }) => id);
    const [counted] = await database.query<{ statements: number }>(
      `select count(distinct (xmin::text, cmin::text))::int as statements from transfer where id = any ($1)`,
      [ids],
    );
    expect(counted?.statements).toBe(1);
    expect(new Set(stored.map(({ reference }) => reference)).size).toBe(3);
    for (const [at, { reference, loaded, wire }] of stored.entries()) {
      const { id, permit, disclosable, taskId, sendAfter, answerExpectedBy, commitmentSalt } = transfers[at]!;
      const { personId } = permit;
      expect(loaded).toMatchObject({ id, reference, taskId, personId, sendAfter, answerExpectedBy });
      expect(loaded).toMatchObject({ digest: disclosable.digest, status: at === 1 ? 'held' : 'queued' });
      expect(wire).toEqual(disclosable.wire);
      const rows = await database.query('select commitment_salt as salt, follows from transfer where id = $1', [id]);
      expect(rows).toEqual([{ salt: commitmentSalt, follows: at === 2 ? first : null }]);
      if (at === 1) continue;
      await handOut(database, id);
      const claim = (await database.store.dispatch.claim(id, 30_000))!;
      const sending = await database.store.asOrganization(seeded.sender.organizationId, (tx) => tx.loadSending(claim));
      expect(sending).toMatchObject({ wire: disclosable.wire, request: { ground: permit.request.ground } });
    }
  });

  it('get each its own answers', async () => {
    const ids = await Promise.all([submitted(), submitted(), submitted()]);
    const unknown = newId<TransferId>();
    const begun = await Promise.all(
      [...ids, unknown].map((id) =>
        together(async (tx) => ({ at: await tx.now(), id: (await tx.loadTransfer(id))?.id ?? null })),
      ),
    );
    expect(begun.map(({ id }) => id)).toEqual([...ids, null]);
    expect(new Set(begun.map(({ at }) => at)).size).toBe(1);

    const elsewhere = newId<OrganizationId>();
    const [ours, theirs] = await Promise.all([
      together((tx) => tx.loadTerms(request())),
      together((tx) => tx.loadTerms({ ...request(), recipientOrganizationId: elsewhere })),
    ]);
    expect([ours.recipient?.partnerId, ours.agreements.length, ours.consents.length]).toEqual([
      seeded.recipient.partnerId,
      1,
      1,
    ]);
    expect([theirs.recipient, theirs.agreements.length, theirs.consents.length]).toEqual([null, 0, 0]);
    expect(ours).toMatchObject({
      ...(await database.store.asOrganization(seeded.sender.organizationId, (tx) => tx.loadTerms(request()))),
      at: ours.at,
    });
  });

  it('leave nothing of one that is refused, and all of the others', async () => {
    const [kept, refused, also] = [newTransfer(seeded), newTransfer(seeded), newTransfer(seeded)];
    const insert = (transfer: typeof kept, key: string) =>
      together(async (tx) => {
        await tx.reserveIdempotencyKey(key, 'd'.repeat(64), transfer.id);
        await tx.insertTransfer(transfer);
        if (transfer === refused) throw new RelaisError('refused', 422, 'value', 'No.');
        return tx.loadTransfer(transfer.id);
      });
    const results = await Promise.allSettled([insert(kept, 'k1'), insert(refused, 'k2'), insert(also, 'k3')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const rows = await database.query<{ id: string }>('select id from transfer where id = any ($1)', [
      [kept.id, refused.id, also.id],
    ]);
    expect(rows.map(({ id }) => id).sort()).toEqual([kept.id, also.id].sort());
    expect(
      await database.query('select from idempotency_key where transfer_id = any ($1)', [
        [kept.id, refused.id, also.id],
      ]),
    ).toHaveLength(2);
  });

  it('see what they wrote before', async () => {
    const ids = await Promise.all([submitted(), submitted()]);
    const seen = await Promise.all(
      ids.map((transferId) =>
        together(async (tx) => {
          const organizations = [seeded.sender.organizationId];
          await tx.audit({
            action: 'transfer.read',
            outcome: 'success',
            actor: seeded.actor,
            organizations,
            transferId,
          });
          return (await tx.listAudit({ transferId, limit: 5 })).map(({ action }) => action);
        }),
      ),
    );
    expect(seen).toEqual([['transfer.read'], ['transfer.read']]);
  });

  it('reserve one key once, whoever comes together', async () => {
    const ids = Array.from({ length: 8 }, () => newTransfer(seeded));
    const reservations = await Promise.all(
      ids.map((transfer) =>
        together(async (tx) => {
          const reservation = await tx.reserveIdempotencyKey('one key', 'e'.repeat(64), transfer.id);
          if (reservation.kind === 'new') await tx.insertTransfer(transfer);
          return reservation.kind === 'known' ? (await tx.loadTransfer(reservation.transferId))!.id : transfer.id;
        }),
      ),
    );
    expect(new Set(reservations).size).toBe(1);
    const other = await together((tx) => tx.reserveIdempotencyKey('one key', 'f'.repeat(64), newId<TransferId>()));
    expect(other).toEqual({ kind: 'conflict' });
  });

  it('do not wait for a record that one of them waits for', async () => {
    const [free, locked] = [await claimed(), await claimed()];
    const holder = await database.pool('relais_worker').connect();
    await holder.query('begin');
    await holder.query('select from outbox where transfer_id = $1 for update', [locked.transferId]);
    const prepared: string[] = [];
    const load = (claim: Claim, name: string) =>
      database.store
        .together('prepare', seeded.sender.organizationId, (tx) => tx.loadSending(claim))
        .then((sending) => (prepared.push(name), sending?.digest));
    const both = [load(free, 'free'), load(locked, 'locked')];
    expect(await both[0]).toMatch(/^[0-9a-f]{64}$/);
    await sleep(300);
    expect(prepared).toEqual(['free']);
    await holder.query('commit');
    holder.release();
    expect(await both[1]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('do not wait for a key that another gateway holds', async () => {
    const [first, second] = [newTransfer(seeded), newTransfer(seeded)];
    const reserve = (key: string, transfer: typeof first) =>
      together((tx) => tx.reserveIdempotencyKey(key, 'a'.repeat(64), transfer.id));
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let isHeld = (): void => undefined;
    const holding = new Promise<void>((resolve) => (isHeld = resolve));
    // As another process would: a transaction that has the key, and does not end.
    const other = database.store.asOrganization(seeded.sender.organizationId, async (tx) => {
      await tx.reserveIdempotencyKey('held', 'a'.repeat(64), first.id);
      await tx.insertTransfer(first);
      isHeld();
      await held;
    });
    await holding;
    const [waiting, free] = [reserve('held', newTransfer(seeded)), reserve('free', second)];
    expect(await free).toEqual({ kind: 'new' });
    release();
    await other;
    expect(await waiting).toEqual({ kind: 'known', transferId: first.id });
  });

  it('claim each delivery once, also when the queue brings it twice, and wait for one that is held', async () => {
    const ids = await Promise.all([submitted(), submitted()]);
    for (const id of ids) await handOut(database, id);
    const { dispatch } = database.store;
    const holder = await database.pool('relais_worker').connect();
    await holder.query('begin');
    await holder.query('select from outbox where transfer_id = $1 for update', [ids[1]]);
    const claims = [...ids, ...ids].map((id) => dispatch.claim(id, 30_000));
    expect((await claims[0])?.transferId).toBe(ids[0]);
    // Nor does who comes after it wait for the one that is held.
    expect(await dispatch.claim(newId<TransferId>(), 30_000)).toBeNull();
    await holder.query('commit');
    holder.release();
    const got = await Promise.all(claims);
    expect(
      got
        .filter((one) => one !== null)
        .map((one) => one.transferId)
        .sort(),
    ).toEqual([...ids].sort());
    const live = got.filter((one) => one !== null);
    expect(await Promise.all(live.map((one) => dispatch.fenceHolds(one)))).toEqual([true, true]);
    const stale = live.map((one) => ({ ...one, fence: one.fence - 1 }));
    expect(await Promise.all([...stale, ...live].map((one) => dispatch.fenceHolds(one)))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});
