// npm run bench -- audit [entries]: how fast the log is verified and numbered, and how long one entry's proof takes.
// The log is a real one (bench/audit/seed.mjs): its chain, tree, checkpoints and indexes are those of a gateway.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { seedAuditLog } from './audit/seed.mjs';

const LEAST = 200_000;
/** Written as the gateway writes them, and numbered in one go. */
const NUMBERED = 20_000;
const PROOFS = 300;
const ROUNDS = 3;
const say = (line) => process.stdout.write(`${line}\n`);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

export async function run([entries = String(LEAST)]) {
  const { startEmbeddedPostgres } = await import('../dist/adapters/store/embedded/start-embedded-postgres.js');
  const { createScratchDatabase } = await import('../dist/adapters/store/scratch-database.js');
  const { createStore } = await import('../dist/adapters/store/create-store.js');
  const { migrate } = await import('../dist/adapters/store/migrate.js');
  const given = process.env.DATABASE_URL;
  const embedded = given ? null : await startEmbeddedPostgres({ ephemeral: true });
  const { url, drop } = await createScratchDatabase(embedded?.url ?? given);
  const masterKey = randomBytes(32);
  const store = createStore({ url, masterKey });
  try {
    await migrate(url);
    const count = Math.max(LEAST, Number(entries));
    const started = performance.now();
    await seedAuditLog(url, count, { masterKey });
    say(`${count} entries with chain, tree and checkpoints: ${seconds(started).toFixed(1)} s, ${await sizeOf(url)} MB`);
    const verifyPerSecond = await verified(store, count);
    const proofMs = await proven(store, url, count);
    const sequencePerSecond = await numbered(store, url);
    const { ok, unsequenced } = await store.verifyAudit();
    if (!ok || unsequenced > 0) throw new Error('The log does not hold after it was numbered on.');
    say(JSON.stringify({ verifyPerSecond, sequencePerSecond, proofMs }));
    return 0;
  } finally {
    await store.close();
    await drop();
    await embedded?.stop();
  }
}

const seconds = (since) => (performance.now() - since) / 1000;

/** Everything is computed again each time; the median of three. */
async function verified(store, count) {
  const rates = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [started, cpu] = [performance.now(), process.cpuUsage()];
    const verdict = await store.verifyAudit();
    if (!verdict.ok || verdict.entries !== count) throw new Error('The seeded log does not hold.');
    const { user, system } = process.cpuUsage(cpu);
    rates.push(count / seconds(started));
    say(
      `verified: ${Math.round(rates.at(-1))} entries/s, ${((user + system) / count).toFixed(1)} µs of this process’ CPU each`,
    );
  }
  return Math.round(median(rates));
}

/** One entry somewhere in the log at a time, checkpoint and signature included, and checked as a stranger would. */
async function proven(store, url, count) {
  const { checkProvenEntry } = await import('../dist/domain/audit/proven-entry.js');
  const { readCheckpoint } = await import('../dist/domain/audit/checkpoint.js');
  const times = [];
  for (let round = 0; round < PROOFS; round += 1) {
    const seq = (round * 7_919 * 31) % count;
    const { rows } = await query(
      url,
      `select entry_id, organizations[1] as organization from audit_log where seq = ${seq}`,
    );
    const started = performance.now();
    const proofs = await store.auditProofs(rows[0].organization, { entryIds: [rows[0].entry_id] });
    times.push(performance.now() - started);
    if (!checkProvenEntry(proofs.entries[0], readCheckpoint(proofs.checkpoint)))
      throw new Error('A proof does not hold.');
  }
  return Number(median(times).toFixed(2));
}

/** What waits was written in bulk; how it is numbered is the sequencer's own way, a thousand at a time. */
async function numbered(store, url) {
  await query(
    url,
    `with made as (
       insert into audit_entry (id, entry)
       select id, entry - 'id' || jsonb_build_object('id', id)
         from (select gen_random_uuid() as id, entry from audit_entry limit ${NUMBERED}) as copy
       returning id, organizations
     ) insert into audit_pending (entry_id, organizations) select id, organizations from made`,
  );
  const started = performance.now();
  let done = 0;
  for (let batch = 1; batch > 0; done += batch) batch = await store.sequenceOnce();
  if (done !== NUMBERED) throw new Error(`${done} entries were numbered.`);
  return Math.round(NUMBERED / seconds(started));
}

async function sizeOf(url) {
  const { rows } = await query(url, 'select pg_database_size(current_database())::float8 / 1e6 as mb');
  return Math.round(rows[0].mb);
}

async function query(url, text) {
  const client = new pg.Client({ connectionString: url, options: '-c search_path=relais' });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}
