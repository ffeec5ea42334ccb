import { setImmediate as turn } from 'node:timers/promises';
import type pg from 'pg';
import type { SaltedEntry } from '../../../domain/audit/chain.js';
import type { LogRow, LogSlice } from '../../../domain/audit/check-log.js';
import type { TreeNode } from '../../../domain/audit/merkle/compact-range.js';
import { HASH_BYTES, type Hash } from '../../../domain/audit/merkle/hash.js';
import type { AuditEntryId } from '../../../kernel/ids.js';

/**
 * A slice as one row: a row each costs the driver more than all hashing does (measured: 13 µs of CPU against 3).
 * `agrees`: what row level security and searches go by says the same as the entry itself; a hash that is not 32 bytes long
 * would shift its neighbours, so it is put as zeros, which no entry hashes to.
 */
const SLICE = `
  select string_agg(seq::text, ',') as seqs, string_agg(entry_id::text, ',') as ids,
         string_agg(case length(leaf_hash) when 32 then leaf_hash else decode(repeat('00', 32), 'hex') end, '') as leaves,
         string_agg(case length(chain_hash) when 32 then chain_hash else decode(repeat('00', 32), 'hex') end, '') as chain,
         string_agg(coalesce(entry::text, 'null'), E'\\n') as entries,
         string_agg(case when agrees then '1' else '0' end, '') as agrees,
         (select json_agg(json_build_array(last_seq, level, encode(hash, 'base64')))
            from (select * from audit_node where last_seq >= $1 and last_seq < $2
                   order by last_seq, level limit $3) as node) as nodes,
         (select json_agg(json_build_object('size', size, 'note', note))
            from (select size, note from audit_checkpoint where size > $1 and size <= $2
                   order by size limit $3) as checkpoint) as checkpoints
    from (select l.seq, l.entry_id, l.leaf_hash, l.chain_hash, e.entry,
                 l.organizations = e.organizations
                   and to_jsonb(l.organizations) = e.entry -> 'organizations'
                   and e.id::text = e.entry ->> 'id'
                   and e.at = e.entry ->> 'at'
                   and e.person_id::text is not distinct from e.entry ->> 'personId'
                   and e.transfer_id::text is not distinct from e.entry ->> 'transferId' as agrees
            from audit_log l left join audit_entry e on e.id = l.entry_id
           where l.seq >= $1 and l.seq < $2 order by l.seq limit $3) as link`;

interface Row {
  readonly seqs: string | null;
  readonly ids: string;
  readonly leaves: Buffer;
  readonly chain: Buffer;
  readonly entries: string;
  readonly agrees: string;
  readonly nodes: readonly [number, number, string][] | null;
  readonly checkpoints: LogSlice['checkpoints'] | null;
}

/** Beyond every number: bigint's largest. */
const END = '9223372036854775807';
const BEGINNING = '-9223372036854775808';

/**
 * The log from its first number to its last, slice by slice; the next one is on its way while one is looked at.
 *
 * @param client in one snapshot
 * @param size numbers that are expected; whatever lies beyond comes with the last slice
 */
export async function* readSlices(client: pg.ClientBase, size: number, width: number): AsyncGenerator<LogSlice> {
  const ask = (from: number): Promise<Row> => {
    const last = from + width >= size;
    // One more than there can be tells that there are too many, whatever their number.
    const values = [from === 0 ? BEGINNING : from, last ? END : from + width, width + 1];
    return client.query<Row>({ name: 'audit-slice', text: SLICE, values }).then(({ rows }) => rows[0]!);
  };
  let next = ask(0);
  try {
    for (let from = 0; ; from += width) {
      const row = await next;
      const last = from + width >= size;
      if (!last) {
        next = ask(from + width);
        // The question leaves at the end of this turn (pool.ts): without one, it would leave once the slice was looked at.
        await turn();
      }
      yield sliceOf(row);
      if (last) return;
    }
  } finally {
    // Whoever stops early leaves the connection idle.
    await next.catch(() => undefined);
  }
}

function sliceOf({ seqs, ids, leaves, chain, entries, agrees, nodes, checkpoints }: Row): LogSlice {
  const nodesKept = (nodes ?? []).map(([lastSeq, level, hash]) => node(lastSeq, level, hash));
  if (seqs === null) return { rows: [], nodes: nodesKept, checkpoints: checkpoints ?? [] };
  const numbers = seqs.split(',');
  const rows = rowsOf(numbers, { ids, leaves, chain, entries, agrees });
  return { rows, nodes: nodesKept, checkpoints: checkpoints ?? [] };
}

/**
 * Each row is made when it is looked at: entries that are all made first outlive a collection of young objects, which
 * then costs more than reading them (measured: 3.7 µs of CPU an entry against 1.3). JSON from PostgreSQL has no line break.
 */
function* rowsOf(
  numbers: readonly string[],
  { ids, leaves, chain, entries, agrees }: Pick<Row, 'ids' | 'leaves' | 'chain' | 'entries' | 'agrees'>,
): Generator<LogRow, undefined> {
  const entryIds = ids.split(',');
  let from = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    const end = entries.indexOf('\n', from);
    const entry = entries.slice(from, end < 0 ? undefined : end);
    from = end < 0 ? entries.length : end + 1;
    yield {
      seq: Number(numbers[index]),
      entryId: entryIds[index] as AuditEntryId,
      leafHash: hashAt(leaves, index),
      chainHash: hashAt(chain, index),
      entry: JSON.parse(entry) as SaltedEntry | null,
      agrees: agrees[index] === '1',
    };
  }
  return undefined;
}

const hashAt = (packed: Buffer, index: number): Hash => packed.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);

function node(lastSeq: number, level: number, hash: string): TreeNode {
  return { lastSeq, level, hash: Buffer.from(hash, 'base64') };
}
