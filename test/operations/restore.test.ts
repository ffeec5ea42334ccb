import { mkdirSync, mkdtempSync, chmodSync, chownSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertEntry } from '../../src/adapters/store/audit/insert-entry.js';
import { createPool } from '../../src/adapters/store/connection/pool.js';
import { createDeliveryControl } from '../../src/adapters/store/dispatch/control.js';
import { unprivilegedAccount } from '../../src/adapters/store/embedded/account.js';
import { startWorld } from '../../src/demo/start-world.js';
import { LES_TILLEULS, TOIT_COMMUN } from '../../src/demo/world.js';
import { startOwnCluster, type OwnCluster } from '../support/own-cluster.js';
import { Valmont, type TransferView } from '../support/story.js';

/** Backups and archived write-ahead log, as docs/operations.md keeps them. */
const safe = mkdtempSync(join(tmpdir(), 'relais-safe-'));
const archive = join(safe, 'wal');
const backup = join(safe, 'base');
let cluster: OwnCluster;
let valmont: Valmont;

beforeAll(async () => {
  const account = unprivilegedAccount();
  chmodSync(safe, 0o755);
  for (const directory of [archive, backup]) {
    mkdirSync(directory, { mode: 0o700 });
    if (account !== null) chownSync(directory, account.uid, account.gid);
  }
  cluster = await startOwnCluster({
    settings: { wal_level: 'replica', archive_mode: 'on', archive_command: `cp "%p" "${archive}/%f"` },
  });
  valmont = new Valmont(await startWorld({ lang: 'en', databaseUrl: cluster.url }));
  const gateway = await valmont.world.startGateway();
  await valmont.prepare();
  await gateway.stop();
}, 120_000);
afterAll(async () => {
  for (const pool of pools) await pool.end();
  await valmont?.close();
  await cluster?.remove();
  rmSync(safe, { recursive: true, force: true });
});

const isOver = ({ status }: TransferView): boolean => !['held', 'queued', 'sending'].includes(status);

test('after a restore to a moment before a delivery, nothing takes effect twice and the witness sees the fork', async () => {
  // One partner honours keys, the other promises nothing.
  await query(
    `update relais.partner set endpoint = jsonb_set(endpoint, '{idempotency}', '"none"') where organization_id = $1`,
    [LES_TILLEULS.id],
  );

  const before = await valmont.world.startGateway('all');
  const first = await valmont.request(TOIT_COMMUN, 'HOUSING');
  await valmont.until(first.body.id, isOver);
  await hotBackup();

  for (const partner of [TOIT_COMMUN, LES_TILLEULS]) {
    await valmont.behave(partner, { fail: { times: 1_000, status: 503 } });
  }
  const second = await valmont.request(TOIT_COMMUN, 'HOUSING');
  const unkeyed = await valmont.request(LES_TILLEULS, 'COC');
  for (const { body } of [second, unkeyed]) await valmont.until(body.id, ({ attempts }) => attempts > 0);
  await cluster.sql("select pg_create_restore_point('before')");

  for (const partner of [TOIT_COMMUN, LES_TILLEULS]) {
    await valmont.behave(partner, { fail: { times: 0, status: 503 } });
  }
  for (const { body } of [second, unkeyed]) {
    expect((await valmont.until(body.id, isOver, 60_000)).status).toBe('delivered');
  }
  const third = await valmont.request(TOIT_COMMUN, 'HOUSING');
  expect((await valmont.until(third.body.id, isOver)).status).toBe('delivered');
  await before.stop();
  const witnessed = (await valmont.world.store.latestCheckpoint())!;
  expect(await valmont.world.store.verifyAudit({ checkpoint: witnessed })).toMatchObject({ ok: true });

  await restoreTo('before');
  // The database has forgotten: two are to be sent, the third was never asked for.
  const waits = expect.stringMatching(/^(queued|sending)$/);
  expect(await statusesOf(second.body.id, unkeyed.body.id, third.body.id)).toEqual([waits, waits]);
  expect(await valmont.world.store.verifyAudit({ checkpoint: witnessed })).toMatchObject({
    ok: false,
    firstBad: { kind: 'witness-longer' },
  });

  const control = createDeliveryControl({ pool: identity(), audit: insertEntry });
  const operator = { type: 'system', id: 'operator', organizationId: null } as const;
  expect(await control.restored(operator)).toEqual({ inDoubt: 2 });
  const after = await valmont.world.startGateway('all');
  expect((await valmont.look(first.body.id)).status).toBe('delivered');
  // Nothing leaves before somebody has recorded again who withdrew since.
  const requests = (await valmont.effects(TOIT_COMMUN)).requests;
  await sleep(2_000);
  expect((await valmont.effects(TOIT_COMMUN)).requests).toBe(requests);
  await control.start(null, operator);

  expect((await valmont.until(second.body.id, isOver, 60_000)).status).toBe('delivered');
  expect((await valmont.until(unkeyed.body.id, isOver, 60_000)).status).toBe('needs-review');
  const [atUnkeyed] = await valmont.effectsOf(LES_TILLEULS, unkeyed.body.id);
  expect(atUnkeyed?.deliveries).toBe(1);
  for (const { body } of [first, second, third]) {
    expect(await valmont.effectsOf(TOIT_COMMUN, body.id)).toHaveLength(1);
  }
  await after.stop();
}, 180_000);

async function statusesOf(...ids: string[]): Promise<string[]> {
  const rows = await query<{ status: string }>('select status from relais.transfer where id = any ($1::uuid[])', [ids]);
  return rows.map(({ status }) => status);
}

async function query<R extends pg.QueryResultRow>(sql: string, values: unknown[]): Promise<R[]> {
  const client = new pg.Client({ connectionString: valmont.world.databaseUrl });
  await client.connect();
  try {
    return (await client.query<R>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

const pools: pg.Pool[] = [];
function identity(): pg.Pool {
  const pool = createPool({ url: valmont.world.databaseUrl, role: 'relais_identity', max: 1 });
  pools.push(pool);
  return pool;
}

/** A copy of the files of a server that runs (https://www.postgresql.org/docs/15/continuous-archiving.html, section 26.3.3). */
async function hotBackup(): Promise<void> {
  const session = new pg.Client({ connectionString: cluster.url });
  await session.connect();
  try {
    await session.query("select pg_backup_start('relais', true)");
    cluster.asServer('cp', '-a', `${cluster.data}/.`, backup);
    const { rows } = await session.query<{ labelfile: string }>('select labelfile from pg_backup_stop(true)');
    rmSync(join(backup, 'postmaster.pid'), { force: true });
    cluster.asServer('sh', '-c', 'printf %s "$1" > "$2"', 'sh', rows[0]!.labelfile, join(backup, 'backup_label'));
  } finally {
    await session.end();
  }
}

async function restoreTo(point: string): Promise<void> {
  await cluster.sql('select pg_switch_wal()');
  await sleep(1_000);
  await cluster.stop('fast');
  cluster.asServer(
    'sh',
    '-c',
    'rm -rf "$1"/* && cp -a "$2/." "$1" && rm -rf "$1"/pg_wal/* && touch "$1/recovery.signal"',
    'sh',
    cluster.data,
    backup,
  );
  await cluster.start({
    restore_command: `cp "${archive}/%f" "%p"`,
    recovery_target_name: point,
    recovery_target_action: 'promote',
  });
}
