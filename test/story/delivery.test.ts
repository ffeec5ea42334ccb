import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AGREEMENTS, CCAS, CONSEIL_DETTES, LES_TILLEULS, TOIT_COMMUN, VALMONT_HABITAT } from '../../src/demo/world.js';
import { consentResource } from '../../src/demo/consents.js';
import { stepAgreement } from '../../src/transfer/step-agreement.js';
import { openValmont, type TransferView, type Valmont } from '../support/story.js';

let valmont: Valmont;
let consents: { housing: string; health: string; debt: string };

beforeAll(async () => {
  valmont = await openValmont();
  await valmont.world.startGateway();
  consents = await valmont.prepare();
});
afterAll(() => valmont.close());

const isOver = ({ status }: TransferView): boolean => !['held', 'queued', 'sending'].includes(status);

test('a permitted record arrives as the bytes that were approved, with a receipt and an intent before it', async () => {
  const { status, body } = await valmont.request(TOIT_COMMUN, 'HOUSING');
  expect(status).toBe(202);
  const delivered = await valmont.until(body.id, isOver);
  expect(delivered.status).toBe('delivered');
  const [effect] = await valmont.effectsOf(TOIT_COMMUN, body.id);
  expect(effect?.signed).toBe(true);
  expect(effect?.digest).toBe(delivered.digest);
  const log = await valmont.world.store.asOrganization(CCAS.id, (tx) =>
    tx.listAudit({ transferId: body.id as never, limit: 50 }),
  );
  // Each look at it is in the log too.
  const deeds = log.map(({ action }) => action).filter((action) => action !== 'transfer.read');
  expect(deeds.reverse()).toEqual(['transfer.permitted', 'disclosure.intent', 'disclosure.received']);
});

test('a partner that answers 500 twice gets the record exactly once, at the third try', async () => {
  await valmont.behave(LES_TILLEULS, { fail: { times: 2, status: 500 } });
  const { body } = await valmont.request(LES_TILLEULS, 'COC');
  const delivered = await valmont.until(body.id, isOver);
  expect(delivered).toMatchObject({ status: 'delivered', attempts: 3 });
  const effects = await valmont.effectsOf(LES_TILLEULS, body.id);
  expect(effects).toHaveLength(1);
  expect(effects[0]?.deliveries).toBe(1);
});

test('a record that the partner will never take ends as failed, with a reason that a caseworker understands', async () => {
  await valmont.behave(LES_TILLEULS, { fail: { times: 1, status: 422 } });
  const { body } = await valmont.request(LES_TILLEULS, 'COC');
  const failed = await valmont.until(body.id, isOver);
  expect(failed).toMatchObject({ status: 'failed', attempts: 1 });
  expect(failed.timeline.at(-1)?.cause?.text).toMatch(/^[A-Z].{20,}\.$/);
  expect(await valmont.effectsOf(LES_TILLEULS, body.id)).toHaveLength(0);
});

test('a partner that took the record and cut the connection keeps one effect', async () => {
  await valmont.behave(LES_TILLEULS, { resetAfterProcessing: 1 });
  const { body } = await valmont.request(LES_TILLEULS, 'COC');
  const delivered = await valmont.until(body.id, isOver);
  expect(delivered).toMatchObject({ status: 'delivered', attempts: 2 });
  const effects = await valmont.effectsOf(LES_TILLEULS, body.id);
  expect(effects).toHaveLength(1);
  expect(effects[0]?.deliveries).toBe(2);
});

test('one hundred submissions at once with one key are one transfer, and one effect', async () => {
  const key = 'one-hundred';
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => valmont.request(TOIT_COMMUN, 'HOUSING', { key })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  const ids = new Set(answers.map(({ body }) => body.id));
  expect(ids.size).toBe(1);
  const [id] = ids;
  await valmont.until(id!, isOver);
  expect(await valmont.effectsOf(TOIT_COMMUN, id!)).toHaveLength(1);
});

test('the same key with another body is a conflict', async () => {
  await valmont.request(TOIT_COMMUN, 'HOUSING', { key: 'twice' });
  const { status, body } = await valmont.request(LES_TILLEULS, 'COC', { key: 'twice' });
  expect(status).toBe(409);
  expect(body).toMatchObject({ code: 'transfer.idempotency-conflict' });
});

test('requests that come at once get each its own answer, whatever becomes of the others', async () => {
  const first = await valmont.request(TOIT_COMMUN, 'HOUSING', { key: 'before' });
  const good = { caseId: valmont.caseId, recipientOrganizationId: TOIT_COMMUN.id, purpose: 'HOUSING' };
  const send = (change: object, key: string = randomUUID()) =>
    valmont.agency<TransferView & { code?: string }>(
      'POST',
      '/api/v1/transfers',
      { ...good, ground: { kind: 'consent' }, ...change },
      { 'idempotency-key': key },
    );
  const answers = await Promise.all([
    send({}),
    send({ withhold: ['/nothing/there'] }),
    send({}),
    send({}, 'before'),
    send({ purpose: 'COC' }),
    send({ recipientOrganizationId: LES_TILLEULS.id, purpose: 'COC' }, 'before'),
    send({ caseId: 'case-of-nobody' }),
    send({}),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([202, 422, 202, 202, 403, 409, 403, 202]);
  expect(answers.map(({ body }) => body.code)).toEqual([
    undefined,
    'transfer.withhold-unknown',
    undefined,
    undefined,
    'transfer.refused',
    'transfer.idempotency-conflict',
    'transfer.refused',
    undefined,
  ]);
  expect(answers[3]?.body.id).toBe(first.body.id);
  const accepted = [0, 2, 7].map((at) => answers[at]!.body.id);
  expect(new Set([...accepted, first.body.id]).size).toBe(4);
  for (const id of accepted) {
    expect((await valmont.until(id, isOver)).status).toBe('delivered');
    expect(await valmont.effectsOf(TOIT_COMMUN, id)).toHaveLength(1);
  }
});

test('what no consent covers is refused in words, and nothing is sent', async () => {
  const before = (await valmont.effects(VALMONT_HABITAT)).requests;
  const refusal = consentResource({
    type: 'deny',
    personId: valmont.personId,
    recipient: VALMONT_HABITAT,
    purpose: 'HOUSING',
  });
  await valmont.agency('POST', '/fhir/Consent', refusal);
  const { status, body } = await valmont.request(VALMONT_HABITAT, 'HOUSING');
  expect(status).toBe(403);
  expect(body.reasons[0]?.text).toMatch(/^The person said no to Valmont Habitat on \d+ \w+ \d{4}\.$/);
  expect((await valmont.effects(VALMONT_HABITAT)).requests).toBe(before);
});

test('a transfer that is held can be taken back, and never leaves', async () => {
  const sendAfter = new Date(Date.now() + 1_500).toISOString();
  const { body } = await valmont.request(TOIT_COMMUN, 'HOUSING', { sendAfter });
  expect(body.status).toBe('held');
  expect((await valmont.agency('POST', `/api/v1/transfers/${body.id}/cancel`)).status).toBe(200);
  await sleep(2_500);
  expect((await valmont.look(body.id)).status).toBe('cancelled');
  expect(await valmont.effectsOf(TOIT_COMMUN, body.id)).toHaveLength(0);
});

test('a transfer that is held leaves when its time has come, not before', async () => {
  const sendAfter = new Date(Date.now() + 1_500).toISOString();
  const { body } = await valmont.request(TOIT_COMMUN, 'HOUSING', { sendAfter });
  await sleep(700);
  expect(await valmont.effectsOf(TOIT_COMMUN, body.id)).toHaveLength(0);
  expect((await valmont.until(body.id, isOver)).status).toBe('delivered');
});

test('a narrower consent that meets a delivery on the wire is acknowledged after its end', async () => {
  await valmont.behave(CONSEIL_DETTES, { slowMs: 1_500 });
  const { body } = await valmont.request(CONSEIL_DETTES, 'DEBTADVICE');
  await valmont.until(body.id, ({ status }) => status === 'sending');
  const same = consentResource({
    type: 'permit',
    personId: valmont.personId,
    recipient: CONSEIL_DETTES,
    purpose: 'DEBTADVICE',
    labels: ['identity', 'contact', 'income'],
  });
  expect((await valmont.agency('PUT', `/fhir/Consent/${consents.debt}`, same)).status).toBe(200);
  // Asked right after the acknowledgement: nothing is under way any more.
  expect((await valmont.look(body.id)).status).toBe('delivered');
  await valmont.behave(CONSEIL_DETTES, { slowMs: 0 });
});

test('a narrower consent while a transfer waits sends it back for review: not one byte of it leaves', async () => {
  await valmont.behave(CONSEIL_DETTES, { door: 'closed' });
  const { body } = await valmont.request(CONSEIL_DETTES, 'DEBTADVICE');
  await valmont.until(body.id, ({ attempts, status }) => attempts >= 1 && status === 'queued');
  const narrower = consentResource({
    type: 'permit',
    personId: valmont.personId,
    recipient: CONSEIL_DETTES,
    purpose: 'DEBTADVICE',
    labels: ['identity', 'contact'],
  });
  expect((await valmont.agency('PUT', `/fhir/Consent/${consents.debt}`, narrower)).status).toBe(200);
  await valmont.behave(CONSEIL_DETTES, { door: 'open' });
  expect((await valmont.until(body.id, isOver)).status).toBe('needs-review');
  expect(await valmont.effectsOf(CONSEIL_DETTES, body.id)).toHaveLength(0);
});

test('a consent withdrawn while its transfer waits stops it at once, and the answer names it', async () => {
  const consent = await valmont.consent(CONSEIL_DETTES, 'DEBTADVICE', ['identity', 'contact', 'income']);
  await valmont.agency('POST', `/api/v1/consents/${consents.debt}/withdraw`);
  await valmont.behave(CONSEIL_DETTES, { door: 'refusing' });
  const { body } = await valmont.request(CONSEIL_DETTES, 'DEBTADVICE');
  await valmont.until(body.id, ({ attempts, status }) => attempts >= 1 && status === 'queued');
  const answer = await valmont.agency<{ stopped: string[] }>('POST', `/api/v1/consents/${consent}/withdraw`);
  expect(answer.status).toBe(200);
  expect(answer.body.stopped).toEqual([body.id]);
  await valmont.behave(CONSEIL_DETTES, { door: 'open' });
  await sleep(2_000);
  expect((await valmont.look(body.id)).status).toBe('stopped');
  expect(await valmont.effectsOf(CONSEIL_DETTES, body.id)).toHaveLength(0);
  const again = await valmont.request(CONSEIL_DETTES, 'DEBTADVICE');
  expect(again.body.reasons[0]?.code).toBe('deny.consent-withdrawn');
});

test('a withdrawal that meets a delivery on the wire is acknowledged after its end, which it says', async () => {
  const consent = await valmont.consent(CONSEIL_DETTES, 'DEBTADVICE', ['identity', 'contact', 'income']);
  await valmont.behave(CONSEIL_DETTES, { slowMs: 1_500 });
  const { body } = await valmont.request(CONSEIL_DETTES, 'DEBTADVICE');
  await valmont.until(body.id, ({ status }) => status === 'sending');
  await sleep(300);
  const answer = await valmont.agency<{ alreadySent: string[]; stopped: string[] }>(
    'POST',
    `/api/v1/consents/${consent}/withdraw`,
  );
  expect(answer.body).toMatchObject({ alreadySent: [body.id], stopped: [] });
  expect((await valmont.look(body.id)).status).toBe('delivered');
  await valmont.behave(CONSEIL_DETTES, { slowMs: 0 });
});

test('an agreement that is suspended while a transfer waits stops it', async () => {
  await valmont.behave(LES_TILLEULS, { door: 'closed' });
  const { body } = await valmont.request(LES_TILLEULS, 'COC');
  await valmont.until(body.id, ({ attempts, status }) => attempts >= 1 && status === 'queued');
  const principal = {
    actor: { type: 'staff' as const, id: 'nadia', organizationId: CCAS.id },
    organizationId: CCAS.id,
    via: 'staff-session' as const,
    scopes: new Set<never>(),
    roles: new Set(['agreement-owner' as const]),
  };
  const step = (name: 'suspend' | 'resume') =>
    stepAgreement(
      { store: valmont.world.store, patienceMs: 25_000 },
      principal,
      AGREEMENTS[0]!.id,
      { step: name },
      'test',
    );
  // Answered when no delivery under it is live.
  await step('suspend');
  await valmont.behave(LES_TILLEULS, { door: 'open' });
  const stopped = await valmont.until(body.id, isOver);
  expect(stopped.status).toBe('stopped');
  expect(stopped.timeline.at(-1)?.reasons[0]?.code).toBe('deny.agreement-suspended');
  expect(await valmont.effectsOf(LES_TILLEULS, body.id)).toHaveLength(0);
  await step('resume');
});

test('the answer comes back: state moves forward only, and the agency hears ids and codes', async () => {
  const { body } = await valmont.request(TOIT_COMMUN, 'HOUSING');
  const { taskId } = await valmont.until(body.id, isOver);
  const report = (status: string, more = {}) =>
    valmont.partner(TOIT_COMMUN).control<{ status: number }>('/report', { taskId, status, ...more });
  expect((await report('on-hold', { reason: 'The last payslip, please.' })).status).toBe(200);
  expect((await report('accepted', { note: 'Two bedrooms.' })).status).toBe(200);
  expect((await report('received')).status).toBe(409);
  expect((await report('completed', { output: 'Keys handed over.' })).status).toBe(200);
  const done = await valmont.look(body.id);
  expect(done.referralStatus).toBe('completed');
  expect(done.timeline.map(({ message }) => message).filter(Boolean)).toEqual([
    'The last payslip, please.',
    'Two bedrooms.',
    'Keys handed over.',
  ]);
  // Another recipient's Task is nobody's: the same answer as for one that never was.
  const foreign = await valmont
    .partner(LES_TILLEULS)
    .control<{ status: number }>('/report', { taskId, status: 'cancelled' });
  expect(foreign.status).toBe(404);
  await sleep(1_000);
  const { events } = await valmont.partner(CCAS).control<{ events: Record<string, unknown>[] }>('/events');
  const about = events.filter(({ transferId }) => transferId === body.id);
  expect(about.map(({ referralStatus }) => referralStatus)).toContain('completed');
  expect(JSON.stringify(events)).not.toContain('payslip');
});
