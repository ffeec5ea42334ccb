import type pg from 'pg';
import { appendEntries, type SaltedEntry } from '../../../domain/audit/chain.js';
import { acrossOrganizations } from '../connection/in-organization.js';

/** Advisory locks belong to one database; the number is this project's own. */
const LOCK = 'select pg_try_advisory_xact_lock(125780158870900) as held';

/** Entries are found by their place in a queue, not by their time: one that commits late is simply in a later batch. */
const TAKE = `
  with taken as (
    delete from audit_pending where entry_id = any (array(select entry_id from audit_pending limit $1)) returning entry_id
  )
  select e.entry, head.size, head.chain_hash
    from taken
    join audit_entry e on e.id = taken.entry_id
    cross join audit_head head
   order by e.at, e.id`;

const APPEND = `
  with link as (
    insert into audit_log (seq, entry_id, organizations, leaf_hash, chain_hash)
    select link.seq, link.entry_id, e.organizations, link.leaf_hash, link.chain_hash
      from unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bytea[]) as link (seq, entry_id, leaf_hash, chain_hash)
      join audit_entry e on e.id = link.entry_id
  )
  update audit_head set size = $5, chain_hash = $6, updated_at = now()`;

interface Row {
  readonly entry: SaltedEntry;
  readonly size: number;
  readonly chain_hash: Buffer;
}

/**
 * Numbers, hashes and chains what waits, at most `limit` entries. Of several processes one works, the others return.
 *
 * @param pool acts as relais_worker
 * @returns how many entries were numbered
 */
export async function sequenceOnce(pool: pg.Pool, limit = 1_000): Promise<number> {
  return acrossOrganizations(pool, async (client) => {
    const lock = await client.query<{ held: boolean }>(LOCK);
    if (lock.rows[0]?.held !== true) return 0;
    // A statement after the lock: its snapshot holds what the sequencer before us committed.
    const { rows } = await client.query<Row>({ name: 'sequence-take', text: TAKE, values: [limit] });
    const first = rows[0];
    if (first === undefined) return 0;
    const entries = rows.map(({ entry }) => entry);
    const { links, size, chainHash } = appendEntries(first.size, first.chain_hash, entries);
    await client.query({
      name: 'sequence-append',
      text: APPEND,
      values: [
        links.map(({ seq }) => seq),
        links.map(({ entryId }) => entryId),
        links.map((link) => link.leafHash),
        links.map((link) => link.chainHash),
        size,
        chainHash,
      ],
    });
    return links.length;
  });
}

export interface Sequencer {
  /** Waits for the batch under way and numbers what is left. */
  stop(): Promise<void>;
}

/**
 * Keeps the log numbered: within a quarter of a second after a commit when there is little, without pause when there is
 * much. Any number of processes may run one.
 *
 * @param onError gets what went wrong with one batch; the next one is tried all the same
 */
export function startSequencer(pool: pg.Pool, onError: (error: unknown) => void, intervalMs = 250): Sequencer {
  const batch = 1_000;
  let stopped = false;
  let wake: () => void = () => undefined;
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const full = await sequenceOnce(pool, batch).then(
        (numbered) => numbered === batch,
        (error: unknown) => onError(error),
      );
      if (full === true || stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, intervalMs);
        wake = () => (clearTimeout(timer), resolve());
      });
    }
    while ((await sequenceOnce(pool, batch)) === batch);
  };
  const running = loop().catch(onError);
  return {
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
}
