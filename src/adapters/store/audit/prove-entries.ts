import type pg from 'pg';
import type { SaltedEntry } from '../../../domain/audit/chain.js';
import { openCheckpoint } from '../../../domain/audit/checkpoint.js';
import { planConsistency, planInclusion } from '../../../domain/audit/merkle/prove.js';
import { writeVerifier, type NoteVerifier } from '../../../domain/audit/signed-note.js';
import { RelaisError } from '../../../kernel/errors.js';
import { isUuid } from '../../../kernel/ids.js';
import type { AuditProofReader } from '../../../transfer/audit-ports.js';
import { acrossOrganizations, inOrganization } from '../connection/in-organization.js';
import type { Keyring } from '../crypto/keyring.js';
import { ensureCheckpointKeys, loadCheckpointKeys } from './checkpoint-keys.js';
import { readProofs } from './read-nodes.js';
import { awaitSequencerLock } from './sequencer-lock.js';

const NEWEST = 'select note from audit_checkpoint order by size desc limit 1';

const ENTRIES = `
  select e.entry, l.seq from audit_entry e left join audit_log l on l.entry_id = e.id
   where e.transfer_id = $1 or e.id = any ($2::uuid[])
   order by l.seq, e.id limit 1000`;

/**
 * Proofs for whoever has no database. An organization reads its own entries under row level security; their neighbours
 * in the tree are read by the worker's role, and only as hashes.
 */
export function createProofReader(options: {
  /** Acts as relais_app. */
  readonly pool: pg.Pool;
  /** Acts as relais_worker. */
  readonly workerPool: pg.Pool;
  readonly keyring: Keyring;
}): AuditProofReader {
  const { pool, workerPool, keyring } = options;
  return {
    latestCheckpoint: () => acrossOrganizations(workerPool, newest),

    checkpointKeys: () =>
      acrossOrganizations(workerPool, async (client) => {
        const known = await loadCheckpointKeys(client, keyring);
        if (known.length > 0) return known.map(writeVerifier);
        await awaitSequencerLock(client);
        return (await ensureCheckpointKeys(client, keyring)).map(writeVerifier);
      }),

    auditProofs: async (organizationId, of) => {
      const transferId = 'transferId' in of ? of.transferId : null;
      const entryIds = 'entryIds' in of ? of.entryIds : [];
      if (![...entryIds, ...(transferId === null ? [] : [transferId])].every(isUuid)) return null;
      const rows = await inOrganization(pool, organizationId, async (client) => {
        const found = await client.query<{ entry: SaltedEntry; seq: number | null }>(ENTRIES, [transferId, entryIds]);
        return found.rows;
      });
      return acrossOrganizations(workerPool, async (client) => {
        const checkpoint = await newest(client);
        if (checkpoint === null) return null;
        const { size } = open(checkpoint, await loadCheckpointKeys(client, keyring));
        const covered = rows.flatMap(({ entry, seq }) => (seq !== null && seq < size ? [{ entry, seq }] : []));
        const proofs = await readProofs(
          client,
          covered.map(({ seq }) => planInclusion(seq, size)),
        );
        return {
          checkpoint,
          entries: covered.map((proven, index) => ({ ...proven, proof: encode(proofs[index]!) })),
          unproven: rows.filter(({ seq }) => seq === null || seq >= size).map(({ entry }) => entry.id),
        };
      });
    },

    consistencyProof: (size) =>
      acrossOrganizations(workerPool, async (client) => {
        const checkpoint = await newest(client);
        if (checkpoint === null) return null;
        const { size: newSize } = open(checkpoint, await loadCheckpointKeys(client, keyring));
        if (size > newSize) return null;
        if (size === 0) return { checkpoint, proof: [] };
        const [proof] = await readProofs(client, [planConsistency(size, newSize)]);
        return { checkpoint, proof: encode(proof!) };
      }),
  };
}

async function newest(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ note: string }>(NEWEST);
  return rows[0]?.note ?? null;
}

function open(note: string, keys: readonly NoteVerifier[]) {
  const checkpoint = openCheckpoint(note, keys);
  if (checkpoint !== null) return checkpoint;
  const message = 'The newest checkpoint is not signed by this log’s key; run: relais audit verify';
  throw new RelaisError('audit.forked', 500, 'exception', message);
}

const encode = (proof: readonly Buffer[]): readonly string[] => proof.map((step) => step.toString('base64'));
