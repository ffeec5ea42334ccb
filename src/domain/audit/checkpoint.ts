import type { Hash } from './merkle/hash.js';
import { openNote, signNote, type NoteSigner, type NoteVerifier } from './signed-note.js';

/**
 * What a log commits itself to at one moment: its name, its size and its root, signed (C2SP tlog-checkpoint,
 * https://c2sp.org/tlog-checkpoint). Whoever keeps one outside can show that the log was rewritten later.
 */
export interface Checkpoint {
  /** Which log: also the name of the key that signs. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

/** Three lines: origin, size, root; an empty one; the signature. */
export function signCheckpoint({ origin, size, root }: Checkpoint, signer: NoteSigner): string {
  return signNote(`${origin}\n${size}\n${root.toString('base64')}\n`, signer);
}

/** @returns null when no key of the log that it names signed it, or when what was signed is not a checkpoint */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): Checkpoint | null {
  const claimed = readCheckpoint(note);
  if (claimed === null) return null;
  const keys = verifiers.filter(({ name }) => name === claimed.origin);
  return openNote(note, keys) === null ? null : claimed;
}

/** What a checkpoint says, whoever signed it: not to be relied on. Null for what is not one. */
export function readCheckpoint(note: string): Checkpoint | null {
  const end = note.lastIndexOf('\n\n');
  return end < 0 ? null : readText(note.slice(0, end + 1));
}

/** Lines after the third are extensions, which may be there and say nothing to us. */
function readText(text: string): Checkpoint | null {
  const [, origin, size, encoded] = /^([^\n]+)\n(0|[1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)\n/.exec(text) ?? [];
  if (origin === undefined || size === undefined || encoded === undefined) return null;
  const root = Buffer.from(encoded, 'base64');
  const checkpoint = { origin, size: Number(size), root };
  return Number.isSafeInteger(checkpoint.size) && root.toString('base64') === encoded ? checkpoint : null;
}
