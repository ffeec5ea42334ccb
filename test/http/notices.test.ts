import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { dumpDatabase } from '../support/dump-database.js';
import { leaksInto } from '../support/leaks.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

let gateway: TestGateway;
let toitCommun: string;
beforeAll(async () => {
  gateway = await openGateway();
  toitCommun = gateway.recipient.organizationId;
}, 60_000);
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.door.sent.length = 0;
  gateway.door.whileOnTheWire = () => Promise.resolve();
});

type Options = NonNullable<Parameters<typeof consentFor>[2]>;
const INFORMED = { nobodyBecause: 'A test.' };
const consent = async (personId: string, options: Options = {}, recipient = toitCommun): Promise<string> => {
  const answer = await gateway
    .http()
    .post('/fhir/Consent')
    .send(consentFor(personId, recipient, options));
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id as string;
};
const withdraw = (id: string) => gateway.http().post(`/api/v1/consents/${id}/withdraw`);
const delivered = async (caseId: string, more = {}) => {
  const { body } = await gateway.ask(caseId, more).expect(202);
  expect(await gateway.deliver(body.id)).toBe('received');
  return body as { id: string; reference: string };
};
const received = async (who = 'recipient', state = '') =>
  (await gateway.http(who).get(`/api/v1/notices${state}`).expect(200)).body.notices as Record<string, unknown>[];
const report = async (personId: string, lang = 'en') =>
  (await gateway.http().get(`/api/v1/persons/${personId}/disclosures?lang=${lang}`).expect(200)).body;

describe('a withdrawal', () => {
  it('stops what waits within a second', async () => {
    const { caseId, personId } = await gateway.putCase();
    const id = await consent(personId);
    const waiting = await Promise.all(Array.from({ length: 10 }, () => gateway.ask(caseId)));
    const from = performance.now();
    const { body } = await withdraw(id).expect(200);
    expect(performance.now() - from).toBeLessThan(1_000);
    expect(new Set(body.stopped)).toEqual(new Set(waiting.map((answer) => answer.body.id)));
    for (const answer of waiting) expect(await gateway.deliver(answer.body.id)).toBe('not-ours');
    expect(gateway.door.sent).toEqual([]);
  });

  it('that meets a delivery at the fence is acknowledged after its end, and its recipient is told', async () => {
    const { caseId, personId } = await gateway.putCase();
    const id = await consent(personId);
    const { body } = await gateway.ask(caseId);
    let acknowledged = false;
    let withdrawal: Promise<{ body: Record<string, unknown> }> | undefined;
    gateway.door.whileOnTheWire = async () => {
      withdrawal = withdraw(id).then((answer) => {
        acknowledged = true;
        return answer;
      });
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(acknowledged).toBe(false);
    };
    expect(await gateway.deliver(body.id)).toBe('received');
    expect((await withdrawal!).body).toMatchObject({ stopped: [], alreadySent: [body.id] });
    expect(await received()).toContainEqual(expect.objectContaining({ transferId: body.id, kind: 'stop-using' }));
  });

  it('is not acknowledged while a delivery is live that it was decided on beside another consent', async () => {
    const { caseId, personId } = await gateway.putCase();
    await consent(personId, { labels: ['identity'] });
    const { body } = await gateway.ask(caseId);
    // Recorded after the transfer was asked for, by the person with somebody else: the delivery is decided on both, and names the first.
    const performer = [{ reference: `Patient/${personId}` }, { reference: 'RelatedPerson/r' }];
    const beside = await consent(personId, { labels: ['identity'], performer });
    let acknowledged = false;
    let withdrawal: Promise<unknown> | undefined;
    gateway.door.whileOnTheWire = async () => {
      withdrawal = withdraw(beside).then(() => (acknowledged = true));
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(acknowledged).toBe(false);
    };
    await gateway.deliver(body.id);
    await withdrawal;
  });

  it('tells past recipients once, without a reason, and their systems get a FHIR Task', async () => {
    const { caseId, personId } = await gateway.putCase();
    const id = await consent(personId);
    const sent = await delivered(caseId);
    const { body } = await withdraw(id).expect(200);
    expect(body).toMatchObject({ stopped: [], alreadySent: [], notified: [sent.id] });
    expect((await withdraw(id).expect(200)).body.notified).toEqual([]);

    gateway.door.sent.length = 0;
    await gateway.announce();
    const tasks = gateway.door.sent.filter(({ body: text }) => text.includes('stop-using') && text.includes(sent.id));
    expect(tasks).toHaveLength(1);
    expect(tasks[0]!.url).toBe('https://partner.example/fhir');
    const { resource } = JSON.parse(tasks[0]!.body).entry[0];
    expect(resource).toMatchObject({
      resourceType: 'Task',
      status: 'requested',
      focus: { identifier: { value: sent.id } },
      code: {
        text: expect.stringMatching(
          `^Stop using transfer ${sent.reference}. Return it, delete it, or state your ground for keeping it, by \\d{4}-\\d{2}-\\d{2}.$`,
        ),
      },
    });
    expect(tasks[0]!.body).not.toMatch(/withdr|consent|Okafor/i);
    expect(tasks[0]!.body).not.toContain(personId);
    const [notice] = (await received()).filter(({ transferId }) => transferId === sent.id);
    expect(notice).toMatchObject({ state: 'open', deliveredAt: expect.any(String), reference: sent.reference });
    // The default: thirty days.
    expect(Date.parse(notice!['by'] as string) - Date.parse(notice!['createdAt'] as string)).toBe(30 * 86_400_000);
    expect(JSON.stringify(notice)).not.toContain(personId);
  });

  it('tells nobody whom another decision of the person still covers', async () => {
    const { caseId, personId } = await gateway.putCase();
    const narrow = await consent(personId, { labels: ['identity', 'contact', 'housing'] });
    const sent = await delivered(caseId);
    const same = await consent(personId, { supersedes: [narrow] });
    expect((await withdraw(narrow).expect(200)).body.notified).toEqual([]);
    expect((await withdraw(same).expect(200)).body.notified).toEqual([sent.id]);
  });

  it('tells nobody of what stood on another ground or went to another recipient', async () => {
    const { caseId, personId } = await gateway.putCase();
    const id = await consent(personId);
    await consent(personId, {}, gateway.other.organizationId);
    await delivered(caseId, { recipientOrganizationId: gateway.other.organizationId });
    await delivered(caseId, {
      ground: { kind: 'statute', citation: 'CASF L226-2-2', justification: 'x', informed: INFORMED },
    });
    expect((await withdraw(id).expect(200)).body.notified).toEqual([]);
  });

  it('of a consent that is put as inactive tells as well', async () => {
    const { caseId, personId } = await gateway.putCase();
    const id = await consent(personId);
    const sent = await delivered(caseId);
    const inactive = consentFor(personId, toitCommun, { status: 'inactive' });
    await gateway.http().put(`/fhir/Consent/${id}`).send(inactive).expect(200);
    expect((await received()).map(({ transferId }) => transferId)).toContain(sent.id);
  });

  it('gives the term that the agreement sets', async () => {
    const { caseId, personId } = await gateway.putCase();
    const id = await consent(personId);
    const sent = await delivered(caseId);
    const agreement = { ...gateway.agreement, version: 2, answerWithinDays: 7 };
    const actor = { type: 'system', id: 'test', organizationId: null } as const;
    const change = (version: number, more = {}) =>
      gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
        tx.putAgreement({ ...agreement, ...more, version }, actor),
      );
    await change(2);
    // What is only negotiated sets no term.
    await change(3, { status: 'draft', answerWithinDays: 1 });
    await withdraw(id).expect(200);
    await change(4, { answerWithinDays: 30 });
    const notice = (await received()).find(({ transferId }) => transferId === sent.id)!;
    expect(Date.parse(notice['by'] as string) - Date.parse(notice['createdAt'] as string)).toBe(7 * 86_400_000);
  });
});

describe('a recipient without a system', () => {
  it('finds the notice on its list', async () => {
    const { caseId, personId } = await gateway.putCase();
    const id = await consent(personId);
    const sent = await delivered(caseId);
    await gateway.announce();
    await gateway.database.query('update partner set endpoint = null where organization_id = $1', [toitCommun]);
    await withdraw(id).expect(200);
    gateway.door.sent.length = 0;
    await gateway.announce();
    expect(gateway.door.sent.filter(({ body }) => body.includes('"Task"'))).toEqual([]);
    const [notice] = (await received('recipient', '?state=open')).filter(({ transferId }) => transferId === sent.id);
    expect(notice).toMatchObject({ deliveredAt: null });
    await gateway.database.query('update partner set endpoint = webhook where organization_id = $1', [toitCommun]);
  });
});

describe('the answer to a notice', () => {
  const noticeOf = async (): Promise<{ id: string; personId: string; reference: string }> => {
    const { caseId, personId } = await gateway.putCase();
    const id = await consent(personId);
    const sent = await delivered(caseId);
    await withdraw(id).expect(200);
    const notice = (await received()).find(({ transferId }) => transferId === sent.id)!;
    return { id: notice['id'] as string, personId, reference: sent.reference };
  };
  const answer = (id: string, body: object, who = 'recipient') =>
    gateway.http(who).post(`/api/v1/notices/${id}/answer`).send(body);

  it('is kept, seen by the sender, and on the person’s report', async () => {
    const { id, personId } = await noticeOf();
    expect((await answer(id, { answer: 'deleted' }).expect(200)).body.state).toBe('answered');
    const sent = await gateway.http().get('/api/v1/notices/sent?state=answered').expect(200);
    expect(sent.body.notices.map((notice: { id: string }) => notice.id)).toContain(id);
    const [line] = (await report(personId)).disclosures;
    expect(line.followUps).toEqual([
      expect.stringMatching(/^On \d+ \w+ \d{4} Toit Commun was asked to stop using it, and to return it, delete it/),
      expect.stringMatching(/^It answered on \d+ \w+ \d{4}: deleted\.$/),
    ]);
    expect((await report(personId, 'fr')).disclosures[0].followUps[1]).toMatch(/^Réponse du .*\u00a0: supprimé\.$/);
  });

  it('that it is kept states a ground, which is stored encrypted', async () => {
    const { id, personId } = await noticeOf();
    await answer(id, { answer: 'kept' }).expect(422);
    const words = 'Quetzalcoatl-archive: article L212-1 of the heritage code';
    await answer(id, { answer: 'kept', words }).expect(200);
    expect((await report(personId)).disclosures[0].followUps[1]).toContain(words);
    expect(leaksInto(await dumpDatabase(gateway.database.url), ['Quetzalcoatl-archive'])).toEqual([]);
  });

  it('is given once, and by its recipient alone', async () => {
    const { id } = await noticeOf();
    await answer(id, { answer: 'returned' }, 'other').expect(404);
    await answer(id, { answer: 'returned' }, 'agency').expect(404);
    await answer(id, { answer: 'returned' }).expect(200);
    await answer(id, { answer: 'deleted' }).expect(409);
    expect((await received('other')).map((notice) => notice['id'])).not.toContain(id);
  });

  it('that does not come in time is put on the admins’ list and into the log, once', async () => {
    const { id, personId } = await noticeOf();
    expect((await gateway.http('operator').get('/api/v1/notices/sent?state=overdue')).body.notices).toEqual([]);
    await gateway.database.query("update notice set due_at = now() - interval '1 second' where id = $1", [id]);
    expect(await gateway.store.escalateOverdue()).toBe(1);
    expect(await gateway.store.escalateOverdue()).toBe(0);
    const { body } = await gateway.http('operator').get('/api/v1/notices/sent?state=overdue').expect(200);
    expect(body.notices).toMatchObject([{ id, state: 'overdue' }]);
    const log = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
      tx.listAudit({ action: 'notice.overdue', limit: 10 }),
    );
    expect(log.map(({ codes }) => codes?.['id'])).toEqual([id]);
    expect((await report(personId)).disclosures[0].followUps[1]).toMatch(/^It has not answered in time/);
    await answer(id, { answer: 'deleted' }).expect(200);
    expect((await gateway.http('operator').get('/api/v1/notices/sent?state=overdue')).body.notices).toEqual([]);
  });
});

describe('an objection of the person', () => {
  const contest = (personId: string, body: object, who = 'agency') =>
    gateway.http(who).post(`/api/v1/persons/${personId}/contests`).send(body);
  const answer = (id: string, body: object) => gateway.http().post(`/api/v1/contests/${id}/answer`).send(body);

  it('sends back what waits, stops what is asked for, until a human declines it in words', async () => {
    const { caseId, personId } = await gateway.putCase();
    await consent(personId);
    const waiting = (await gateway.ask(caseId).expect(202)).body.id as string;
    const { body } = await contest(personId, { kind: 'objection', words: 'Not to them.' }).expect(201);
    expect(body.stopped).toEqual([waiting]);
    expect(await gateway.deliver(waiting)).toBe('not-ours');
    expect((await gateway.http().get(`/api/v1/transfers/${waiting}`)).body.status).toBe('needs-review');
    for (const ground of [
      { kind: 'consent' },
      { kind: 'statute', citation: 'CASF L226-2-2', justification: 'x', informed: INFORMED },
      { kind: 'care-team', informedOn: '2026-02-01', justification: 'x' },
    ]) {
      const refused = await gateway.ask(caseId, { ground }).expect(403);
      expect(refused.body.reasons[0].code, ground.kind).toBe('deny.person-objects');
    }
    // Nobody in danger is left alone because of it.
    await gateway.ask(caseId, { ground: { kind: 'safeguarding', justification: 'x', informed: INFORMED } }).expect(202);

    await answer(body.contest.id, { outcome: 'corrected', words: 'x' }).expect(422);
    await answer(body.contest.id, { outcome: 'declined', words: 'The court has ordered it.' }).expect(200);
    await gateway.ask(caseId).expect(202);
    const { contests } = await report(personId);
    expect(contests).toMatchObject([{ kind: 'objection', words: 'Not to them.', answer: 'The court has ordered it.' }]);
    await answer(body.contest.id, { outcome: 'upheld', words: 'x' }).expect(409);
  });

  it('that is upheld goes on stopping, to whom it is about', async () => {
    const { caseId, personId } = await gateway.putCase();
    await consent(personId);
    await consent(personId, {}, gateway.other.organizationId);
    const about = { kind: 'objection', recipientOrganizationId: toitCommun, words: 'Quetzalcoatl-words' };
    const { body } = await contest(personId, about).expect(201);
    await answer(body.contest.id, { outcome: 'upheld', words: 'Quetzalcoatl-answer' }).expect(200);
    await gateway.ask(caseId).expect(403);
    await gateway.ask(caseId, { recipientOrganizationId: gateway.other.organizationId }).expect(202);
    const dump = await dumpDatabase(gateway.database.url);
    expect(leaksInto(dump, ['Quetzalcoatl-words', 'Quetzalcoatl-answer'])).toEqual([]);
  });

  it('that nobody answers in time is put into the log', async () => {
    const { personId } = await gateway.putCase();
    const { body } = await contest(personId, { kind: 'objection', words: 'x' }).expect(201);
    await gateway.database.query("update contest set due_at = now() - interval '1 second' where id = $1", [
      body.contest.id,
    ]);
    expect(await gateway.store.escalateOverdue()).toBe(1);
    const overdue = await gateway.http('dpo').get('/api/v1/contests?state=overdue').expect(200);
    expect(overdue.body.contests).toMatchObject([{ id: body.contest.id, state: 'overdue' }]);
  });

  test.each([
    ['another organization', 'recipient'],
    ['a person that never was', 'agency'],
  ])('of %s is a 404', async (what, who) => {
    const { personId } = await gateway.putCase();
    const id = what.startsWith('a person') ? '0c8a5d7e-3b21-4f96-a1d4-9e6b2c7f8a10' : personId;
    await contest(id, { kind: 'objection', words: 'x' }, who).expect(404);
  });
});

describe('a correction', () => {
  it('reaches every past recipient, with the reference of the transfer that carries it', async () => {
    const { caseId, personId } = await gateway.putCase();
    const other = gateway.other.organizationId;
    await consent(personId);
    await consent(personId, {}, other);
    const wrong = await delivered(caseId);
    const wrongToo = await delivered(caseId, { recipientOrganizationId: other });
    const asked = await gateway
      .http()
      .post(`/api/v1/persons/${personId}/contests`)
      .send({ kind: 'correction', transferId: wrong.id, words: 'The second job ended.' })
      .expect(201);
    expect(asked.body.contest).toMatchObject({ recipientOrganizationId: toitCommun, state: 'open' });
    // Nothing stops for a correction alone.
    const right = await delivered(caseId);
    const answer = (body: object) => gateway.http().post(`/api/v1/contests/${asked.body.contest.id}/answer`).send(body);
    await answer({ outcome: 'corrected', words: 'x', correctedTransferIds: [wrong.id] }).expect(422);
    const { body } = await answer({
      outcome: 'corrected',
      words: 'Corrected.',
      correctedTransferIds: [right.id],
    }).expect(200);
    expect(new Set(body.notified.map(({ transferId }: { transferId: string }) => transferId))).toEqual(
      new Set([wrong.id, wrongToo.id]),
    );
    const told = (await received()).find(({ transferId }) => transferId === wrong.id)!;
    expect(told).toMatchObject({
      kind: 'corrected',
      correctedBy: { transferId: right.id, reference: right.reference },
      text: expect.stringContaining(`${wrong.reference} holds something that was corrected by ${right.reference}.`),
    });
    expect((await received('other'))[0]).toMatchObject({ kind: 'corrected', correctedBy: null });
    const { contests, disclosures } = await report(personId, 'fr');
    expect(contests[0]).toMatchObject({ reference: wrong.reference, answer: 'Corrected.' });
    expect(disclosures.at(-1).followUps[0]).toMatch(/rectifiée/);
  });
});
