import { EMPTY_ROOT, HASH_BYTES, nodeHash, type Hash } from './hash.js';

/**
 * All that is needed to go on with a tree: the roots of its perfect subtrees, from the left. There is one for each set
 * bit of the size, so at most 53.
 */
export interface CompactRange {
  /** How many leaves. */
  readonly size: number;
  readonly peaks: readonly Hash[];
}

export const EMPTY_RANGE: CompactRange = { size: 0, peaks: [] };

/** One perfect subtree: of 2^level leaves, the last of which has the number `lastSeq`. */
export interface TreeNode {
  readonly level: number;
  readonly lastSeq: number;
  readonly hash: Hash;
}

/** A tree that grows a leaf at a time. */
export interface GrowingTree {
  /** @param complete gets each perfect subtree of two leaves or more that this leaf ends, the smallest first */
  append(leaf: Hash, complete?: (node: TreeNode) => void): void;
  size(): number;
  root(): Hash;
  range(): CompactRange;
}

/** @throws RangeError for a range whose peaks do not belong to its size */
export function growTree(from: CompactRange = EMPTY_RANGE): GrowingTree {
  const peaks = [...from.peaks];
  let size = from.size;
  if (peaks.length !== setBits(size) || peaks.some((peak) => peak.length !== HASH_BYTES))
    throw new RangeError('Not the peaks of a tree of this size');
  return {
    append: (leaf, complete) => {
      let hash = leaf;
      let level = 0;
      // Each set bit at the end of the size is a subtree that this leaf makes twice as large.
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
        hash = nodeHash(peaks.pop()!, hash);
        level += 1;
        complete?.({ level, lastSeq: size, hash });
      }
      peaks.push(hash);
      size += 1;
    },
    size: () => size,
    root: () => rootOf({ size, peaks }),
    range: () => ({ size, peaks: [...peaks] }),
  };
}

/** The Merkle tree hash of RFC 6962 section 2.1. */
export function rootOf({ peaks }: CompactRange): Hash {
  return joinRight(peaks) ?? EMPTY_ROOT;
}

/** The hash over perfect subtrees that stand side by side, from the left, each larger than those to its right. */
export function joinRight(subtrees: readonly Hash[]): Hash | undefined {
  let joined = subtrees.at(-1);
  for (let index = subtrees.length - 2; index >= 0; index -= 1) joined = nodeHash(subtrees[index]!, joined!);
  return joined;
}

/** Sizes go up to 2^53, where the bit operators of the language end at 2^31. */
function setBits(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
