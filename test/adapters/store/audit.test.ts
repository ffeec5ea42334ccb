import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditFact } from '../../../src/domain/audit/entry.js';
import { newId, type TransferId } from '../../../src/kernel/ids.js';
import { insertEntry } from '../../../src/adapters/store/audit/insert-entry.js';
import { sequenceOnce } from '../../../src/adapters/store/audit/sequence.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seed, type Seeded } from '../../support/fixtures.js';

let database: TestDatabase;
let seeded: Seeded;
beforeAll(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
});
afterAll(() => database.drop());

const fact = (codes: AuditFact['codes'] = {}): AuditFact => ({
  action: 'case.read',
  outcome: 'success',
  actor: seeded.actor,
  organizations: [seeded.sender.organizationId],
  codes: codes,
});

const write = (count: number): Promise<unknown> =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      database.store.asOrganization(seeded.sender.organizationId, (tx) => tx.audit(fact({ index }))),
    ),
  );

async function sequenceAll(): Promise<void> {
  while ((await database.store.sequenceOnce()) > 0);
}

describe('the sequencer', () => {
  it('numbers what 16 concurrent writers commit, once each and without a gap, with four sequencers at it', async () => {
    const pools = Array.from({ length: 4 }, () => database.pool('relais_worker'));
    let writing = true;
    const sequencers = pools.map(async (pool) => {
      while (writing) await sequenceOnce(pool, 7);
    });
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let n = 0; n < 15; n += 1) await write(1);
      }),
    );
    writing = false;
    await Promise.all(sequencers);
    await sequenceAll();
    expect(await database.store.verifyAudit()).toMatchObject({ ok: true, unsequenced: 0, entries: 240 });
    const [row] = await database.query<{ n: string; distinct: string; last: string }>(
      'select count(*) as n, count(distinct entry_id) as distinct, max(seq) as last from audit_log',
    );
    expect(row).toEqual({ n: '240', distinct: '240', last: '239' });
  });

  it('does nothing while another process’s sequencer is at work', async () => {
    await write(1);
    const other = await database.pool('relais_worker').connect();
    await other.query('begin');
    await other.query('select pg_advisory_xact_lock(125780158870900)');
    expect(await database.store.sequenceOnce()).toBe(0);
    await other.query('rollback');
    other.release();
    expect(await database.store.sequenceOnce()).toBe(1);
  });

  it('picks up an entry that commits late with an older time', async () => {
    const pool = database.pool('relais_app');
    const late = await pool.connect();
    await late.query('begin');
    await late.query(`select set_config('relais.organization', $1, true)`, [seeded.sender.organizationId]);
    const transferId = newId<TransferId>();
    await insertEntry(late, { ...fact(), transferId });
    await write(3);
    await sequenceAll();
    const before = await database.store.verifyAudit();
    await late.query('commit');
    late.release();
    expect(await database.store.verifyAudit()).toMatchObject({ ok: true, unsequenced: 1 });
    await sequenceAll();
    expect(await database.store.verifyAudit()).toMatchObject({ ok: true, unsequenced: 0, entries: before.entries + 1 });
    const [listed] = await database.store.asOrganization(seeded.sender.organizationId, (tx) =>
      tx.listAudit({ transferId, limit: 1 }),
    );
    expect(listed).toMatchObject({ transferId, seq: before.entries });
    expect(listed).not.toHaveProperty('salt');
  });

  it('has numbered an entry within a second', { retry: 2 }, async () => {
    const errors: unknown[] = [];
    const sequencer = database.store.startSequencer((error) => errors.push(error));
    try {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await write(2);
      const committed = Date.now();
      while ((await database.query('select 1 from audit_pending')).length > 0) {
        expect(Date.now() - committed).toBeLessThan(1_000);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      await sequencer.stop();
    }
    expect(errors).toEqual([]);
  });

  it('leaves an entry that was rolled back out of the log', async () => {
    const before = await database.store.verifyAudit();
    await expect(
      database.store.asOrganization(seeded.sender.organizationId, async (tx) => {
        await tx.audit(fact());
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    await sequenceAll();
    expect(await database.store.verifyAudit()).toMatchObject({ ok: true, entries: before.entries, unsequenced: 0 });
  });
});

/** Twelve entries, each numbered and signed by itself. */
const WHOLE = { entries: 12, unsequenced: 0, unsigned: 0, checkpoints: 12, ok: true };

describe('verification', () => {
  let own: TestDatabase;
  beforeEach(async () => {
    own = await createTestDatabase();
    const there = await seed(own);
    for (let index = 0; index < 12; index += 1) {
      await own.store.asOrganization(there.sender.organizationId, (tx) =>
        tx.audit({ ...fact({ index }), actor: there.actor, organizations: [there.sender.organizationId] }),
      );
      await own.store.sequenceOnce();
    }
    return () => own.drop();
  });

  /** As a database administrator who knows how to step over triggers. */
  const tamper = (sql: string): Promise<unknown> =>
    own.query(`do $do$ begin set local session_replication_role = replica; ${sql}; end $do$`);
  const id = (seq: number): string => `(select entry_id from audit_log where seq = ${seq})`;

  it.each<[string, string, object]>([
    [
      'an edited entry',
      `update audit_entry set entry = jsonb_set(entry, '{outcome}', '"refused"') where id = ${id(4)}`,
      { seq: 4, kind: 'entry-changed' },
    ],
    [
      'a changed time',
      `update audit_entry set entry = jsonb_set(entry, '{at}', '"2020-01-01T00:00:00.000Z"') where id = ${id(7)}`,
      { seq: 7, kind: 'entry-changed' },
    ],
    ['a deleted entry', `delete from audit_entry where id = ${id(5)}`, { seq: 5, kind: 'entry-missing' }],
    ['a deleted number', 'delete from audit_log where seq = 3', { seq: 3, kind: 'link-missing' }],
    ['a deleted beginning', 'delete from audit_log where seq < 2', { seq: 0, kind: 'link-missing' }],
    ['a cut end', 'delete from audit_log where seq > 9', { seq: 10, kind: 'log-shorter' }],
    [
      'a cut end with its entries',
      `delete from audit_entry where id = ${id(11)}; delete from audit_log where seq = 11`,
      { seq: 11, kind: 'log-shorter' },
    ],
    [
      'two entries in each other’s place',
      `update audit_log set seq = -seq - 1 where false;
      create temp table swap on commit drop as select seq, entry_id, leaf_hash from audit_log where seq in (2, 6);
      update audit_log set entry_id = gen_random_uuid() where seq = 6;
      update audit_log l set entry_id = s.entry_id, leaf_hash = s.leaf_hash from swap s where l.seq = 2 and s.seq = 6;
      update audit_log l set entry_id = s.entry_id, leaf_hash = s.leaf_hash from swap s where l.seq = 6 and s.seq = 2`,
      { seq: 2, kind: 'chain-broken' },
    ],
    [
      'an edit with its leaf recomputed',
      `update audit_log set leaf_hash = sha256('forged'::bytea) where seq = 8`,
      { seq: 8, kind: 'entry-changed' },
    ],
    [
      'another reader let in',
      `update audit_log set organizations = array[gen_random_uuid()] where seq = 1`,
      { seq: 1, kind: 'entry-changed' },
    ],
    ['a head set back', `update audit_head set size = 5`, { seq: 5, kind: 'head-differs' }],
    ['a head that is gone', `delete from audit_head`, { seq: 0, kind: 'head-differs' }],
  ])('names %s', async (_what, sql, firstBad) => {
    expect(await own.store.verifyAudit()).toEqual(WHOLE);
    await tamper(sql);
    expect(await own.store.verifyAudit()).toMatchObject({ ok: false, firstBad });
  });

  it('names an entry whose place in the queue was taken away', async () => {
    await own.store.asOrganization(
      (await own.query<{ id: never }>('select id from organization limit 1'))[0]!.id,
      async (tx) => {
        await tx.audit({ ...fact(), organizations: [tx.organizationId] });
      },
    );
    await tamper('delete from audit_pending');
    await own.store.sequenceOnce();
    expect(await own.store.verifyAudit()).toMatchObject({
      ok: false,
      unsequenced: 1,
      firstBad: { seq: 12, kind: 'entry-unqueued', entryId: expect.any(String) },
    });
  });

  it('reads a log of many pages', async () => {
    const { verifyAudit } = await import('../../../src/adapters/store/audit/verify-audit.js');
    const pool = own.pool('relais_worker');
    for (const pageSize of [1, 4, 5, 12, 13])
      expect(await verifyAudit(pool, own.store.keyring, { pageSize })).toEqual(WHOLE);
  });
});
