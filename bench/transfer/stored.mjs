// What a gateway has stored after so many transfers: every row that a delivered transfer leaves, written by COPY through
// the real indexes, and the real log with its chain and tree. Foreign keys are true and not checked again while it is
// copied. The bytes that were sent are short here: what counts is how many there are.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { seedAuditLog } from '../audit/seed.mjs';
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

/** @param count transfers, and entries of the log */
export async function store(url, count, masterKey) {
  const client = new pg.Client({ connectionString: url, options: '-c search_path=relais' });
  await client.connect();
  const ids = Array.from({ length: count }, () => randomUUID());
  try {
    await client.query(`set session_replication_role = replica`);
    const { rows } = await client.query('select id from partner where organization_id = $1', [RECIPIENT.id]);
    await withoutIndexes(client, FILLED, async () => {
      for (let from = 0; from < count; from += CHUNK) {
        const numbers = Array.from({ length: Math.min(CHUNK, count - from) }, (_, n) => from + n);
        await writeChunk(client, numbers, ids, rows[0].id);
      }
    });
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
  await seedAuditLog(url, count, {
    masterKey,
    organizations: [SENDER.id, RECIPIENT.id],
    transferOf: (number) => ids[number % count],
  });
}

async function writeChunk(client, numbers, ids, partnerId) {
  const parties = [SENDER.id, RECIPIENT.id];
  const persons = numbers.filter((n) => n % TRANSFERS_PER_PERSON === 0);
  const each = (row) => numbers.map((n) => row(ids[n], personOf(n - (n % TRANSFERS_PER_PERSON)), momentOf(n), n));
  const digest = randomBytes(32).toString('hex');
  await copy(
    client,
    'person (id, organization_id, key_hash, wrapped_key)',
    persons.map((n) => [personOf(n), SENDER.id, bytea(32), bytea(61)]),
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
      each((id, person, at) => [SENDER.id, randomUUID(), id, person, receiptOf(stage, id), at]),
    );
  await copy(
    client,
    'idempotency_key (organization_id, key_hash, request_digest, transfer_id, created_at)',
    each((id, person, at) => [SENDER.id, bytea(16), digest, id, at]),
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
const bytea = (length) => `\\\\x${randomBytes(length).toString('hex')}`;
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
