import type pg from 'pg';
import { appendEntries, type LogLink, type SaltedEntry } from '../../../domain/audit/chain.js';
import { growTree, type CompactRange, type TreeNode } from '../../../domain/audit/merkle/compact-range.js';
import { acrossOrganizations } from '../connection/in-organization.js';
import { holdSequencerLock } from './sequencer-lock.js';

/** Nodes below this level are made from leaves when a proof needs them: a sixteenth of the rows, for a few hashes. */
export const LOWEST_KEPT_LEVEL = 4;
/** Leaves of a log that is older than its tree, in one transaction. */
const CATCH_UP = 20_000;

/**
 * Entries are found by their place in a queue, not by their time: one that commits late is simply in a later batch. A
 * place whose entry is gone stays where it is, as the trace of a deletion. The lateral keeps the planner from joining
 * whole tables for a batch.
 */
const TAKE = `
  with due as (
    select p.entry_id, found.entry, found.at
      from audit_pending p cross join lateral (select e.entry, e.at from audit_entry e where e.id = p.entry_id limit 1) found
     limit $1
  ), taken as (
    delete from audit_pending p using due where p.entry_id = due.entry_id returning p.entry_id
  )
  select head.size, head.chain_hash, head.tree_size, head.peaks, due.entry
    from audit_head head left join (due join taken using (entry_id)) on true
   order by due.at, due.entry_id`;

const APPEND = `
  with link as (
    insert into audit_log (seq, entry_id, organizations, leaf_hash, chain_hash)
    select link.seq, link.entry_id, e.organizations, link.leaf_hash, link.chain_hash
      from unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bytea[]) as link (seq, entry_id, leaf_hash, chain_hash)
      join audit_entry e on e.id = link.entry_id
  ), node as (
    insert into audit_node (last_seq, level, hash) select * from unnest($5::bigint[], $6::smallint[], $7::bytea[])
  )
  update audit_head set size = $8, chain_hash = $9, tree_size = $10, peaks = $11, updated_at = now()`;

const LEAVES = 'select leaf_hash from audit_log where seq >= $1 order by seq limit $2';

interface Head {
  readonly size: number;
  readonly chain_hash: Buffer;
  readonly tree_size: number;
  readonly peaks: readonly Buffer[];
}

/**
 * Numbers, hashes and chains what waits, and puts it into the tree, at most `limit` entries: all of it in one
 * transaction, or nothing. Of several processes one works, the others return.
 *
 * @param pool acts as relais_worker
 * @returns how many entries were numbered, or put into the tree of a log that is older than its tree
 */
export async function sequenceOnce(pool: pg.Pool, limit = 1_000): Promise<number> {
  return acrossOrganizations(pool, async (client) => {
    if (!(await holdSequencerLock(client))) return 0;
    const { rows } = await client.query<Head & { entry: SaltedEntry | null }>({
      name: 'sequence-take',
      text: TAKE,
      values: [limit],
    });
    const head = rows[0];
    if (head === undefined) return 0;
    const entries = rows.flatMap(({ entry }) => (entry === null ? [] : [entry]));
    const behind = head.size - head.tree_size;
    if (entries.length === 0 && behind === 0) return 0;
    const { links, size, chainHash } = appendEntries(head.size, head.chain_hash, entries);
    const older = behind === 0 ? [] : await leavesFrom(client, head.tree_size, CATCH_UP);
    // Numbers go on while the tree catches up; it takes the new leaves with the old ones.
    const leaves = older.length === behind ? [...older, ...links.map((link) => link.leafHash)] : older;
    const { range, nodes } = grow({ size: head.tree_size, peaks: head.peaks }, leaves);
    await append(client, links, nodes, { size, chainHash }, range);
    return links.length + older.length;
  });
}

async function leavesFrom(client: pg.ClientBase, from: number, limit: number): Promise<readonly Buffer[]> {
  const { rows } = await client.query<{ leaf_hash: Buffer }>(LEAVES, [from, limit]);
  return rows.map((row) => row.leaf_hash);
}

function grow(from: CompactRange, leaves: readonly Buffer[]): { range: CompactRange; nodes: readonly TreeNode[] } {
  const tree = growTree(from);
  const nodes: TreeNode[] = [];
  const keep = (node: TreeNode): void => {
    if (node.level >= LOWEST_KEPT_LEVEL) nodes.push(node);
  };
  for (const leaf of leaves) tree.append(leaf, keep);
  return { range: tree.range(), nodes };
}

async function append(
  client: pg.ClientBase,
  links: readonly LogLink[],
  nodes: readonly TreeNode[],
  end: { readonly size: number; readonly chainHash: Buffer },
  range: CompactRange,
): Promise<void> {
  await client.query({
    name: 'sequence-append',
    text: APPEND,
    values: [
      links.map(({ seq }) => seq),
      links.map(({ entryId }) => entryId),
      links.map(({ leafHash }) => leafHash),
      links.map(({ chainHash }) => chainHash),
      nodes.map(({ lastSeq }) => lastSeq),
      nodes.map(({ level }) => level),
      nodes.map(({ hash }) => hash),
      end.size,
      end.chainHash,
      range.size,
      range.peaks,
    ],
  });
}
