// Everything that a fault run needs, in processes of its own: PostgreSQL, Redis, two gateways, two workers, the partner.
// Organizations, agreements and registrations are written with the product's own store.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { exportJWK, generateKeyPair } from 'jose';
import pg from 'pg';
import { createSlot } from '../product/start-product.mjs';
import { watchFired } from '../product/fired.mjs';
import { createClient } from './client.mjs';
import { freePort } from './free-port.mjs';
import { startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';

export const LEASE_MS = 5_000;
const ADMIN = { type: 'system', id: 'faults', organizationId: null };
const organization = (n, name, sector) => ({
  id: `fa017000-0000-4000-8000-00000000000${n}`,
  name,
  sector,
  function: { en: 'service', fr: 'service' },
  secrecy: 'professional-secrecy',
  confidentialByNature: false,
});
const SENDER = organization(1, 'Sender', 'social');
/** Three plain doors, one behind TLS, one under an agreement of its own that is suspended now and then. */
const RECIPIENTS = [
  organization(2, 'North', 'housing'),
  organization(3, 'South', 'housing'),
  organization(4, 'East', 'housing'),
  organization(5, 'Secure', 'housing'),
  organization(6, 'Suspended', 'housing'),
];
const [, , , SECURE, SUSPENDED] = RECIPIENTS;
export const PLAIN = RECIPIENTS.slice(0, 3);

/**
 * @param {{ root: string, build: string, partnerUrl?: string, say: (text: string) => void }} options
 *   `root` holds the product's own build, `build` the one that the processes run (a mutant, or the same)
 */
export async function startWorld({ root, build, partnerUrl, say }) {
  const folder = mkdtempSync(join(tmpdir(), 'relais-faults-'));
  // PostgreSQL runs as another account, and its folder is below.
  chmodSync(folder, 0o755);
  const stops = [];
  const stop = async () => {
    for (const undo of stops.splice(0).reverse()) await undo().catch?.(() => undefined);
  };
  try {
    return await begin();
  } catch (error) {
    await stop();
    throw error;
  }

  async function begin() {
    const library = (path) => import(pathToFileURL(join(root, 'dist', path)).href);
    const postgres = await startPostgres({ folder, library });
    stops.push(() => postgres.stop('immediate'));
    const redis = await startRedis({ folder });
    if (redis !== null) stops.push(() => redis.stop());
    say(
      `${postgres.version}; ${redis === null ? 'no redis-server on the path: the queue is in PostgreSQL, Redis faults are not run' : 'Redis'}`,
    );

    const { migrateAll } = await library('composition/open-database.js');
    await migrateAll(postgres.url);
    const admin = new pg.Pool({
      connectionString: postgres.url,
      options: '-c search_path=relais -c timezone=UTC',
      max: 6,
    });
    admin.on('error', () => undefined);
    admin.on('connect', (client) => client.on('error', () => undefined));
    stops.push(() => admin.end());

    const partner = await openPartner(partnerUrl, stops, folder);
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, partner.ready.authority);
    const ports = [await freePort(), await freePort()];
    const masterKey = randomBytes(32);
    const fired = watchFired(folder);
    stops.push(async () => fired.stop());
    const crashes = [];
    const environment = {
      RELAIS_MODE: 'demo',
      RELAIS_HOST: '127.0.0.1',
      RELAIS_PUBLIC_URL: `http://127.0.0.1:${ports[0]}`,
      RELAIS_MASTER_KEY: masterKey.toString('base64'),
      RELAIS_ALLOW_PRIVATE_ENDPOINTS: 'true',
      RELAIS_RETRY_BASE_MS: '200',
      RELAIS_LEASE_MS: String(LEASE_MS),
      RELAIS_QUEUE_PREFIX: 'faults',
      RELAIS_LOG_LEVEL: 'info',
      DATABASE_URL: postgres.url,
      NODE_EXTRA_CA_CERTS: authority,
      ...(redis !== null && { REDIS_URL: redis.url }),
    };
    const slot = (name, role, more) => {
      const made = createSlot({
        name,
        role,
        build,
        environment: { ...environment, ...more },
        fired,
        folder,
        onCrash: (text) => crashes.push(text),
      });
      stops.push(() => made.kill());
      return made;
    };
    const gateways = ports.map((port, index) => slot(`gateway-${index + 1}`, 'serve', { RELAIS_PORT: String(port) }));
    const workers = [1, 2].map((index) => slot(`worker-${index}`, 'worker', { RELAIS_PORT: '0' }));

    const registered = await register({
      library,
      url: postgres.url,
      publicUrl: environment.RELAIS_PUBLIC_URL,
      masterKey,
      partner,
    });
    stops.push(() => registered.close());
    await Promise.all([...gateways, ...workers].map((each) => each.start()));
    const { createQueue } = await library('adapters/queue/create-queue.js');
    // For putting an id on the queue that is there already.
    const queue = createQueue({
      ...(redis !== null && { redisUrl: redis.url }),
      databaseUrl: postgres.url,
      prefix: environment.RELAIS_QUEUE_PREFIX,
      log: () => undefined,
    });
    stops.push(() => queue.close());
    const bases = ports.map((port) => `http://127.0.0.1:${port}`);
    const clientOf = (access) => createClient({ bases, publicUrl: environment.RELAIS_PUBLIC_URL, ...access });
    return {
      folder,
      library,
      postgres,
      redis,
      queue,
      admin,
      partner,
      fired,
      crashes,
      gateways,
      workers,
      client: clientOf(registered.accesses.get(SENDER.id)),
      clientOf: (id) => clientOf(registered.accesses.get(id)),
      owner: registered.owner,
      store: registered.store,
      prefix: environment.RELAIS_QUEUE_PREFIX,
      sender: SENDER,
      plain: PLAIN,
      secure: SECURE,
      suspended: SUSPENDED,
      agreementId: registered.agreementId,
      stop,
    };
  }
}

/** The partner as a process of its own, or one that runs elsewhere; driven through its control address. */
async function openPartner(url, stops, folder) {
  let controlUrl = url;
  if (controlUrl === undefined) {
    const child = fork(new URL('../partner.mjs', import.meta.url), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    stops.push(async () => void child.kill('SIGKILL'));
    const [line] = await once(child.stdout, 'data');
    ({ controlUrl } = JSON.parse(String(line)));
  }
  const ask = async (method, path, body) => {
    const answer = await fetch(new URL(path, controlUrl), {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`The partner answers ${answer.status} to ${path}`);
    return answer.json();
  };
  const ready = await ask('GET', '/ready');
  const ledger = [];
  let reading = Promise.resolve();
  const read = () =>
    (reading = reading.then(async () => void ledger.push(...(await ask('GET', `/ledger?from=${ledger.length}`)))));
  const timer = setInterval(() => void read().catch(() => undefined), 100);
  stops.push(async () => clearInterval(timer));
  return {
    ready,
    ledger,
    read,
    keep: () => writeFileSync(join(folder, 'ledger.jsonl'), ledger.map((line) => `${JSON.stringify(line)}\n`).join('')),
    arm: (fault) => ask('POST', '/arm', fault),
    disarm: (id) => ask('POST', '/disarm', { id }),
    revokeTokens: () => ask('POST', '/revoke-tokens', {}),
    showCertificate: (use) => ask('POST', '/certificate', { use }),
    /** The first line that satisfies `test`, or null when none came in time. */
    async until(test, patienceMs) {
      const end = Date.now() + patienceMs;
      for (let seen = 0; ; await sleep(20)) {
        for (; seen < ledger.length; seen += 1) if (test(ledger[seen])) return ledger[seen];
        if (Date.now() > end) return null;
      }
    },
  };
}

async function register({ library, url, publicUrl, masterKey, partner }) {
  const { createStore } = await library('adapters/store/create-store.js');
  const { createPool } = await library('adapters/store/connection/pool.js');
  const { createRegistry } = await library('adapters/store/identity/registry.js');
  const { createStaffSessions } = await library('adapters/store/identity/staff-sessions.js');
  const { createPartnerRules } = await library('adapters/identity/check-partner.js');
  const { insertEntry } = await library('adapters/store/audit/insert-entry.js');
  const { SCOPES } = await library('transfer/principal.js');
  const { newSecret, hashOf, derive } = await library('adapters/identity/session-cookie.js');

  const store = createStore({ url, masterKey, maxConnections: 4 });
  const pool = createPool({ url, role: 'relais_identity', max: 2 });
  const registry = createRegistry({
    pool,
    audit: insertEntry,
    rules: createPartnerRules({ publicUrl, allowPrivateEndpoints: true }),
  });
  const accesses = new Map();
  let secureId;
  for (const each of [SENDER, ...RECIPIENTS]) {
    await registry.createOrganization(each, ADMIN);
    const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
    const describe = { kid: each.name, alg: 'ES384', use: 'sig' };
    const clientId = each.name.toLowerCase();
    const scopes = each === SENDER ? SCOPES.filter((scope) => scope !== 'system/Task.ru') : ['system/Task.ru'];
    const base = each === SECURE ? partner.ready.secureUrl : partner.ready.url;
    const { id } = await registry.createPartner(
      {
        organizationId: each.id,
        name: each.name,
        clientId,
        issuer: 'relais',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), ...describe }] },
        scopes,
        ...(each !== SENDER && {
          endpoint: {
            url: `${base}/${clientId}/fhir`,
            // Tokens come by the plain door, so that the record itself meets the certificate.
            tokenUrl: `${partner.ready.url}/${clientId}/token`,
            clientId: 'relais',
            scope: 'system/Bundle.c',
            idempotency: 'key',
          },
        }),
      },
      ADMIN,
    );
    if (each === SECURE) secureId = id;
    accesses.set(each.id, { clientId, privateKey, kid: each.name, scope: scopes.join(' ') });
  }
  // Partners fail here far more often than anywhere else: breakers open, and are tried again sooner than by default. The door
  // whose certificate is wrong most of the time has none, because each of its faults waits for an attempt.
  await pool.query(
    'update partner_delivery set breaker_failures = case partner_id when $1 then 1000 else 10 end, breaker_pause_ms = 250',
    [secureId],
  );
  const agreementId = `fa017000-0000-4000-8000-0000000000a2`;
  const agreements = [
    agreementOf(
      `fa017000-0000-4000-8000-0000000000a1`,
      RECIPIENTS.filter((each) => each !== SUSPENDED),
    ),
    agreementOf(agreementId, [SUSPENDED]),
  ];
  for (const agreement of agreements) await store.asOrganization(SENDER.id, (tx) => tx.putAgreement(agreement, ADMIN));

  const secret = newSecret();
  await createStaffSessions({ pool, audit: insertEntry }).open({
    idHash: hashOf(secret),
    organizationId: SENDER.id,
    issuer: 'https://issuer.example',
    subject: 'owner',
    displayName: 'owner',
    roles: ['agreement-owner'],
  });
  return {
    store,
    accesses,
    agreementId,
    /** Headers of a member of staff who may suspend the agreement. */
    owner: { cookie: `relais-session=${secret}`, 'x-csrf-token': derive(secret, 'csrf') },
    close: async () => {
      await Promise.all([store.close(), pool.end()]);
    },
  };
}

function agreementOf(id, recipients) {
  return {
    id,
    version: 1,
    title: { en: 'Fault run', fr: 'Fautes' },
    status: 'active',
    parties: [SENDER.id, ...recipients.map((each) => each.id)],
    purposes: [
      {
        purpose: 'HOUSING',
        senders: [SENDER.id],
        recipients: recipients.map((each) => each.id),
        categories: ['identity', 'contact', 'household', 'housing', 'income'],
        sensitivities: [],
        dataProtectionBasis: 'public-task',
        secrecyGrounds: ['consent'],
      },
    ],
    validFrom: '2026-01-01T00:00:00.000Z',
    purgeAfterDays: 30,
  };
}

export const CASE = JSON.parse(
  readFileSync(new URL('../../config/demo/cases/grace-okafor.json', import.meta.url), 'utf8'),
);
