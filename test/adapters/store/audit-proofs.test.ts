import { beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointSigner } from '../../../src/adapters/store/audit/sign-checkpoint.js';
import { sequenceOnce } from '../../../src/adapters/store/audit/sequence.js';
import { startSequencer } from '../../../src/adapters/store/audit/start-sequencer.js';
import type { AuditFact } from '../../../src/domain/audit/entry.js';
import { openCheckpoint, readCheckpoint, type Checkpoint } from '../../../src/domain/audit/checkpoint.js';
import { checkConsistency } from '../../../src/domain/audit/merkle/check-proof.js';
import { checkProvenEntry } from '../../../src/domain/audit/proven-entry.js';
import { readVerifier } from '../../../src/domain/audit/signed-note.js';
import { newId, type AuditEntryId, type TransferId } from '../../../src/kernel/ids.js';
import { treeHash } from '../../domain/audit/merkle/model.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seed, type Seeded } from '../../support/fixtures.js';

let database: TestDatabase;
let seeded: Seeded;
beforeEach(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
  return () => database.drop();
});

const factOf = (index: number, transferId?: TransferId): AuditFact => ({
  action: 'case.read',
  outcome: 'success',
  actor: seeded.actor,
  organizations: [seeded.sender.organizationId],
  codes: { index },
  ...(transferId !== undefined && { transferId }),
});

async function write(count: number, transferId?: TransferId): Promise<void> {
  await database.store.asOrganization(seeded.sender.organizationId, async (tx) => {
    for (let index = 0; index < count; index += 1) await tx.audit(factOf(index, transferId));
  });
}

async function newest(): Promise<Checkpoint> {
  const keys = (await database.store.checkpointKeys()).map((text) => readVerifier(text)!);
  return openCheckpoint((await database.store.latestCheckpoint())!, keys)!;
}

/** As a database administrator who knows how to step over triggers. */
const tamper = (sql: string): Promise<unknown> =>
  database.query(`do $do$ begin set local session_replication_role = replica; ${sql}; end $do$`);

async function leaves(): Promise<readonly Buffer[]> {
  const rows = await database.query<{ leaf_hash: Buffer }>('select leaf_hash from audit_log order by seq');
  return rows.map((row) => row.leaf_hash);
}

describe('a checkpoint', () => {
  it('is of the tree over all numbered entries, however many batches they came in', async () => {
    for (const count of [1, 2, 14, 33, 64]) {
      await write(count);
      await database.store.sequenceOnce();
      const { size, root } = await newest();
      expect(root).toEqual(treeHash(await leaves()));
      expect(size).toBe((await leaves()).length);
    }
    const kept = await database.query('select from audit_checkpoint');
    expect(kept).toHaveLength(5);
    const [nodes] = await database.query('select count(*)::int as n, min(level)::int as least from audit_node');
    // Blocks of sixteen among 114 leaves: seven, and the subtrees above them.
    expect(nodes).toEqual({ n: 7 + 3 + 1, least: 4 });
  });

  it('is signed once for a size, and not again while nothing was added', async () => {
    expect(await database.store.signCheckpoint()).toBeNull();
    expect(await database.store.latestCheckpoint()).toBeNull();
    await write(3);
    expect(await database.store.numberOnce()).toBe(3);
    expect(await database.store.latestCheckpoint()).toBeNull();
    const note = await database.store.signCheckpoint();
    expect(readCheckpoint(note!)).toMatchObject({ size: 3 });
    expect(await database.store.signCheckpoint()).toBeNull();
    expect(await database.store.latestCheckpoint()).toBe(note);
  });

  it('has one key for the deployment, sealed, whoever makes it first', async () => {
    const signers = Array.from({ length: 4 }, () =>
      createCheckpointSigner(database.pool('relais_worker'), database.store.keyring),
    );
    await write(1);
    await database.store.numberOnce();
    const notes = await Promise.all(signers.map((signer) => signer.signOnce()));
    expect(notes.filter((note) => note !== null)).toHaveLength(1);
    expect(await database.store.checkpointKeys()).toHaveLength(1);
    const [{ text }] = (await database.query<{ text: string }>(
      `select encode(sealed_private, 'hex') as text from audit_key`,
    )) as [{ text: string }];
    // PKCS #8 of an Ed25519 key begins with these bytes (RFC 8410).
    expect(text).not.toContain('302e020100300506032b6570');
    const stranger = createCheckpointSigner(database.pool('relais_worker'), {
      ...database.store.keyring,
      unwrap: () => {
        throw new Error('another master key');
      },
    });
    await write(1);
    await database.store.numberOnce();
    await expect(stranger.signOnce()).rejects.toThrow('another master key');
  });

  it('is made at most once a second while entries come, and once more at the end', { retry: 2 }, async () => {
    const pool = database.pool('relais_worker');
    const signer = createCheckpointSigner(pool, database.store.keyring);
    const errors: unknown[] = [];
    const sequencers = [1, 2].map(() => startSequencer({ pool, signer }, (error) => errors.push(error), 20));
    const ends = performance.now() + 2_500;
    while (performance.now() < ends) {
      await write(1);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await Promise.all(sequencers.map((sequencer) => sequencer.stop()));
    expect(errors).toEqual([]);
    const [made] = await database.query<{ n: number; covered: boolean }>(
      `select count(*)::int as n, max(size) = (select size from audit_head) as covered from audit_checkpoint`,
    );
    expect(made!.covered).toBe(true);
    expect(made!.n).toBeGreaterThanOrEqual(2);
    expect(made!.n).toBeLessThanOrEqual(5);
  });

  it('is not given to a log that was rewritten after the last one', async () => {
    await write(40);
    await database.store.sequenceOnce();
    const before = await database.store.latestCheckpoint();
    await write(1);
    await database.store.numberOnce();
    await tamper(`update audit_log set leaf_hash = sha256('forged') where seq = 7`);
    // The forger recomputes the tree as well.
    await rebuildTree();
    await expect(database.store.signCheckpoint()).rejects.toMatchObject({ code: 'audit.forked' });
    expect(await database.store.latestCheckpoint()).toBe(before);
    // Nor by a process that starts now, and knows only what is stored.
    const fresh = createCheckpointSigner(database.pool('relais_worker'), database.store.keyring);
    await expect(fresh.signOnce()).rejects.toMatchObject({ code: 'audit.forked' });
    // With the checkpoints gone too, only who signed them can know (and who keeps one outside).
    await tamper('delete from audit_checkpoint; update audit_head set signed_size = 0');
    await expect(database.store.signCheckpoint()).rejects.toMatchObject({ code: 'audit.forked' });
    // Numbering goes on all the while: what happens is still written down.
    await write(1);
    expect(await database.store.numberOnce()).toBe(1);
  });

  it('is not given to a log that is shorter than what was signed', async () => {
    await write(5);
    await database.store.sequenceOnce();
    await tamper('delete from audit_log where seq > 2');
    await rebuildTree();
    await write(1);
    await tamper('update audit_head set size = 3');
    await database.store.numberOnce();
    await expect(database.store.signCheckpoint()).rejects.toMatchObject({ code: 'audit.forked' });
  });
});

/** The tree is taken away, and the sequencer builds it again from what the log holds now. */
async function rebuildTree(): Promise<void> {
  await tamper(`delete from audit_node; update audit_head set tree_size = 0, peaks = '{}'`);
  await database.store.numberOnce();
}

describe('a log that is older than its tree', () => {
  it('gets its tree in steps, while numbering goes on', async () => {
    await write(50);
    await database.store.sequenceOnce();
    const { root } = await newest();
    await rebuildTree();
    expect((await database.query<{ tree_size: number }>('select tree_size::int from audit_head'))[0]!.tree_size).toBe(
      50,
    );
    await write(20);
    await database.store.sequenceOnce();
    expect((await newest()).root).toEqual(treeHash(await leaves()));
    expect(root).toEqual(treeHash((await leaves()).slice(0, 50)));
  });
});

describe('proofs', () => {
  it('hold for each entry of a transfer, with the newest checkpoint and its key alone', async () => {
    const transferId = newId<TransferId>();
    await write(37);
    await write(4, transferId);
    await database.store.sequenceOnce();
    await write(60);
    await database.store.sequenceOnce();
    const checkpoint = await newest();
    const proofs = (await database.store.auditProofs(seeded.sender.organizationId, { transferId }))!;
    expect(proofs.checkpoint).toBe(await database.store.latestCheckpoint());
    expect(proofs.unproven).toEqual([]);
    expect(proofs.entries.map(({ seq }) => seq)).toEqual([37, 38, 39, 40]);
    for (const proven of proofs.entries) {
      expect(proven.entry).toMatchObject({ transferId, salt: expect.stringMatching(/^[0-9a-f]{32}$/) });
      expect(checkProvenEntry(proven, checkpoint)).toBe(true);
      expect(checkProvenEntry({ ...proven, seq: proven.seq + 1 }, checkpoint)).toBe(false);
    }
  });

  it('hold for every entry of a log of any size', async () => {
    for (let size = 1; size <= 40; size += 1) {
      await write(1);
      await database.store.sequenceOnce();
      if (![1, 2, 3, 15, 16, 17, 31, 33, 40].includes(size)) continue;
      const ids = await database.query<{ entry_id: AuditEntryId }>('select entry_id from audit_log');
      const entryIds = ids.map((row) => row.entry_id);
      const checkpoint = await newest();
      const proofs = (await database.store.auditProofs(seeded.sender.organizationId, { entryIds }))!;
      expect(proofs.entries).toHaveLength(size);
      expect(proofs.entries.every((proven) => checkProvenEntry(proven, checkpoint))).toBe(true);
    }
  });

  it('name what no checkpoint is over yet', async () => {
    const transferId = newId<TransferId>();
    expect(await database.store.auditProofs(seeded.sender.organizationId, { transferId })).toBeNull();
    await write(1, transferId);
    await database.store.sequenceOnce();
    await write(1, transferId);
    const waiting = (await database.store.auditProofs(seeded.sender.organizationId, { transferId }))!;
    expect(waiting.entries).toHaveLength(1);
    expect(waiting.unproven).toHaveLength(1);
    await database.store.numberOnce();
    const numbered = (await database.store.auditProofs(seeded.sender.organizationId, { transferId }))!;
    expect(numbered.unproven).toEqual(waiting.unproven);
  });

  it('are for those who may read the entry', async () => {
    const transferId = newId<TransferId>();
    await write(2, transferId);
    await database.store.sequenceOnce();
    const [row] = await database.query<{ entry_id: AuditEntryId }>('select entry_id from audit_log limit 1');
    for (const of of [{ transferId }, { entryIds: [row!.entry_id] }])
      expect(await database.store.auditProofs(seeded.recipient.organizationId, of)).toMatchObject({
        entries: [],
        unproven: [],
      });
  });

  it('show that a later log begins with an earlier one', async () => {
    await write(21);
    await database.store.sequenceOnce();
    const older = await newest();
    await write(100);
    await database.store.sequenceOnce();
    const found = (await database.store.consistencyProof(older.size))!;
    const proof = found.proof.map((step) => Buffer.from(step, 'base64'));
    expect(checkConsistency(older, await newest(), proof)).toBe(true);
    expect(checkConsistency({ ...older, size: 20 }, await newest(), proof)).toBe(false);
    expect(await database.store.consistencyProof(122)).toBeNull();
    expect(await database.store.consistencyProof(0)).toMatchObject({ proof: [] });
  });
});

describe('numbering', () => {
  it('is all or nothing: what fails in the middle left no number, no node and no head', async () => {
    await write(20);
    await database.query(`alter table audit_node add constraint full_disk check (level < 4) not valid`);
    await expect(database.store.numberOnce()).rejects.toMatchObject({ code: 'store.failed' });
    const [row] = await database.query(
      `select (select count(*) from audit_log)::int as log, (select count(*) from audit_node)::int as nodes,
              (select count(*) from audit_pending)::int as pending, (select size from audit_head)::int as size`,
    );
    expect(row).toEqual({ log: 0, nodes: 0, pending: 20, size: 0 });
    await database.query(`alter table audit_node drop constraint full_disk`);
    expect(await database.store.numberOnce()).toBe(20);
  });

  it('leaves the place of an entry that was deleted before it was numbered', async () => {
    await write(3);
    await tamper('delete from audit_entry where id = (select entry_id from audit_pending limit 1)');
    expect(await sequenceOnce(database.pool('relais_worker'))).toBe(2);
    expect(await database.query('select from audit_pending')).toHaveLength(1);
  });
});
