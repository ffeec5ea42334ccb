import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CCAS, LES_TILLEULS, TOIT_COMMUN } from '../../src/demo/world.js';
import { openValmont, type TransferView, type Valmont } from '../support/story.js';

/** A worker that died is replaced sooner than by default, so that the test waits less. */
const LEASE = { RELAIS_LEASE_MS: '6000' };

let valmont: Valmont;

beforeAll(async () => {
  valmont = await openValmont();
  const gateway = await valmont.world.startGateway();
  await valmont.prepare();
  await gateway.stop();
});
afterAll(() => valmont.close());

const isOver = ({ status }: TransferView): boolean => !['held', 'queued', 'sending'].includes(status);

test('a record that was committed right before kill -9 is delivered after the restart, once', async () => {
  const doomed = await valmont.world.startGateway('serve', LEASE);
  const { status, body } = await valmont.request(TOIT_COMMUN, 'HOUSING');
  await doomed.stop('SIGKILL');
  expect(status).toBe(202);
  expect(await valmont.effectsOf(TOIT_COMMUN, body.id)).toHaveLength(0);

  const restarted = await valmont.world.startGateway('all', LEASE);
  expect((await valmont.until(body.id, isOver, 60_000)).status).toBe('delivered');
  expect(await valmont.effectsOf(TOIT_COMMUN, body.id)).toHaveLength(1);
  await restarted.stop();
}, 90_000);

test('kill -9 under load loses nothing that was acknowledged and sends nothing twice', async () => {
  const doomed = await valmont.world.startGateway('all', LEASE);
  const keys = Array.from({ length: 30 }, () => randomUUID());
  const asked = keys.map((key) => valmont.request(TOIT_COMMUN, 'HOUSING', { key }).catch(() => null));
  // In the middle: some are answered, some committed and not answered, some delivered, some on the wire.
  await Promise.race([Promise.all(asked.slice(0, 10)), sleep(3_000)]);
  await doomed.stop('SIGKILL');
  const first = await Promise.all(asked);

  const restarted = await valmont.world.startGateway('all', LEASE);
  const second = await Promise.all(keys.map((key) => valmont.request(TOIT_COMMUN, 'HOUSING', { key })));
  for (const [index, { status, body }] of second.entries()) {
    expect(status).toBe(202);
    const before = first[index];
    // The same key gets the transfer that was acknowledged before the kill.
    if (before?.status === 202) expect(body.id).toBe(before.body.id);
  }
  for (const { body } of second) {
    expect((await valmont.until(body.id, isOver, 60_000)).status).toBe('delivered');
    expect(await valmont.effectsOf(TOIT_COMMUN, body.id)).toHaveLength(1);
  }
  await restarted.stop();
}, 120_000);

test('a worker killed while the partner works leaves one effect, finished by another worker', async () => {
  const serve = await valmont.world.startGateway('serve', LEASE);
  const doomed = await valmont.world.startGateway('worker', LEASE);
  await valmont.behave(LES_TILLEULS, { slowMs: 2_000 });
  const { body } = await valmont.request(LES_TILLEULS, 'COC');
  await valmont.until(body.id, ({ status }) => status === 'sending');
  await sleep(300);
  await doomed.stop('SIGKILL');
  await valmont.behave(LES_TILLEULS, { slowMs: 0 });

  const relief = await valmont.world.startGateway('worker', LEASE);
  const delivered = await valmont.until(body.id, isOver, 75_000);
  expect(delivered).toMatchObject({ status: 'delivered', attempts: 2 });
  expect(await valmont.effectsOf(LES_TILLEULS, body.id)).toHaveLength(1);
  await relief.stop();
  await serve.stop();
}, 120_000);

test('the log of all this verifies', async () => {
  await valmont.world.store.sequenceOnce();
  const verdict = await valmont.world.store.verifyAudit();
  expect(verdict).toMatchObject({ ok: true, unsequenced: 0 });
  const entries = await valmont.world.store.asOrganization(CCAS.id, (tx) => tx.listAudit({ limit: 1_000 }));
  const of = (action: string): Set<string | undefined> =>
    new Set(entries.filter((entry) => entry.action === action).map(({ transferId }) => transferId));
  // Every receipt stands on an intent.
  for (const id of of('disclosure.received')) expect(of('disclosure.intent')).toContain(id);
});
