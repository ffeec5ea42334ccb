// The two sides of the comparison: each is a server, a worker and a partner in processes of their own, on a database of
// its own of the same PostgreSQL and on the same Redis. Both are asked the same way for their work to be done.
import { randomBytes, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createScratchDatabase } from '../../dist/adapters/store/scratch-database.js';
import { cpuSeconds } from './cpu.mjs';
import { SCHEMA } from './floor.mjs';
import { callerOf } from './load.mjs';
import { start } from './programs.mjs';
import { freePort, query } from './servers.mjs';
import { people, register, requestsOf } from './world.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
/** Callers at once; and deliveries at once, on both sides. */
export const CONCURRENCY = 32;
const PATIENCE_MS = 120_000;

/** @param servers.postgres, servers.redis as `servers.mjs` opens them; redis may be null */
export async function openFloor(servers) {
  const { url: databaseUrl, drop } = await createScratchDatabase(servers.postgres.url);
  await query(databaseUrl, SCHEMA);
  const { migrateQueue } = await import('../../dist/adapters/queue/migrate-queue.js');
  if (servers.redis === null) await migrateQueue(databaseUrl);
  const partner = await start([here('partner.mjs')]);
  const settings = {
    databaseUrl,
    redisUrl: servers.redis?.url,
    partnerUrl: `http://127.0.0.1:${partner.ready.port}/fhir`,
    concurrency: CONCURRENCY,
  };
  const environment = { FLOOR: JSON.stringify(settings) };
  const programs = [await start([here('floor.mjs'), 'serve'], environment)];
  programs.push(await start([here('floor.mjs'), 'worker'], environment));
  const body = randomBytes(15_000).toString('base64');
  const headers = { 'content-type': 'application/fhir+json' };
  const request = () => ({ path: '/', headers: { ...headers, 'idempotency-key': randomUUID() }, body });
  return sideOf({
    servers,
    databaseUrl,
    caller: callerOf(`http://127.0.0.1:${programs[0].ready.port}`, CONCURRENCY, request),
    programs,
    partner,
    waits: 'select exists (select from outbox) as waits',
    drop,
  });
}

/**
 * The product as it is deployed: `serve` and `worker`, or with `roles: ['all']` in one process.
 *
 * @param options.prepare called with the database's url and the store before anything runs: what is stored already
 */
export async function openProduct(servers, { roles = ['serve', 'worker'], prepare, nodeArgs = [] } = {}) {
  const { migrateAll } = await import('../../dist/composition/open-database.js');
  const { url: databaseUrl, drop } = await createScratchDatabase(servers.postgres.url);
  await migrateAll(databaseUrl);
  const masterKey = randomBytes(32);
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const partner = await start([here('partner.mjs')]);
  const software = await registered({ databaseUrl, masterKey, publicUrl, prepare, partner });
  const queuePrefix = `bench-${randomBytes(4).toString('hex')}`;
  const environment = {
    RELAIS_MODE: 'demo',
    RELAIS_PORT: String(port),
    RELAIS_PUBLIC_URL: publicUrl,
    RELAIS_MASTER_KEY: masterKey.toString('base64'),
    RELAIS_ALLOW_PRIVATE_ENDPOINTS: 'true',
    RELAIS_QUEUE_PREFIX: queuePrefix,
    RELAIS_DELIVERY_CONCURRENCY: String(CONCURRENCY),
    DATABASE_URL: databaseUrl,
    REDIS_URL: servers.redis?.url ?? '',
  };
  const programs = [];
  for (const role of roles) programs.push(await start([...nodeArgs, here('../../dist/main.js'), role], environment));
  const { client, cases } = await people(publicUrl, software).catch(async (error) => {
    for (const program of [...programs, partner]) await program.stop();
    throw error;
  });
  const side = sideOf({
    servers,
    databaseUrl,
    caller: callerOf(publicUrl, CONCURRENCY, requestsOf({ client, cases })),
    programs,
    partner,
    // The proof belongs to the work: a slice is over when every entry has its number.
    waits: `select exists (select from relais.outbox where open) or exists (select from relais.audit_pending) as waits`,
    drop,
  });
  return {
    ...side,
    masterKey,
    queue: `{${queuePrefix}}:${queuePrefix}-transfer`,
  };
}

async function registered({ databaseUrl, masterKey, publicUrl, prepare, partner }) {
  const { createStore } = await import('../../dist/adapters/store/create-store.js');
  const { createPool } = await import('../../dist/adapters/store/connection/pool.js');
  const { createRegistry } = await import('../../dist/adapters/store/identity/registry.js');
  const { createPartnerRules } = await import('../../dist/adapters/identity/check-partner.js');
  const { insertEntry } = await import('../../dist/adapters/store/audit/insert-entry.js');
  const store = createStore({ url: databaseUrl, masterKey, maxConnections: 2 });
  const pool = createPool({ url: databaseUrl, role: 'relais_identity', max: 1 });
  try {
    const rules = createPartnerRules({ publicUrl, allowPrivateEndpoints: true });
    const registry = createRegistry({ pool, audit: insertEntry, rules });
    const software = await register({ store, registry, partnerUrl: `http://127.0.0.1:${partner.ready.port}` });
    // Whoever writes a log by COPY begins where nothing waits to be numbered.
    while ((await store.sequenceOnce()) > 0);
    await query(databaseUrl, 'update relais.partner_delivery set max_in_flight = $1', [CONCURRENCY]);
    await prepare?.({ databaseUrl, masterKey });
    return software;
  } finally {
    await pool.end();
    await store.close();
  }
}

/** What can be asked of either side. Counted is every process but the load: server, worker, partner, PostgreSQL, Redis. */
function sideOf({ servers, databaseUrl, caller, programs, partner, waits, drop }) {
  const roots = [...programs, partner].map(({ pid }) => pid);
  roots.push(servers.postgres.pid, ...(servers.redis === null ? [] : [servers.redis.pid]));
  const effects = async () => (await fetch(`http://127.0.0.1:${partner.ready.port}/effects`)).json();
  // One connection for all its questions: opening one would cost the database more than they do.
  const asking = new pg.Client({ connectionString: databaseUrl });
  const connected = asking.connect();
  let expected = 0;

  /** Until every transfer has its receipt and nothing waits; then the partner must have seen each exactly once. */
  const settled = async () => {
    const until = performance.now() + PATIENCE_MS;
    await connected;
    while ((await effects()).effects < expected || (await asking.query(waits)).rows[0].waits) {
      if (performance.now() > until)
        throw new Error(`Not everything arrived.\n${programs.map((p) => p.errors()).join('')}`);
      await sleep(25);
    }
    const { effects: seen } = await effects();
    if (seen !== expected) throw new Error(`${expected} transfers had ${seen} effects.`);
  };

  const measured = async (count, work) => {
    const [before, began] = [cpuSeconds(roots), performance.now()];
    expected += count;
    const told = await work();
    await settled();
    const seconds = (performance.now() - began) / 1000;
    const cpu = cpuSeconds(roots) - before;
    return { told, seconds, cpu, perCpuSecond: count / cpu, perSecond: count / seconds };
  };
  return {
    databaseUrl,
    programs,
    partner,
    roots,
    slice: (count) => measured(count, () => caller.closed(count, CONCURRENCY)),
    open: (count, perSecond) => measured(count, () => caller.open(count, perSecond)),
    /** Bytes of one delivery, on average. */
    wireBytes: async () => {
      const { effects: seen, bytes } = await effects();
      return Math.round(bytes / seen);
    },
    close: async () => {
      await caller.close();
      await asking.end();
      for (const program of [...programs].reverse()) await program.stop();
      await partner.stop();
      await drop();
    },
  };
}
