import { afterAll, beforeAll, expect, it } from 'vitest';
import { RECIPIENT, register, SENDER } from '../../bench/transfer/world.mjs';
import { store as storeTransfers } from '../../bench/transfer/stored.mjs';
import { createPartnerRules } from '../../src/adapters/identity/check-partner.js';
import { insertEntry } from '../../src/adapters/store/audit/insert-entry.js';
import { createRegistry } from '../../src/adapters/store/identity/registry.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** The growth benchmark copies a gateway's past into the tables, past their foreign keys: it must be one that could have been. */

const COUNT = 40;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const registry = createRegistry({
    pool: database.pool('relais_identity'),
    audit: insertEntry,
    rules: createPartnerRules({ publicUrl: 'https://relais.test', allowPrivateEndpoints: true }),
  });
  await register({ store: database.store, registry, partnerUrl: 'http://127.0.0.1:9' });
  while ((await database.store.sequenceOnce()) > 0);
  await storeTransfers(database.url, COUNT, database.masterKey);
}, 60_000);
afterAll(() => database.drop());

it('what is stored reads as delivered transfers, by both sides', async () => {
  for (const { id } of [SENDER, RECIPIENT]) {
    const transfers = await database.store.asOrganization(id, (tx) => tx.latestTransfers(COUNT + 1));
    expect(transfers).toHaveLength(COUNT);
    expect(new Set(transfers.map(({ status }) => status))).toEqual(new Set(['delivered']));
  }
});

it('every row that another one names is there', async () => {
  const keys = await database.query<{ from: string; to: string; columns: string[]; referred: string[] }>(`
    select c.conrelid::regclass::text as from, c.confrelid::regclass::text as to,
           array(select a.attname::text from unnest(c.conkey) with ordinality k(n, i)
                   join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.i) as columns,
           array(select a.attname::text from unnest(c.confkey) with ordinality k(n, i)
                   join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.n order by k.i) as referred
      from pg_constraint c where c.contype = 'f' and c.connamespace = 'relais'::regnamespace`);
  expect(keys.length).toBeGreaterThan(30);
  const dangling: string[] = [];
  for (const { from, to, columns, referred } of keys) {
    const isJoined = columns.map((column, index) => `f."${column}" = t."${referred[index] ?? ''}"`).join(' and ');
    const isGiven = columns.map((column) => `f."${column}" is not null`).join(' and ');
    const [row] = await database.query<{ lost: number }>(
      `select count(*)::int as lost from ${from} f where ${isGiven} and not exists (select from ${to} t where ${isJoined})`,
    );
    if (row?.lost !== 0) dangling.push(`${from} (${columns.join(', ')}) → ${to}: ${row?.lost ?? '?'}`);
  }
  expect(dangling).toEqual([]);
});

it('no table that a transfer fills is left empty, and its log holds', async () => {
  const stored = [
    'person',
    'transfer',
    'transfer_event',
    'transfer_content',
    'outbox',
    'referral',
    'audit_log',
    'audit_node',
  ];
  for (const table of stored) {
    const [row] = await database.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    expect(row?.n, table).toBeGreaterThan(0);
  }
  const verdict = await database.store.verifyAudit();
  expect(verdict).toMatchObject({ ok: true, unsequenced: 0 });
  expect(verdict.entries).toBeGreaterThanOrEqual(COUNT);
});
