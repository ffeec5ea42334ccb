import type pg from 'pg';
import type { BadLink, Tampering } from '../../../domain/audit/chain.js';
import { createLogCheck, type LogHead } from '../../../domain/audit/check-log.js';
import { openCheckpoint, type Checkpoint } from '../../../domain/audit/checkpoint.js';
import { readVerifier, type NoteVerifier } from '../../../domain/audit/signed-note.js';
import type { AuditEntryId } from '../../../kernel/ids.js';
import { acrossOrganizations } from '../connection/in-organization.js';
import type { Keyring } from '../crypto/keyring.js';
import { loadCheckpointKeys } from './checkpoint-keys.js';
import { readSlices } from './read-slices.js';
import { LOWEST_KEPT_LEVEL } from './sequence.js';

const HEAD = 'select size, chain_hash, tree_size, peaks, signed_size from audit_head';

const QUEUE = `
  select (select count(*) from audit_entry) - (select count(*) from audit_log) as unnumbered,
         (select count(*) from audit_pending) as pending,
         (select p.entry_id from audit_pending p
           where not exists (select from audit_entry e where e.id = p.entry_id) limit 1) as lost,
         (select p.entry_id from audit_pending p join audit_log l on l.entry_id = p.entry_id limit 1) as twice`;

const UNQUEUED = `
  select e.id from audit_entry e
   where not exists (select from audit_log l where l.entry_id = e.id)
     and not exists (select from audit_pending p where p.entry_id = e.id) limit 1`;

export interface AuditVerdict {
  /** Entries that were found in order, up to the first bad one. */
  readonly entries: number;
  /** Entries that no number stands for yet; the sequencer leaves none for longer than a second. */
  readonly unsequenced: number;
  /** Numbered entries that no checkpoint is over yet. */
  readonly unsigned: number;
  /** Signed checkpoints that the entries were found to agree with. */
  readonly checkpoints: number;
  readonly ok: boolean;
  readonly firstBad?: BadLink;
  /** Entries that the witness's checkpoint is of. */
  readonly witness?: number;
}

export interface VerifyOptions {
  /** What an outside witness kept: a signed note. */
  readonly checkpoint?: string;
  /** Public key of the log as the witness knows it (`name+id+key`), where the database might not be believed. */
  readonly key?: string;
  /** Entries at once; default 2,500, which PostgreSQL sorts in memory. */
  readonly pageSize?: number;
}

/**
 * Reads the whole log in one snapshot and computes every hash again. Reads only, whatever it finds.
 *
 * @param pool acts as relais_worker
 */
export async function verifyAudit(pool: pg.Pool, keyring: Keyring, options: VerifyOptions = {}): Promise<AuditVerdict> {
  return acrossOrganizations(
    pool,
    async (client) => {
      const head = await readHead(client);
      const keys = await loadCheckpointKeys(client, keyring);
      const witness = openWitness(options, keys);
      const check = createLogCheck({
        head,
        keys,
        lowestLevel: LOWEST_KEPT_LEVEL,
        ...(witness !== undefined && { witness }),
      });
      let firstBad: BadLink | null = null;
      for await (const slice of readSlices(client, head.size, options.pageSize ?? 2_500)) {
        firstBad = check.next(slice);
        if (firstBad !== null) break;
      }
      firstBad ??= check.end();
      const queue = await checkQueue(client, head.size);
      firstBad ??= queue.bad;
      const { checkpoints } = check.signed();
      return {
        entries: firstBad?.seq ?? check.entries(),
        unsequenced: queue.unsequenced,
        unsigned: Math.max(0, head.size - head.signedSize),
        checkpoints,
        ok: firstBad === null,
        ...(firstBad !== null && { firstBad }),
        ...(witness && { witness: witness.size }),
      };
    },
    'repeatable read read only',
  );
}

/** A head that is gone says nothing; whatever the log then holds differs from it. */
async function readHead(client: pg.ClientBase): Promise<LogHead> {
  const { rows } = await client.query<{
    size: number;
    chain_hash: Buffer;
    tree_size: number;
    peaks: readonly Buffer[];
    signed_size: number;
  }>(HEAD);
  const row = rows[0];
  if (row === undefined) return { size: 0, chainHash: Buffer.alloc(0), treeSize: 0, peaks: [], signedSize: 0 };
  const { size, chain_hash: chainHash, tree_size: treeSize, peaks, signed_size: signedSize } = row;
  return { size, chainHash, treeSize, peaks, signedSize };
}

function openWitness({ checkpoint, key }: VerifyOptions, keys: readonly NoteVerifier[]): Checkpoint | null | undefined {
  if (checkpoint === undefined) return undefined;
  const given = key === undefined ? null : readVerifier(key);
  return openCheckpoint(checkpoint, given === null ? keys : [given]);
}

/** What was written and has no number yet: each entry has its place in the queue, each place its entry. */
async function checkQueue(
  client: pg.ClientBase,
  size: number,
): Promise<{ readonly unsequenced: number; readonly bad: BadLink | null }> {
  const { rows } = await client.query<{
    unnumbered: number;
    pending: number;
    lost: AuditEntryId | null;
    twice: AuditEntryId | null;
  }>(QUEUE);
  const { unnumbered, pending, lost, twice } = rows[0]!;
  const bad = (kind: Tampering, entryId: AuditEntryId) => ({ unsequenced, bad: { seq: size, kind, entryId } });
  const unsequenced = Math.max(0, unnumbered);
  if (lost !== null) return bad('entry-lost', lost);
  if (twice !== null) return bad('entry-queued-twice', twice);
  if (unnumbered === pending) return { unsequenced, bad: null };
  const found = await client.query<{ id: AuditEntryId }>(UNQUEUED);
  const unqueued = found.rows[0];
  return unqueued === undefined ? { unsequenced, bad: null } : bad('entry-unqueued', unqueued.id);
}
