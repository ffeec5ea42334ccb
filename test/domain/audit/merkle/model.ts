import { hash } from 'node:crypto';
import { growTree, type TreeNode } from '../../../../src/domain/audit/merkle/compact-range.js';
import { nodeHash, type Hash } from '../../../../src/domain/audit/merkle/hash.js';
import { keyOf, makeProof, type ProofPlan } from '../../../../src/domain/audit/merkle/prove.js';

/** RFC 6962 section 2.1, word for word. */
export function treeHash(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return hash('sha256', '', 'buffer');
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

/** A whole tree in memory: its perfect subtrees by their address. */
export function keepTree(leaves: readonly Hash[]): { root(): Hash; prove(plan: ProofPlan): readonly Hash[] } {
  const nodes = new Map<string, Hash>();
  const keep = (node: TreeNode): void => void nodes.set(keyOf(node), node.hash);
  const tree = growTree();
  leaves.forEach((leaf, seq) => {
    keep({ level: 0, lastSeq: seq, hash: leaf });
    tree.append(leaf, keep);
  });
  return { root: () => tree.root(), prove: (plan) => makeProof(plan, (node) => nodes.get(keyOf(node))!) };
}

/** Leaf hashes that differ from one another. */
export const someLeaves = (count: number): readonly Hash[] =>
  Array.from({ length: count }, (_, index) => hash('sha256', `\0leaf ${index}`, 'buffer'));
