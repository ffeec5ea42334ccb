import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint, signCheckpoint } from '../../src/domain/audit/checkpoint.js';
import { keyIdOf, readVerifier, type NoteVerifier } from '../../src/domain/audit/signed-note.js';
import { newSigner } from '../domain/audit/log-model.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { seed, type Seeded } from '../support/fixtures.js';
import { runCli } from './run-cli.js';

let database: TestDatabase;
let seeded: Seeded;
let folder: string;
beforeEach(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
  folder = mkdtempSync(join(tmpdir(), 'relais-audit-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

const audit = (...argv: string[]) => runCli(['audit', ...argv], database);
const file = (name: string): string => join(folder, name);

async function write(count: number): Promise<void> {
  const { sender, actor } = seeded;
  await database.store.asOrganization(sender.organizationId, async (tx) => {
    for (let index = 0; index < count; index += 1)
      await tx.audit({
        action: 'case.read',
        outcome: 'success',
        actor,
        organizations: [sender.organizationId],
        codes: { index },
      });
  });
}

const idOf = (key: NoteVerifier): string => keyIdOf(key).toString('hex');

const tamper = (sql: string): Promise<unknown> =>
  database.query(`do $do$ begin set local session_replication_role = replica; ${sql}; end $do$`);

describe('relais audit', () => {
  it('hands a witness the key and a checkpoint, and later shows that the log extends it', async () => {
    await write(20);
    expect((await audit('checkpoint', '--out', file('seen'))).out).toContain('Checkpoint over 20 entries');
    const key = (await audit('key')).out;
    expect(openCheckpoint(readFileSync(file('seen'), 'utf8'), [readVerifier(key)!])).toMatchObject({ size: 20 });
    await write(15);
    const verified = await audit('verify', '--checkpoint', file('seen'));
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toBe(
      'The audit log holds: 35 entries, 2 signed checkpoints.\nIt extends what the witness saw: 20 entries.',
    );
    const french = await audit('consistency', '--from', file('seen'), '--lang', 'fr');
    expect(french.code).toBe(0);
    expect(french.out).toBe('Le journal de 35 entrées commence par les 20 entrées que le témoin a vues.');
    const proven = JSON.parse((await audit('consistency', '--from', file('seen'), '--json')).out);
    expect(proven).toMatchObject({ consistent: true, kind: null, from: 20, to: 35 });
    expect(proven.proof.length).toBeGreaterThan(0);
    // The checkpoint on standard output is the same bytes as in a file.
    await audit('checkpoint', '--out', file('now'));
    expect(`${(await audit('checkpoint')).out}\n`).toBe(readFileSync(file('now'), 'utf8'));
  });

  it('takes a new key, which the old one vouches for once, and which checks nothing that was signed before', async () => {
    await write(10);
    expect((await audit('checkpoint', '--out', file('seen'))).code).toBe(0);
    const old = readVerifier((await audit('key')).out)!;
    const rotated = await audit('key', '--rotate', '--lang', 'fr');
    expect(rotated.code).toBe(0);
    expect(rotated.err).toContain('Cette clé signe désormais');
    const made = readVerifier(rotated.out)!;
    expect(made.name).toBe(old.name);
    expect((await audit('key')).out.split('\n')).toHaveLength(2);

    // Whoever relies on either key can follow from one to the other.
    await audit('checkpoint', '--out', file('first'));
    const first = readFileSync(file('first'), 'utf8');
    for (const key of [old, made]) expect(openCheckpoint(first, [key])).toMatchObject({ size: 11 });
    await write(1);
    const verified = await audit('verify', '--checkpoint', file('seen'));
    expect([verified.code, verified.out.split('\n')[0]]).toEqual([
      0,
      'The audit log holds: 12 entries, 3 signed checkpoints.',
    ]);
    const next = (await audit('checkpoint')).out + '\n';
    expect(openCheckpoint(next, [made])).toMatchObject({ size: 12 });
    expect(openCheckpoint(next, [old])).toBeNull();
    const [{ entry }] = (await database.query<{ entry: { codes: object } }>(
      `select entry from audit_entry where entry ->> 'action' = 'audit.key-rotated'`,
    )) as unknown as [{ entry: { codes: object } }];
    expect(entry.codes).toEqual({ from: idOf(old), to: idOf(made) });
  });

  it('takes two new keys before anything is signed: every key since the last checkpoint vouches', async () => {
    await write(3);
    await audit('verify');
    await database.store.rotateCheckpointKey(seeded.actor);
    await database.store.rotateCheckpointKey(seeded.actor);
    await audit('verify');
    const note = (await audit('checkpoint')).out + '\n';
    const keys = (await audit('key')).out.split('\n').map((key) => readVerifier(key)!);
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(openCheckpoint(note, [key])).toMatchObject({ size: 5 });
  });

  it('gives a log that does not hold no new key', async () => {
    await write(5);
    await audit('verify');
    await tamper(
      `update audit_entry set entry = jsonb_set(entry, '{outcome}', '"refused"') where id = (select entry_id from audit_log where seq = 3)`,
    );
    const { code, err } = await audit('key', '--rotate');
    expect(code).toBe(1);
    expect(err).toContain('The log does not hold');
    expect(await database.store.checkpointKeys()).toHaveLength(1);
  });

  it('names a changed entry, in words and as JSON, and signs nothing of it', async () => {
    await write(5);
    await audit('verify');
    await write(1);
    await tamper(
      `update audit_entry set entry = jsonb_set(entry, '{outcome}', '"refused"') where id = (select entry_id from audit_log where seq = 3)`,
    );
    const { code, out } = await audit('verify');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^The audit log is broken at entry 3: the entry was changed \[entry-changed\]\.\nIts id: [0-9a-f-]{36}$/,
    );
    const json = JSON.parse((await audit('verify', '--json')).out);
    expect(json).toMatchObject({ ok: false, firstBad: { seq: 3, kind: 'entry-changed' }, unsigned: 1 });
    expect((await audit('verify', '--lang', 'fr')).out).toContain(
      'Le journal d’audit est rompu à l’entrée 3\u00a0: l’entrée a été modifiée',
    );
    expect(await database.query('select from audit_checkpoint')).toHaveLength(1);
  });

  it('after an older copy was restored says that the log is shorter than what the witness saw', async () => {
    await write(12);
    await audit('verify');
    await write(8);
    await audit('verify');
    await audit('checkpoint', '--out', file('seen'));
    // A restore takes every table back to one moment.
    await tamper(`
      delete from audit_entry where id in (select entry_id from audit_log where seq >= 12);
      delete from audit_log where seq >= 12; delete from audit_node where last_seq >= 12;
      delete from audit_checkpoint where size > 12;
      update audit_head set size = 12, tree_size = 12, signed_size = 12,
        chain_hash = (select chain_hash from audit_log where seq = 11),
        peaks = array[${await peaksOf(12)}]`);
    expect((await audit('verify')).code).toBe(0);
    const { code, out } = await audit('verify', '--checkpoint', file('seen'));
    expect(code).toBe(1);
    expect(out).toContain('The log is shorter than what the witness saw: 12 < 20 entries.');
    const consistency = await audit('consistency', '--from', file('seen'));
    expect(consistency.code).toBe(1);
    expect(consistency.out).toContain('12 < 20 entries.');
    expect((await audit('consistency', '--from', file('seen'), '--lang', 'fr')).out).toContain('12 < 20 entrées.');
  });

  it('knows a checkpoint of another log, and a file that is none', async () => {
    await write(3);
    const stranger = newSigner('relais/audit/stranger');
    writeFileSync(file('other'), signCheckpoint({ origin: stranger.name, size: 3, root: Buffer.alloc(32) }, stranger));
    const { code, out } = await audit('verify', '--checkpoint', file('other'));
    expect(code).toBe(1);
    expect(out).toContain('is not signed with this log’s key');
    expect((await audit('consistency', '--from', file('other'))).code).toBe(1);
    writeFileSync(file('none'), 'no checkpoint\n');
    for (const command of [
      ['verify', '--checkpoint', file('none')],
      ['consistency', '--from', file('none')],
      ['consistency', '--from', file('missing')],
      ['consistency'],
    ])
      expect((await audit(...command)).code, command.join(' ')).toBe(2);
  });

  it('says how many entries have no number yet', async () => {
    await write(2);
    await audit('verify');
    const holder = await database.pool('relais_worker').connect();
    await holder.query('begin; select pg_advisory_xact_lock(125780158870900)');
    await write(3);
    const { code, out } = await audit('verify');
    await holder.query('rollback');
    holder.release();
    expect(code).toBe(0);
    expect(out).toContain('3 entries are not numbered yet.');
    expect(JSON.parse((await audit('verify', '--json')).out)).toMatchObject({ ok: true, entries: 5, unsequenced: 0 });
  });
});

/** The peaks of a tree over the first entries, as the head keeps them. */
async function peaksOf(size: number): Promise<string> {
  const { growTree } = await import('../../src/domain/audit/merkle/compact-range.js');
  const rows = await database.query<{ leaf_hash: Buffer }>(
    'select leaf_hash from audit_log where seq < $1 order by seq',
    [size],
  );
  const tree = growTree();
  for (const row of rows) tree.append(row.leaf_hash);
  return tree
    .range()
    .peaks.map((peak) => `decode('${peak.toString('hex')}', 'hex')`)
    .join(', ');
}
