import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TAKE_TRANSFERS } from '../../../src/adapters/store/dispatch/take-due.js';
import { addMs, instant } from '../../../src/kernel/clock.js';
import type { TransferId } from '../../../src/kernel/ids.js';
import type { Receipt } from '../../../src/transfer/door-ports.js';
import type { Claim, PartnerSign } from '../../../src/transfer/transfer.js';
import { backlog, setPartner } from '../../support/backlog.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seedOrganization, type SeededOrganization } from '../../support/fixtures.js';

let database: TestDatabase;
let sender: SeededOrganization;
let housing: SeededOrganization;
let health: SeededOrganization;
beforeAll(async () => {
  database = await createTestDatabase();
  sender = await seedOrganization(database, 'CCAS de Valmont', 'social');
});
beforeEach(async () => {
  await database.query('update outbox set open = false where open');
  housing = await seedOrganization(database, 'Toit Commun', 'housing');
  health = await seedOrganization(database, 'Les Tilleuls', 'health');
});
afterAll(() => database.drop());

const receipt: Receipt = { status: 200, digest: 'd'.repeat(64), location: null };
const fails: PartnerSign = { sign: 'fails' };
const HOUR_MS = 3_600_000;

async function take(limit = 64): Promise<TransferId[]> {
  return (await database.store.dispatch.takeDue(limit, 'transfer')).map(({ id }) => id as TransferId);
}
async function claimed(id: TransferId): Promise<Claim> {
  const claim = await database.store.dispatch.claim(id, 30_000);
  expect(claim).not.toBeNull();
  return claim!;
}
async function end(id: TransferId, how: 'delivered' | 'dead' | { retryInMs: number; sign?: PartnerSign }) {
  const claim = await claimed(id);
  await database.store.asOrganization(sender.organizationId, (tx) => {
    if (how === 'delivered') return tx.finishDelivered(claim, receipt);
    if (how === 'dead') return tx.finishFailed(claim, 'record-refused', { sign: 'answers' });
    const at = addMs(instant(Date.now()), how.retryInMs);
    return tx.finishRetry(claim, 'partner-error', at, how.sign ?? { sign: 'unknown' });
  });
}
const deliverAll = (ids: readonly TransferId[]): Promise<void[]> => Promise.all(ids.map((id) => end(id, 'delivered')));

describe('partners', () => {
  it('take turns: 5,000 that wait longer for one do not delay the ten of another', async () => {
    await backlog(database, sender, housing, { count: 5_000, dueSecondsAgo: 3_600 });
    const ten = new Set(await backlog(database, sender, health, { count: 10, dueSecondsAgo: 1 }));
    const first = await take();
    await deliverAll(first);
    const second = await take();
    const mine = [...first, ...second].filter((id) => ten.has(id));
    expect(mine).toHaveLength(10);
    // Nor do the ten stop the others.
    expect(first.length - first.filter((id) => ten.has(id)).length).toBe(8);
  });

  it('share a batch equally, whatever waits for each', async () => {
    for (const each of [housing, health]) await setPartner(database, each, { max_in_flight: 256 });
    const many = new Set(await backlog(database, sender, housing, { count: 500, dueSecondsAgo: 3_600 }));
    await backlog(database, sender, health, { count: 100, dueSecondsAgo: 1 });
    const taken = await take(64);
    expect(taken).toHaveLength(64);
    expect(taken.filter((id) => many.has(id))).toHaveLength(32);
  });

  it('that are more than a batch holds come in turn', async () => {
    const all = await Promise.all(
      Array.from({ length: 9 }, (_, n) => seedOrganization(database, `Service ${n}`, 'social')),
    );
    for (const each of all) await backlog(database, sender, each, { count: 5 });
    const served = async (): Promise<Set<string>> => {
      const ids = await take(3);
      const rows = await database.query<{ partner_id: string }>(
        'select distinct partner_id from outbox where transfer_id = any ($1)',
        [ids],
      );
      return new Set(rows.map((row) => row.partner_id));
    };
    const seen = [await served(), await served(), await served()];
    expect(seen.map(({ size }) => size)).toEqual([3, 3, 3]);
    expect(new Set(seen.flatMap((each) => [...each])).size).toBe(9);
  });

  it('get what is due first for them, first', async () => {
    const ids = await backlog(database, sender, housing, { count: 20 });
    expect(new Set(await take(8))).toEqual(new Set(ids.slice(0, 8)));
  });
});

describe('one person', () => {
  it('is told of in order: what fails keeps later ones waiting while it is open, and not once it is a dead letter', async () => {
    const [first, second, third] = await backlog(database, sender, housing, { count: 3, persons: 1 });
    expect(await take()).toEqual([first]);
    expect(await take()).toEqual([]);
    await end(first!, { retryInMs: 700 });
    expect(await take()).toEqual([]);
    // What is next due is the first again, not the others that stand behind it.
    expect(await database.store.dispatch.nextDueInMs('transfer')).toBeGreaterThan(0);
    await sleep(750);
    expect(await take()).toEqual([first]);
    await end(first!, 'dead');
    expect(await take()).toEqual([second]);
    await end(second!, 'delivered');
    expect(await take()).toEqual([third]);
  });

  it('is told of to two partners, and by two persons’ files, independently', async () => {
    const [a] = await backlog(database, sender, housing, { count: 2, persons: 1 });
    const [b] = await backlog(database, sender, health, { count: 2, persons: 1 });
    const [c] = await backlog(database, sender, health, { count: 2, persons: 1 });
    expect(new Set(await take())).toEqual(new Set([a, b, c]));
  });

  it('is not kept waiting by what is held until later', async () => {
    const [held, now] = await backlog(database, sender, housing, { count: 2, persons: 1 });
    const later = addMs(instant(Date.now()), HOUR_MS);
    await database.query('update outbox set due_at = $2, next_attempt_at = $2 where transfer_id = $1', [held, later]);
    expect(await take()).toEqual([now]);
  });

  it('is told of in order and one at a time by any number of relays and workers, whatever fails', async () => {
    const ids = await backlog(database, sender, housing, { count: 120, persons: 9 });
    await setPartner(database, housing, { max_in_flight: 24, breaker_failures: 1_000 });
    const personOf = new Map<string, number>(ids.map((id, index) => [id, index % 9]));
    const open = new Map<number, TransferId[]>();
    for (const id of ids) open.set(personOf.get(id)!, [...(open.get(personOf.get(id)!) ?? []), id]);
    const working = new Set<number>();
    const wrong: string[] = [];
    const work = async (id: TransferId): Promise<void> => {
      const person = personOf.get(id)!;
      const queue = open.get(person)!;
      if (queue[0] !== id) wrong.push('out of order');
      if (working.has(person)) wrong.push('two at once');
      working.add(person);
      await sleep(Math.random() * 4);
      const luck = Math.random();
      working.delete(person);
      if (luck >= 0.3) queue.shift();
      await end(id, luck < 0.3 ? { retryInMs: 5, sign: fails } : luck < 0.4 ? 'dead' : 'delivered');
    };
    const relay = async (): Promise<void> => {
      while ([...open.values()].some((queue) => queue.length > 0)) {
        const taken = await take(5);
        await Promise.all(taken.map(work));
        if (taken.length === 0) await sleep(3);
      }
    };
    await Promise.all(Array.from({ length: 4 }, relay));
    expect(wrong).toEqual([]);
  });
});

describe('the limit in flight', () => {
  it('is never exceeded, by any number of relays at once', async () => {
    await backlog(database, sender, housing, { count: 400 });
    await setPartner(database, housing, { max_in_flight: 5 });
    let most = 0;
    let done = 0;
    const relay = async (): Promise<void> => {
      while (done < 150) {
        const taken = await take();
        const [row] = await database.query<{ n: number }>(
          'select count(*)::int as n from outbox where partner_id = $1 and open and enqueued_at is not null',
          [housing.partnerId],
        );
        most = Math.max(most, row!.n);
        await deliverAll(taken);
        done += taken.length;
      }
    };
    await Promise.all(Array.from({ length: 8 }, relay));
    expect(most).toBe(5);
  });

  it('counts what the queue brings late: an id whose row was re-opened meanwhile is not claimed', async () => {
    await setPartner(database, housing, { max_in_flight: 1 });
    const [late] = await backlog(database, sender, housing, { count: 1 });
    expect(await take()).toEqual([late]);
    await sleep(5);
    await database.store.dispatch.reopenLost(1);
    expect(await database.store.dispatch.claim(late!, 30_000)).toBeNull();
    expect(await take()).toEqual([late]);
    await claimed(late!);
  });

  it('counts what a worker holds although the relay did not hear that the queue took it', async () => {
    await setPartner(database, housing, { max_in_flight: 1 });
    await backlog(database, sender, housing, { count: 2 });
    const [held] = await take();
    await claimed(held!);
    await database.store.dispatch.putBack([held!]);
    expect(await take()).toEqual([]);
  });

  it('of one partner uses up no turn of another', async () => {
    await backlog(database, sender, housing, { count: 20 });
    const [other] = await backlog(database, sender, health, { count: 1, dueSecondsAgo: 1 });
    await take(4);
    await setPartner(database, housing, { max_in_flight: 2, last_taken_at: '-infinity' });
    await setPartner(database, health, { last_taken_at: new Date() });
    await database.store.dispatch.putBack([other!]);
    expect(await take(1)).toEqual([other]);
    // Nor does an empty bucket.
    await database.store.dispatch.putBack([other!]);
    await setPartner(database, housing, {
      max_in_flight: 200,
      burst: 1,
      tokens: 0,
      tokens_at: new Date(),
      rate_per_second: 0.001,
    });
    expect(await take(1)).toEqual([other]);
  });
});

describe('the token bucket', () => {
  it('is never exceeded over any window, by any number of relays', async () => {
    const [rate, burst] = [60, 12];
    await backlog(database, sender, housing, { count: 300 });
    await setPartner(database, housing, { max_in_flight: 256, rate_per_second: rate, burst });
    const until = Date.now() + 1_500;
    const relay = async (): Promise<void> => {
      while (Date.now() < until) {
        await deliverAll(await take(7));
        await sleep(Math.random() * 10);
      }
    };
    await database.query(
      `create or replace function note_hand_out() returns trigger language plpgsql as $$ begin
         insert into hand_out values (new.partner_id, clock_timestamp()); return new; end $$;
       create table hand_out (partner_id uuid, at timestamptz);
       alter table hand_out disable row level security;
       grant insert on hand_out to relais_worker;
       grant execute on function note_hand_out() to relais_worker;
       create trigger note_hand_out after update on outbox for each row
         when (old.enqueued_at is null and new.enqueued_at is not null) execute function note_hand_out()`,
    );
    await Promise.all(Array.from({ length: 4 }, relay));
    const times = (
      await database.query<{ at: number }>(
        'select extract(epoch from at)::float8 as at from hand_out where partner_id = $1 order by at',
        [housing.partnerId],
      )
    ).map((row) => row.at);
    await database.query('drop trigger note_hand_out on outbox; drop table hand_out; drop function note_hand_out()');
    expect(times.length).toBeGreaterThan(rate);
    for (const [from, start] of times.entries()) {
      for (let to = from; to < times.length; to += 1) {
        // Rows of one statement are stamped one after the other, some milliseconds before the bucket is charged.
        expect(to - from + 1).toBeLessThanOrEqual(burst + rate * (times[to]! - start + 0.02));
      }
    }
  });

  it('says when the next token comes', async () => {
    await backlog(database, sender, housing, { count: 5 });
    await setPartner(database, housing, { rate_per_second: 1, burst: 1 });
    expect(await take()).toHaveLength(1);
    expect(await take()).toEqual([]);
    const waitMs = await database.store.dispatch.nextDueInMs('transfer');
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(1_000);
    await sleep(waitMs! + 2);
    expect(await take()).toHaveLength(1);
  });
});

describe('the circuit breaker', () => {
  const standing = async () => {
    const [row] = await database.query<{ failures: number; open_ms: number | null }>(
      `select failures, (extract(epoch from open_until - clock_timestamp()) * 1000)::float8 as open_ms
         from partner_delivery where partner_id = $1`,
      [housing.partnerId],
    );
    return row!;
  };

  it('opens after failures in a row, lets one through after its pause, and closes when that succeeds', async () => {
    await backlog(database, sender, housing, { count: 50 });
    await setPartner(database, housing, { max_in_flight: 4, breaker_failures: 3, breaker_pause_ms: 1_000 });
    const [a, b, c, d] = await take();
    await end(a!, { retryInMs: HOUR_MS, sign: fails });
    await end(b!, { retryInMs: HOUR_MS, sign: fails });
    // Two are not three in a row when one succeeds between.
    await end(c!, 'delivered');
    await end(d!, { retryInMs: HOUR_MS, sign: fails });
    const [e, f, g, h] = await take();
    await end(e!, { retryInMs: HOUR_MS, sign: fails });
    expect((await standing()).open_ms).toBeNull();
    await end(f!, { retryInMs: HOUR_MS, sign: fails });
    expect(await standing()).toMatchObject({ failures: 3 });
    // What was on the wire when it opened counts no more.
    await end(g!, { retryInMs: HOUR_MS, sign: fails });
    expect(await standing()).toMatchObject({ failures: 3 });
    await end(h!, { retryInMs: HOUR_MS, sign: { sign: 'unknown' } });
    expect(await take()).toEqual([]);
    const waitMs = (await database.store.dispatch.nextDueInMs('transfer'))!;
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(1_000);

    await sleep(waitMs + 5);
    const probe = await take();
    expect(probe).toHaveLength(1);
    expect(await take()).toEqual([]);
    await end(probe[0]!, { retryInMs: HOUR_MS, sign: fails });
    expect(await take()).toEqual([]);
    // Each probe in vain doubles the pause.
    expect((await standing()).open_ms).toBeGreaterThan(1_000);
    await sleep(2_010);
    const [again] = await take();
    await end(again!, 'delivered');
    expect(await standing()).toMatchObject({ failures: 0, open_ms: null });
    expect(await take()).toHaveLength(4);
  });

  it('of one partner concerns no other', async () => {
    await backlog(database, sender, housing, { count: 5 });
    const others = await backlog(database, sender, health, { count: 5 });
    await setPartner(database, housing, { failures: 5, open_until: addMs(instant(Date.now()), HOUR_MS) });
    expect(new Set(await take())).toEqual(new Set(others));
  });

  it('stays closed for a partner that refuses one record after the other: it answers', async () => {
    await backlog(database, sender, housing, { count: 8 });
    await setPartner(database, housing, { breaker_failures: 2, failures: 1 });
    for (const id of await take()) await end(id, 'dead');
    expect(await standing()).toMatchObject({ failures: 0, open_ms: null });
  });
});

describe('a pause that the partner asks for', () => {
  it('holds for all that goes to it, and for nobody else', async () => {
    const mine = new Set(await backlog(database, sender, housing, { count: 20 }));
    const first = await take();
    const sign: PartnerSign = { sign: 'answers', pauseMs: 1_500 };
    await end(first[0]!, { retryInMs: 1, sign });
    await deliverAll(first.slice(1));
    expect(await take()).toEqual([]);
    const waitMs = (await database.store.dispatch.nextDueInMs('transfer'))!;
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(1_500);
    const others = await backlog(database, sender, health, { count: 3 });
    expect(new Set(await take())).toEqual(new Set(others));
    // A shorter wish that comes later does not shorten the first.
    await end(others[0]!, 'delivered');
    await sleep(waitMs + 5);
    const after = await take();
    expect(after).toHaveLength(8);
    expect(after.every((id) => mine.has(id))).toBe(true);
  });
});

describe('a stop', () => {
  it.each(['partner', 'global'] as const)(
    '(%s) acts at once: nothing is handed out, claimed or written',
    async (what) => {
      const stop = async (on: boolean): Promise<unknown> =>
        what === 'partner'
          ? setPartner(database, housing, { stopped_at: on ? new Date() : null, stopped_by: on ? '{}' : null })
          : database.query('update delivery_switch set stopped_at = $1, stopped_by = $2', [
              on ? new Date() : null,
              on ? '{}' : null,
            ]);
      const mine = await backlog(database, sender, housing, { count: 20 });
      const others = await backlog(database, sender, health, { count: 2 });
      const taken = (await take()).filter((id) => mine.includes(id));
      const claim = await claimed(taken[0]!);
      expect(await database.store.dispatch.fenceHolds(claim)).toBe(true);
      await stop(true);
      expect(await database.store.dispatch.fenceHolds(claim)).toBe(false);
      expect(await database.store.dispatch.claim(taken[1]!, 30_000)).toBeNull();
      await database.store.dispatch.putBack(taken);
      await database.store.dispatch.putBack(others);
      expect(new Set(await take())).toEqual(new Set(what === 'partner' ? others : []));
      expect(await database.store.dispatch.nextDueInMs('transfer')).toBeNull();
      await stop(false);
      expect((await take()).filter((id) => mine.includes(id))).toHaveLength(7);
    },
  );
});

describe('with 10,000 waiting and 50,000 done', () => {
  it('a hand-out reads what it hands out, and nothing of the rest, also right after there was almost nothing', async () => {
    const many = await Promise.all(
      Array.from({ length: 20 }, (_, n) => seedOrganization(database, `Service ${n}`, 'social')),
    );
    // What the planner knows of the table until somebody counts again: three rows, on which nothing is quicker than reading all.
    // Nobody else counts meanwhile.
    await database.query('alter table outbox set (autovacuum_enabled = false)');
    await database.query('delete from outbox');
    await database.query('vacuum (full, analyze) outbox');
    await backlog(database, sender, housing, { count: 3 });
    await database.query('analyze outbox');
    await deliverAll(await take());

    await backlog(database, sender, housing, { count: 50_000, open: false, persons: 1_000 });
    for (const each of many) await backlog(database, sender, each, { count: 500 });
    const client = await database.pool('relais_worker').connect();
    const explain = async (): Promise<string> => {
      await client.query(`begin; prepare take (bigint) as ${TAKE_TRANSFERS}`);
      const { rows } = await client.query<{ 'QUERY PLAN': string }>('explain (analyze, buffers) execute take (64)');
      await client.query('rollback; deallocate take');
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const early = await explain();
    // However the rows are put in order: who is the first of a person is asked of those that are looked at, not of all that wait.
    await client.query('set enable_indexscan = off');
    const sorted = await explain();
    await client.query('reset enable_indexscan');
    expect(sorted).toMatch(/Sort Key: o_?\d*\.next_attempt_at/);
    const asked = [...sorted.matchAll(/ on outbox e(?:_\d+)? .* loops=(\d+)/g)].map(([, loops]) => Number(loops));
    expect(asked.length).toBeGreaterThan(0);
    expect(Math.max(...asked)).toBeLessThan(500);
    const startedAt = performance.now();
    expect(await take()).toHaveLength(60);
    expect(performance.now() - startedAt).toBeLessThan(250);
    await database.query('analyze outbox');
    const counted = await explain();
    client.release();
    for (const plan of [early, counted]) {
      expect(plan).not.toMatch(/Seq Scan on outbox/);
      const [, hit = ''] = /Buffers: shared hit=(\d+)/.exec(plan) ?? [];
      // Pages touched: a few for each partner and each row that is handed out; the table has thousands.
      expect(Number(hit)).toBeGreaterThan(0);
      expect(Number(hit)).toBeLessThan(6_000);
    }
  });
});
