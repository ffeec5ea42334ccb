import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, type OrganizationId, type PersonId, type TransferId } from '../../src/kernel/ids.js';
import { dumpDatabase } from '../support/dump-database.js';
import { enter } from '../support/links.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

/** A question of the recipient is answered in the thread: words that are a disclosure of their own. */

const WORDS = 'The payslip of January: 1,240 euros net. Quetzal.';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

interface Sent {
  readonly id: string;
  readonly taskId: string;
  readonly personId: string;
  readonly consentId: string;
}
async function sent(): Promise<Sent> {
  const { caseId, personId } = await gateway.putCase();
  const consent = await gateway
    .http()
    .post('/fhir/Consent')
    .send(consentFor(personId, gateway.recipient.organizationId))
    .expect(201);
  const { body } = await gateway.ask(caseId).expect(202);
  expect(await gateway.deliver(body.id as string)).toBe('received');
  return { id: body.id, taskId: body.taskId, personId, consentId: consent.body.id };
}
const report = ({ taskId }: Sent, status: string, text?: string) =>
  gateway
    .http('recipient')
    .put(`/fhir/Task/${taskId}`)
    .send({ resourceType: 'Task', id: taskId, status, intent: 'order', ...(text && { note: [{ text }] }) });
async function asked(): Promise<Sent> {
  const one = await sent();
  await report(one, 'on-hold', 'Which payslip is the latest?').expect(200);
  return one;
}
const say = ({ id }: Pick<Sent, 'id'>, more: object = {}, who = 'caseworker') =>
  gateway
    .http(who)
    .post(`/api/v1/transfers/${id}/messages`)
    .send({ id: randomUUID(), words: WORDS, ...more });
const auditOf = (id: string, of: OrganizationId = gateway.sender.organizationId) =>
  gateway.store.asOrganization(of, (tx) => tx.listAudit({ transferId: id as TransferId, limit: 100 }));
interface Step {
  readonly status: string;
  readonly message?: string;
  readonly by: { readonly organizationId: string };
}
const timelineOf = async (who: string, id: string): Promise<Step[]> =>
  (await gateway.http(who).get(`/api/v1/transfers/${id}`).expect(200)).body.timeline;
const messagesOf = async (who: string, id: string): Promise<string[]> =>
  (await timelineOf(who, id)).flatMap(({ status, message }) => (status === 'message' ? [message ?? '(gone)'] : []));

describe('an answer', () => {
  it('stands in the thread of both sides, on the Task as a note of its author, and its recipient’s software is told', async () => {
    const one = await asked();
    gateway.door.sent.length = 0;
    const { body } = await say(one).expect(200);
    expect(body.referralStatus).toBe('on-hold');
    for (const who of ['caseworker', 'agency', 'recipient', 'reader']) {
      const { by, message } = (await timelineOf(who, one.id)).at(-1)!;
      expect([by.organizationId, message]).toEqual([gateway.sender.organizationId, WORDS]);
    }
    const task = (await gateway.http('recipient').get(`/fhir/Task/${one.taskId}`).expect(200)).body;
    expect(
      task.note.map((note: { text: string; authorReference: { identifier: { value: string } } }) => [
        note.authorReference.identifier.value,
        note.text,
      ]),
    ).toEqual([
      [gateway.recipient.organizationId, 'Which payslip is the latest?'],
      [gateway.sender.organizationId, WORDS],
    ]);
    const webhook = `https://toit-commun.example/hook`;
    await gateway.database.query(
      `update partner set webhook = jsonb_set(webhook, '{url}', to_jsonb($2::text)) where organization_id = $1`,
      [gateway.recipient.organizationId, webhook],
    );
    await gateway.announce();
    const told = gateway.door.sent.filter(({ url }) => url === webhook).map(({ body: text }) => JSON.parse(text));
    expect(told).toEqual([
      expect.objectContaining({ type: 'referral.message', transferId: one.id, referralStatus: 'on-hold' }),
    ]);
    // Ids and codes; and the sender's own software hears nothing of what it said itself.
    expect(JSON.stringify(gateway.door.sent)).not.toContain('Quetzal');
    expect(gateway.door.sent.filter(({ url, body: text }) => url !== webhook && text.includes('message'))).toEqual([]);
  });

  it('turns the table: it is the recipient’s turn, and the sender’s again with the next question', async () => {
    const one = await asked();
    const turns = async (): Promise<string[]> =>
      Promise.all(
        ['caseworker', 'reader'].map(async (who) => {
          const { body } = await gateway.http(who).get('/api/v1/worklist').expect(200);
          return (body.items as { transferId: string; next: string }[]).find(({ transferId }) => transferId === one.id)!
            .next;
        }),
      );
    expect(await turns()).toEqual(['read-answer', 'await-sender']);
    await say(one).expect(200);
    expect(await turns()).toEqual(['await-answer', 'answer']);
    await report(one, 'on-hold', 'And of December?').expect(200);
    expect(await turns()).toEqual(['read-answer', 'await-sender']);
  });

  it('is the sender’s to give, to a question that stands', async () => {
    const one = await asked();
    for (const who of ['recipient', 'reader', 'other', 'stranger']) await say(one, {}, who).expect(404);
    for (const who of ['dpo', 'operator']) await say(one, {}, who).expect(403);
    await report(one, 'accepted').expect(200);
    expect((await say(one).expect(409)).body.code).toBe('message.not-asked');
    const quiet = await sent();
    expect((await say(quiet).expect(409)).body.code).toBe('message.not-asked');
    await say(one, { words: 'x'.repeat(2001) }).expect(422);
    await say(one, { words: ' \n ' }).expect(422);
    expect(await messagesOf('reader', one.id)).toEqual([]);
  });

  it('is said once, however often its form is sent; another text under the same form is a conflict', async () => {
    const one = await asked();
    const id = randomUUID();
    const answers = await Promise.all([say(one, { id }), say(one, { id })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await say(one, { id, words: 'Something else.' }).expect(409);
    expect(await messagesOf('reader', one.id)).toEqual([WORDS]);
    expect((await auditOf(one.id)).filter(({ action }) => action === 'disclosure.message')).toHaveLength(1);
  });
});

describe('an answer is a disclosure', () => {
  it.each(['withdraw', 'object', 'suspend', 'erase'] as const)(
    'decided again at that moment: refused after %s, recorded, and nothing of it is kept or told',
    async (end) => {
      const one = await asked();
      const set = `update partner set status = $2 where organization_id = $1`;
      if (end === 'withdraw')
        await gateway.http().post(`/api/v1/consents/${one.consentId}/withdraw`).send({}).expect(200);
      if (end === 'object')
        await gateway
          .http()
          .post(`/api/v1/persons/${one.personId}/contests`)
          .send({ kind: 'objection', words: 'No.' })
          .expect(201);
      if (end === 'suspend') await gateway.database.query(set, [gateway.recipient.organizationId, 'suspended']);
      if (end === 'erase')
        await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
          tx.erasePerson(one.personId as PersonId),
        );
      try {
        const { body } = await say(one).expect(end === 'erase' ? 410 : 403);
        expect(body.code).toBe(end === 'erase' ? 'transfer.content-purged' : 'message.refused');
        if (end === 'withdraw') expect(body.reasons[0].code).toBe('deny.consent-withdrawn');
      } finally {
        await gateway.database.query(set, [gateway.recipient.organizationId, 'active']);
      }
      expect(await messagesOf('caseworker', one.id)).toEqual([]);
      const entries = (await auditOf(one.id)).filter(({ action }) => action === 'disclosure.message');
      expect(entries.map(({ outcome }) => outcome)).toEqual(end === 'erase' ? [] : ['refused']);
      const theirs = await auditOf(one.id, gateway.recipient.organizationId);
      expect(theirs.map(({ action }) => action)).not.toContain('disclosure.message');
    },
  );

  it('waits for a withdrawal that is being recorded, and is refused then', async () => {
    const one = await asked();
    let saying: Promise<{ status: number }> | undefined;
    await gateway.store.asOrganization(gateway.sender.organizationId, async (tx) => {
      const { resource, terms } = (await tx.loadConsent(one.consentId as never))!;
      const actor = { type: 'system', id: 'test', organizationId: null } as const;
      await tx.putConsent({ ...terms, resource, terms: { ...terms, status: 'inactive' }, actor });
      saying = say(one).then(({ status }) => ({ status }));
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    expect((await saying)?.status).toBe(403);
  });

  it('that may speak of what is not permitted is kept when somebody has confirmed these very words', async () => {
    const one = await asked();
    const words = 'She is back at the methadone clinic.';
    const { body } = await say(one, { words }).expect(422);
    expect(body).toMatchObject({ code: 'message.to-review', doubts: [{ label: 'addiction', text: 'addiction' }] });
    expect(body.digest).toBe(createHash('sha256').update(words).digest('hex'));
    expect(JSON.stringify(body)).not.toContain('methadone');
    await say(one, { words: `${words} Daily.`, reviewed: body.digest }).expect(422);
    expect(await messagesOf('reader', one.id)).toEqual([]);
    await say(one, { words, reviewed: body.digest }).expect(200);
    expect(await messagesOf('reader', one.id)).toEqual([words]);
  });

  it('is in the log of both before it can be read, without a word of it, and on the person’s report', async () => {
    const one = await asked();
    await gateway.database.query('alter table audit_pending rename to audit_pending_away');
    try {
      expect((await say(one)).status).toBeGreaterThanOrEqual(500);
    } finally {
      await gateway.database.query('alter table audit_pending_away rename to audit_pending');
    }
    expect(await messagesOf('reader', one.id)).toEqual([]);
    await say(one).expect(200);
    for (const of of [gateway.sender.organizationId, gateway.recipient.organizationId]) {
      const entry = (await auditOf(one.id, of)).find(({ action }) => action === 'disclosure.message');
      expect(entry?.outcome).toBe('success');
      expect(JSON.stringify(entry)).not.toMatch(/Quetzal|payslip/);
      expect(entry).not.toHaveProperty('personId');
    }
    const lineIn = async (lang: string) =>
      (await gateway.http().get(`/api/v1/persons/${one.personId}/disclosures?lang=${lang}`).expect(200)).body
        .disclosures[0] as { categories: string[]; followUps: string[] };
    const line = await lineIn('en');
    expect(line.categories).toContain('a message');
    expect(line.followUps.join()).toMatch(/^On \d+ \w+ \d{4} a question of Toit Commun was answered in writing\.$/);
    expect((await lineIn('fr')).followUps.join()).toMatch(
      /une réponse écrite a été donnée à une question de Toit Commun/,
    );
    expect(JSON.stringify(line)).not.toContain('Quetzal');
  });

  it('is sealed, gone with the content’s term, and with the person', async () => {
    const one = await asked();
    const other = await asked();
    await say(one).expect(200);
    await say(other).expect(200);
    expect(await dumpDatabase(gateway.database.url)).not.toContain('Quetzal');
    await gateway.database.query('update transfer_content set purge_at = now() where transfer_id = $1', [one.id]);
    await gateway.store.purgeDueContent();
    await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
      tx.erasePerson(other.personId as PersonId),
    );
    for (const { id } of [one, other]) {
      for (const who of ['caseworker', 'reader']) expect(await messagesOf(who, id)).toEqual(['(gone)']);
    }
    expect((await say(one).expect(410)).body.code).toBe('transfer.content-purged');
  });

  it('tells nobody who sent it where the sender’s mere name reveals', async () => {
    const set = 'update organization set confidential_by_nature = $2 where id = $1';
    await gateway.database.query(set, [gateway.sender.organizationId, true]);
    try {
      const one = await asked();
      await say(one).expect(200);
      const seen = JSON.stringify([
        await timelineOf('reader', one.id),
        (await gateway.http('recipient').get(`/fhir/Task/${one.taskId}`).expect(200)).body,
      ]);
      expect(seen).toContain('Quetzal');
      expect(seen).not.toContain(gateway.sender.organizationId);
    } finally {
      await gateway.database.query(set, [gateway.sender.organizationId, false]);
    }
  });
});

it('a guest reads it on the page, as long as what was sent may be read', async () => {
  const one = await sent();
  const { organizationId } = gateway.recipient;
  const contact = { email: 'a@b.example', lang: 'en', channel: { kind: 'phone', hint: '01' } };
  await gateway.database.query(
    'update partner set endpoint = null, webhook = null, guest = $2 where organization_id = $1',
    [organizationId, contact],
  );
  const actor = { type: 'system', id: 'test', organizationId: null } as const;
  const token = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
    tx.guestLink(one.id as TransferId, 'en', actor),
  );
  const code = (await gateway.http().post(`/api/v1/transfers/${one.id}/access-code`).send({}).expect(200)).body.code;
  await report(one, 'on-hold', 'Which payslip?').expect(200);
  await say(one, { words: `${WORDS} <b>bold</b>` }).expect(200);
  const { page, cookie } = await enter(gateway, { id: newId(), url: '', token, code });
  expect(page).toContain('Which payslip?');
  expect(page).toContain('Quetzal. &lt;b&gt;bold');
  await gateway.http().post(`/api/v1/consents/${one.consentId}/withdraw`).send({}).expect(200);
  const after = await gateway.visit().get('/access/received?lang=en').set('Cookie', cookie).expect(200);
  expect(after.text).toContain('Which payslip?');
  expect(after.text).not.toContain('Quetzal');
});

describe('sending what they ask for', () => {
  const follow = (caseId: string, follows: string, more: object = {}) => gateway.ask(caseId, { follows, ...more });
  async function question() {
    const { caseId, personId } = await gateway.putCase();
    for (const { organizationId } of [gateway.recipient, gateway.other])
      await gateway.http().post('/fhir/Consent').send(consentFor(personId, organizationId)).expect(201);
    const { body } = await gateway.ask(caseId).expect(202);
    await gateway.deliver(body.id as string);
    const one = { id: body.id as string, taskId: body.taskId as string, personId, consentId: '' };
    await report(one, 'on-hold', 'May I have the lease?').expect(200);
    return { ...one, caseId, reference: body.reference as string };
  }
  beforeAll(() =>
    gateway.database.query(
      `update partner set endpoint = jsonb_build_object('url', 'https://partner.example/fhir', 'tokenUrl', 'https://partner.example/token',
         'clientId', 'relais', 'scope', 'system/Bundle.c', 'idempotency', 'key'), guest = null where organization_id = $1`,
      [gateway.recipient.organizationId],
    ),
  );

  it('names the transfer that it follows, to both sides, in the bundle and on the Task', async () => {
    const one = await question();
    const asked = {
      caseId: one.caseId,
      recipientOrganizationId: gateway.recipient.organizationId,
      purpose: 'HOUSING',
      ground: { kind: 'consent' },
      follows: one.id,
    };
    const preview = (await gateway.http().post('/api/v1/transfers/preview').send(asked).expect(200)).body;
    const later = (await follow(one.caseId, one.id, { digest: preview.digest }).expect(202)).body;
    expect(later.follows).toEqual({ id: one.id, reference: one.reference });
    const early = (await gateway.http('reader').get(`/api/v1/transfers/${one.id}`).expect(200)).body;
    // What has not arrived is not told of.
    expect(early.followedBy).toEqual([]);
    gateway.door.sent.length = 0;
    expect(await gateway.deliver(later.id)).toBe('received');
    for (const who of ['caseworker', 'reader']) {
      const first = (await gateway.http(who).get(`/api/v1/transfers/${one.id}`).expect(200)).body;
      expect(first.followedBy).toEqual([{ id: later.id, reference: later.reference }]);
      const second = (await gateway.http(who).get(`/api/v1/transfers/${later.id}`).expect(200)).body;
      expect(second.follows).toEqual({ id: one.id, reference: one.reference });
    }
    const partOf = [
      { type: 'Task', identifier: { system: expect.stringMatching(/\/fhir\/Task$/), value: one.taskId } },
    ];
    const { entry } = JSON.parse(gateway.door.sent[0]!.body) as { entry: { resource: { resourceType: string } }[] };
    expect(entry.find(({ resource }) => resource.resourceType === 'Task')?.resource).toMatchObject({ partOf });
    expect((await gateway.http('recipient').get(`/fhir/Task/${later.taskId}`).expect(200)).body).toMatchObject({
      partOf,
    });
    const next = async (who: string): Promise<string> =>
      (await gateway.http(who).get('/api/v1/worklist').expect(200)).body.items.find(
        ({ transferId }: { transferId: string }) => transferId === one.id,
      ).next;
    expect([await next('caseworker'), await next('reader')]).toEqual(['await-answer', 'answer']);
  });

  it('was shown as following, or is another request than was shown', async () => {
    const one = await question();
    const asked = {
      caseId: one.caseId,
      recipientOrganizationId: gateway.recipient.organizationId,
      purpose: 'HOUSING',
      ground: { kind: 'consent' },
    };
    const { digest } = (await gateway.http().post('/api/v1/transfers/preview').send(asked).expect(200)).body;
    expect((await follow(one.caseId, one.id, { digest }).expect(409)).text).toContain('"request"');
  });

  it('follows what this sender delivered to this recipient about this case, and nothing else', async () => {
    const one = await question();
    const other = await question();
    const waiting = (await gateway.ask(one.caseId).expect(202)).body;
    const theirs = { recipientOrganizationId: gateway.other.organizationId };
    for (const answer of [
      follow(one.caseId, other.id),
      follow(one.caseId, one.id, theirs),
      follow(one.caseId, waiting.id as string),
      follow(one.caseId, randomUUID()),
    ]) {
      expect((await answer.expect(422)).body.code).toBe('transfer.follows-unknown');
    }
  });
});
