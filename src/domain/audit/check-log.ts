import { createChainCheck, type BadLink, type LogLink, type SaltedEntry, type Tampering } from './chain.js';
import { openCheckpoint, type Checkpoint } from './checkpoint.js';
import { growTree, type TreeNode } from './merkle/compact-range.js';
import type { Hash } from './merkle/hash.js';
import type { NoteVerifier } from './signed-note.js';

/** A number of the log with what it stands for. */
export interface LogRow extends LogLink {
  readonly entry: SaltedEntry | null;
  /** The copies of the entry's parts that it is found by (who may read it, about whom) say what the entry says. */
  readonly agrees: boolean;
}

/** Where the log says that it stands. */
export interface LogHead {
  readonly size: number;
  readonly chainHash: Hash;
  readonly treeSize: number;
  readonly peaks: readonly Hash[];
  readonly signedSize: number;
}

/** Consecutive rows, the nodes whose last leaf is among them, and the checkpoints that end among them; each in order. */
export interface LogSlice {
  readonly rows: Iterable<LogRow>;
  /** By last leaf, then by level. */
  readonly nodes: readonly TreeNode[];
  readonly checkpoints: readonly { readonly size: number; readonly note: string }[];
}

/**
 * Computes the whole log again, a slice at a time, and compares it with everything that says what it should be: each
 * entry's own hash, the chain, the tree, the head, the signed checkpoints, and what an outside witness kept. Knows
 * nothing of where the log is kept.
 */
export interface LogCheck {
  /** The first thing that is wrong, or null. Nothing is to be asked after the first answer that is not null. */
  next(slice: LogSlice): BadLink | null;
  /** To be asked after the last slice. */
  end(): BadLink | null;
  /** Entries found in order so far. */
  entries(): number;
  /** Checkpoints found right so far, and how many entries the last of them is over. */
  signed(): { readonly checkpoints: number; readonly size: number };
}

/** @param options.lowestLevel of the nodes that are kept */
export function createLogCheck(options: {
  readonly head: LogHead;
  readonly lowestLevel: number;
  /** Every key that ever signed for this log. */
  readonly keys: readonly NoteVerifier[];
  /** A checkpoint that was kept outside, its signature checked; null when it is not this log's. */
  readonly witness?: Checkpoint | null;
}): LogCheck {
  const { head, lowestLevel, keys, witness } = options;
  const chain = createChainCheck();
  const tree = growTree();
  let signed = { checkpoints: 0, size: 0 };
  /** The log up to here is what somebody signed. */
  let vouchedFor = 0;

  const between = (kind: Tampering, seq: number, before: number): BadLink => ({ seq, kind, entryId: null, before });

  function checkHere(checkpoints: LogSlice['checkpoints'], at: { index: number }): BadLink | null {
    const size = tree.size();
    for (let kept = checkpoints[at.index]; kept !== undefined && kept.size <= size; kept = checkpoints[at.index]) {
      const opened = openCheckpoint(kept.note, keys);
      const right = opened?.size === kept.size && kept.size === size && opened.root.equals(tree.root());
      if (!right) return between('checkpoint-differs', vouchedFor, Math.max(kept.size, vouchedFor + 1));
      at.index += 1;
      signed = { checkpoints: signed.checkpoints + 1, size };
      vouchedFor = size;
    }
    if (witness?.size === size) {
      if (!witness.root.equals(tree.root())) return between('witness-differs', vouchedFor, size);
      vouchedFor = size;
    }
    if (head.treeSize === size && !samePeaks(tree.range().peaks, head.peaks))
      return between('tree-differs', vouchedFor, size);
    return null;
  }

  function append(row: LogRow, nodes: readonly TreeNode[], at: { index: number }): BadLink | null {
    let bad: BadLink | null = null;
    tree.append(row.leafHash, (node) => {
      if (bad !== null || node.level < lowestLevel || node.lastSeq >= head.treeSize) return;
      const kept = nodes[at.index];
      at.index += 1;
      const same = kept?.level === node.level && kept.lastSeq === node.lastSeq && kept.hash.equals(node.hash);
      if (!same) bad = between('tree-differs', node.lastSeq + 1 - 2 ** node.level, node.lastSeq + 1);
    });
    return bad;
  }

  /** What is left over speaks of entries that are not there, or was never part of the tree. */
  function beyond(node: TreeNode | undefined, checkpoint: { readonly size: number } | undefined): BadLink | null {
    const size = tree.size();
    if (checkpoint !== undefined || (node !== undefined && node.lastSeq >= size))
      return between('log-shorter', vouchedFor, size + 1);
    if (node === undefined) return null;
    return between('tree-differs', Math.max(0, node.lastSeq + 1 - 2 ** node.level), node.lastSeq + 1);
  }

  return {
    next: ({ rows, nodes, checkpoints }) => {
      if (witness === null) return { seq: 0, kind: 'witness-foreign', entryId: null };
      const [node, checkpoint] = [{ index: 0 }, { index: 0 }];
      for (const row of rows) {
        const bad = chain.next(row, row.entry) ?? contradiction(row) ?? append(row, nodes, node);
        const here = bad ?? checkHere(checkpoints, checkpoint);
        if (here !== null) return here;
      }
      return beyond(nodes[node.index], checkpoints[checkpoint.index]);
    },
    end: () => {
      const size = tree.size();
      if (witness === null) return { seq: 0, kind: 'witness-foreign', entryId: null };
      // A chain that is whole and ends in another hash was computed again: from where on, it does not tell.
      if (head.size === size && chain.end(head) !== null) return between('head-differs', vouchedFor, size);
      const wrong = chain.end(head);
      if (wrong !== null) return wrong;
      if (head.treeSize > size) return { seq: size, kind: 'tree-differs', entryId: null };
      if (head.signedSize > size) return between('log-shorter', vouchedFor, size + 1);
      if (head.signedSize !== signed.size) return between('checkpoint-differs', vouchedFor, size);
      if (witness !== undefined && witness.size > size) return between('witness-longer', vouchedFor, size + 1);
      return null;
    },
    entries: () => tree.size(),
    signed: () => signed,
  };
}

/** What row level security and searches read must be what was hashed. */
function contradiction({ agrees, seq, entryId, entry }: LogRow): BadLink | null {
  return agrees && entry?.id === entryId ? null : { seq, kind: 'entry-changed', entryId };
}

function samePeaks(one: readonly Hash[], other: readonly Hash[]): boolean {
  return one.length === other.length && one.every((peak, index) => peak.equals(other[index]!));
}
