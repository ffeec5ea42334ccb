import type pg from 'pg';
import { growTree } from '../../../domain/audit/merkle/compact-range.js';
import type { Hash } from '../../../domain/audit/merkle/hash.js';
import { keyOf, makeProof, nodesOf, type NodeAddress, type ProofPlan } from '../../../domain/audit/merkle/prove.js';
import { RelaisError } from '../../../kernel/errors.js';
import { LOWEST_KEPT_LEVEL } from './sequence.js';

const NODES = `
  select n.last_seq, n.level, n.hash
    from unnest($1::bigint[], $2::smallint[]) as wanted (last_seq, level)
    join audit_node n on n.last_seq = wanted.last_seq and n.level = wanted.level`;

const LEAVES = 'select seq, leaf_hash from audit_log where seq = any ($1::bigint[])';

/**
 * Makes proofs from the tree as it is kept: two statements, whatever the size of the log and the number of proofs.
 *
 * @throws RelaisError `audit.tree-incomplete` when the tree does not hold what it must
 */
export async function readProofs(
  client: pg.ClientBase,
  plans: readonly ProofPlan[],
): Promise<readonly (readonly Hash[])[]> {
  const wanted = plans.flatMap(nodesOf);
  const kept = wanted.filter(({ level }) => level >= LOWEST_KEPT_LEVEL);
  const low = wanted.filter(({ level }) => level < LOWEST_KEPT_LEVEL);
  const hashes = new Map<string, Hash>();
  if (kept.length > 0) {
    const { rows } = await client.query<{ last_seq: number; level: number; hash: Hash }>({
      name: 'audit-nodes',
      text: NODES,
      values: [kept.map(({ lastSeq }) => lastSeq), kept.map(({ level }) => level)],
    });
    for (const { last_seq: lastSeq, level, hash } of rows) hashes.set(keyOf({ lastSeq, level }), hash);
  }
  if (low.length > 0) {
    const { rows } = await client.query<{ seq: number; leaf_hash: Hash }>({
      name: 'audit-leaves',
      text: LEAVES,
      values: [[...new Set(low.flatMap(leavesUnder))]],
    });
    const leaves = new Map(rows.map((row) => [row.seq, row.leaf_hash]));
    for (const node of low) {
      const under = leavesUnder(node).flatMap((seq) => leaves.get(seq) ?? []);
      if (under.length === 2 ** node.level) hashes.set(keyOf(node), rootOver(under));
    }
  }
  return plans.map((plan) =>
    makeProof(plan, (node) => {
      const hash = hashes.get(keyOf(node));
      if (hash === undefined) throw incomplete();
      return hash;
    }),
  );
}

function leavesUnder({ level, lastSeq }: NodeAddress): readonly number[] {
  const width = 2 ** level;
  return Array.from({ length: width }, (_, index) => lastSeq - width + 1 + index);
}

function rootOver(leaves: readonly Hash[]): Hash {
  const tree = growTree();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

function incomplete(): RelaisError {
  const message = 'The tree of the audit log is not complete; run: relais audit verify';
  return new RelaisError('audit.tree-incomplete', 500, 'exception', message);
}
