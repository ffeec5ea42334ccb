import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SaltedEntry } from '../../../src/domain/audit/chain.js';
import type { AuditEntryId } from '../../../src/kernel/ids.js';
import { COVERS, needsWitness, randomOf, TAMPERINGS, type Cover } from '../../domain/audit/tampering.js';
import type { LogModel } from '../../domain/audit/log-model.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seed } from '../../support/fixtures.js';

/** The same tamperings as in memory, done to a real log by somebody who owns the database and disables its triggers. */
let database: TestDatabase;
let original: LogModel;
let witness: string;
beforeAll(async () => {
  database = await createTestDatabase();
  const { sender, actor } = await seed(database);
  const organizations = [sender.organizationId];
  for (const count of [9, 16, 20, 18]) {
    await database.store.asOrganization(sender.organizationId, async (tx) => {
      for (let index = 0; index < count; index += 1)
        await tx.audit({ action: 'case.read', outcome: 'success', actor, organizations, codes: { index } });
    });
    await database.store.sequenceOnce();
  }
  witness = (await database.store.latestCheckpoint())!;
  await database.query(`
    alter table audit_entry drop constraint audit_entry_check;
    alter table audit_log drop constraint audit_log_pkey, drop constraint audit_log_entry_id_key, drop constraint audit_log_seq_check;
    alter table audit_node drop constraint audit_node_pkey;
    alter table audit_checkpoint drop constraint audit_checkpoint_pkey`);
  original = await load();
}, 60_000);
afterAll(() => database.drop());
afterEach(async () => {
  await store(original);
  expect(await database.store.verifyAudit({ checkpoint: witness })).toMatchObject({ ok: true, entries: 63 });
});

const number = (value: string): number => Number(value);

async function load(): Promise<LogModel> {
  const entries = await database.query<{ id: AuditEntryId; entry: SaltedEntry }>('select id, entry from audit_entry');
  const links = await database.query<{ seq: string; entry_id: AuditEntryId; leaf_hash: Buffer; chain_hash: Buffer }>(
    'select * from audit_log order by seq',
  );
  const nodes = await database.query<{ last_seq: string; level: number; hash: Buffer }>(
    'select * from audit_node order by last_seq, level',
  );
  const checkpoints = await database.query<{ size: string; note: string }>('select * from audit_checkpoint order by 1');
  const [head] = await database.query<{
    size: string;
    chain_hash: Buffer;
    tree_size: string;
    peaks: Buffer[];
    signed_size: string;
  }>('select * from audit_head');
  return {
    entries: new Map(entries.map(({ id, entry }) => [id, entry])),
    links: links.map((row) => ({
      seq: number(row.seq),
      entryId: row.entry_id,
      leafHash: row.leaf_hash,
      chainHash: row.chain_hash,
      agrees: true,
    })),
    nodes: nodes.map(({ last_seq: lastSeq, level, hash }) => ({ lastSeq: number(lastSeq), level, hash })),
    checkpoints: checkpoints.map(({ size, note }) => ({ size: number(size), note })),
    head: {
      size: number(head!.size),
      chainHash: head!.chain_hash,
      treeSize: number(head!.tree_size),
      peaks: head!.peaks,
      signedSize: number(head!.signed_size),
    },
  };
}

/** Rewrites every table of the log. */
async function store({ entries, links, nodes, checkpoints, head }: LogModel): Promise<void> {
  const statements = [
    `set session_replication_role = replica; begin;
     delete from audit_entry; delete from audit_log; delete from audit_node; delete from audit_checkpoint`,
    `insert into audit_entry (id, entry) select * from unnest($1::uuid[], $2::jsonb[])`,
    `insert into audit_log (seq, entry_id, organizations, leaf_hash, chain_hash)
     select seq, entry_id, case when agrees then (select organizations from audit_entry where id = entry_id limit 1)
                           else array[gen_random_uuid()] end, leaf_hash, chain_hash
       from unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bytea[], $5::boolean[]) as t (seq, entry_id, leaf_hash, chain_hash, agrees)`,
    `insert into audit_node (last_seq, level, hash) select * from unnest($1::bigint[], $2::smallint[], $3::bytea[])`,
    `insert into audit_checkpoint (size, note) select * from unnest($1::bigint[], $2::text[])`,
    `update audit_head set size = $1, chain_hash = $2, tree_size = $3, peaks = $4, signed_size = $5`,
    `commit; set session_replication_role = origin`,
  ];
  const values: readonly (readonly unknown[])[] = [
    [],
    [[...entries.keys()], [...entries.values()].map((entry) => JSON.stringify(entry))],
    [
      links.map(({ seq }) => seq),
      links.map(({ entryId }) => entryId),
      links.map(({ leafHash }) => leafHash),
      links.map(({ chainHash }) => chainHash),
      links.map(({ agrees }) => agrees),
    ],
    [nodes.map(({ lastSeq }) => lastSeq), nodes.map(({ level }) => level), nodes.map(({ hash }) => hash)],
    [checkpoints.map(({ size }) => size), checkpoints.map(({ note }) => note)],
    [head.size, head.chainHash, head.treeSize, head.peaks, head.signedSize],
    [],
  ];
  // The links of entries that are gone say that nobody may read them; their column allows no null.
  await database.query('alter table audit_log alter column organizations drop not null');
  for (const [index, statement] of statements.entries())
    await (values[index]!.length === 0 ? database.query(statement) : database.query(statement, values[index]));
}

const kinds = Object.keys(TAMPERINGS);
const cases = [
  ...kinds.slice(0, 6).flatMap((kind) => COVERS.map((cover) => ({ kind, cover }))),
  ...kinds.slice(6).map((kind) => ({ kind, cover: 'nothing' as Cover })),
];

describe('a real log', () => {
  it.each(cases)('$kind, covered up to: $cover', async ({ kind, cover }) => {
    const random = randomOf(kinds.indexOf(kind) * 100 + COVERS.indexOf(cover));
    const { log, at } = TAMPERINGS[kind]!(original, random, cover);
    await store(log);
    const checkpoint = needsWitness(kind, cover) ? { checkpoint: witness } : {};
    const { ok, firstBad: bad } = await database.store.verifyAudit({ ...checkpoint, pageSize: 1 + random.below(70) });
    expect(ok).toBe(false);
    if (at === undefined) return;
    expect(bad!.seq).toBeLessThanOrEqual(at);
    expect(at).toBeLessThan(bad!.before ?? bad!.seq + 1);
  });
});
