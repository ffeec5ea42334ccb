// npm run bench -- decision [consents]: how long a decision takes once its terms are loaded, how often the database is
// asked for them, and how much more work that is with a million stored consents than with a thousand.
import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { root } from '../scripts/ensure.mjs';
import { recordOf } from './decision/record.mjs';
import { AGREEMENTS, caseOf, PROBE_CONSENTS, RECIPIENT, seed, SENDER } from './decision/seed.mjs';

const FEW = 1_000;
const RESOURCES = 100;
const DECISIONS = 5_000;
const SLICES = 7;
const SLICE = 1_000;
const say = (line) => process.stdout.write(`${line}\n`);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value, digits) => Number(value.toFixed(digits));

export async function run([many = '1000000']) {
  const { startEmbeddedPostgres } = await import('../dist/adapters/store/embedded/start-embedded-postgres.js');
  const given = process.env.DATABASE_URL;
  const embedded = given ? null : await startEmbeddedPostgres({ ephemeral: true });
  const opened = [];
  try {
    for (const consents of [FEW, Number(many)]) opened.push(await open(embedded?.url ?? given, consents));
    const [few, lots] = opened;
    const { terms, roundTrips } = await loadOfProbe(lots);
    const { p50Ms, p99Ms } = await decisions(terms);
    const growth = await growthOf(few, lots);
    say(JSON.stringify({ p50Ms, p99Ms, termsRoundTrips: roundTrips, growth }));
    return 0;
  } finally {
    for (const { store, drop } of opened) {
      await store.close();
      await drop();
    }
    await embedded?.stop();
  }
}

async function open(adminUrl, consents) {
  const { createScratchDatabase } = await import('../dist/adapters/store/scratch-database.js');
  const { createStore } = await import('../dist/adapters/store/create-store.js');
  const { createKeyring } = await import('../dist/adapters/store/crypto/keyring.js');
  const { seal } = await import('../dist/adapters/store/crypto/envelope.js');
  const { migrate } = await import('../dist/adapters/store/migrate.js');
  const masterKey = randomBytes(32);
  const { url, drop } = await createScratchDatabase(adminUrl);
  await migrate(url);
  const started = performance.now();
  const persons = await seed(url, consents, createKeyring(masterKey), seal);
  const seconds = (performance.now() - started) / 1000;
  const { rows } = await query(url, 'select pg_database_size(current_database())::float8 / 1e6 as mb');
  say(`${consents} consents of ${persons} persons: seeded in ${seconds.toFixed(1)} s, ${Math.round(rows[0].mb)} MB`);
  // One connection: what its backend works is what the terms cost the database.
  return { url, drop, persons, store: createStore({ url, masterKey, maxConnections: 1 }) };
}

const requestOf = (number) => ({
  senderOrganizationId: SENDER,
  recipientOrganizationId: RECIPIENT,
  caseId: caseOf(number),
  purpose: 'HOUSING',
  ground: { kind: 'consent' },
});

const load = ({ store }, number) => store.asOrganization(SENDER, (tx) => tx.loadTerms(requestOf(number)));

/** Counts every statement that the driver puts on the wire while the terms are loaded, beside those that begin and end it. */
async function loadOfProbe({ store }) {
  const wire = pg.Connection.prototype;
  const { bind, query } = wire;
  let roundTrips = 0;
  const counted = (send) =>
    function (...args) {
      roundTrips += 1;
      return send.apply(this, args);
    };
  const terms = await store.asOrganization(SENDER, async (tx) => {
    // What begins the transaction has left by then.
    await tx.now();
    Object.assign(wire, { bind: counted(bind), query: counted(query) });
    try {
      return await tx.loadTerms(requestOf(0));
    } finally {
      Object.assign(wire, { bind, query });
    }
  });
  if (roundTrips === 0) throw new Error('Nothing was counted.');
  if (terms.consents.length !== PROBE_CONSENTS || terms.agreements.length !== AGREEMENTS)
    throw new Error(`The probe has ${terms.consents.length} consents and ${terms.agreements.length} agreements.`);
  return { terms, roundTrips };
}

/** The decision, and for every field of a record of a hundred resources whether it may leave. */
async function decisions(terms) {
  const { decide } = await import('../dist/domain/decision/decide.js');
  const { withhold } = await import('../dist/domain/labels/withhold.js');
  const { loadLabelRules } = await import('../dist/adapters/labels/load-label-rules.js');
  const { loadCompiledMapping } = await import('../dist/adapters/mapping/load-mapping.js');
  const { DATA_LABELS, maskOf } = await import('../dist/domain/labels/labels.js');
  const mapping = await loadCompiledMapping(root, 'case');
  const rules = await loadLabelRules(root);
  const everything = maskOf(DATA_LABELS.filter((label) => label !== 'working-notes'));
  const context = {
    resourceId: (type, key) => `${type}-${key}`,
    recordKey: 'case',
    identifierBase: 'https://relais.example',
  };
  const count = (record) => mapping.toFhir(record, everything, context).length;
  const record = recordOf(RESOURCES, count);
  const request = requestOf(0);
  const times = { decide: [], fields: [], both: [] };
  let withheld = 0;
  for (let round = -DECISIONS / 5; round < DECISIONS; round += 1) {
    const started = performance.now();
    const decision = decide(terms, request);
    if (decision.outcome !== 'permit') throw new Error('The probe was refused.');
    const decided = performance.now();
    withheld = withhold(rules, record, decision.permit.permitted).withheld.length;
    const ended = performance.now();
    if (round < 0) continue;
    times.decide.push(decided - started);
    times.fields.push(ended - decided);
    times.both.push(ended - started);
  }
  if (withheld === 0) throw new Error('Nothing was withheld: the measure does no work.');
  for (const [name, values] of Object.entries(times))
    say(`${name}: p50 ${at(values, 0.5).toFixed(3)} ms, p99 ${at(values, 0.99).toFixed(3)} ms`);
  say(`a record of ${count(record)} resources, ${withheld} fields of it stay`);
  return { p50Ms: rounded(at(times.both, 0.5), 3), p99Ms: rounded(at(times.both, 0.99), 3) };
}

const at = (values, part) => [...values].sort((a, b) => a - b)[Math.floor(values.length * part)];

/** CPU of this process and of the database's, for the terms of persons all over the table and the decisions on them. */
async function growthOf(few, lots) {
  const { decide } = await import('../dist/domain/decision/decide.js');
  const slice = async (world, round) => {
    const pids = await backendsOf(world);
    const before = cpuMs(pids);
    for (let n = 0; n < SLICE; n += 1) {
      const number = 1 + ((n * 7_919 + round * 104_729) % (world.persons - 1));
      decide(await load(world, number), requestOf(number));
    }
    return (cpuMs(pids) - before) / SLICE;
  };
  const rows = [];
  for (let round = -1; round < SLICES; round += 1) {
    const row = [await slice(few, round + 1), await slice(lots, round + 1)];
    if (round >= 0) rows.push(row);
  }
  const [small, large] = [0, 1].map((index) => median(rows.map((row) => row[index])));
  say(
    `CPU of one decision, its terms loaded: ${small.toFixed(3)} ms with few consents, ${large.toFixed(3)} ms with many`,
  );
  return rounded(large / small, 2);
}

async function backendsOf({ store }) {
  const { rows } = await store.pool.query('select pg_backend_pid() as pid');
  return rows.map(({ pid }) => pid);
}

const TICKS_PER_SECOND = 100;

/** This process' CPU time and that of the backends (proc(5): fields 14 and 15 of stat), in milliseconds. */
function cpuMs(pids) {
  const { user, system } = process.cpuUsage();
  let sum = (user + system) / 1000;
  for (const pid of pids) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    sum += ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  }
  return sum;
}

async function query(url, text) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}
