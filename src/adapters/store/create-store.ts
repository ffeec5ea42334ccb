import { createTogether, type Pace } from './connection/together.js';
import type pg from 'pg';
import { writeVerifier } from '../../domain/audit/signed-note.js';
import type { Actor } from '../../kernel/actor.js';
import type { OrganizationId } from '../../kernel/ids.js';
import type { AuditProofReader } from '../../transfer/audit-ports.js';
import type { SharedWork, Store } from '../../transfer/ports.js';
import type { ReminderWatch } from '../../transfer/reminder-ports.js';
import { noteExpiredAgreements } from './agreements/note-expired.js';
import { rotateCheckpointKey } from './audit/checkpoint-keys.js';
import { insertEntry } from './audit/insert-entry.js';
import { createProofReader } from './audit/prove-entries.js';
import { sequenceOnce } from './audit/sequence.js';
import { awaitSequencerLock } from './audit/sequencer-lock.js';
import { createCheckpointSigner } from './audit/sign-checkpoint.js';
import { startSequencer, type Sequencer } from './audit/start-sequencer.js';
import { verifyAudit, type AuditVerdict, type VerifyOptions } from './audit/verify-audit.js';
import { acrossOrganizations, inOrganization } from './connection/in-organization.js';
import { assertRuntimeLogin, createPool } from './connection/pool.js';
import { createKeyring, type Keyring } from './crypto/keyring.js';
import { deleteOldDrafts } from './desk/drafts.js';
import { createDispatch } from './dispatch/dispatch.js';
import { isMigrated, readMigrations } from './migrate.js';
import { escalateOverdue } from './notices/escalate.js';
import { takeUnanswered } from './notices/take-unanswered.js';
import { organizationTx, type StoreTx } from './organization-tx.js';
import { deleteExpiredPreviews } from './transfers/previews.js';
import { purgeDueContent } from './transfers/purge-due-content.js';

export interface StoreOptions {
  /** Login that is a member of the three runtime roles; every connection acts as one of them. */
  readonly url: string;
  /** 32 bytes. */
  readonly masterKey: Uint8Array;
  /** Connections for the story; default 10. Dispatch and sequencer share 4 more. */
  readonly maxConnections?: number;
  /** How long a request waits for a connection before it is told to come back (503); default 2,000. */
  readonly waitMs?: number;
}

export interface PostgresStore extends Store, AuditProofReader, ReminderWatch {
  asOrganization<T>(organizationId: OrganizationId, work: (tx: StoreTx) => Promise<T>): Promise<T>;
  /** For the store's other parts (imports): connections that act as relais_app. */
  readonly pool: pg.Pool;
  readonly keyring: Keyring;
  /** @throws RelaisError `store.login-too-powerful`; asked in production before anything is served */
  assertRuntimeLogin(): Promise<void>;
  /** Keeps the audit log numbered; any number of processes may. */
  startSequencer(onError: (error: unknown) => void): Sequencer;
  /** Numbers what waits now, at most 1,000 entries, and signs the log's end when that was all; returns how many. */
  sequenceOnce(): Promise<number>;
  /** As `sequenceOnce`, and signs nothing: for whoever verifies first. */
  numberOnce(): Promise<number>;
  /** Signs what the log has come to; the note, or null when there was nothing to sign. */
  signCheckpoint(): Promise<string | null>;
  /** A new key signs checkpoints from now on; all public keys, the newest last. In the log; the old key signs the first of the new. */
  rotateCheckpointKey(actor: Actor): Promise<readonly string[]>;
  /** Computes the whole log again; reads only. */
  verifyAudit(options?: VerifyOptions): Promise<AuditVerdict>;
  /** Deletes contents whose term is over; returns how many (at most 200 at once). */
  purgeDueContent(): Promise<number>;
  /** Puts what was not answered in time into the log; returns how many. */
  escalateOverdue(): Promise<number>;
  /** Forgets what was shown and not sent within its hour; returns how many. */
  deleteExpiredPreviews(): Promise<number>;
  /** Forgets drafts that nobody went on with for 14 days; returns how many. */
  deleteOldDrafts(): Promise<number>;
  /** Writes the calendar's step of agreements that ended into the log; returns how many. */
  noteExpiredAgreements(): Promise<number>;
  /** Counts again, for the planner, the tables that have grown much since they were counted. */
  analyzeGrown(): Promise<void>;
  /** For readiness: every migration of this version is applied. */
  isMigrated(): Promise<boolean>;
  /** An operator stopped all deliveries; for readiness. */
  deliveriesStopped(): Promise<boolean>;
  /** Answers when the database does; for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A caller waits for an answer; a delivery has time for company. */
const PACE: Readonly<Record<SharedWork, Pace>> = {
  request: { waitMs: 1, atOnce: 2 },
  prepare: { waitMs: 5, atOnce: 1 },
  settle: { waitMs: 5, atOnce: 1 },
};

/** PostgreSQL behind the story's ports. */
export function createStore({ url, masterKey, maxConnections = 10, waitMs = 2_000 }: StoreOptions): PostgresStore {
  const keyring = createKeyring(masterKey);
  const migrations = readMigrations();
  const pool = createPool({ url, role: 'relais_app', max: maxConnections, waitMs });
  const workerPool = createPool({ url, role: 'relais_worker', max: 4, waitMs });
  const asOrganization = <T>(organizationId: OrganizationId, work: (tx: StoreTx) => Promise<T>, works: number) =>
    inOrganization(
      pool,
      organizationId,
      (_client, transaction) => work(organizationTx({ ...transaction, organizationId, keyring, dataKeys: new Map() })),
      works,
    );
  const signer = createCheckpointSigner(workerPool, keyring);
  return {
    ...createProofReader({ pool, workerPool, keyring }),
    pool,
    keyring,
    asOrganization: (organizationId, work) => asOrganization(organizationId, work, 0),
    together: createTogether<SharedWork, StoreTx>(asOrganization, PACE),
    dispatch: createDispatch(workerPool, pool),
    assertRuntimeLogin: () => assertRuntimeLogin(pool),
    startSequencer: (onError) => startSequencer({ pool: workerPool, signer }, onError),
    sequenceOnce: async () => {
      const numbered = await sequenceOnce(workerPool);
      if (numbered < 1_000) await signer.signOnce();
      return numbered;
    },
    numberOnce: () => sequenceOnce(workerPool),
    signCheckpoint: () => signer.signOnce(),
    rotateCheckpointKey: (actor) =>
      acrossOrganizations(workerPool, async (client) => {
        await awaitSequencerLock(client);
        return (await rotateCheckpointKey(client, { keyring, audit: insertEntry, actor })).map(writeVerifier);
      }),
    verifyAudit: (options) => verifyAudit(workerPool, keyring, options),
    purgeDueContent: () => purgeDueContent(workerPool),
    escalateOverdue: () => escalateOverdue(workerPool),
    takeUnanswered: (limit) => takeUnanswered(workerPool, limit),
    deleteExpiredPreviews: () => deleteExpiredPreviews(workerPool),
    deleteOldDrafts: () => deleteOldDrafts(workerPool),
    noteExpiredAgreements: () => noteExpiredAgreements(workerPool),
    analyzeGrown: async () => {
      await workerPool.query('select analyze_grown()');
    },
    isMigrated: () => isMigrated(pool, migrations),
    deliveriesStopped: async () =>
      (await pool.query('select from delivery_switch where stopped_at is not null')).rowCount === 1,
    ping: async () => {
      await pool.query('select 1');
    },
    close: async () => {
      await Promise.all([pool.end(), workerPool.end()]);
    },
  };
}
