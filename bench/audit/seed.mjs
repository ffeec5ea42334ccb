// A log in bulk: entries as four-step transfers leave them, with their real numbers, chain, tree and signed checkpoints,
// written by COPY after whatever the log holds already. A million entries take about a minute.
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { withoutIndexes } from '../without-indexes.mjs';
import { chainHash, leafHash } from '../../dist/domain/audit/chain.js';
import { signCheckpoint } from '../../dist/domain/audit/checkpoint.js';
import { growTree } from '../../dist/domain/audit/merkle/compact-range.js';
import { ensureCheckpointKeys } from '../../dist/adapters/store/audit/checkpoint-keys.js';
import { LOWEST_KEPT_LEVEL } from '../../dist/adapters/store/audit/sequence.js';
import { createKeyring } from '../../dist/adapters/store/crypto/keyring.js';

const SENDER = '00000000-0000-4000-8000-00000000000a';
const RECIPIENT = '00000000-0000-4000-8000-00000000000b';
const STEPS = ['transfer.permitted', 'disclosure.intent', 'disclosure.sent', 'disclosure.received'];
/** A second's entries of a busy gateway. */
const ENTRIES_PER_CHECKPOINT = 1_000;
/** How many entries are made before they are written: three tables, one after the other. */
const CHUNK = 50_000;
const BEGINS = Date.parse('2025-01-01T00:00:00.000Z');

/**
 * @param url login of a superuser: row level security is forced on the owner too
 * @param count entries; nothing may wait to be numbered
 * @param options.masterKey the deployment's, 32 bytes: its checkpoints are signed with its key
 * @param options.organizations whose entries, two ids; default: ids that belong to nobody
 * @param options.transferIds entry by entry, from the first: of the transfer that it is about; default: a new one for every four
 */
export async function seedAuditLog(url, count, { masterKey, organizations = [SENDER, RECIPIENT], transferIds } = {}) {
  const client = new pg.Client({ connectionString: url, options: '-c search_path=relais' });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(125780158870900)');
    const { rows } = await client.query(
      `select size::int, chain_hash, peaks, tree_size = size as whole, exists (select from audit_pending) as waits from audit_head`,
    );
    const [head] = rows;
    if (head.waits || !head.whole) throw new Error('The log is not numbered to its end.');
    const signer = (await ensureCheckpointKeys(client, createKeyring(masterKey))).at(-1);
    const entryOf = entries({ organizations, transferIds });
    const tree = growTree({ size: head.size, peaks: head.peaks });
    let end = head.chain_hash;
    await withoutIndexes(client, ['audit_entry'], async () => {
      for (let from = head.size; from < head.size + count; from += CHUNK) {
        const chunk = { entries: [], links: [], nodes: [], checkpoints: [] };
        for (let seq = from; seq < Math.min(from + CHUNK, head.size + count); seq += 1) {
          const entry = entryOf(seq);
          const leaf = leafHash(entry);
          end = chainHash(end, seq, leaf);
          chunk.entries.push([entry.id, JSON.stringify(entry)]);
          chunk.links.push([seq, entry.id, `{${organizations.join(',')}}`, bytea(leaf), bytea(end)]);
          tree.append(leaf, ({ level, lastSeq, hash }) => {
            if (level >= LOWEST_KEPT_LEVEL) chunk.nodes.push([lastSeq, level, bytea(hash)]);
          });
          const size = seq + 1;
          if (size % ENTRIES_PER_CHECKPOINT === 0 || size === head.size + count)
            chunk.checkpoints.push([size, signCheckpoint({ origin: signer.name, size, root: tree.root() }, signer)]);
        }
        await copy(client, 'audit_entry (id, entry)', chunk.entries);
        await copy(client, 'audit_log (seq, entry_id, organizations, leaf_hash, chain_hash)', chunk.links);
        await copy(client, 'audit_node (last_seq, level, hash)', chunk.nodes);
        await copy(client, 'audit_checkpoint (size, note)', chunk.checkpoints);
      }
    });
    const { size, peaks } = tree.range();
    await client.query(
      `update audit_head set size = $1, chain_hash = $2, tree_size = $1, peaks = $3, signed_size = $1, signed_at = now()`,
      [size, end, peaks],
    );
    await client.query('commit');
    await client.query('vacuum analyze audit_entry, audit_log, audit_node, audit_checkpoint');
  } finally {
    await client.end();
  }
}

function entries({ organizations, transferIds }) {
  const bytes = { at: 4096, pool: randomBytes(4096) };
  const random = (length) => {
    if (bytes.at + length > bytes.pool.length) Object.assign(bytes, { at: 0, pool: randomBytes(4096) });
    return bytes.pool.toString('hex', bytes.at, (bytes.at += length));
  };
  return (seq) => {
    const transfer = Math.floor(seq / STEPS.length);
    const step = seq % STEPS.length;
    return {
      id: uuid(random(16)),
      at: new Date(BEGINS + seq * 20).toISOString(),
      salt: random(16),
      action: STEPS[step],
      outcome: 'success',
      actor:
        step === 0
          ? { type: 'staff', id: uuid(digest(`staff/${transfer % 50}`)), organizationId: organizations[0] }
          : { type: 'system', id: 'worker', organizationId: null },
      organizations,
      personId: uuid(digest(`person/${Math.floor(transfer / 5)}`)),
      transferId: transferIds?.[seq % transferIds.length] ?? uuid(digest(`transfer/${transfer}`)),
      requestId: uuid(digest(`request/${transfer}`)),
      codes: { attempt: 1, digest: digest(`commitment/${transfer}`), agreement: `${transfer % 20}/1` },
    };
  };
}

let last = { text: '', hex: '' };
/** The steps of one transfer ask for the same ones. */
function digest(text) {
  if (last.text !== text) last = { text, hex: createHash('sha256').update(text).digest('hex') };
  return last.hex;
}

const uuid = (hex) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
const bytea = (bytes) => `\\x${bytes.toString('hex')}`;
/** The text format of COPY: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS */
const escaped = (text) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const line = (row) => `${row.map((value) => escaped(String(value))).join('\t')}\n`;

async function copy(client, target, rows) {
  const chunks = function* () {
    for (let at = 0; at < rows.length; at += 500)
      yield rows
        .slice(at, at + 500)
        .map(line)
        .join('');
  };
  await pipeline(Readable.from(chunks()), client.query(copyFrom(`copy ${target} from stdin`)));
}
