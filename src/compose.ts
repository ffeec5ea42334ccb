import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectDefaultMetrics, Registry as MetricsRegistry } from 'prom-client';
import { createBackoff } from './adapters/delivery/backoff.js';
import { createCheckedFetch } from './adapters/delivery/checked-fetch.js';
import { causeText } from './adapters/delivery/delivery-causes.js';
import { createDoor } from './adapters/delivery/door.js';
import { createOutbound } from './adapters/delivery/outbound.js';
import { loadLabelRules } from './adapters/labels/load-label-rules.js';
import { loadRunnable } from './adapters/mapping/load-runnable.js';
import { loadCompiledMapping } from './adapters/mapping/load-mapping.js';
import { packTexts } from './adapters/mapping/read-pack-files.js';
import { createPostman } from './adapters/mail/postman.js';
import { createGuestProbe } from './adapters/mail/probe-guest.js';
import { createProbe } from './adapters/delivery/probe-partner.js';
import { createQueue } from './adapters/queue/create-queue.js';
import { startReconciler } from './adapters/queue/reconcile.js';
import type { JobKind } from './adapters/queue/queue.js';
import { startRelay } from './adapters/queue/relay.js';
import { createStore } from './adapters/store/create-store.js';
import { createChangeFeed } from './adapters/store/desk/change-feed.js';
import { frameOf } from './composition/frame-of.js';
import { migrateAll, openDatabase } from './composition/open-database.js';
import { openIdentity } from './composition/open-identity.js';
import { measureDeliveries } from './composition/measure-deliveries.js';
import { startChores } from './composition/start-chores.js';
import { tellStory } from './composition/tell-story.js';
import { requireProductionSecrets, type Config } from './config.js';
import { createApp } from './http/app.js';
import { closeServer } from './http/close-server.js';
import { createHttpServer } from './http/create-server.js';
import { systemClock } from './kernel/clock.js';
import { RelaisError } from './kernel/errors.js';
import type { TransferId } from './kernel/ids.js';
import { createLog } from './kernel/log.js';
import { deliverAnnouncement } from './transfer/deliver-announcement.js';
import { deliverTransfer } from './transfer/deliver-transfer.js';

export type GatewayRole = 'serve' | 'worker' | 'all';

export interface Gateway {
  /** Port that answers HTTP; 0 for a worker. */
  readonly port: number;
  stop(): Promise<void>;
}

/** The door's deadlines as parts of the lease, so that a lease outlives a question and the write after it. */
const DEADLINE_SHARE = 18 / 22;
const ASK_SHARE = 3 / 22;
const MAX_ATTEMPTS = 12;
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Builds every adapter once and starts what the role asks for. The only place where adapters are made.
 *
 * @throws RelaisError `config.invalid`, `store.login-too-powerful` (production), `embedded.*`
 */
export async function compose(config: Config, role: GatewayRole): Promise<Gateway> {
  requireProductionSecrets(config);
  const { leaseMs } = config;
  const log = createLog(config.logLevel);
  const labelRules = await loadLabelRules(ROOT);
  const database = await openDatabase(config);
  const { masterKey } = database;
  const frame = frameOf(config, masterKey);
  const { publicUrl } = frame;
  const reminders = {
    afterDays: config.reminderAfterDays,
    everyDays: config.reminderEveryDays,
    most: config.remindersMost,
  };

  const store = createStore({ url: database.url, masterKey });
  if (config.mode === 'production') await store.assertRuntimeLogin();
  const outbound = createOutbound({ allowPrivateEndpoints: config.allowPrivateEndpoints });
  const identity = openIdentity({
    config,
    databaseUrl: database.url,
    masterKey,
    publicUrl,
    fetch: createCheckedFetch(outbound),
    log,
  });
  const queue = createQueue({
    ...(config.redisUrl !== undefined && { redisUrl: config.redisUrl }),
    databaseUrl: database.url,
    prefix: config.queuePrefix,
    log,
  });
  const relay = startRelay({ dispatch: store.dispatch, queue, log });
  const wake = (kind?: JobKind): void => relay.wake(kind);
  const closing: (() => Promise<void>)[] = [];

  let port = 0;
  if (role !== 'worker') {
    const metrics = new MetricsRegistry();
    collectDefaultMetrics({ register: metrics });
    measureDeliveries(metrics, identity.deliveries);
    const mapping = await loadCompiledMapping(ROOT, 'case');
    await identity.recordMapping({ ...mapping, files: await packTexts(ROOT, 'case') });
    const story = tellStory({
      store,
      mapping,
      labelRules,
      ...frame,
      reminders,
      leaseMs,
      queue,
      deliveries: identity.deliveries,
      wake,
      verifyLaunch: identity.verifyLaunch,
      partners: {
        registry: identity.registry,
        tests: identity.partnerTests,
        probe: createProbe({
          outbound,
          tokens: identity.tokens,
          door: createDoor({ outbound, tokens: identity.tokens }),
          countKeys: identity.countKeys,
          taskSystem: `${publicUrl}/fhir/Task`,
        }),
        probeGuest: createGuestProbe({ url: config.smtpUrl, from: config.mailFrom ?? '', site: publicUrl }),
        log,
      },
      evidence: { sign: identity.signBundle, bundleKeys: identity.bundleKeys },
      limits: { filesPerHour: config.filesPerHour, searchesPerHour: config.searchesPerHour },
      namesForOfficer: (ids) => identity.sessions.staffNames(ids),
      ...(config.reportNamesStaff && { staffNames: (ids) => identity.sessions.staffNames(ids) }),
    });
    const changes = createChangeFeed({ pool: store.pool, log });
    const app = createApp({
      config,
      publicUrl,
      story,
      mapping: eachOnce((name) => loadRunnable(ROOT, name)),
      authenticate: identity.authenticate,
      sessionLives: identity.sessionLives,
      changes,
      accessDoor: identity.accessDoor,
      signIn: identity.signIn,
      tokenEndpoint: identity.tokenEndpoint,
      log,
      clock: systemClock,
      metrics,
      causeText,
      onRefused: (refusal) => identity.auditRefusal(refusal),
    });
    const server = createHttpServer(app.express);
    port = await listen(server, config);
    // Streams end first: the server waits for whoever is still answered.
    closing.push(
      () => changes.close(),
      () => closeServer(server).finally(() => app.close()),
    );
  }

  if (role !== 'serve') {
    const door = createDoor({
      outbound,
      tokens: identity.tokens,
      deadlineMs: leaseMs * DEADLINE_SHARE,
      askDeadlineMs: leaseMs * ASK_SHARE,
    });
    const postman =
      config.smtpUrl === undefined ? null : createPostman({ url: config.smtpUrl, from: config.mailFrom ?? '' });
    if (postman !== null) closing.push(() => Promise.resolve(postman.close()));
    const retryDelayMs = createBackoff({ baseMs: config.retryBaseMs });
    const concurrency = { concurrency: config.deliveryConcurrency };
    const transfers = queue.work(
      'transfer',
      (id, signal) =>
        deliverTransfer(
          {
            store,
            door,
            ...(postman !== null && { postman }),
            sign: identity.signBundle,
            labelRules,
            retryDelayMs,
            leaseMs,
            maxAttempts: MAX_ATTEMPTS,
            frame,
          },
          id as TransferId,
          signal,
        ).finally(() => wake()),
      concurrency,
    );
    const announcements = queue.work(
      'announcement',
      (id, signal) =>
        deliverAnnouncement(
          { store, door, ...(postman !== null && { postman }), labelRules, frame, leaseMs, retryDelayMs },
          id,
          signal,
        ).finally(() => wake('announcement')),
      concurrency,
    );
    const reconciler = startReconciler({ dispatch: store.dispatch, log, wake });
    const sequencer = store.startSequencer((error) =>
      log('sequencer.failed', error instanceof RelaisError ? { code: error.code } : {}),
    );
    const chores = startChores({
      store,
      replay: identity.replay,
      reminders: { frame, labelRules, settings: reminders },
      wake: () => wake('announcement'),
      log,
    });
    closing.push(async () => {
      await Promise.all([transfers.close(), announcements.close()]);
      await Promise.all([reconciler.stop(), chores.stop()]);
      await sequencer.stop();
    });
  }

  return {
    port,
    /** Takes no more, lets what is in flight finish, then lets go of everything. */
    stop: async () => {
      await relay.stop();
      for (const close of closing) await close();
      await queue.close();
      await Promise.all([identity.close(), store.close(), outbound.close()]);
      await database.stop();
    },
  };
}

/** Loads each mapping when it is first asked for. A load that failed is tried again. */
function eachOnce<Name, Value>(load: (name: Name) => Promise<Value>): (name: Name) => Promise<Value> {
  const known = new Map<Name, Promise<Value>>();
  return (name) => {
    const value = known.get(name) ?? load(name);
    known.set(name, value);
    value.catch(() => known.delete(name));
    return value;
  };
}

/** @throws RelaisError `config.invalid` without a login that may change the schema */
export async function migrateDatabase(config: Config): Promise<readonly string[]> {
  const ownerUrl = config.databaseOwnerUrl ?? (config.mode === 'demo' ? config.databaseUrl : undefined);
  if (ownerUrl === undefined) {
    throw new RelaisError(
      'config.invalid',
      500,
      'exception',
      'DATABASE_OWNER_URL must name the login that owns the schema.',
    );
  }
  return migrateAll(ownerUrl);
}

function listen(server: Server, { host, port }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', () =>
      reject(new RelaisError('config.port', 500, 'exception', `Port ${port} on ${host} cannot be used: is it taken?`)),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
