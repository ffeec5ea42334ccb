import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPostman } from '../../src/adapters/mail/postman.js';
import { takeMail } from '../../src/demo/mailbox/take-mail.js';
import { runCli } from '../cli/run-cli.js';
import { enter } from '../support/links.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

/** Partners that have no system, as an operator registers and looks after them. Who may: test/http/partners.test.ts. */

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

const operator = () => gateway.http('operator');
const newOrganization = (name = `Conseil Dettes ${randomUUID().slice(0, 8)}`) => ({
  name,
  sector: 'social',
  function: { en: 'debt advice', fr: 'conseil en gestion de dettes' },
  secrecy: 'duty-of-discretion',
  confidentialByNature: false,
});
const CONTACT = {
  email: 'accueil@conseil-dettes.example',
  lang: 'fr',
  channel: { kind: 'phone', hint: '01 99 00 24 16' },
};
const register = (more: object = {}) =>
  operator()
    .post('/api/v1/partners')
    .send({ organization: newOrganization(), guest: CONTACT, ...more });
const registered = async (more: object = {}) => (await register(more).expect(201)).body;
const shown = async (id: string) => (await operator().get(`/api/v1/partners/${id}`).expect(200)).body;
const rulesIn = (body: { violations?: { path: string; rule: string }[] }): string[] =>
  (body.violations ?? []).map(({ path, rule }) => `${path} ${rule}`);
const counts = async (): Promise<unknown> =>
  gateway.database.query(
    `select (select count(*) from partner) as partners, (select count(*) from organization) as organizations,
            (select count(*) from audit_entry where entry ->> 'action' = 'partner.changed') as entries`,
  );
const auditOf = async (partnerId: string) =>
  gateway.database.query<{ action: string; outcome: string; codes: Record<string, unknown>; entry: object }>(
    `select entry ->> 'action' as action, entry ->> 'outcome' as outcome, entry -> 'codes' as codes, entry from audit_entry
      where entry -> 'codes' ->> 'partnerId' = $1 order by at, id`,
    [partnerId],
  );

describe('a guest is registered', () => {
  it('with its organization, under its name, with nothing by which it could call', async () => {
    const organization = newOrganization();
    const body = await registered({ organization });
    expect(body).toMatchObject({
      name: organization.name,
      status: 'active',
      guest: true,
      contact: CONTACT,
      keys: null,
      endpoint: null,
      scopes: [],
      organization,
    });
    expect(body.steps).toEqual([
      { step: 'organization', state: 'done' },
      { step: 'agreement', state: 'missing' },
      { step: 'contact', state: 'done' },
      { step: 'notice', state: 'missing' },
    ]);
    const [entry, ...more] = await auditOf(body.id as string);
    expect([entry?.action, entry?.codes['change'], more.length]).toEqual(['partner.changed', 'created', 0]);
    expect(JSON.stringify(entry)).not.toMatch(/example|01 99|Conseil/);
    const list = (await operator().get('/api/v1/partners').expect(200)).body.partners;
    expect(list.find(({ id }: { id: string }) => id === body.id)).toMatchObject({ guest: true });
  });

  it('as the command line does it: one way, with the same rules', async () => {
    const { organization } = await registered();
    const { id } = organization as { id: string };
    const options = (of: string, email = CONTACT.email, hint = '01 99 00 24 16') => [
      ...['guest', 'add', '--organization', of, '--email', email],
      ...['--channel', 'phone', '--hint', hint],
    ];
    const before = await counts();
    const again = await runCli(options(id), gateway.database);
    expect([again.code, again.err]).toEqual([
      expect.not.stringMatching('0'),
      expect.stringContaining('receives already'),
    ]);
    for (const [email, hint] of [
      ['a@b.example\r\nBcc: c@d.example', '01'],
      [CONTACT.email, CONTACT.email],
    ]) {
      expect((await runCli(options(gateway.other.organizationId, email, hint), gateway.database)).code).not.toBe(0);
    }
    expect(await counts()).toEqual(before);
  });

  const missing = { ...CONTACT, channel: undefined };
  const refusals: readonly (readonly [string, object, readonly string[]])[] = [
    ['without an address', { guest: { ...CONTACT, email: undefined } }, ['/guest/email schema.invalid-type']],
    ['with an empty address', { guest: { ...CONTACT, email: '' } }, ['/guest/email schema.too-small']],
    [
      'with two addresses',
      { guest: { ...CONTACT, email: 'a@b.example, c@d.example' } },
      ['/guest/email partner.email'],
    ],
    [
      'with another header in its address',
      { guest: { ...CONTACT, email: 'a@b.example\r\nBcc: c@d.example' } },
      ['/guest/email partner.email'],
    ],
    ['with a line feed', { guest: { ...CONTACT, email: 'a@b.example\n' } }, ['/guest/email partner.email']],
    [
      'with too long an address',
      { guest: { ...CONTACT, email: `${'a'.repeat(250)}@b.example` } },
      ['/guest/email schema.too-big'],
    ],
    ['in a language that has no notice', { guest: { ...CONTACT, lang: 'de' } }, ['/guest/lang schema.invalid-value']],
    ['without another way', { guest: missing }, ['/guest/channel schema.invalid-type']],
    [
      'with e-mail as the other way',
      { guest: { ...CONTACT, channel: { kind: 'email', hint: 'x' } } },
      ['/guest/channel/kind schema.invalid-value'],
    ],
    [
      'with a hint of several lines',
      { guest: { ...CONTACT, channel: { kind: 'phone', hint: '01\n02' } } },
      ['/guest/channel/hint partner.channel'],
    ],
    [
      'with a mailbox as the place where the code is told',
      { guest: { ...CONTACT, channel: { kind: 'post', hint: 'chef@b.example' } } },
      ['/guest/channel/hint partner.channel-mail'],
    ],
    ['with keys', { keys: { jwksUri: 'https://auth.example.org/jwks' } }, ['/keys partner.guest-alone']],
    [
      'with an endpoint',
      {
        endpoint: {
          url: 'https://fhir.example.org/r4',
          tokenUrl: 'https://auth.example.org/token',
          clientId: 'relais',
          scope: 'system/Bundle.c',
          idempotency: 'key',
        },
      },
      ['/endpoint partner.guest-alone'],
    ],
    [
      'with rights, a client id and a name of its own',
      { scopes: ['system/Task.ru'], clientId: 'x', name: 'y' },
      ['/name partner.guest-alone', '/clientId partner.guest-alone', '/scopes partner.guest-alone'],
    ],
    ['with what nobody knows', { guest: { ...CONTACT, sms: '06' } }, ['/guest schema.unrecognized-keys']],
    ['as null', { guest: null }, ['/guest schema.invalid-type']],
    ['with no organization', { organization: undefined }, ['/organizationId schema.custom']],
  ];
  it.each(refusals)('but not %s: each place is named, and nothing is kept', async (_what, more, expected) => {
    const before = await counts();
    const answer = await register(more).expect(422);
    expect(rulesIn(answer.body)).toEqual(expected);
    expect(answer.text).not.toMatch(/b\.example|auth\.example/);
    expect(await counts()).toEqual(before);
  });

  it('nor a partner without system and without contact: what each needs is named, in the reader’s language', async () => {
    const answer = await register({ guest: undefined }).set('Accept-Language', 'fr').expect(422);
    expect(rulesIn(answer.body)).toEqual(
      ['/name', '/clientId', '/scopes', '/keys'].map((path) => `${path} partner.needed`),
    );
    expect(answer.body.violations[0].message).toBe('C’est nécessaire pour un partenaire qui a un système.');
  });

  it('nor for an organization that nobody knows', async () => {
    const answer = await register({ organization: undefined, organizationId: randomUUID() }).expect(422);
    expect(answer.body.code).toBe('partner.organization-unknown');
  });

  it('nor beside what receives already: a guest, or a system that is not suspended', async () => {
    const { organization, id } = await registered();
    const of = { organization: undefined, organizationId: organization.id as string };
    expect((await register(of).expect(409)).body.code).toBe('partner.receives-already');
    await operator().post(`/api/v1/partners/${id}/suspend`).expect(200);
    expect((await register(of).expect(409)).body.code).toBe('partner.receives-already');

    const toit = { organization: undefined, organizationId: gateway.recipient.organizationId };
    expect((await register(toit).expect(409)).body.code).toBe('partner.receives-already');
  });

  it('once, when two come at once', async () => {
    const [system] = await gateway.database.query<{ id: string }>(
      `insert into organization (id, name, sector, function_en, function_fr, secrecy)
       values ($1, 'Deux clics', 'social', 'x', 'x', 'none') returning id`,
      [randomUUID()],
    );
    const of = { organization: undefined, organizationId: system!.id };
    const answers = await Promise.all([register(of), register(of), register(of)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });
});

describe('a guest’s contact', () => {
  const put = (id: string, body: object) => operator().put(`/api/v1/partners/${id}/contact`).send(body);
  const moved = { email: 'contact@conseil.example', lang: 'en', channel: { kind: 'in-person', hint: 'Desk 3' } };

  it('is changed, audited without it, and the same again changes nothing', async () => {
    const { id } = await registered();
    expect((await put(id, moved).expect(200)).body.contact).toEqual(moved);
    expect((await shown(id)).contact).toEqual(moved);
    await put(id, moved).expect(200);
    const entries = await auditOf(id);
    expect(entries.map(({ codes }) => codes['change'])).toEqual(['created', 'contact-changed']);
    expect(JSON.stringify(entries)).not.toMatch(/example|Desk/);
  });

  it.each([
    ['another header', { ...moved, email: 'a@b.example\r\nBcc: c@d.example' }, '/email partner.email'],
    ['a name beside the address', { ...moved, email: '"a" <a@b.example>' }, '/email partner.email'],
    ['too long', { ...moved, email: `${'a'.repeat(250)}@b.example` }, '/email schema.too-big'],
    [
      'the code in a mailbox',
      { ...moved, channel: { kind: 'phone', hint: 'a@b.example' } },
      '/channel/hint partner.channel-mail',
    ],
    ['several lines', { ...moved, channel: { kind: 'phone', hint: 'a\r\nb' } }, '/channel/hint partner.channel'],
    ['no language', { ...moved, lang: '' }, '/lang schema.invalid-value'],
  ])('with %s is refused at its place, and stays as it was', async (_what, body, expected) => {
    const { id } = await registered();
    const answer = await put(id, body).expect(422);
    expect(rulesIn(answer.body)).toEqual([expected]);
    expect((await shown(id)).contact).toEqual(CONTACT);
    expect(await auditOf(id)).toHaveLength(1);
  });

  it('is not given to a partner that has a system, nor a system to a guest', async () => {
    const [system] = await gateway.database.query<{ id: string }>('select id from partner where organization_id = $1', [
      gateway.recipient.organizationId,
    ]);
    expect(rulesIn((await put(system!.id, moved).expect(422)).body)).toEqual(['/guest partner.guest']);
    expect((await shown(system!.id)).contact).toBeNull();

    const { id } = await registered();
    const endpoint = {
      url: 'https://fhir.example.org/r4',
      tokenUrl: 'https://auth.example.org/token',
      clientId: 'relais',
      scope: 'system/Bundle.c',
      idempotency: 'key',
    };
    const refused = await operator().put(`/api/v1/partners/${id}/endpoint`).send(endpoint).expect(422);
    expect(rulesIn(refused.body)).toContain('/guest partner.guest');
    const keys = { keys: { jwksUri: 'https://auth.example.org/jwks' }, formerEndInHours: 0 };
    const keyless = await operator().post(`/api/v1/partners/${id}/keys`).send(keys).expect(422);
    expect(rulesIn(keyless.body)).toContain('/guest partner.guest');
    await put(randomUUID(), moved).expect(404);
  });
});

describe('a test notice', () => {
  const step = (name: string, result = 'passed', cause: string | null = null) =>
    ({ step: name, result, cause, ms: 3 }) as never;
  const PASSING = [step('mail-server'), step('mail-connection'), step('mail-taken')];
  async function tested(id: string) {
    await operator().post(`/api/v1/partners/${id}/tests`).expect(202);
    for (let n = 0; n < 200; n += 1) {
      const body = await shown(id);
      if (body.lastTest !== null && body.lastTest.state !== 'running') return body;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('The test did not end');
  }

  it('goes to its contact, and counts until the address changes; the rest of the contact does not matter', async () => {
    const { id } = await registered();
    gateway.partners.scripted.steps = PASSING;
    expect((await tested(id)).steps.at(-1)).toEqual({ step: 'notice', state: 'done' });
    expect(gateway.partners.scripted.guests.at(-1)).toEqual(CONTACT);
    const elsewhere = { ...CONTACT, channel: { kind: 'post', hint: '12 rue de l’Église' } };
    const put = (body: object) => operator().put(`/api/v1/partners/${id}/contact`).send(body).expect(200);
    expect((await put(elsewhere)).body.steps.at(-1).state).toBe('done');
    const { lastTest, steps } = (await put({ ...elsewhere, email: 'autre@conseil.example' })).body;
    expect([lastTest.current, steps.at(-1).state]).toEqual([false, 'outdated']);
    const entries = (await auditOf(id)).map(({ action, outcome }) => `${action} ${outcome}`);
    expect(entries.slice(1, 3)).toEqual(['partner.test-begun success', 'partner.test-ended success']);
  });

  it('says in the reader’s language what failed and what to do; the log keeps the cause', async () => {
    const { id } = await registered();
    gateway.partners.scripted.steps = [step('mail-server', 'failed', 'mail-not-set-up')];
    expect((await tested(id)).steps.at(-1).state).toBe('failed');
    const french = await operator().get(`/api/v1/partners/${id}`).set('Accept-Language', 'fr').expect(200);
    expect(french.body.lastTest.steps[0].text).toMatch(/^Aucun serveur de courriel n’est configuré/);
    const last = (await auditOf(id)).at(-1)!;
    expect(last.codes).toMatchObject({ step: 'mail-server', cause: 'mail-not-set-up' });
    expect(JSON.stringify(last)).not.toContain('example');
  });
});

describe('a guest whose contact changes, or that is suspended', () => {
  let sink: Awaited<ReturnType<typeof takeMail>>;
  let postman: ReturnType<typeof createPostman>;
  let id: string;
  beforeAll(async () => {
    sink = await takeMail();
    postman = createPostman({ url: sink.url, from: 'relais@relais.test' });
    // The recipient of the agreement, which has a system in other tests, has none here.
    const { organizationId } = gateway.recipient;
    await gateway.database.query('update partner set endpoint = null, webhook = null where organization_id = $1', [
      organizationId,
    ]);
    ({ id } = await registered({ organization: undefined, organizationId }));
  });
  afterAll(async () => {
    postman.close();
    await sink.close();
  });
  beforeEach(() => operator().post(`/api/v1/partners/${id}/resume`).expect(200));

  async function queued(): Promise<string> {
    const { caseId, personId } = await gateway.putCase();
    await gateway.http().post('/fhir/Consent').send(consentFor(personId, gateway.recipient.organizationId)).expect(201);
    return (await gateway.ask(caseId).expect(202)).body.id as string;
  }

  it('is sent no notice, what waits for it waits, and leaves to the contact as it is then', async () => {
    const waits = await queued();
    await operator().post(`/api/v1/partners/${id}/suspend`).expect(200);
    expect(await gateway.deliver(waits, postman)).toBe('not-ours');
    expect(sink.mails).toHaveLength(0);
    const { caseId } = await gateway.putCase();
    expect(JSON.stringify((await gateway.ask(caseId).expect(403)).body)).toContain('deny.recipient-suspended');
    const moved = { ...CONTACT, email: 'nouveau@conseil.example' };
    await operator().put(`/api/v1/partners/${id}/contact`).send(moved).expect(200);
    await operator().post(`/api/v1/partners/${id}/resume`).expect(200);
    expect(await gateway.deliver(waits, postman)).toBe('received');
    expect(sink.mails.map(({ to }) => to)).toEqual(['nouveau@conseil.example']);
  });

  it('whose address was refused gets the same notice at the right one, once it is sent again', async () => {
    const refused = await queued();
    sink.answer = '550 no such user';
    expect(await gateway.deliver(refused, postman)).toBe('rejected');
    sink.answer = '250 ok';
    const before = sink.mails.length;
    const right = { ...CONTACT, email: 'juste@conseil.example' };
    await operator().put(`/api/v1/partners/${id}/contact`).send(right).expect(200);
    await gateway.http().post(`/api/v1/transfers/${refused}/replay`).send({}).expect(200);
    expect(await gateway.deliver(refused, postman)).toBe('received');
    expect(sink.mails.slice(before).map(({ to }) => to)).toEqual(['juste@conseil.example']);
    expect(sink.mails.at(-1)!.data).toContain(`Message-ID: <${refused}@`);
  });

  it('reads nothing of what was sent before, until it is let in again', async () => {
    const sent = await queued();
    expect(await gateway.deliver(sent, postman)).toBe('received');
    const token = /#([A-Za-z0-9_-]{43})/.exec(
      sink.mails.at(-1)!.data.replaceAll('=\r\n', '').replaceAll('=3D', '='),
    )![1]!;
    const { body } = await gateway.http().post(`/api/v1/transfers/${sent}/access-code`).send({}).expect(200);
    expect(body.channel).toEqual(CONTACT.channel);
    const { cookie } = await enter(gateway, { id: body.link.id, url: '', token, code: body.code });
    const page = async () => (await gateway.visit().get('/access/received').set('Cookie', cookie)).text;
    expect(await page()).toContain('Okafor');
    await operator().post(`/api/v1/partners/${id}/suspend`).expect(200);
    expect(await page()).not.toContain('Okafor');
    await gateway.http().post(`/api/v1/transfers/${sent}/access-code`).send({}).expect(409);
    await operator().post(`/api/v1/partners/${id}/resume`).expect(200);
    expect(await page()).toContain('Okafor');
  });
});
