import type pg from 'pg';
import { openCheckpoint, signCheckpoint, type Checkpoint } from '../../../domain/audit/checkpoint.js';
import { checkConsistency } from '../../../domain/audit/merkle/check-proof.js';
import { rootOf } from '../../../domain/audit/merkle/compact-range.js';
import { planConsistency } from '../../../domain/audit/merkle/prove.js';
import { cosignNote, type NoteVerifier } from '../../../domain/audit/signed-note.js';
import { RelaisError } from '../../../kernel/errors.js';
import { acrossOrganizations } from '../connection/in-organization.js';
import type { Keyring } from '../crypto/keyring.js';
import { ensureCheckpointKeys } from './checkpoint-keys.js';
import { readProofs } from './read-nodes.js';
import { holdSequencerLock } from './sequencer-lock.js';

const HEAD = `
  select tree_size, peaks, signed_size, coalesce(signed_at <= now() - make_interval(secs => $1), true) as due,
         (select note from audit_checkpoint order by size desc limit 1) as newest
    from audit_head`;

const KEEP = `
  with kept as (insert into audit_checkpoint (size, note) values ($1, $2))
  update audit_head set signed_size = $1, signed_at = now()`;

interface Head {
  readonly tree_size: number;
  readonly peaks: readonly Buffer[];
  readonly signed_size: number;
  readonly due: boolean;
  readonly newest: string | null;
}

/**
 * Signs what the log has come to, unless it was signed already or less than `restMs` ago. Nothing is signed that does not
 * extend the newest checkpoint that is stored, and the newest that this process signed itself: a log that was rewritten
 * behind its back gets no signature for it.
 */
export interface CheckpointSigner {
  /**
   * @returns the note, or null when there was nothing to sign or another process is at it
   * @throws RelaisError `audit.forked`
   */
  signOnce(restMs?: number): Promise<string | null>;
}

/** @param pool acts as relais_worker */
export function createCheckpointSigner(pool: pg.Pool, keyring: Keyring): CheckpointSigner {
  let signedHere: Checkpoint | null = null;
  return {
    signOnce: async (restMs = 0) => {
      const signed = await acrossOrganizations(pool, async (client) => {
        if (!(await holdSequencerLock(client))) return null;
        const { rows } = await client.query<Head>({ name: 'sign-head', text: HEAD, values: [restMs / 1000] });
        const head = rows[0];
        if (head === undefined || head.tree_size === head.signed_size || !head.due) return null;
        const keys = await ensureCheckpointKeys(client, keyring);
        const signer = keys.at(-1)!;
        // The first note of a new key is signed by the ones before as well: whoever relies on the old key can follow to the new.
        const newestBy = keys.findLastIndex((key) => openCheckpoint(head.newest ?? '', [key]) !== null);
        const signers = newestBy < 0 ? [] : keys.slice(newestBy, -1);
        const { tree_size: size, peaks } = head;
        const checkpoint = { origin: signer.name, size, root: rootOf({ size, peaks }) };
        if (head.newest !== null) await assertExtends(client, opened(head.newest, keys), checkpoint);
        if (signedHere !== null) await assertExtends(client, signedHere, checkpoint);
        const note = signers.reduce(cosignNote, signCheckpoint(checkpoint, signer));
        await client.query({ name: 'sign-keep', text: KEEP, values: [size, note] });
        return { checkpoint, note };
      });
      if (signed !== null) signedHere = signed.checkpoint;
      return signed?.note ?? null;
    },
  };
}

function opened(note: string, keys: readonly NoteVerifier[]): Checkpoint {
  const checkpoint = openCheckpoint(note, keys);
  if (checkpoint === null) throw forked();
  return checkpoint;
}

async function assertExtends(client: pg.ClientBase, older: Checkpoint, newer: Checkpoint): Promise<void> {
  if (older.size > newer.size) throw forked();
  const [proof] = await readProofs(client, [planConsistency(older.size, newer.size)]);
  if (!checkConsistency(older, newer, proof!)) throw forked();
}

function forked(): RelaisError {
  const message =
    'The audit log does not extend what was signed before. No checkpoint is signed; run: relais audit verify';
  return new RelaisError('audit.forked', 500, 'exception', message);
}
