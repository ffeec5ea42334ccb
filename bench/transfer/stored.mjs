// What a gateway has stored after so many transfers: every row that a delivered transfer leaves, written by COPY through
// the real indexes, and the real log with its chain and tree. Foreign keys are true and not checked again while it is
// copied. The bytes that were sent are short here: what counts is how many there are.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { withoutIndexes } from '../without-indexes.mjs';
import { AGREEMENT, RECIPIENT, SENDER } from './world.mjs';

const CHUNK = 25_000;
const TRANSFERS_PER_PERSON = 10;
const WIRE_BYTES = 64;
const ACTOR = JSON.stringify({ type: 'partner', id: randomUUID(), organizationId: SENDER.id });
const BEGINS = Date.parse('2025-01-01T00:00:00.000Z');
const EVERY_MS = 30_000;

const FILLED = 'person transfer transfer_content transfer_event receipt referral outbox decision idempotency_key'.split(
  ' ',
);

/** Connections that rows are copied by at once: while one waits for the server, rows of the other are made. */
const LANES = 2;

/** @param count transfers, and entries of the log, which a thread of its own writes beside them */
export async function store(url, count, masterKey) {
  const ids = Array.from({ length: count }, (_, n) => orderedId(n, count));
  await Promise.all([storeRows(url, ids), storeLog(url, ids, masterKey)]);
}

function storeLog(url, ids, masterKey) {
  const options = { masterKey, organizations: [SENDER.id, RECIPIENT.id], transferIds: ids };
  const worker = new Worker(new URL('../audit/seed-worker.mjs', import.meta.url), {
    workerData: { url, count: ids.length, options },
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`The log was not written (${code}).`))));
  });
}

async function storeRows(url, ids) {
  const clients = Array.from(
    { length: LANES },
    () =>
      new pg.Client({
        connectionString: url,
        options: '-c search_path=relais -c session_replication_role=replica -c maintenance_work_mem=256MB',
      }),
  );
  const [first] = clients;
  try {
    for (const client of clients) await client.connect();
    const { rows } = await first.query('select id from partner where organization_id = $1', [RECIPIENT.id]);
    const starts = Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, n) => n * CHUNK).values();
    await withoutIndexes(first, FILLED, () =>
      Promise.all(
        clients.map(async (client) => {
          // Of one iterator: each lane takes the next that nobody took.
          for (const from of starts) {
            const numbers = Array.from({ length: Math.min(CHUNK, ids.length - from) }, (_, n) => from + n);
            await writeChunk(client, numbers, ids, rows[0].id);
          }
        }),
      ),
    );
    await first.query(`vacuum analyze ${FILLED.join(', ')}`);
  } finally {
    for (const client of clients) await client.end();
  }
}

async function writeChunk(client, numbers, ids, partnerId) {
  const parties = [SENDER.id, RECIPIENT.id];
  const persons = numbers.filter((n) => n % TRANSFERS_PER_PERSON === 0);
  const people = new Map(persons.map((n) => [n, personOf(n)]));
  const known = numbers.map((n) => [ids[n], people.get(n - (n % TRANSFERS_PER_PERSON)), momentOf(n), n]);
  const each = (row) => known.map((values) => row(...values));
  const digest = randomBytes(32).toString('hex');
  await copy(
    client,
    'person (id, organization_id, key_hash, wrapped_key)',
    persons.map((n) => [people.get(n), SENDER.id, bytea(32), bytea(61)]),
  );
  await copy(
    client,
    `transfer (id, sender_organization_id, recipient_organization_id, recipient_partner_id, reference, status, case_id,
      case_version, person_id, task_id, purpose, ground, ground_kind, stated, permitted, agreement_id, agreement_version,
      purge_after_days, mapping_version, reasons, withheld_elements, digest, actor, requested_at, delivered_at, purge_at,
      commitment_salt)`,
    each((id, person, at, n) => [
      ...[id, ...parties, partnerId, `R-${n}`, 'delivered', `stored-${n % 1000}`, 1, person, randomUUID(), 'HOUSING'],
      ...[GROUND, 'consent', bytea(60), 15, AGREEMENT, 1, 30, 'stored', REASONS, 12, digest, ACTOR, at, at, LATER],
      bytea(16),
    ]),
  );
  await copy(
    client,
    `transfer_content (transfer_id, sender_organization_id, recipient_organization_id, person_id, key_id, wrapped_key, wire,
      delivered_at, purge_at)`,
    each((id, person, at) => [id, ...parties, person, randomUUID(), bytea(61), bytea(WIRE_BYTES), at, LATER]),
  );
  const event = (status, shared) => (id, person, at) => [id, ...parties, shared, at, status, ACTOR, '[]'];
  for (const of of [event('queued', 'f'), event('sending', 'f'), event('delivered', 't')])
    await copy(
      client,
      'transfer_event (transfer_id, sender_organization_id, recipient_organization_id, shared, at, status, actor, reasons)',
      each(of),
    );
  await copy(
    client,
    'receipt (transfer_id, sender_organization_id, recipient_organization_id, status, digest, received_at)',
    each((id, person, at) => [id, ...parties, 201, digest, at]),
  );
  await copy(
    client,
    'referral (transfer_id, sender_organization_id, recipient_organization_id, status, updated_at)',
    each((id, person, at) => [id, ...parties, 'completed', at]),
  );
  await copy(
    client,
    `outbox (transfer_id, organization_id, recipient_organization_id, partner_id, person_id, consent_ids, open, due_at,
      next_attempt_at, fence, attempts)`,
    each((id, person, at) => [id, ...parties, partnerId, person, '{}', 'f', at, at, 1, 1]),
  );
  for (const stage of ['request', 'delivery'])
    await copy(
      client,
      'decision (organization_id, id, transfer_id, person_id, receipt, decided_at)',
      each((id, person, at, n) => [SENDER.id, orderedId(n, ids.length), id, person, receiptOf(stage, id), at]),
    );
  await copy(
    client,
    'idempotency_key (organization_id, key_hash, request_digest, transfer_id, created_at)',
    each((id, person, at) => [SENDER.id, `\\\\x${id.replaceAll('-', '')}`, digest, id, at]),
  );
}

const LATER = '2099-01-01T00:00:00Z';
const REASONS = JSON.stringify([{ code: 'permit.consent', parameters: { recipient: RECIPIENT.id } }]);
const GROUND = JSON.stringify({
  secrecy: { kind: 'consent', consents: [{ id: randomUUID(), version: 1 }] },
  dataProtectionBasis: 'public-task',
});
const receiptOf = (stage, transferId) =>
  escaped(
    JSON.stringify({
      stage,
      transferId,
      agreements: [{ id: AGREEMENT, version: 1 }],
      outcome: 'permit',
      reasons: REASONS,
    }),
  );
const momentOf = (n) => new Date(BEGINS + n * EVERY_MS).toISOString();

function personOf(n) {
  const hex = createHash('md5').update(`stored/${n}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The text format of COPY: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS */
const escaped = (text) => text.replaceAll('\\', '\\\\');
const bytea = (length) => `\\\\x${random(length)}`;

let pool = { bytes: randomBytes(0), at: 0 };
/** As hexadecimal digits. */
function random(length) {
  if (pool.at + length > pool.bytes.length) pool = { bytes: randomBytes(65_536), at: 0 };
  return pool.bytes.toString('hex', pool.at, (pool.at += length));
}

/** One of so many, in order: an index then grows at its end, as one that is built when all are there. */
function orderedId(n, count) {
  const first = Math.floor((n / count) * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  const rest = random(12);
  return `${first}-${rest.slice(0, 4)}-4${rest.slice(5, 8)}-8${rest.slice(9, 12)}-${rest.slice(12)}`;
}
/** Cells are escaped where they are made: ten million of them hold nothing to escape. */
const line = (row) => `${row.join('\t')}\n`;

async function copy(client, target, rows) {
  const chunks = function* () {
    for (let from = 0; from < rows.length; from += 500)
      yield rows
        .slice(from, from + 500)
        .map(line)
        .join('');
  };
  await pipeline(Readable.from(chunks()), client.query(copyFrom(`copy ${target} from stdin`)));
}
