import { hash } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json.js';
import type { AuditEntryId } from '../../kernel/ids.js';
import type { StoredAuditEntry } from './entry.js';

/**
 * The arithmetic of the log, apart from where it is kept. Leaves are those of a Merkle tree as RFC 6962 section 2.1
 * defines them, so that a tree with inclusion and consistency proofs can stand on the same leaves.
 */

/** 32 bytes, the chain's value before the first entry. */
export const EMPTY_CHAIN: Buffer = Buffer.alloc(32);

/** An entry with the random salt that keeps its hash from telling what it holds, once the entry itself is gone. */
export interface SaltedEntry extends StoredAuditEntry {
  /** 32 hexadecimal digits. */
  readonly salt: string;
}

/** SHA-256(0x00 || canonical JSON of the entry); RFC 6962 section 2.1, RFC 8785. */
export function leafHash(entry: SaltedEntry): Buffer {
  return hash('sha256', `\0${canonicalJson(entry)}`, 'buffer');
}

/** SHA-256(0x02 || previous || sequence number as 8 bytes || leaf). RFC 6962 uses 0x00 and 0x01 for its own hashes. */
export function chainHash(previous: Buffer, seq: number, leaf: Buffer): Buffer {
  const input = Buffer.alloc(9 + previous.length + leaf.length);
  input[0] = 0x02;
  previous.copy(input, 1);
  input.writeUInt32BE(Math.floor(seq / 2 ** 32), 1 + previous.length);
  input.writeUInt32BE(seq % 2 ** 32, 5 + previous.length);
  leaf.copy(input, 9 + previous.length);
  return hash('sha256', input, 'buffer');
}

/** One numbered entry as it is stored. */
export interface LogLink {
  readonly seq: number;
  readonly entryId: AuditEntryId;
  readonly leafHash: Buffer;
  readonly chainHash: Buffer;
}

/** Numbers and chains entries after the log's present end. */
export function appendEntries(
  size: number,
  last: Buffer,
  entries: readonly SaltedEntry[],
): { readonly links: readonly LogLink[]; readonly size: number; readonly chainHash: Buffer } {
  let end = last;
  const links = entries.map((entry, index) => {
    const leaf = leafHash(entry);
    end = chainHash(end, size + index, leaf);
    return { seq: size + index, entryId: entry.id, leafHash: leaf, chainHash: end };
  });
  return { links, size: size + links.length, chainHash: end };
}

export type Tampering =
  /** A numbered entry is gone from the log. */
  | 'link-missing'
  /** The entry that a number stands for is gone. */
  | 'entry-missing'
  /** The entry, or a copy of its parts that readers are found by, is not what was numbered. */
  | 'entry-changed'
  /** The number's own hashes do not follow from the one before: reordered, replaced, recomputed from here on. */
  | 'chain-broken'
  /** The log is shorter or longer than its head says, or ends in another hash. */
  | 'head-differs'
  /** The tree that is kept is not the tree over these entries. */
  | 'tree-differs'
  /** A signed checkpoint commits to other entries, is not signed by the log's key, or is gone. */
  | 'checkpoint-differs'
  /** There are signed checkpoints of a longer log. */
  | 'log-shorter'
  /** What an outside witness kept commits to other entries. */
  | 'witness-differs'
  /** What an outside witness kept is of a longer log: entries were cut off, or an old copy was restored. */
  | 'witness-longer'
  /** What an outside witness kept is not signed by this log's key: another log, or the key was replaced. */
  | 'witness-foreign'
  /** An entry was deleted before it was numbered. */
  | 'entry-lost'
  /** An entry that has no number waits for none: it was taken out of the queue. */
  | 'entry-unqueued'
  /** An entry that has its number waits for another. */
  | 'entry-queued-twice';

export interface BadLink {
  readonly seq: number;
  readonly kind: Tampering;
  readonly entryId: AuditEntryId | null;
  /** Where hashes over many entries tell: the first bad one is one of `seq` to `before - 1`. */
  readonly before?: number;
}

/** Walks links in the order of their numbers; remembers where it stands. */
export interface ChainCheck {
  /** The first thing that is wrong with this link, or null. */
  next(link: LogLink, entry: SaltedEntry | null): BadLink | null;
  /** To be asked after the last link. */
  end(head: { readonly size: number; readonly chainHash: Buffer }): BadLink | null;
}

export function createChainCheck(): ChainCheck {
  let size = 0;
  let end = EMPTY_CHAIN;
  return {
    next: (link, entry) => {
      const bad = (kind: Tampering, seq = link.seq): BadLink => ({ seq, kind, entryId: link.entryId });
      if (link.seq !== size) return { seq: size, kind: 'link-missing', entryId: null };
      if (entry === null) return bad('entry-missing');
      if (!hashesTo(entry, link.leafHash)) return bad('entry-changed');
      const expected = chainHash(end, link.seq, link.leafHash);
      if (!expected.equals(link.chainHash)) return bad('chain-broken');
      size += 1;
      end = expected;
      return null;
    },
    end: (head) =>
      head.size === size && head.chainHash.equals(end)
        ? null
        : { seq: Math.min(size, head.size), kind: 'head-differs', entryId: null },
  };
}

/** What cannot be written as canonical JSON at all (a number beyond all bounds) was never numbered. */
function hashesTo(entry: SaltedEntry, leaf: Buffer): boolean {
  try {
    return leafHash(entry).equals(leaf);
  } catch {
    return false;
  }
}
