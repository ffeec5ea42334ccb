import { joinRight } from './compact-range.js';
import type { Hash } from './hash.js';

/**
 * A proof is planned first and made after: the plan says which parts of the tree it consists of, whoever keeps the tree
 * looks those up (two for each level at most), and `makeProof` joins them.
 */
export type ProofPlan = readonly LeafRange[];

/** Leaves `from` to `to - 1`, as one subtree of RFC 6962. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** The address of a perfect subtree of 2^level leaves; level 0 is a leaf. */
export interface NodeAddress {
  readonly level: number;
  readonly lastSeq: number;
}

/**
 * PATH(m, D[n]) of RFC 6962 section 2.1.1: what proves that a leaf is in the tree. From the leaf up.
 *
 * @throws RangeError when the leaf is not in a tree of this size
 */
export function planInclusion(seq: number, size: number): ProofPlan {
  if (!(Number.isSafeInteger(seq) && Number.isSafeInteger(size) && seq >= 0 && seq < size))
    throw new RangeError('The tree has no such leaf');
  const plan: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (seq < middle) {
      plan.push({ from: middle, to });
      to = middle;
    } else {
      plan.push({ from, to: middle });
      from = middle;
    }
  }
  return plan.reverse();
}

/**
 * PROOF(m, D[n]) of RFC 6962 section 2.1.2: what proves that the tree of `newSize` begins with the tree of `oldSize`.
 *
 * @throws RangeError unless 0 < oldSize ≤ newSize
 */
export function planConsistency(oldSize: number, newSize: number): ProofPlan {
  if (!(Number.isSafeInteger(oldSize) && Number.isSafeInteger(newSize) && oldSize > 0 && oldSize <= newSize))
    throw new RangeError('A tree can only be consistent with a smaller one that is not empty');
  const plan: LeafRange[] = [];
  let [from, to] = [0, newSize];
  // Whoever checks has the old root: the old tree itself is part of the proof only when it is not a subtree of its own.
  let known = true;
  while (oldSize < to) {
    const middle = from + splitOf(to - from);
    if (oldSize <= middle) {
      plan.push({ from: middle, to });
      to = middle;
    } else {
      plan.push({ from, to: middle });
      from = middle;
      known = false;
    }
  }
  if (!known) plan.push({ from, to });
  return plan.reverse();
}

/** The perfect subtrees that a plan is joined from, each once. */
export function nodesOf(plan: ProofPlan): readonly NodeAddress[] {
  const all = plan.flatMap(perfectSubtrees);
  return [...new Map(all.map((node) => [keyOf(node), node])).values()];
}

/**
 * @param hashAt looks up a node of `nodesOf(plan)`
 * @returns the proof as RFC 6962 and RFC 9162 list it
 */
export function makeProof(plan: ProofPlan, hashAt: (node: NodeAddress) => Hash): readonly Hash[] {
  return plan.map((range) => joinRight(perfectSubtrees(range).map(hashAt))!);
}

/** For maps that are kept by address. */
export function keyOf({ level, lastSeq }: NodeAddress): string {
  return `${level}/${lastSeq}`;
}

/** From the left; a subtree of RFC 6962 begins where a perfect subtree of its own size could. */
function perfectSubtrees({ from, to }: LeafRange): readonly NodeAddress[] {
  const subtrees: NodeAddress[] = [];
  for (let start = from; start < to;) {
    let [level, width] = [0, 1];
    while (width * 2 <= to - start) [level, width] = [level + 1, width * 2];
    subtrees.push({ level, lastSeq: start + width - 1 });
    start += width;
  }
  return subtrees;
}

/** The largest power of two below a size of two or more. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
