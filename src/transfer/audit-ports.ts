/** What proves that entries are in the log; the store makes it, the evidence pack and HTTP hand it on. */
import type { ProvenEntry } from '../domain/audit/proven-entry.js';
import type { AuditEntryId, OrganizationId, TransferId } from '../kernel/ids.js';

export interface AuditProofs {
  /** The newest checkpoint: a signed note (domain/audit/checkpoint). */
  readonly checkpoint: string;
  /** In the order of the log. */
  readonly entries: readonly ProvenEntry[];
  /** Entries that no checkpoint is over yet; a second later there are none. */
  readonly unproven: readonly AuditEntryId[];
}

/** The log as somebody outside may check it. */
export interface AuditProofReader {
  /** The newest signed note; null before there is one. */
  latestCheckpoint(): Promise<string | null>;
  /** Public keys that sign checkpoints, the newest last, as C2SP signed-note writes them (`name+id+key`). */
  checkpointKeys(): Promise<readonly string[]>;
  /**
   * What this organization may read of these entries, proven against the newest checkpoint.
   *
   * @returns null before there is a checkpoint
   */
  auditProofs(
    organizationId: OrganizationId,
    of: { readonly transferId: TransferId } | { readonly entryIds: readonly AuditEntryId[] },
  ): Promise<AuditProofs | null>;
  /**
   * What proves that the log as the newest checkpoint has it begins with the log of `size` entries; each step in base64.
   *
   * @returns null when the newest checkpoint is of fewer entries, or there is none
   */
  consistencyProof(size: number): Promise<{ readonly checkpoint: string; readonly proof: readonly string[] } | null>;
}
