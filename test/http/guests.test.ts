import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPartnerRules } from '../../src/adapters/identity/check-partner.js';
import { createPostman } from '../../src/adapters/mail/postman.js';
import { readConfig } from '../../src/config.js';
import { createChangeFeed } from '../../src/adapters/store/desk/change-feed.js';
import { insertEntry } from '../../src/adapters/store/audit/insert-entry.js';
import { createRegistry } from '../../src/adapters/store/identity/registry.js';
import { newId, type OrganizationId, type TransferId } from '../../src/kernel/ids.js';
import type { Registry } from '../../src/transfer/identity-ports.js';
import { cookieOf, csrfOf, enter, knock, makeLink, submit, type MadeLink } from '../support/links.js';
import { runCli } from '../cli/run-cli.js';
import { takeMail, type MailServer } from '../../src/demo/mailbox/take-mail.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

/** A recipient without a system: told by mail, without content; reads and answers by a link and a code. */

let gateway: TestGateway;
let sink: MailServer;
let postman: ReturnType<typeof createPostman>;
let registry: Registry;
let guest: OrganizationId;
const ADMIN = { type: 'system', id: 'test', organizationId: null } as const;
const contact = (email = 'accueil@conseil-dettes.example') => ({
  email,
  lang: 'fr' as const,
  channel: { kind: 'phone' as const, hint: '01 23 45 67 89' },
});

beforeAll(async () => {
  gateway = await openGateway();
  sink = await takeMail({ host: '0.0.0.0' });
  postman = createPostman({ url: sink.url, from: 'relais@relais.test' });
  registry = createRegistry({
    pool: gateway.database.pool('relais_identity'),
    audit: insertEntry,
    rules: createPartnerRules({ publicUrl: 'https://relais.test', allowPrivateEndpoints: false }),
  });
  // The recipient of the agreement, which has a system in other tests, has none here.
  guest = gateway.recipient.organizationId;
  await gateway.database.query('update partner set endpoint = null, webhook = null where organization_id = $1', [
    guest,
  ]);
  const { email, channel } = contact();
  const options = ['--organization', guest, '--email', email, '--channel', channel.kind, '--hint', channel.hint];
  expect((await runCli(['guest', 'add', ...options, '--channel', 'pigeon'], gateway.database)).code).toBe(2);
  const added = await runCli(['guest', 'add', ...options], gateway.database);
  expect([added.code, added.err]).toEqual([0, '']);
  expect(added.out).toContain(channel.hint);
}, 60_000);
afterAll(async () => {
  postman.close();
  await sink.close();
  await gateway.close();
});

const guestPartner = (email?: string) => ({
  organizationId: guest,
  name: 'Toit Commun',
  clientId: `guest:${newId<string>()}`,
  issuer: 'relais',
  scopes: [],
  guest: contact(email),
});

async function sent() {
  const { caseId, personId } = await gateway.putCase();
  const consent = await gateway.http().post('/fhir/Consent').send(consentFor(personId, guest)).expect(201);
  const { body } = await gateway.ask(caseId).expect(202);
  return {
    caseId,
    personId,
    consentId: consent.body.id as string,
    id: body.id as string,
    reference: body.reference as string,
  };
}
const linkIn = (mail: string): string =>
  /https:\/\/relais\.test\/access\?lang=fr#([A-Za-z0-9_-]{43})/.exec(
    mail.replaceAll('=\r\n', '').replaceAll('=3D', '='),
  )?.[1] ?? '';
const mailTo = (reference: string): string =>
  sink.mails.filter(({ data }) => data.includes(reference)).at(-1)?.data ?? '';

/** The software beside the guest, which only calls, can be sent to as well. */
const hasSystem = (is: boolean): Promise<unknown> =>
  gateway.database.query(
    `update partner set endpoint = case when $2 then jsonb_build_object('url', 'https://a.example/fhir', 'tokenUrl',
       'https://a.example/token', 'clientId', 'relais', 'scope', 'system/Bundle.c', 'idempotency', 'key') end
      where organization_id = $1 and guest is null`,
    [guest, is],
  );

async function delivered(): Promise<Awaited<ReturnType<typeof sent>> & { readonly link: MadeLink }> {
  const transfer = await sent();
  expect(await gateway.deliver(transfer.id, postman)).toBe('received');
  const token = linkIn(mailTo(transfer.reference));
  const { body } = await gateway.http().post(`/api/v1/transfers/${transfer.id}/access-code`).send({}).expect(200);
  return { ...transfer, link: { id: body.link.id, url: '', token, code: body.code } };
}
const statusOf = async (
  id: string,
): Promise<{ status: string; referralStatus: string | null; timeline: { status: string; message?: string }[] }> =>
  (await gateway.http().get(`/api/v1/transfers/${id}`).expect(200)).body;
const actionsOf = async (id: string) =>
  (
    await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
      tx.listAudit({ transferId: id as TransferId, limit: 100 }),
    )
  ).map(({ action, actor }) => `${action} ${actor.type}`);

describe('a notice to a guest', () => {
  it('is handed to the mail server like any delivery, and tells nothing about anybody', async () => {
    const { id, reference } = await sent();
    expect(await gateway.deliver(id, postman)).toBe('received');
    expect((await statusOf(id)).status).toBe('delivered');
    const mail = mailTo(reference);
    expect(mail).toContain(`Message-ID: <${id}@relais.test>`);
    expect(linkIn(mail)).toHaveLength(43);
    expect(sink.mails.at(-1)?.to).toBe('accueil@conseil-dettes.example');
    for (const told of ['Okafor', 'Grace', 'CCAS', 'logement', 'HOUSING']) expect(mail).not.toContain(told);
    expect(gateway.door.sent).toEqual([]);
    const actions = (await actionsOf(id)).toReversed();
    expect(actions.indexOf('disclosure.intent system')).toBeLessThan(actions.indexOf('disclosure.received system'));
  });

  it('waits for a mail server that is away, and is the same notice then', async () => {
    const { id, reference } = await sent();
    expect(await gateway.deliver(id)).toBe('retry');
    sink.answer = '451 later';
    expect(await gateway.deliver(id, postman)).toBe('retry');
    const token = async (): Promise<string> =>
      (
        await gateway.database.query<{ hash: string }>(
          `select encode(token_hash, 'hex') as hash from access_link where transfer_id = $1`,
          [id],
        )
      )[0]!.hash;
    const before = await token();
    sink.answer = '250 ok';
    expect(await gateway.deliver(id, postman)).toBe('received');
    expect(await token()).toBe(before);
    expect(linkIn(mailTo(reference))).toHaveLength(43);
  });

  it('ends as a dead letter, in words, when the address is refused', async () => {
    const { id } = await sent();
    sink.answer = '550 no such user';
    expect(await gateway.deliver(id, postman)).toBe('rejected');
    sink.answer = '250 ok';
    const { status, timeline } = await statusOf(id);
    expect(status).toBe('failed');
    expect(JSON.stringify(timeline)).toContain('mail-refused');
  });

  it('goes over TLS to any server but one on this machine', async () => {
    // An address of this machine that is not written like one: the server offers no STARTTLS, so nothing is handed over.
    const plain = createPostman({ url: sink.url.replace('127.0.0.1', '127.0.0.2'), from: 'relais@relais.test' });
    const { id } = await sent();
    const before = sink.mails.length;
    expect(await gateway.deliver(id, plain)).toBe('retry');
    plain.close();
    expect(sink.mails).toHaveLength(before);
    expect(() => readConfig({ RELAIS_SMTP_URL: 'smtp://mail.example' })).toThrow('RELAIS_MAIL_FROM');
    expect(() => readConfig({ RELAIS_SMTP_URL: 'https://mail.example', RELAIS_MAIL_FROM: 'a@b.example' })).toThrow(
      'RELAIS_SMTP_URL',
    );
  });

  it('does not leave when the fence no longer holds, or when the process is about to stop', async () => {
    const before = sink.mails.length;
    const notice = { to: 'a@b.example', lang: 'fr', url: 'https://x', reference: 'R-1', messageId: '<a@b>' } as const;
    const live = new AbortController().signal;
    expect(await postman.send(notice, () => Promise.resolve(false), live)).toEqual({ kind: 'fenced' });
    const over = AbortSignal.abort();
    expect(await postman.send(notice, () => Promise.resolve(true), over)).toMatchObject({ kind: 'retry' });
    expect(sink.mails).toHaveLength(before);
  });

  it('does not leave after a withdrawal', async () => {
    const { id, consentId } = await sent();
    await gateway.http().post(`/api/v1/consents/${consentId}/withdraw`).send({}).expect(200);
    const before = sink.mails.length;
    expect(await gateway.deliver(id, postman)).toBe('not-ours');
    expect(sink.mails).toHaveLength(before);
  });

  it.each(['a@b.example, c@d.example', 'a@b.example\r\nBcc: c@d.example', '"a" <a@b.example>', 'nobody'])(
    'goes to one plain address: %j is refused',
    async (email) => {
      await expect(registry.createPartner(guestPartner(email), ADMIN)).rejects.toMatchObject({
        code: 'partner.invalid',
      });
    },
  );
});

describe('the code', () => {
  it('is made by the sender alone, for what was delivered, and a new one voids the old', async () => {
    const { id } = await sent();
    const path = `/api/v1/transfers/${id}/access-code`;
    await gateway.http().post(path).send({}).expect(409);
    expect(await gateway.deliver(id, postman)).toBe('received');
    await gateway.http('recipient').post(path).send({}).expect(404);
    await gateway.http('other').post(path).send({}).expect(404);
    const first = (await gateway.http().post(path).send({}).expect(200)).body;
    expect(first.channel).toEqual({ kind: 'phone', hint: '01 23 45 67 89' });
    const token = linkIn(sink.mails.at(-1)!.data);
    const opened = await knock(gateway.visit(), { token, code: first.code }).expect(303);
    const cookie = cookieOf(opened);
    await gateway.visit().get('/access/received').set('Cookie', cookie).expect(200);
    // It opened once; a new code lets it be opened once more and ends what the old one had opened.
    await knock(gateway.visit(), { token, code: first.code }).expect(403);
    const second = (await gateway.http().post(path).send({}).expect(200)).body;
    await gateway.visit().get('/access/received').set('Cookie', cookie).expect(403);
    if (first.code !== second.code) await knock(gateway.visit(), { token, code: first.code }).expect(403);
    await knock(gateway.visit(), { token, code: second.code }).expect(303);
  });

  it('is not made while the notice has not arrived, nor for a link that was taken back', async () => {
    const { id } = await sent();
    const path = `/api/v1/transfers/${id}/access-code`;
    // The attempt made the link; nobody has it yet.
    expect(await gateway.deliver(id)).toBe('retry');
    await gateway.http().post(path).send({}).expect(409);
    expect(await gateway.deliver(id, postman)).toBe('received');
    const { body } = await gateway.http().post(path).send({}).expect(200);
    await gateway.http().post(`/api/v1/access-links/${body.link.id}/revoke`).send({}).expect(200);
    await gateway.http().post(path).send({}).expect(409);
  });

  it('is needed: without one the link opens nothing', async () => {
    const { id, reference } = await sent();
    await gateway.deliver(id, postman);
    await knock(gateway.visit(), { token: linkIn(mailTo(reference)), code: '000000' }).expect(403);
  });
});

describe('a new code, asked for by whoever has the link', () => {
  const ask = (token: string, origin = 'https://relais.test') =>
    submit(gateway.visit(), '/access/ask?lang=en', { token, code: '' }).set('Origin', origin);
  const view = async (id: string) => (await gateway.http().get(`/api/v1/transfers/${id}`).expect(200)).body;
  const turnOf = async (id: string) =>
    (
      (await gateway.http('caseworker').get('/api/v1/worklist').expect(200)).body as {
        items: { transferId: string; next: string; group: string }[];
      }
    ).items.find(({ transferId }) => transferId === id);

  it('shows in the sender’s worklist until it is made, once, and is in the log', async () => {
    const { id, reference } = await sent();
    await gateway.deliver(id, postman);
    const token = linkIn(mailTo(reference));
    expect((await view(id)).codeAskedAt).toBeNull();
    const { text } = await ask(token).expect(200);
    expect(text).toContain('A new code is asked for');
    await ask(token).expect(200);
    expect((await view(id)).codeAskedAt).toMatch(/^20/);
    expect(await turnOf(id)).toMatchObject({ group: 'needs-action', next: 'tell-code' });
    expect((await actionsOf(id)).filter((action) => action === 'access-link.code-asked system')).toHaveLength(1);
    // The guest's own organization reads nothing of it in its view.
    const { body } = await gateway.http('recipient').get(`/api/v1/transfers/${id}`).expect(200);
    expect(body).not.toHaveProperty('codeAskedAt');
    const { code } = (await gateway.http().post(`/api/v1/transfers/${id}/access-code`).send({}).expect(200)).body;
    expect((await view(id)).codeAskedAt).toBeNull();
    expect(await turnOf(id)).toMatchObject({ group: 'waiting', next: 'await-answer' });
    await knock(gateway.visit(), { token, code }).expect(303);
    // It is used now, and can be asked for again.
    await ask(token).expect(200);
    expect((await view(id)).codeAskedAt).toMatch(/^20/);
  });

  it.each([
    ['the link was taken back', `update access_link set revoked_at = now(), revoked_by = '{}' where transfer_id = $1`],
    ['the content was purged', 'update transfer set content_purged_at = now() where id = $1'],
  ])('asks nobody for what cannot be made: %s', async (_what, spoil) => {
    const { id, reference } = await sent();
    await gateway.deliver(id, postman);
    await ask(linkIn(mailTo(reference))).expect(200);
    expect(await turnOf(id)).toMatchObject({ next: 'tell-code' });
    await gateway.database.query(spoil, [id]);
    expect((await view(id)).codeAskedAt).toBeNull();
    expect(await turnOf(id)).toMatchObject({ next: 'await-answer' });
  });

  const suspended = (is: boolean): Promise<unknown> =>
    gateway.database.query(`update partner set status = $2 where organization_id = $1 and guest is not null`, [
      guest,
      is ? 'suspended' : 'active',
    ]);
  it.each([
    ['once the guest has a system', hasSystem],
    ['while the guest is suspended', suspended],
  ])('asks nobody for a code %s', async (_what, change) => {
    const { id, reference } = await sent();
    await gateway.deliver(id, postman);
    await ask(linkIn(mailTo(reference))).expect(200);
    expect((await view(id)).codeAskedAt).not.toBeNull();
    await change(true);
    try {
      expect((await view(id)).codeAskedAt).toBeNull();
      await gateway.http().post(`/api/v1/transfers/${id}/access-code`).send({}).expect(409);
    } finally {
      await change(false);
    }
  });

  it('is told to whoever listens for changes', async () => {
    const { id, reference } = await sent();
    await gateway.deliver(id, postman);
    const heard: unknown[] = [];
    const feed = createChangeFeed({ pool: gateway.database.pool('relais_app'), log: () => undefined, everyMs: 50 });
    try {
      await feed.listen(gateway.sender.organizationId, {
        changed: (change) => void heard.push(change),
        ended: () => undefined,
      });
      await ask(linkIn(mailTo(reference))).expect(200);
      await expect.poll(() => heard, { timeout: 5_000 }).toEqual([{ kind: 'transfer', id }]);
    } finally {
      await feed.close();
    }
  });

  it('answers alike for what is no link of a guest’s, and nothing is written', async () => {
    const { id, personId, link } = await delivered();
    await gateway.http().post(`/api/v1/access-links/${link.id}/revoke`).send({}).expect(200);
    const ofPerson = await makeLink(gateway, personId);
    const answers = await Promise.all(
      [link.token, ofPerson.token, 'A'.repeat(43)].map(async (token) => (await ask(token).expect(200)).text),
    );
    expect(new Set(answers).size).toBe(1);
    expect((await view(id)).codeAskedAt).toBeNull();
    const asked = await gateway.database.query<{ count: number }>(
      `select count(*)::int as count from access_link where code_asked_at is not null and id = any($1)`,
      [[link.id, ofPerson.id]],
    );
    expect(asked[0]?.count).toBe(0);
  });

  it('is not asked for by another site, without a link, or when the log refuses the entry', async () => {
    const { id, link } = await delivered();
    await ask(link.token, 'https://elsewhere.example').expect(403);
    expect((await ask('').expect(403)).text).toContain('Your link is missing');
    await gateway.database.query('revoke insert on audit_entry from relais_identity');
    try {
      await ask(link.token).expect(500);
    } finally {
      await gateway.database.query('grant insert on audit_entry to relais_identity');
    }
    expect((await view(id)).codeAskedAt).toBeNull();
  });
});

describe('what a guest reads', () => {
  it('is what was sent, audited as a disclosure to both before its first byte, and the person may read of it', async () => {
    const { id, personId, reference, link } = await delivered();
    const { page, cookie } = await enter(gateway, link);
    for (const said of [
      reference,
      'Okafor',
      'Personne concernée',
      'Date de naissance',
      'J’accepte',
      'Je ne peux pas prendre en charge',
      'accès au logement',
    ]) {
      expect(page).toContain(said);
    }
    expect(page).not.toMatch(/<script|<style|\sstyle=/i);
    const actions = await actionsOf(id);
    expect(actions).toContain('access-link.opened guest');
    expect(actions).toContain('transfer.read guest');
    const report = await gateway.http().get(`/api/v1/persons/${personId}/disclosures?lang=en`).expect(200);
    expect(report.body.disclosures[0].readings[0]).toMatch(/^A member of staff of Toit Commun looked this transfer up/);
    await gateway.database.query('revoke insert on audit_entry from relais_app');
    try {
      const refused = await gateway.visit().get('/access/received').set('Cookie', cookie).expect(500);
      expect(refused.text).not.toContain('Okafor');
    } finally {
      await gateway.database.query('grant insert on audit_entry to relais_app');
    }
  });

  it('names who sent it, but for a sender whose name reveals', async () => {
    const { link } = await delivered();
    const { page, cookie } = await enter(gateway, link);
    expect(page).toContain('De\u00a0: CCAS de Valmont');
    const set = 'update organization set confidential_by_nature = $2 where id = $1';
    await gateway.database.query(set, [gateway.sender.organizationId, true]);
    try {
      const hidden = await gateway.visit().get('/access/received?lang=fr').set('Cookie', cookie).expect(200);
      expect(hidden.text).not.toContain('De\u00a0: ');
    } finally {
      await gateway.database.query(set, [gateway.sender.organizationId, false]);
    }
  });

  it('is decided again at each reading: after a withdrawal or an objection nothing of it is shown', async () => {
    for (const end of ['withdraw', 'object'] as const) {
      const { consentId, personId, id, link } = await delivered();
      const { cookie, page } = await enter(gateway, link);
      expect(page).toContain('Okafor');
      if (end === 'withdraw') await gateway.http().post(`/api/v1/consents/${consentId}/withdraw`).send({}).expect(200);
      else
        await gateway
          .http()
          .post(`/api/v1/persons/${personId}/contests`)
          .send({ kind: 'objection', words: 'No.' })
          .expect(201);
      const after = await gateway.visit().get('/access/received?lang=fr').set('Cookie', cookie).expect(200);
      expect(after.text).toContain('ne peut plus être lu');
      expect(after.text).not.toContain('Okafor');
      if (end === 'withdraw') expect(after.text).toContain('ne plus l’utiliser');
      expect(await actionsOf(id)).toContain('access.refused guest');
    }
  });

  it('is decided again: a mark in a newer version and a smaller yes show nothing either', async () => {
    const marked = await delivered();
    const first = await enter(gateway, marked.link);
    await gateway.putCase((record) => {
      const person = record['person'] as Record<string, unknown>;
      person['about'] = { ...(person['about'] as object), names: { source: 'declared', doNotShare: true } };
    }, marked.caseId);
    const hidden = await gateway.visit().get('/access/received?lang=fr').set('Cookie', first.cookie).expect(200);
    expect(hidden.text).toContain('ne peut plus être lu');
    expect(hidden.text).not.toContain('Okafor');

    const narrowed = await delivered();
    const second = await enter(gateway, narrowed.link);
    const smaller = consentFor(narrowed.personId, guest, {
      labels: ['housing'],
      supersedes: [narrowed.consentId],
    });
    await gateway.http().post('/fhir/Consent').send(smaller).expect(201);
    const after = await gateway.visit().get('/access/received?lang=fr').set('Cookie', second.cookie).expect(200);
    expect(after.text).toContain('ne peut plus être lu');
    expect(after.text).not.toContain('Okafor');
  });

  it('is gone after the purge, and from then on the page says so', async () => {
    const { id, link } = await delivered();
    const { cookie } = await enter(gateway, link);
    await gateway.database.query('update transfer_content set purge_at = now() where transfer_id = $1', [id]);
    await gateway.database.query('update transfer set purge_at = now() where id = $1', [id]);
    expect(await gateway.store.purgeDueContent()).toBeGreaterThan(0);
    const after = await gateway.visit().get('/access/received?lang=en').set('Cookie', cookie).expect(200);
    expect(after.text).toContain('This can no longer be read');
    expect(after.text).not.toContain('Okafor');
  });

  it('tells of no notice about another transfer to the same service', async () => {
    const one = await delivered();
    const other = await delivered();
    await gateway.http().post(`/api/v1/consents/${one.consentId}/withdraw`).send({}).expect(200);
    const { page } = await enter(gateway, other.link);
    expect(page).toContain('Okafor');
    expect(page).not.toContain('ne plus l’utiliser');
  });

  it('is one transfer, and none of the person’s pages; nor does a person see a guest’s', async () => {
    const { personId, consentId, link } = await delivered();
    const { cookie, csrf } = await enter(gateway, link);
    for (const page of ['/access/mine', '/access/mine/contests?kind=objection']) {
      await gateway.visit().get(page).set('Cookie', cookie).expect(404);
    }
    await submit(gateway.visit(), `/access/mine/consents/${consentId}`, { csrf }).set('Cookie', cookie).expect(404);
    const person = await enter(gateway, await makeLink(gateway, personId));
    await gateway.visit().get('/access/received').set('Cookie', person.cookie).expect(404);
  });
});

describe('a guest’s answer', () => {
  const fields = (answer: string, csrf: string, more = {}) => ({
    answer,
    words: '',
    form: randomUUID(),
    csrf,
    ...more,
  });

  it('is taken once, however often its form is sent, and leads to the outcome', async () => {
    const { id, link } = await delivered();
    const { cookie, csrf } = await enter(gateway, link);
    const send = (body: Record<string, string>) =>
      submit(gateway.visit(), '/access/received?lang=fr', body).set('Cookie', cookie);
    const question = fields('ask', csrf, { words: 'Il me manque une fiche de paie.' });
    expect((await Promise.all([send(question), send(question)])).map(({ status }) => status)).toEqual([200, 200]);
    await send(fields('accept', csrf, { words: 'D’accord.' })).expect(200);
    const outcome = await send(fields('outcome', csrf, { words: 'Plan de dettes signé.' })).expect(200);
    expect(outcome.text).toContain('Vous n’avez plus rien à faire');
    const { referralStatus, timeline } = await statusOf(id);
    expect(referralStatus).toBe('completed');
    const told = timeline.filter(({ status }) => status.startsWith('referral:'));
    expect(told.map(({ status, message }) => [status, message])).toEqual([
      ['referral:on-hold', 'Il me manque une fiche de paie.'],
      ['referral:accepted', 'D’accord.'],
      ['referral:completed', 'Plan de dettes signé.'],
    ]);
    const late = await send(fields('decline', csrf, { reason: 'other' })).expect(409);
    expect(late.text).toContain('Une réponse a déjà été donnée');
    expect((await gateway.visit().get('/access/received').set('Cookie', cookie)).text).not.toContain('name="answer"');
  });

  it('that declines needs a coded reason; every form needs its token', async () => {
    const { id, link } = await delivered();
    const { cookie, csrf } = await enter(gateway, link);
    const send = (body: Record<string, string>) =>
      submit(gateway.visit(), '/access/received?lang=en', body).set('Cookie', cookie);
    await send(fields('decline', csrf)).expect(422);
    await send(fields('decline', csrf, { reason: 'because' })).expect(422);
    await send(fields('ask', csrf)).expect(422);
    await send(fields('decline', 'x'.repeat(43), { reason: 'no-capacity' })).expect(403);
    expect((await statusOf(id)).referralStatus).toBe('requested');
    await send(fields('decline', csrf, { reason: 'no-capacity' })).expect(200);
    const { referralStatus, timeline } = await statusOf(id);
    expect(referralStatus).toBe('rejected');
    expect(timeline.at(-1)).toMatchObject({ declined: { code: 'no-capacity' } });
    expect(timeline.at(-1)).not.toHaveProperty('message');
    expect(csrfOf('')).toBe('');
  });

  it('that declines is read in the reader’s language, its own words as written, and by software as a code', async () => {
    const { id, link } = await delivered();
    const { cookie, csrf } = await enter(gateway, link);
    const body = fields('decline', csrf, { reason: 'not-reachable', words: 'Nous avons appelé trois fois.' });
    await submit(gateway.visit(), '/access/received?lang=fr', body).set('Cookie', cookie).expect(200);
    const seen = async (lang: string) =>
      (await gateway.http().get(`/api/v1/transfers/${id}`).set('Accept-Language', lang).expect(200)).body as {
        taskId: string;
        timeline: { declined?: { code: string; text: string }; message?: string }[];
      };
    const en = await seen('en');
    expect(en.timeline.at(-1)).toMatchObject({
      declined: { code: 'not-reachable', text: 'The person could not be reached' },
      message: 'Nous avons appelé trois fois.',
    });
    expect((await seen('fr')).timeline.at(-1)?.declined?.text).toBe('La personne n’a pas pu être jointe');
    const task = (await gateway.http().get(`/fhir/Task/${en.taskId}`).expect(200)).body;
    expect(task.statusReason).toEqual({
      coding: [{ system: 'https://relais.example/fhir/CodeSystem/decline-reason', code: 'not-reachable' }],
    });
    expect(task.note.map(({ text }: { text: string }) => text)).toEqual(['Nous avons appelé trois fois.']);
  });

  it('comes from somebody of whom the sender’s view says that they have no system', async () => {
    const { id } = await sent();
    const view = async () => (await gateway.http().get(`/api/v1/transfers/${id}`).expect(200)).body;
    expect((await view()).recipientIsGuest).toBe(true);
    // Who got a system since is told by it, and no code is made.
    await hasSystem(true);
    try {
      expect((await view()).recipientIsGuest).toBe(false);
      await gateway.http().post(`/api/v1/transfers/${id}/access-code`).send({}).expect(409);
    } finally {
      await hasSystem(false);
    }
  });
});
