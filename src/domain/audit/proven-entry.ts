import { leafHash, type SaltedEntry } from './chain.js';
import type { Checkpoint } from './checkpoint.js';
import { checkInclusion } from './merkle/check-proof.js';

/** An entry with what proves, to somebody who has a signed checkpoint and no database, that it is in the log. */
export interface ProvenEntry {
  /** As it was hashed, its salt included. */
  readonly entry: SaltedEntry;
  readonly seq: number;
  /** Inclusion proof to the checkpoint's size, from the leaf up; each step 32 bytes in base64. */
  readonly proof: readonly string[];
}

/** Is the entry, with every word of it, the one with this number in the log that the checkpoint is of? */
export function checkProvenEntry(
  { entry, seq, proof }: ProvenEntry,
  { size, root }: Omit<Checkpoint, 'origin'>,
): boolean {
  const steps = proof.map((step) => Buffer.from(step, 'base64'));
  return checkInclusion({ leaf: leafHash(entry), seq, size, root }, steps);
}
