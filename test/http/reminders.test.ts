import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPostman } from '../../src/adapters/mail/postman.js';
import { takeMail } from '../../src/demo/mailbox/take-mail.js';
import { validateResource } from '../../src/domain/fhir/validate.js';
import type { TransferId } from '../../src/kernel/ids.js';
import { remindLate } from '../../src/transfer/remind-late.js';
import type { ReminderSettings } from '../../src/transfer/reminder-rule.js';
import { shippedRules } from '../support/label-rules.js';
import { controlOf } from '../support/database.js';
import { testFrame, testReminders } from '../support/frame.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

/** A recipient that has not answered is reminded: by Relais, and by hand. */

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.door.sent.length = 0;
  gateway.door.askedFor.length = 0;
  gateway.door.result = { kind: 'received', receipt: { status: 201, digest: 'd'.repeat(64), location: null } };
  gateway.door.found = { kind: 'absent' };
  gateway.door.whileOnTheWire = () => Promise.resolve();
});
afterEach(async () => {
  await later('0 days');
  // What one test leaves unanswered is no other's.
  await gateway.database.query('update referral set remind_at = null');
  await gateway.database.query('update announcement set open = false');
});

const SYSTEM = { type: 'system', id: 'test', organizationId: null } as const;
/** Only the owner of the schema may move the database's time. */
const later = (interval: string) =>
  gateway.database.query(
    `create or replace function relais.database_time() returns timestamptz language sql stable parallel safe
       as $$ select pg_catalog.now() + interval '${interval}' $$`,
  );
const failures: unknown[] = [];
const look = async (settings: Partial<ReminderSettings> = {}): Promise<number> => {
  const reminded = await remindLate({
    store: gateway.store,
    frame: testFrame,
    labelRules: shippedRules,
    settings: { ...testReminders, ...settings },
    onFailure: (_id, error) => failures.push(error),
  });
  expect(failures).toEqual([]);
  return reminded;
};

interface Sent {
  readonly id: string;
  readonly taskId: string;
  readonly reference: string;
  readonly personId: string;
  readonly caseId: string;
  readonly consentId: string;
}
async function delivered(more = {}, postman?: Parameters<TestGateway['deliver']>[1]): Promise<Sent> {
  const { caseId, personId } = await gateway.putCase();
  const resource = consentFor(personId, gateway.recipient.organizationId);
  const consent = await gateway.http().post('/fhir/Consent').send(resource).expect(201);
  const { body } = await gateway.ask(caseId, more).expect(202);
  expect(await gateway.deliver(body.id, postman)).toBe('received');
  gateway.door.sent.length = 0;
  await gateway.database.query('update announcement set open = false');
  const { id, taskId, reference } = body;
  return { id, taskId, reference, personId, caseId, consentId: consent.body.id };
}
const report = (taskId: string, status: string, text?: string) =>
  gateway
    .http('recipient')
    .put(`/fhir/Task/${taskId}`)
    .send({
      resourceType: 'Task',
      id: taskId,
      status,
      intent: 'order',
      ...(text !== undefined && { note: [{ text }] }),
    })
    .expect(200);
/** What went through the door and is a reminder. */
const reminders = () => gateway.door.sent.filter(({ body }) => body.includes('"code":"reminder"'));
const announce = async (postman?: Parameters<TestGateway['announce']>[0]): Promise<void> => {
  // What is tried again is due at once here.
  await gateway.database.query('update announcement set next_attempt_at = now(), enqueued_at = null where open');
  await gateway.announce(postman);
};
const path = (id: string) => `/api/v1/transfers/${id}/reminders`;
const view = async (id: string) => (await gateway.http().get(path(id)).expect(200)).body;
const byHand = (id: string, key: string = randomUUID(), who = 'agency') =>
  gateway.http(who).post(path(id)).set('Idempotency-Key', key).send({});
const timeline = async (id: string, who = 'agency') =>
  ((await gateway.http(who).get(`/api/v1/transfers/${id}`).expect(200)).body.timeline as { status: string }[]).map(
    ({ status }) => status,
  );
const actions = async (id: string): Promise<string[]> =>
  (
    await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
      tx.listAudit({ transferId: id as TransferId, limit: 100 }),
    )
  )
    .map(({ action }) => action)
    .filter((action) => action.startsWith('reminder.'))
    .toReversed();

describe('a recipient with a system that has not answered', () => {
  it('is reminded once when the date is over, of the transfer and its Task, with nothing of the record', async () => {
    const { id, taskId, reference, personId } = await delivered({
      answerExpectedBy: new Date(Date.now() + 3 * 86_400_000).toISOString(),
    });
    await later('2 days 23 hours');
    expect(await look()).toBe(0);
    await later('3 days 1 minute');
    expect(await look()).toBe(1);
    expect(await look()).toBe(0);
    await announce();
    await announce();
    expect(reminders()).toHaveLength(1);
    const [{ url, idempotencyKey, body }] = reminders() as [{ url: string; idempotencyKey: string; body: string }];
    expect(url).toBe('https://partner.example/fhir');
    expect(idempotencyKey).toBe(`${id}.reminder.1`);
    const { type, entry } = JSON.parse(body);
    expect(type).toBe('transaction');
    expect(entry).toHaveLength(1);
    expect(entry[0].resource).toMatchObject({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      code: { coding: [{ code: 'reminder' }], text: `Transfer ${reference} still waits for your answer.` },
      basedOn: [{ identifier: { system: 'https://relais.test/transfers', value: id } }],
      focus: { type: 'Task', identifier: { system: 'https://relais.test/fhir/Task', value: taskId } },
      reasonCode: { coding: [{ code: 'answer-late' }] },
    });
    expect(validateResource(entry[0].resource)).toEqual([]);
    expect(body).not.toMatch(/Okafor|Grace|VAL-|CCAS|HOUSING|consent/i);
    expect(body).not.toContain(personId);

    expect((await timeline(id)).at(-1)).toBe('reminder:sent');
    expect((await timeline(id, 'recipient')).at(-1)).toBe('reminder:sent');
    expect(await actions(id)).toEqual(['reminder.issued', 'reminder.intent', 'reminder.delivered']);
    expect(await view(id)).toMatchObject({
      offSince: null,
      reminders: [{ byHand: false, state: 'sent', sentAt: expect.any(String) }],
    });
  });

  it('is reminded again after a period, three times in all, then no more', async () => {
    const { id } = await delivered();
    const told: string[] = [];
    for (const day of [1, 6, 7, 8, 13, 14, 15, 20, 21, 22, 27, 28, 29, 60]) {
      await later(`${day} days 10 minutes`);
      // The content is kept for thirty days; this is about the calendar.
      if ((await look()) === 1) told.push(`day ${day}`);
      await announce();
    }
    expect(told).toEqual(['day 7', 'day 14', 'day 21']);
    expect(reminders().map(({ idempotencyKey }) => idempotencyKey)).toEqual(
      ['1', '2', '3'].map((period) => `${id}.reminder.${period}`),
    );
    expect((await view(id)).nextAt).toBeNull();
    const [referral] = await gateway.database.query('select remind_at from referral where transfer_id = $1', [id]);
    expect(referral).toEqual({ remind_at: null });
  });

  it('is not reminded by a gateway whose settings say never', async () => {
    await delivered();
    await later('8 days');
    expect(await look({ most: 0 })).toBe(0);
  });

  it('gets one reminder of a period, however many workers look at once', async () => {
    const sent = await Promise.all([delivered(), delivered(), delivered()]);
    await later('8 days');
    const found = await Promise.all([look(), look(), look(), look()]);
    expect(found.reduce((total, count) => total + count, 0)).toBe(3);
    await Promise.all([announce(), announce()]);
    expect(new Set(reminders().map(({ idempotencyKey }) => idempotencyKey))).toEqual(
      new Set(sent.map(({ id }) => `${id}.reminder.1`)),
    );
    expect(reminders()).toHaveLength(3);
  });

  it('is marked as late and as reminded on both worklists, and the reminder is no disclosure to the person', async () => {
    const sent = await delivered();
    await gateway.database.query(
      `update transfer set answer_expected_by = delivered_at + interval '1 millisecond' where id = $1`,
      [sent.id],
    );
    const itemOf = async (who: string) =>
      (await gateway.http(who).get('/api/v1/worklist').expect(200)).body.items.find(
        ({ transferId }: { transferId: string }) => transferId === sent.id,
      );
    // The recipient has looked before: that is on the report in any case.
    expect(await itemOf('reader')).toMatchObject({ late: true, remindedAt: null, next: 'answer' });
    const report = async () =>
      (await gateway.http().get(`/api/v1/persons/${sent.personId}/disclosures`).expect(200)).body;
    const before = await report();
    await later('1 day 1 hour');
    expect(await look()).toBe(1);
    await announce();
    expect(await report()).toEqual(before);
    await later('0 days');
    expect(await itemOf('caseworker')).toMatchObject({ late: true, next: 'late', remindedAt: expect.any(String) });
    expect(await itemOf('reader')).toMatchObject({ late: true, next: 'answer', remindedAt: expect.any(String) });
  });
});

describe('a recipient that asked something', () => {
  const today = () => new Date().toISOString().slice(0, 10);
  const say = (id: string, words = 'January.') =>
    gateway.http('caseworker').post(`/api/v1/transfers/${id}/messages`).send({ id: randomUUID(), words }).expect(200);

  it('is not reminded until the sender has answered; then its time begins anew, under keys of its own', async () => {
    const { id, taskId } = await delivered();
    await later('7 days 1 hour');
    expect(await look()).toBe(1);
    await announce();
    await report(taskId, 'on-hold', 'Which payslip?');
    // However long the sender takes: it is looked at, and nobody is reminded.
    for (const day of [8, 9, 15, 22, 27]) {
      await later(`${day} days 1 hour`);
      expect(await look()).toBe(0);
    }
    const { waitsSince } = await view(id);
    expect(waitsSince).toBe((await gateway.http().get(`/api/v1/transfers/${id}`)).body.timeline.at(-1).at);

    await later('0 days');
    await say(id);
    // The calendar looks once a day at what waits for its sender.
    await gateway.database.query(`update referral set remind_at = now() where transfer_id = $1`, [id]);
    expect(await look()).toBe(0);
    const { nextAt, waitsSince: nobody } = await view(id);
    expect(nobody).toBeNull();
    // The reminder of the seventh day rests for a week, which is over seven days after the answer is late.
    expect(Date.parse(nextAt) - Date.now()).toBeGreaterThan(13.9 * 86_400_000);
    await later('14 days 2 hours');
    expect(await look()).toBe(1);
    await announce();
    expect(reminders().map(({ idempotencyKey }) => idempotencyKey)).toEqual([
      `${id}.reminder.1`,
      `${id}.reminder.2.${today()}`,
    ]);
    expect(await timeline(id, 'recipient')).toEqual([
      'delivered',
      'reminder:sent',
      'referral:on-hold',
      'message',
      'reminder:sent',
    ]);
    // It asks again: paused again.
    await report(taskId, 'on-hold', 'And of December?');
    await later('21 days 3 hours');
    expect(await look()).toBe(0);
    expect((await byHand(id).expect(409)).body.code).toBe('reminder.asked');
  });

  it('is looked at once a day while it waits', async () => {
    const { id, taskId } = await delivered();
    await report(taskId, 'on-hold', 'Which payslip?');
    const lookedAt = async (): Promise<number> => {
      const [row] = await gateway.database.query<{ hours: number }>(
        `select extract(epoch from remind_at - database_time()) / 3600 as hours from referral where transfer_id = $1`,
        [id],
      );
      return Math.round(Number(row!.hours));
    };
    expect(await lookedAt()).toBe(24);
    await later('1 day 1 minute');
    expect(await look()).toBe(0);
    expect(await lookedAt()).toBe(24);
    // What is purged is looked at no more.
    await gateway.database.query('update transfer set content_purged_at = now() where id = $1', [id]);
    await later('2 days 2 minutes');
    expect(await look()).toBe(0);
    const [referral] = await gateway.database.query('select remind_at from referral where transfer_id = $1', [id]);
    expect(referral).toEqual({ remind_at: null });
  });

  it('is reminded by a date that is still to come, and is not late by one that was over', async () => {
    const day = 86_400_000;
    const set = 'update transfer set answer_expected_by = $2 where id = $1';
    const { id, taskId } = await delivered({ answerExpectedBy: new Date(Date.now() + 3 * day).toISOString() });
    await report(taskId, 'on-hold', 'Which payslip?');
    await say(id);
    expect(Math.round((Date.parse((await view(id)).nextAt) - Date.now()) / day)).toBe(3);
    const item = async () =>
      (await gateway.http('caseworker').get('/api/v1/worklist').expect(200)).body.items.find(
        ({ transferId }: { transferId: string }) => transferId === id,
      );
    expect(await item()).toMatchObject({ late: false, next: 'await-answer' });
    await gateway.database.query(set, [id, new Date(Date.now() - day).toISOString()]);
    expect(await item()).toMatchObject({ late: false, next: 'await-answer' });
    expect(Math.round((Date.parse((await view(id)).nextAt) - Date.now()) / day)).toBe(7);
  });

  it('waits for what is sent to it until that has arrived', async () => {
    const { id, taskId, caseId } = await delivered();
    await report(taskId, 'on-hold', 'May I have the lease?');
    const { body: following } = await gateway.ask(caseId, { follows: id }).expect(202);
    expect(await view(id)).toMatchObject({ waitsSince: expect.any(String), nextAt: null });
    await later('8 days');
    expect(await look()).toBe(0);
    await later('0 days');
    expect(await gateway.deliver(following.id)).toBe('received');
    expect(await view(id)).toMatchObject({ waitsSince: null, nextAt: expect.any(String) });
    await gateway.database.query('update referral set remind_at = null where transfer_id = $1', [following.id]);
    await gateway.database.query('update referral set remind_at = now() where transfer_id = $1', [id]);
    await later('7 days 1 hour');
    expect(await look()).toBe(1);
  });

  it('that asks after a reminder was decided on does not get it', async () => {
    const { id, taskId } = await delivered();
    await later('8 days');
    expect(await look()).toBe(1);
    await report(taskId, 'on-hold', 'Which payslip?');
    await gateway.database.query('update announcement set open = false where reminder_id is null');
    await announce();
    expect(reminders()).toEqual([]);
    expect((await view(id)).reminders).toMatchObject([{ state: 'not-sent', cause: { code: 'asked' } }]);
  });

  it('and was answered is shown as reminded only of what came after the answer', async () => {
    const { id, taskId } = await delivered();
    const remindedAt = async (who: string) =>
      (await gateway.http(who).get('/api/v1/worklist').expect(200)).body.items.find(
        ({ transferId }: { transferId: string }) => transferId === id,
      ).remindedAt;
    await byHand(id).expect(202);
    await announce();
    expect(await remindedAt('caseworker')).toEqual(expect.any(String));
    await report(taskId, 'on-hold', 'Which payslip?');
    await say(id);
    expect([await remindedAt('caseworker'), await remindedAt('reader')]).toEqual([null, null]);
  });
});

describe('nobody is reminded', () => {
  const due = async (): Promise<number> => {
    await later('8 days');
    return look();
  };

  it.each(['accepted', 'rejected', 'on-hold', 'cancelled'])('after the answer %s', async (status) => {
    const { taskId } = await delivered();
    await report(taskId, status);
    expect(await due()).toBe(0);
  });

  it('after a question, until it is taken in again', async () => {
    const { id, taskId } = await delivered();
    await report(taskId, 'received', 'Which payslip?');
    expect(await due()).toBe(0);
    await report(taskId, 'on-hold');
    expect(await due()).toBe(0);
    expect((await byHand(id).expect(409)).body.code).toBe('reminder.asked');
    expect(await view(id)).toMatchObject({ waitsSince: expect.any(String), nextAt: null });
    await report(taskId, 'received');
    expect(await due()).toBe(1);
  });

  it('after an answer, with a question in it', async () => {
    const { id, taskId } = await delivered();
    await report(taskId, 'accepted', 'When may she come?');
    expect(await due()).toBe(0);
    expect((await byHand(id).expect(409)).body.code).toBe('reminder.answered');
    expect(await view(id)).toMatchObject({ waitsSince: null, nextAt: null });
  });

  it('after a withdrawal, and of what the recipient is to stop using', async () => {
    const sent = await delivered();
    await gateway.http().post(`/api/v1/consents/${sent.consentId}/withdraw`).send({}).expect(200);
    expect(await due()).toBe(0);
    expect((await byHand(sent.id).expect(409)).body.code).toBe('reminder.stop-using');
    // A new yes brings the old transfer back to nobody: they were told to stop using it.
    await gateway
      .http()
      .post('/fhir/Consent')
      .send(consentFor(sent.personId, gateway.recipient.organizationId, { supersedes: [sent.consentId] }))
      .expect(201);
    await gateway.database.query('update referral set remind_at = now() where transfer_id = $1', [sent.id]);
    expect(await due()).toBe(0);
    expect((await byHand(sent.id).expect(409)).body.code).toBe('reminder.stop-using');
  });

  it('while the person objects', async () => {
    const { id, personId } = await delivered();
    const contest = { kind: 'objection', words: 'No.' };
    await gateway.http().post(`/api/v1/persons/${personId}/contests`).send(contest).expect(201);
    expect(await due()).toBe(0);
    expect((await byHand(id).expect(409)).body.code).toBe('reminder.no-longer-permitted');
  });

  it('of what the file marks since', async () => {
    const { id, caseId } = await delivered();
    await gateway.putCase((record) => {
      const person = record['person'] as Record<string, unknown>;
      person['about'] = { ...(person['about'] as object), names: { source: 'declared', doNotShare: true } };
    }, caseId);
    expect(await due()).toBe(0);
    expect((await byHand(id).expect(409)).body.code).toBe('reminder.no-longer-permitted');
  });

  it('while the agreement is suspended; afterwards as before', async () => {
    const { id } = await delivered();
    const put = (version: number, status: 'suspended' | 'active') =>
      gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
        tx.putAgreement({ ...gateway.agreement, version, status }, SYSTEM),
      );
    const [{ version }] = (await gateway.database.query<{ version: number }>(
      'select max(version) as version from agreement_version where agreement_id = $1',
      [gateway.agreement.id],
    )) as [{ version: number }];
    await put(version + 1, 'suspended');
    try {
      expect(await due()).toBe(0);
      expect((await byHand(id).expect(409)).body.code).toBe('reminder.no-longer-permitted');
    } finally {
      await put(version + 2, 'active');
    }
    await later('9 days 1 hour');
    expect(await look()).toBe(1);
  });

  it('once what was sent is purged, or the person erased', async () => {
    const purged = await delivered();
    await gateway.database.query('delete from transfer_content where transfer_id = $1', [purged.id]);
    const erased = await delivered();
    await gateway.store.asOrganization(gateway.sender.organizationId, (tx) => tx.erasePerson(erased.personId as never));
    expect(await due()).toBe(0);
    for (const { id } of [purged, erased]) expect((await byHand(id).expect(409)).body.code).toBe('reminder.not-kept');
  });

  it('of what has not arrived, was cancelled, or is another’s', async () => {
    const { caseId, personId } = await gateway.putCase();
    await gateway.http().post('/fhir/Consent').send(consentFor(personId, gateway.recipient.organizationId)).expect(201);
    const { body } = await gateway.ask(caseId).expect(202);
    expect((await byHand(body.id).expect(409)).body.code).toBe('reminder.not-delivered');
    await gateway.http().post(`/api/v1/transfers/${body.id}/cancel`).send({}).expect(200);
    expect((await byHand(body.id).expect(409)).body.code).toBe('reminder.not-delivered');
    const sent = await delivered();
    for (const who of ['recipient', 'other']) {
      await byHand(sent.id, 'a-key', who).expect(404);
      await gateway.http(who).get(path(sent.id)).expect(404);
      await gateway.http(who).put(path(sent.id)).send({ on: false }).expect(404);
    }
  });

  it('where reminders are switched off, until they are on again', async () => {
    const { id } = await delivered();
    expect((await gateway.http().put(path(id)).send({ on: false }).expect(200)).body).toMatchObject({
      offSince: expect.any(String),
      nextAt: null,
    });
    await gateway.http().put(path(id)).send({ on: false }).expect(200);
    expect(await due()).toBe(0);
    expect((await byHand(id).expect(409)).body.code).toBe('reminder.quiet');
    await gateway.http().put(path(id)).send({ on: true }).expect(200);
    expect(await due()).toBe(1);
    expect((await actions(id)).filter((action) => action === 'reminder.switched')).toHaveLength(2);
  });

  it('while deliveries are stopped, to all or to this one', async () => {
    const { id } = await delivered();
    const control = controlOf(gateway.database);
    for (const partner of [null, gateway.recipient.partnerId]) {
      await control.stop(partner, SYSTEM);
      await gateway.database.query('update referral set remind_at = now() where transfer_id = $1', [id]);
      expect(await due()).toBe(0);
      expect((await byHand(id).expect(409)).body.code).toBe('reminder.stopped');
      await control.start(partner, SYSTEM);
    }
    await later('8 days 2 hours');
    expect(await look()).toBe(1);
    // Decided on before, held back now.
    await control.stop(gateway.recipient.partnerId, SYSTEM);
    await announce();
    expect(reminders()).toEqual([]);
    await control.start(gateway.recipient.partnerId, SYSTEM);
    await announce();
    expect(reminders()).toHaveLength(1);
  });
});

describe('what was decided on is decided again before it leaves', () => {
  const issued = async (): Promise<Sent> => {
    const sent = await delivered();
    await later('8 days');
    expect(await look()).toBe(1);
    return sent;
  };
  const ended = async (id: string, code: string): Promise<void> => {
    expect(reminders()).toEqual([]);
    const { reminders: list } = await view(id);
    expect(list.at(-1)).toMatchObject({ state: 'not-sent', cause: { code } });
    expect((await timeline(id)).at(-1)).toBe('reminder:not-sent');
    expect(await timeline(id, 'recipient')).not.toContain('reminder:not-sent');
    expect((await actions(id)).at(-1)).toBe('reminder.given-up');
    const open = await gateway.database.query(
      'select from announcement where transfer_id = $1 and reminder_id is not null and open',
      [id],
    );
    expect(open).toEqual([]);
  };

  it('an answer that came meanwhile', async () => {
    const { id, taskId } = await issued();
    await report(taskId, 'accepted');
    await gateway.database.query('update announcement set open = false where reminder_id is null');
    await announce();
    await ended(id, 'answered');
  });

  it('an answer that comes while the door is opened: nothing is written', async () => {
    const { id, taskId } = await issued();
    const send = gateway.door.send.bind(gateway.door);
    gateway.door.send = async (endpoint, message, mayWrite, signal) => {
      await report(taskId, 'accepted');
      return send(endpoint, message, mayWrite, signal);
    };
    try {
      await announce();
    } finally {
      gateway.door.send = send;
    }
    expect(reminders()).toEqual([]);
    await gateway.database.query('update announcement set open = false where reminder_id is null');
    await announce();
    await ended(id, 'answered');
  });

  it('a withdrawal, quiet, a purge', async () => {
    const withdrawn = await issued();
    await gateway.http().post(`/api/v1/consents/${withdrawn.consentId}/withdraw`).send({}).expect(200);
    await announce();
    await ended(withdrawn.id, 'stop-using');
    await later('0 days');
    const quiet = await issued();
    await gateway.http().put(path(quiet.id)).send({ on: false }).expect(200);
    await announce();
    await ended(quiet.id, 'quiet');
    await later('0 days');
    const purged = await issued();
    await gateway.database.query('delete from transfer_content where transfer_id = $1', [purged.id]);
    await announce();
    await ended(purged.id, 'not-kept');
  });

  it('a recipient that has no system any more, and three days of waiting', async () => {
    const gone = await issued();
    await gateway.database.query('update partner set endpoint = null where organization_id = $1', [
      gateway.recipient.organizationId,
    ]);
    await announce();
    await gateway.database.query('update partner set endpoint = webhook where organization_id = $1', [
      gateway.recipient.organizationId,
    ]);
    await ended(gone.id, 'no-endpoint');
    await later('0 days');
    const old = await issued();
    await later('11 days 1 hour');
    await announce();
    await ended(old.id, 'too-old');
  });
});

describe('a system that does not take it', () => {
  const issued = async (): Promise<Sent> => {
    const sent = await delivered();
    await later('8 days');
    expect(await look()).toBe(1);
    return sent;
  };
  const promise = (idempotency: string) =>
    gateway.database.query(
      `update partner set endpoint = jsonb_set(endpoint, '{idempotency}', to_jsonb($2::text)) where organization_id = $1`,
      [gateway.recipient.organizationId, idempotency],
    );
  afterEach(() => promise('key'));

  it('is tried again under the same key, with the intent before each try, and the transfer stays as it was', async () => {
    const { id } = await issued();
    gateway.door.result = { kind: 'retry', cause: 'connection-lost' };
    await announce();
    gateway.door.result = { kind: 'received', receipt: { status: 201, digest: 'd'.repeat(64), location: null } };
    await announce();
    await announce();
    expect(reminders().map(({ idempotencyKey }) => idempotencyKey)).toEqual(Array(2).fill(`${id}.reminder.1`));
    expect(await actions(id)).toEqual(['reminder.issued', 'reminder.intent', 'reminder.intent', 'reminder.delivered']);
  });

  it('is given up after twelve tries, or when it says no, and may be reminded by hand at once', async () => {
    const { id } = await issued();
    gateway.door.result = { kind: 'retry', cause: 'unreachable' };
    for (let tries = 0; tries < 14; tries += 1) await announce();
    expect(reminders()).toHaveLength(12);
    expect((await view(id)).reminders).toMatchObject([{ state: 'not-sent', cause: { code: 'unreachable' } }]);
    const { status, referralStatus } = (await gateway.http().get(`/api/v1/transfers/${id}`).expect(200)).body;
    expect([status, referralStatus]).toEqual(['delivered', 'requested']);
    gateway.door.result = { kind: 'rejected', cause: 'record-refused', status: 422 };
    await byHand(id).expect(202);
    await announce();
    expect((await view(id)).reminders.at(-1)).toMatchObject({
      byHand: true,
      state: 'not-sent',
      cause: { code: 'record-refused', text: expect.stringContaining('did not take the reminder') },
    });
    // Nothing came of either: the day has another.
    await byHand(id).expect(202);
    expect((await view(id)).reminders).toHaveLength(3);
  });

  it('that honours no keys is not asked twice in doubt, and one that can be asked is', async () => {
    await promise('none');
    const none = await issued();
    gateway.door.result = { kind: 'retry', cause: 'no-answer-in-time' };
    await announce();
    await announce();
    expect(reminders()).toHaveLength(1);
    expect((await view(none.id)).reminders).toMatchObject([{ state: 'not-sent', cause: { code: 'unconfirmed' } }]);
    // It may have come: the next by hand is a day later.
    expect((await byHand(none.id).expect(409)).body.code).toBe('reminder.too-soon');

    await promise('query');
    await later('0 days');
    gateway.door.result = { kind: 'received', receipt: { status: 201, digest: 'd'.repeat(64), location: null } };
    const query = await issued();
    gateway.door.result = { kind: 'retry', cause: 'no-answer-in-time' };
    await announce();
    gateway.door.found = {
      kind: 'found',
      receipt: { status: 200, digest: 'd'.repeat(64), location: null, found: true },
    };
    await announce();
    expect(reminders()).toHaveLength(1);
    const { reminders: list } = await view(query.id);
    expect(gateway.door.askedFor).toEqual([{ system: 'https://relais.test/reminders', value: list[0].id }]);
    expect(list).toMatchObject([{ state: 'sent' }]);
  });

  it('whose worker vanished is not asked twice where that would be twice', async () => {
    await promise('none');
    const { id } = await issued();
    gateway.door.whileOnTheWire = () => Promise.reject(new Error('the process ends here'));
    await expect(announce()).rejects.toThrow('the process ends here');
    gateway.door.whileOnTheWire = () => Promise.resolve();
    await gateway.database.query('update announcement set lease_until = null where open');
    await announce();
    expect(reminders()).toHaveLength(1);
    expect((await view(id)).reminders).toMatchObject([{ state: 'not-sent', cause: { code: 'unconfirmed' } }]);
  });
});

describe('by hand', () => {
  it('is sent at once, once for a key, and again after a day', async () => {
    const { id } = await delivered();
    const first = await byHand(id, 'the-key').expect(202);
    expect(first.body).toMatchObject({ reminders: [{ byHand: true, state: 'waiting' }] });
    // The answer was lost: the same again.
    expect((await byHand(id, 'the-key').expect(202)).body).toEqual(first.body);
    await announce();
    expect(reminders()).toHaveLength(1);
    expect(reminders()[0]!.body).toContain('"answer-awaited"');
    expect(reminders()[0]!.idempotencyKey).toMatch(new RegExp(`^${id}\\.reminder\\.\\d{4}-\\d{2}-\\d{2}$`));
    expect((await byHand(id, 'the-key').expect(202)).body.reminders).toMatchObject([{ state: 'sent' }]);

    const soon = (await byHand(id).expect(409)).body;
    expect(soon).toMatchObject({ code: 'reminder.too-soon', from: expect.any(String) });
    const french = await byHand(id).set('Accept-Language', 'fr').expect(409);
    expect(french.body.detail).toMatch(/moins d’un jour/);
    await later('23 hours 59 minutes');
    await byHand(id).expect(409);
    await later('1 day 1 minute');
    await byHand(id).expect(202);
    await announce();
    expect(reminders()).toHaveLength(2);
    expect((await timeline(id)).slice(-2)).toEqual(['reminder:sent', 'reminder:sent']);
  });

  it('asked twice at once is sent once', async () => {
    const { id } = await delivered();
    const answers = await Promise.all([byHand(id), byHand(id), byHand(id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    await announce();
    expect(reminders()).toHaveLength(1);
  });

  it('needs a key of its own for each transfer, and rests the calendar for a period', async () => {
    const [one, two] = [await delivered(), await delivered()];
    await later('6 days');
    await byHand(one.id, 'shared-key').expect(202);
    expect((await byHand(two.id, 'shared-key').expect(409)).body.code).toBe('transfer.idempotency-conflict');
    await gateway.http().post(path(two.id)).send({}).expect(400);
    await later('8 days');
    expect(await look()).toBe(1);
    await later('13 days 1 hour');
    expect(await look()).toBe(1);
    expect((await view(one.id)).reminders.map(({ byHand }: { byHand: boolean }) => byHand)).toEqual([true, false]);
  });

  it('leaves nothing, and answers nothing, where the log takes no entry', async () => {
    const { id } = await delivered();
    await gateway.database.query('revoke insert on audit_entry from relais_app');
    try {
      await byHand(id).expect(500);
    } finally {
      await gateway.database.query('grant insert on audit_entry to relais_app');
    }
    await byHand(id).expect(202);
    await gateway.database.query('revoke insert on audit_entry from relais_app');
    try {
      await expect(announce()).rejects.toThrow();
      expect(reminders()).toEqual([]);
    } finally {
      await gateway.database.query('grant insert on audit_entry to relais_app');
    }
  });
});

describe('a sender whose name reveals', () => {
  it('is called in a reminder as in everything else', async () => {
    const set = 'update organization set confidential_by_nature = $2 where id = $1';
    const { organizationId } = gateway.sender;
    await gateway.database.query(set, [organizationId, true]);
    try {
      const { id } = await delivered();
      await byHand(id).expect(202);
      await announce();
      expect(reminders()).toHaveLength(1);
      expect(reminders()[0]!.body).not.toContain(organizationId);
      const seen = await gateway.http('recipient').get(`/api/v1/transfers/${id}`).expect(200);
      expect(seen.text).not.toContain(organizationId);
      expect(seen.text).toContain('reminder:sent');
    } finally {
      await gateway.database.query(set, [organizationId, false]);
    }
  });
});

describe('a guest', () => {
  it('gets one mail, in its language, with the number and nothing about anybody; and no second link', async () => {
    const sink = await takeMail();
    const postman = createPostman({ url: sink.url, from: 'relais@relais.test' });
    const { organizationId } = gateway.recipient;
    const [before] = await gateway.database.query<{ endpoint: object }>(
      'select endpoint from partner where organization_id = $1',
      [organizationId],
    );
    const contact = {
      email: 'accueil@toit-commun.example',
      lang: 'fr',
      channel: { kind: 'phone', hint: '01 23 45 67 89' },
    };
    await gateway.database.query(
      'update partner set endpoint = null, webhook = null, guest = $2 where organization_id = $1',
      [organizationId, contact],
    );
    try {
      const { id, reference } = await delivered({}, postman);
      const notices = sink.mails.length;
      await later('8 days');
      expect(await look()).toBe(1);
      // No mail server here; then one that is away; then one that takes it.
      await announce();
      sink.answer = '451 later';
      await announce(postman);
      sink.answer = '250 ok';
      await announce(postman);
      await announce(postman);
      expect(sink.mails).toHaveLength(notices + 1);
      const { to, data } = sink.mails.at(-1)!;
      expect(to).toBe(contact.email);
      expect(data).toContain(`Message-ID: <${id}.reminder.1@relais.test>`);
      const words = decoded(data);
      expect(words).toContain(reference);
      expect(words).toContain('Demandez un nouveau code, par téléphone');
      expect(words).toContain('Rouvrez le lien du premier courriel');
      expect(words).not.toMatch(/Okafor|Grace|CCAS|logement|HOUSING|Toit Commun|https?:/);
      expect(gateway.door.sent).toEqual([]);
      expect((await timeline(id)).at(-1)).toBe('reminder:sent');
      const links = await gateway.database.query('select from access_link where transfer_id = $1', [id]);
      expect(links).toHaveLength(1);

      // Whose link the sender took back is asked nothing more.
      const { body } = await gateway.http().post(`/api/v1/transfers/${id}/access-code`).send({}).expect(200);
      await gateway.http().post(`/api/v1/access-links/${body.link.id}/revoke`).send({}).expect(200);
      await later('15 days 1 hour');
      expect(await look()).toBe(0);
      expect((await byHand(id).expect(409)).body.code).toBe('reminder.no-longer-permitted');

      const english = await delivered({}, postman);
      await gateway.database.query(`update partner set guest = guest || '{"lang": "en"}' where organization_id = $1`, [
        organizationId,
      ]);
      await later('0 days');
      await byHand(english.id).expect(202);
      await announce(postman);
      expect(decoded(sink.mails.at(-1)!.data)).toContain('Ask the service that wrote to you for a new code');
    } finally {
      await gateway.database.query(
        'update partner set endpoint = $2, webhook = $2, guest = null where organization_id = $1',
        [organizationId, before!.endpoint],
      );
      postman.close();
      await sink.close();
    }
  });

  /** Quoted-printable (RFC 2045 section 6.7) and encoded words of the subject, as far as a mail of ours uses them. */
  function decoded(data: string): string {
    const bytes = (text: string): string =>
      Buffer.from(
        text.replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))),
        'latin1',
      ).toString('utf8');
    return bytes(data.replaceAll('=\r\n', ''));
  }
});
