import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseExample } from '../../src/http/schemas/case-example.js';
import type { AuditAction } from '../../src/domain/audit/entry.js';
import { newId, type AgreementId, type PersonId, type TransferId } from '../../src/kernel/ids.js';
import { deliverTransfer } from '../../src/transfer/deliver-transfer.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { dumpDatabase } from '../support/dump-database.js';
import { agreementBetween, handOut, seedOrganization, type SeededOrganization } from '../support/fixtures.js';
import { testFrame } from '../support/frame.js';
import { openGateway, softwareOf, staffOf, withMapping } from '../support/gateway.js';
import { testSign } from '../support/sign.js';
import { shippedRules } from '../support/label-rules.js';

const CANARY = 'Quetzalcoatl-Zyxw';
let database: TestDatabase;
let ccas: SeededOrganization;
let toit: SeededOrganization;
withMapping();
beforeAll(async () => {
  database = await createTestDatabase();
  ccas = await seedOrganization(database, 'CCAS', 'social');
  toit = await seedOrganization(database, 'Toit Commun', 'housing');
  const agreement = agreementBetween(ccas.organizationId, toit.organizationId);
  await database.store.asOrganization(ccas.organizationId, (tx) =>
    tx.putAgreement(
      {
        ...agreement,
        id: newId<AgreementId>(),
        purposes: agreement.purposes.map((purpose) => ({
          ...purpose,
          secrecyGrounds: ['consent', 'care-team', 'statute', 'safeguarding', 'vital-interest'],
        })),
        emergency: { allowed: true, categories: ['identity', 'contact'], maxHours: 24, reviewWithinDays: 7 },
      },
      { type: 'system', id: 'test', organizationId: null },
    ),
  );
});
afterAll(() => database.drop());

const open = () => {
  const gateway = openGateway(database, {
    software: softwareOf(ccas.organizationId),
    helene: staffOf(ccas.organizationId, 'helene', 'caseworker'),
    marc: staffOf(ccas.organizationId, 'marc', 'caseworker', 'agreement-owner'),
    paul: staffOf(ccas.organizationId, 'paul', 'data-protection-officer'),
    karim: staffOf(toit.organizationId, 'karim', 'caseworker', 'data-protection-officer'),
  });
  return {
    ...gateway,
    send: (who: string, body: object) =>
      gateway.call(who).post('/api/v1/transfers', body).set('Idempotency-Key', randomUUID()),
  };
};
/** A person of its own for each test, so that reports do not mix. */
async function aCase(): Promise<{ caseId: string; personId: PersonId }> {
  const caseId = `case-${randomUUID().slice(0, 8)}`;
  const document = { ...caseExample, person: { ...caseExample.person, id: caseId } };
  const { body } = await open().call('software').put(`/api/v1/cases/${caseId}`, document).expect(201);
  return { caseId, personId: (body as { personId: PersonId }).personId };
}
const asked = (caseId: string, ground: object, more: object = {}) => ({
  caseId,
  recipientOrganizationId: toit.organizationId,
  purpose: 'HOUSING',
  ground,
  ...more,
});
const soon = (ms = 3_600_000): string => new Date(Date.now() + ms).toISOString();
const informed = { nobodyBecause: `Nobody could be reached, ${CANARY}` };
const safeguarding = { kind: 'safeguarding', justification: `In danger, ${CANARY}`, informed };
const glass = (change: object = {}) => ({
  kind: 'break-glass',
  reason: `Unconscious, ${CANARY}`,
  expiresAt: soon(),
  informed,
  ...change,
});
const CHOSEN = { categories: ['identity', 'contact'] };
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const auditOf = async (transferId: string): Promise<AuditAction[]> => {
  const log = await database.store.asOrganization(ccas.organizationId, (tx) =>
    tx.listAudit({ transferId: transferId as TransferId, limit: 100 }),
  );
  expect(JSON.stringify(log)).not.toContain(CANARY);
  return log.map(({ action }) => action).reverse();
};
/** What a worker does with it; the partner takes whatever comes. */
const deliver = async (id: string) => {
  await handOut(database, id as TransferId);
  return deliverTransfer(
    {
      store: database.store,
      sign: testSign,
      door: {
        find: async () => ({ kind: 'absent' }),
        send: async () => ({ kind: 'received', receipt: { status: 200, digest: 'd', location: null } }),
      },
      labelRules: shippedRules,
      frame: testFrame,
      retryDelayMs: () => 10,
      leaseMs: 5_000,
      maxAttempts: 3,
    },
    id as TransferId,
    new AbortController().signal,
  );
};

describe('another ground over HTTP', () => {
  it.each<[string, object, string]>([
    ['no justification', { kind: 'safeguarding', informed }, '/ground/justification'],
    ['a justification of blanks', { kind: 'vital-interest', justification: '  ', informed }, '/ground/justification'],
    [
      'nothing about who was told',
      { kind: 'statute', citation: 'CASF L226-2-2', justification: 'j' },
      '/ground/informed',
    ],
    [
      'nobody told and no reason',
      { kind: 'safeguarding', justification: 'j', informed: { nobodyBecause: '' } },
      '/ground/informed',
    ],
    [
      'nobody among who was told',
      { kind: 'safeguarding', justification: 'j', informed: { parties: [], on: '2026-02-01' } },
      '/ground/informed',
    ],
    ['no end of the emergency', { kind: 'break-glass', reason: 'r', informed }, '/ground/expiresAt'],
  ])('with %s is a 422 at its place', async (_, ground, path) => {
    const { caseId } = await aCase();
    const answer = await open().send('helene', asked(caseId, ground)).expect(422);
    expect((answer.body.violations as { path: string }[]).some((one) => one.path.startsWith(path))).toBe(true);
  });

  it('is sent without a consent, shown by its kind, and its words are nowhere in clear', async () => {
    const { caseId } = await aCase();
    const { send } = open();
    for (const ground of [
      safeguarding,
      { kind: 'vital-interest', justification: CANARY, informed: { parties: ['representative'], on: '2026-02-01' } },
      { kind: 'statute', citation: 'CASF L226-2-2', justification: CANARY, informed },
    ]) {
      const answer = await send('helene', asked(caseId, ground)).expect(202);
      expect(answer.body.ground).toMatchObject({ secrecyGround: ground.kind });
      expect(answer.text).not.toContain(CANARY);
      expect(await auditOf((answer.body as { id: string }).id)).toEqual(['transfer.permitted']);
    }
    expect(await dumpDatabase(database.url)).not.toContain(CANARY);
  });
});

describe('breaking the glass over HTTP', () => {
  it.each<[string, object, string]>([
    ['no reason', { reason: undefined }, 'deny.break-glass-no-reason'],
    ['an empty reason', { reason: '' }, 'deny.break-glass-no-reason'],
    ['an end that is too far', { expiresAt: soon(30 * 3_600_000) }, 'deny.break-glass-too-long'],
  ])('with %s is a 403, recorded', async (_, change, code) => {
    const { caseId } = await aCase();
    const answer = await open()
      .send('helene', asked(caseId, glass(change), CHOSEN))
      .expect(403);
    expect(answer.body).toMatchObject({ code: 'transfer.refused', reasons: [{ code }] });
    expect(await auditOf((answer.body as { transferId: string }).transferId)).toEqual(['transfer.refused']);
  });

  it('sends no more than the clause names, and waits for a review by somebody else', async () => {
    const { caseId } = await aCase();
    const { call, send } = open();
    await send('marc', asked(caseId, glass())).expect(403);
    const wide = { categories: ['identity', 'contact', 'housing', 'income'] };
    const broken = (await send('marc', asked(caseId, glass(), wide)).expect(202)).body as { id: string };
    expect(broken).toMatchObject({ categories: ['identity', 'contact'], ground: { secrecyGround: 'break-glass' } });

    const waiting = (await call('paul').get('/api/v1/break-glass').expect(200)).body.waiting as {
      transferId: string;
    }[];
    const one = waiting.find(({ transferId }) => transferId === broken.id);
    expect(one).toMatchObject({
      reason: `Unconscious, ${CANARY}`,
      overdue: false,
      categories: ['identity', 'contact'],
    });
    const path = `/api/v1/break-glass/${broken.id}/review`;
    const review = { outcome: 'justified', note: `Seen, ${CANARY}` };
    // Marc may review, and not what he did himself.
    expect((await call('marc').post(path, review).expect(403)).body.code).toBe('break-glass.own');
    await call('helene').post(path, review).expect(403);
    await call('karim').post(path, review).expect(404);
    await call('software').post(path, review).expect(403);
    await call('paul')
      .post(path, { ...review, note: ' ' })
      .expect(422);
    await call('paul').post(path, review).expect(200);
    expect((await call('paul').post(path, review).expect(409)).body.code).toBe('break-glass.reviewed');
    const after = (await call('paul').get('/api/v1/break-glass')).body.waiting as { transferId: string }[];
    expect(after.map(({ transferId }) => transferId)).not.toContain(broken.id);
    expect((await call('karim').get('/api/v1/break-glass')).body.waiting).toEqual([]);
    expect(await auditOf(broken.id)).toEqual(['transfer.permitted', 'break-glass.reviewed']);
    expect(await dumpDatabase(database.url)).not.toContain(CANARY);
  });

  it('what has not left when its time is over does not leave', async () => {
    const { caseId } = await aCase();
    const { call, send } = open();
    const { id } = (await send('helene', asked(caseId, glass({ expiresAt: soon(1_500) }), CHOSEN)).expect(202))
      .body as { id: string };
    await sleep(1_700);
    expect(await deliver(id)).toBe('stopped');
    const { timeline } = (await call('helene').get(`/api/v1/transfers/${id}`)).body as {
      timeline: { reasons: { code: string }[] }[];
    };
    expect(timeline.at(-1)?.reasons[0]?.code).toBe('deny.break-glass-over');
  });
});

describe('a deferred notice', () => {
  const reportOf = async (personId: string, lang = 'en'): Promise<string> =>
    (await open().call('paul').get(`/api/v1/persons/${personId}/disclosures?lang=${lang}`).expect(200)).text;
  const defer = (more: object = {}) => ({
    deferNotice: { reason: `He reads her mail, ${CANARY}`, reviewOn: day(30), ...more },
  });

  it('leaves the person’s report byte for byte as if the transfer were not there, sent or refused', async () => {
    const { caseId, personId } = await aCase();
    const { send } = open();
    const seen = (await send('helene', asked(caseId, safeguarding)).expect(202)).body as { id: string };
    const before = [await reportOf(personId), await reportOf(personId, 'fr')];
    const hidden = (await send('helene', asked(caseId, safeguarding, defer())).expect(202)).body as { id: string };
    expect([await reportOf(personId), await reportOf(personId, 'fr')]).toEqual(before);
    expect(await deliver(hidden.id)).toBe('received');
    const refused = await send('helene', asked(caseId, glass({ reason: '' }), { ...CHOSEN, ...defer() })).expect(403);
    expect([await reportOf(personId), await reportOf(personId, 'fr')]).toEqual(before);
    expect(before[0]).toContain('R-');
    expect(await auditOf(hidden.id)).toContain('notice.deferred');
    expect(await auditOf((refused.body as { transferId: string }).transferId)).toContain('notice.deferred');
    expect(seen.id).not.toBe(hidden.id);
    // The log counts the lines that were shown, no others.
    const reads = await database.store.asOrganization(ccas.organizationId, (tx) =>
      tx.listAudit({ personId, action: 'report.read', limit: 10 }),
    );
    expect(new Set(reads.map(({ codes }) => codes?.['lines']))).toEqual(new Set([1]));
    expect(await dumpDatabase(database.url)).not.toContain(CANARY);
  });

  it('lapses after 72 hours without a second reader, holds with one until its review date, and no longer', async () => {
    const { caseId, personId } = await aCase();
    const { call, send } = open();
    const empty = await reportOf(personId);
    const { id } = (await send('helene', asked(caseId, safeguarding, defer())).expect(202)).body as { id: string };
    const confirm = (who: string) => call(who).post(`/api/v1/transfers/${id}/notice/confirm`);
    const later = (column: string, value: string) =>
      database.query(`update notice_deferral set ${column} = ${value} where transfer_id = $1`, [id]);

    await later('deferred_at', `now() - interval '71 hours 59 minutes'`);
    expect(await reportOf(personId)).toBe(empty);
    expect((await confirm('helene').expect(403)).body.code).toBe('notice.own');
    await confirm('karim').expect(404);
    await confirm('software').expect(403);
    const confirmed = await confirm('marc').expect(200);
    expect(confirmed.body).toMatchObject({ lapsesAt: null, reviewOn: day(30), reason: `He reads her mail, ${CANARY}` });
    await later('deferred_at', `now() - interval '80 hours'`);
    expect(await reportOf(personId)).toBe(empty);
    await later('review_on', `(now() at time zone 'UTC')::date`);
    expect(await reportOf(personId)).toContain('R-');
    expect((await auditOf(id)).sort()).toEqual(['notice.confirmed', 'notice.deferred', 'transfer.permitted']);
  });

  it('that nobody confirmed is over, and is not renewed by deferring again', async () => {
    const { caseId, personId } = await aCase();
    const { call, send } = open();
    const { id } = (await send('helene', asked(caseId, safeguarding, defer())).expect(202)).body as { id: string };
    await database.query(
      `update notice_deferral set deferred_at = now() - interval '72 hours' where transfer_id = $1`,
      [id],
    );
    expect(await reportOf(personId)).toContain('R-');
    const again = await call('helene').post(`/api/v1/transfers/${id}/notice/defer`, defer().deferNotice).expect(409);
    expect(again.body.code).toBe('notice.unconfirmed');
    await call('marc').post(`/api/v1/transfers/${id}/notice/confirm`).expect(404);
  });

  it('is ended by lifting it, and can be made later than the transfer', async () => {
    const { caseId, personId } = await aCase();
    const { call, send } = open();
    const empty = await reportOf(personId);
    const { id } = (await send('software', asked(caseId, safeguarding)).expect(202)).body as { id: string };
    const path = `/api/v1/transfers/${id}/notice`;
    await call('karim').post(`${path}/defer`, defer().deferNotice).expect(404);
    await call('software').post(`${path}/defer`, defer().deferNotice).expect(200);
    expect((await call('helene').post(`${path}/defer`, defer().deferNotice).expect(409)).body.code).toBe(
      'notice.deferred',
    );
    expect(await reportOf(personId)).toBe(empty);
    // Anybody may be behind a software: its second reader is the data-protection officer.
    expect((await call('marc').post(`${path}/confirm`).expect(403)).body.code).toBe('notice.own');
    await call('paul').post(`${path}/confirm`).expect(200);
    const listed = (await call('paul').get('/api/v1/deferred-notices').expect(200)).body.deferred as {
      transferId: string;
    }[];
    expect(listed.map(({ transferId }) => transferId)).toContain(id);
    expect((await call('karim').get('/api/v1/deferred-notices')).body.deferred).toEqual([]);
    await call('helene').post(`${path}/lift`).expect(200);
    expect(await reportOf(personId)).toContain('R-');
    await call('helene').post(`${path}/lift`).expect(404);
    expect(await auditOf(id)).toEqual(expect.arrayContaining(['notice.deferred', 'notice.confirmed', 'notice.lifted']));
  });

  it.each<[string, object, object, string]>([
    ['what the person consented to', { kind: 'consent' }, {}, 'notice.known'],
    [
      'what a care team told the person',
      { kind: 'care-team', justification: 'j', informedOn: '2026-02-01' },
      {},
      'notice.known',
    ],
    ['a review today', safeguarding, { reviewOn: day(0) }, 'notice.review-date'],
    ['longer than 90 days', safeguarding, { reviewOn: day(91) }, 'notice.review-date'],
    ['no reason', safeguarding, { reason: ' ' }, 'request.body-invalid'],
    ['no review date', safeguarding, { reviewOn: undefined }, 'request.body-invalid'],
  ])('is not had for %s, and nothing is sent', async (_, ground, change, code) => {
    const { caseId, personId } = await aCase();
    const answer = await open()
      .send('helene', asked(caseId, ground, defer(change)))
      .expect(422);
    expect(answer.body.code).toBe(code);
    expect(await reportOf(personId)).toContain('"disclosures":[]');
  });

  it('is not had afterwards for a refusal that stood on consent', async () => {
    const { caseId, personId } = await aCase();
    const { call, send } = open();
    const refused = (await send('helene', asked(caseId, { kind: 'consent' })).expect(403)).body as {
      transferId: string;
    };
    const path = `/api/v1/transfers/${refused.transferId}/notice/defer`;
    expect((await call('helene').post(path, defer().deferNotice).expect(422)).body.code).toBe('notice.known');
    expect(await reportOf(personId)).toContain('R-');
  });
});
