import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonId } from '../../src/kernel/ids.js';
import { seedOrganization } from '../support/fixtures.js';
import { cookieOf, csrfOf, enter, knock, makeLink, submit } from '../support/links.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

/** The person reads who received what, and takes back what they said, by a one-time link and a code. */

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

const QUERY = 'update access_link set expires_at = now() where id = $1';

/** A person, a consent, and a transfer that was delivered. */
async function aLife(labels?: readonly string[]) {
  const { caseId, personId } = await gateway.putCase();
  const consent = await gateway
    .http()
    .post('/fhir/Consent')
    .send(consentFor(personId, gateway.recipient.organizationId, labels === undefined ? {} : { labels }))
    .expect(201);
  const { body } = await gateway.ask(caseId).expect(202);
  expect(await gateway.deliver(body.id as string)).toBe('received');
  return {
    caseId,
    personId,
    consentId: consent.body.id as string,
    transferId: body.id as string,
    reference: body.reference as string,
  };
}
const entriesOf = (personId: string) =>
  gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
    tx.listAudit({ personId: personId as PersonId, limit: 100 }),
  );
const read = (path: string, cookie: string) => gateway.visit().get(path).set('Cookie', cookie);
const mine = (cookie: string) => read('/access/mine?lang=en', cookie);
/** What stands on a page, without what is new on every one. */
const bytesOf = (page: string): string => page.replaceAll(/name="csrf" value="[^"]+"/g, '');

describe('a link', () => {
  it('opens the person’s page once, with its code, and is told once', async () => {
    const { personId, reference } = await aLife();
    const link = await makeLink(gateway, personId, 'fr');
    expect(link.url).toMatch(/^https:\/\/relais\.test\/access\?lang=fr#[A-Za-z0-9_-]{43}$/);
    expect(link.code).toMatch(/^\d{6}$/);
    const opened = await knock(gateway.visit(), { ...link, code: `${link.code.slice(0, 3)} ${link.code.slice(3)}` });
    expect([opened.status, opened.headers['location']]).toEqual([303, '/access/mine?lang=fr']);
    const [cookie] = opened.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(
      /^__Secure-relais-access=[A-Za-z0-9_-]{43}; Path=\/access; HttpOnly; SameSite=Strict; Secure$/,
    );
    const page = await read('/access/mine?lang=fr', cookieOf(opened)).expect(200);
    expect(page.headers['content-language']).toBe('fr');
    for (const said of [reference, 'Toit Commun', 'Retirer mon accord', 'Je m’oppose', 'C’est inexact', 'accueil']) {
      expect(page.text).toContain(said);
    }
    expect(page.text).not.toMatch(/<script|<style|\sstyle=|\son\w+=|Okafor|Grace/i);

    const listed = await gateway.http().get(`/api/v1/persons/${personId}/access-links`).expect(200);
    expect(listed.body.links).toEqual([expect.objectContaining({ id: link.id, state: 'used', codesTried: 1 })]);
    expect(listed.text).not.toContain(link.token);
    await knock(gateway.visit(), link).expect(403);
  });

  it('is made by whoever keeps the record, for somebody whose way is safe, and taken back by them alone', async () => {
    const { personId } = await aLife();
    const path = `/api/v1/persons/${personId}/access-links`;
    await gateway.http().post(path).send({ lang: 'en' }).expect(422);
    await gateway.http().post(path).send({ lang: 'en', safeChannel: false }).expect(422);
    await gateway.http('other').post(path).send({ lang: 'en', safeChannel: true }).expect(404);
    await gateway.http('other').get(path).expect(404);
    const { id } = await makeLink(gateway, personId);
    await gateway.http('other').post(`/api/v1/access-links/${id}/revoke`).send({}).expect(404);
    await gateway.http('dpo').post(`/api/v1/access-links/${id}/revoke`).send({}).expect(200);
    const again = await gateway.http().post(`/api/v1/access-links/${id}/revoke`).send({}).expect(200);
    expect(again.body.state).toBe('revoked');
    const actions = (await entriesOf(personId)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'access-link.revoked')).toHaveLength(1);
  });

  it('writes down who opened, who tried and who read, before the first byte', async () => {
    const { personId } = await aLife();
    const link = await makeLink(gateway, personId);
    await knock(gateway.visit(), { ...link, code: wrong(link.code) }).expect(403);
    await enter(gateway, link);
    const entries = (await entriesOf(personId)).filter(({ action }) => /link|report|searched/.test(action));
    const told = entries.map(({ action, outcome, actor, codes }) => [action, outcome, actor.type, codes?.['attempt']]);
    expect(told.toReversed()).toEqual([
      ['access-link.made', 'success', 'partner', undefined],
      ['access-link.refused', 'refused', 'system', 1],
      ['access-link.opened', 'success', 'person', 2],
      ['report.read', 'success', 'person', undefined],
      ['consent.searched', 'success', 'person', undefined],
    ]);
    const officer = await gateway.http('dpo').get(`/fhir/AuditEvent?patient=${personId}`).expect(200);
    expect(officer.text).toContain(`"who":{"reference":"Patient/${personId}"`);
  });

  it('is refused, and not opened, when the log refuses the entry', async () => {
    const { personId } = await aLife();
    const link = await makeLink(gateway, personId);
    await gateway.database.query('revoke insert on audit_entry from relais_identity');
    try {
      const answer = await knock(gateway.visit(), link).expect(500);
      expect(answer.headers['set-cookie']).toBeUndefined();
    } finally {
      await gateway.database.query('grant insert on audit_entry to relais_identity');
    }
    await knock(gateway.visit(), link).expect(303);
  });

  it('is opened by one of many that come at once', async () => {
    const { personId } = await aLife();
    const link = await makeLink(gateway, personId);
    const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await knock(gateway.visit(), link)).status));
    expect(statuses.sort()).toEqual([303, 403, 403, 403]);
  });
});

const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('a link that opens nothing', () => {
  type Spoil = (of: {
    readonly id: string;
    readonly personId: string;
    readonly token: string;
    readonly code: string;
  }) => Promise<unknown> | { readonly token: string; readonly code: string };
  const spoiled: Readonly<Record<string, Spoil>> = {
    expired: ({ id }) => gateway.database.query(QUERY, [id]),
    revoked: ({ id }) => gateway.http().post(`/api/v1/access-links/${id}/revoke`).send({}).expect(200),
    used: (link) => knock(gateway.visit(), link).expect(303),
    'locked by five wrong codes': async (link) => {
      for (let left = 4; left >= 0; left -= 1) {
        const { text } = await knock(gateway.visit(), { ...link, code: wrong(link.code) }).expect(403);
        expect(text).toContain(left === 0 ? 'opens nothing' : left === 1 ? 'once more' : `${left} more times`);
      }
    },
    'of a person who is erased': ({ personId }) =>
      gateway.store.asOrganization(gateway.sender.organizationId, (tx) => tx.erasePerson(personId as PersonId)),
    'with another’s token': ({ code }) => ({ token: 'A'.repeat(43), code }),
    'without a token': ({ code }) => ({ token: '', code }),
    'with a token cut short': ({ token, code }) => ({ token: token.slice(0, 42), code }),
  };

  it.each(Object.keys(spoiled))('%s: the same page, whatever the code, and no cookie', async (name) => {
    const { personId } = await aLife();
    const link = await makeLink(gateway, personId);
    const change = await spoiled[name]!({ ...link, personId });
    const given = change !== undefined && Object.hasOwn(change as object, 'token') ? (change as typeof link) : link;
    const answer = await knock(gateway.visit(), { ...link, ...(given !== link && given) }).expect(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
    const unknown = await knock(gateway.visit(), { token: 'B'.repeat(43), code: '000000' }).expect(403);
    // But for what the visitor brought along.
    const bare = (page: string): string => page.replace(/(name="token" value=")[^"]*/, '$1');
    expect(bare(answer.text)).toBe(bare(unknown.text));
  });

  it('nor does one whose form another site sent, or a request that names no site of ours', async () => {
    const { personId } = await aLife();
    const link = await makeLink(gateway, personId);
    for (const headers of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'https://relais.test', 'Sec-Fetch-Site': 'same-site' },
    ]) {
      const answer = await knock(gateway.visit(), link).set(headers).expect(403);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    await knock(gateway.visit(), link)
      .set({ Origin: 'https://relais.test', 'Sec-Fetch-Site': 'same-origin' })
      .expect(303);
  });

  it('after twenty refusals from one address it is told to wait, the right code too', async () => {
    const { personId } = await aLife();
    const link = await makeLink(gateway, personId);
    const visitor = gateway.visit();
    for (let round = 0; round < 20; round += 1)
      await knock(visitor, { token: 'C'.repeat(43), code: '000000' }).expect(403);
    const answer = await knock(visitor, link).expect(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(500);
    expect(answer.text).toContain('your link is not lost');
    await knock(gateway.visit(), link).expect(303);
  });

  it.each([
    ['no form at all', {}, 422],
    ['a field too many', { token: 'x', code: 'y', more: 'z' }, 422],
    ['a code as long as a page', { token: 'x', code: '1'.repeat(9_000) }, 413],
  ])('%s is a page that says what to do, and repeats nothing', async (_name, fields, status) => {
    const answer = await submit(gateway.visit(), '/access?lang=fr', fields);
    expect([answer.status === 400 ? 422 : answer.status, answer.type]).toEqual([status, 'text/html']);
    expect(answer.text).toContain('<html lang="fr">');
    expect(answer.text).not.toContain('1111');
  });
});

describe('the session of a link', () => {
  const ended: Readonly<
    Record<string, (of: { readonly id: string; readonly cookie: string; readonly csrf: string }) => Promise<unknown>>
  > = {
    'idle for 30 minutes': ({ id }) =>
      gateway.database.query(
        `update access_session set last_seen_at = now() - interval '30 minutes' where link_id = $1`,
        [id],
      ),
    // The link was opened then too: a session that is older than its link's opening ends for that reason.
    'four hours old': async ({ id }) => {
      await gateway.database.query(
        `update access_link set opened_at = now() - interval '4 hours 1 second' where id = $1`,
        [id],
      );
      await gateway.database.query(
        `update access_session set created_at = now() - interval '4 hours' where link_id = $1`,
        [id],
      );
    },
    'whose link was taken back': ({ id }) =>
      gateway.http().post(`/api/v1/access-links/${id}/revoke`).send({}).expect(200),
    'whose link’s time is over': ({ id }) => gateway.database.query(QUERY, [id]),
    'that was closed': ({ cookie, csrf }) =>
      submit(gateway.visit(), '/access/leave?lang=en', { csrf }).set('Cookie', cookie).expect(303),
  };
  it.each(Object.keys(ended))('%s shows nothing and does nothing', async (name) => {
    const { personId, consentId } = await aLife();
    const link = await makeLink(gateway, personId);
    const { cookie, csrf } = await enter(gateway, link);
    await mine(cookie).expect(200);
    await ended[name]!({ id: link.id, cookie, csrf });
    const page = await mine(cookie).expect(403);
    expect(page.text).toContain('This page is closed');
    expect(page.text).not.toContain('Toit Commun');
    await submit(gateway.visit(), `/access/mine/consents/${consentId}`, { csrf }).set('Cookie', cookie).expect(403);
    expect((await gateway.http().get(`/fhir/Consent/${consentId}`)).body.status).toBe('active');
  });

  it('is nothing without its cookie, with another or with one that comes twice', async () => {
    const { personId } = await aLife();
    const { cookie } = await enter(gateway, await makeLink(gateway, personId));
    const flipped = cookie.slice(0, -1) + (cookie.endsWith('A') ? 'B' : 'A');
    const [name, value] = cookie.split('=') as [string, string];
    for (const sent of ['', flipped, `${cookie}; ${cookie}`, `relais-session=${value}`, `${name}=`, `${name}=agency`]) {
      await mine(sent).expect(403);
    }
    // It opens nothing of the API, as itself or as a session of staff.
    for (const sent of [cookie, `relais-session=${value}`]) {
      await gateway.visit().get(`/api/v1/persons/${personId}/disclosures`).set('Cookie', sent).expect(401);
    }
  });

  it('refuses every form that does not carry its token', async () => {
    const { personId, consentId, reference } = await aLife();
    const { cookie, csrf } = await enter(gateway, await makeLink(gateway, personId));
    const other = await enter(gateway, await makeLink(gateway, personId));
    const contest = { kind: 'objection', line: reference, form: randomUUID(), words: 'No.' };
    for (const token of ['', 'x'.repeat(csrf.length), other.csrf]) {
      for (const [path, fields] of [
        [`/access/mine/consents/${consentId}`, {}],
        ['/access/mine/contests', contest],
      ] as const) {
        const answer = await submit(gateway.visit(), path, { ...fields, csrf: token })
          .set('Cookie', cookie)
          .expect(403);
        expect(answer.text).toContain('Nothing was changed');
      }
      await submit(gateway.visit(), '/access/leave', { csrf: token }).set('Cookie', cookie).expect(303);
    }
    await mine(cookie).expect(200);
    expect((await gateway.http().get(`/fhir/Consent/${consentId}`)).body.status).toBe('active');
    expect((await gateway.http().get('/api/v1/contests')).body.contests).toEqual([]);
  });

  it('is of one person: what is somebody else’s does not exist', async () => {
    const one = await aLife();
    const other = await aLife();
    const { cookie, csrf, page } = await enter(gateway, await makeLink(gateway, one.personId));
    expect(page).not.toContain(other.reference);
    await read(`/access/mine/consents/${other.consentId}`, cookie).expect(404);
    await submit(gateway.visit(), `/access/mine/consents/${other.consentId}`, { csrf })
      .set('Cookie', cookie)
      .expect(404);
    const contest = { kind: 'objection', line: other.reference, form: randomUUID(), words: 'No.', csrf };
    await submit(gateway.visit(), '/access/mine/contests', contest).set('Cookie', cookie).expect(404);
    expect((await gateway.http().get(`/fhir/Consent/${other.consentId}`)).body.status).toBe('active');
  });
});

describe('what is a matter for the desk', () => {
  /** The pages of somebody before and after something that the desk alone shows. */
  async function pagesAround(add: (life: Awaited<ReturnType<typeof aLife>>) => Promise<unknown>) {
    const life = await aLife();
    const before = await enter(gateway, await makeLink(gateway, life.personId));
    await add(life);
    const after = await enter(gateway, await makeLink(gateway, life.personId));
    return { life, before: bytesOf(before.page), after: bytesOf(after.page), ...after };
  }
  const atTheDesk = async (personId: string): Promise<number> =>
    (await gateway.http().get(`/api/v1/persons/${personId}/disclosures`).expect(200)).body.disclosures.length;

  it('leaves the page without a byte: a recipient whose name reveals', async () => {
    const clinic = await seedOrganization(gateway.database, `Clinique ${randomUUID()}`, 'health');
    await gateway.database.query('update organization set confidential_by_nature = true where id = $1', [
      clinic.organizationId,
    ]);
    let clinicConsent = '';
    let hidden = '';
    const { life, before, after, cookie, csrf } = await pagesAround(async ({ caseId, personId }) => {
      const consent = consentFor(personId, clinic.organizationId);
      clinicConsent = (await gateway.http().post('/fhir/Consent').send(consent).expect(201)).body.id;
      const answer = await gateway.ask(caseId, { recipientOrganizationId: clinic.organizationId }).expect(403);
      hidden = answer.body.reference;
      const objection = { kind: 'objection', recipientOrganizationId: clinic.organizationId, words: 'Not them.' };
      await gateway.http().post(`/api/v1/persons/${personId}/contests`).send(objection).expect(201);
    });
    expect(after).toBe(before);
    expect(await atTheDesk(life.personId)).toBe(2);
    // Nor can it be found out by asking: a line of the desk is like one that is not there.
    const contest = (line: string) => ({ kind: 'correction', line, form: randomUUID(), words: 'x', csrf });
    const send = (line: string) =>
      submit(gateway.visit(), '/access/mine/contests', contest(line)).set('Cookie', cookie).expect(404);
    expect((await send(hidden)).text).toBe((await send('R-999999')).text);
    await submit(gateway.visit(), `/access/mine/consents/${clinicConsent}`, { csrf }).set('Cookie', cookie).expect(404);
  });

  it('a ground on which somebody in danger is protected', async () => {
    const { life, before, after } = await pagesAround(({ caseId }) =>
      gateway
        .ask(caseId, {
          ground: { kind: 'safeguarding', justification: 'danger', informed: { nobodyBecause: 'danger' } },
        })
        .expect(202),
    );
    expect(after).toBe(before);
    expect(await atTheDesk(life.personId)).toBe(2);
  });

  it('a notice that is deferred, as at the desk', async () => {
    const { life, before, after } = await pagesAround(async ({ caseId }) => {
      const { body } = await gateway
        .ask(caseId, {
          ground: { kind: 'statute', citation: 'L1', justification: 'j', informed: { nobodyBecause: 'd' } },
        })
        .expect(202);
      const defer = { reason: 'danger', reviewOn: new Date(Date.now() + 864e5).toISOString().slice(0, 10) };
      await gateway.http().post(`/api/v1/transfers/${body.id}/notice/defer`).send(defer).expect(200);
    });
    expect(after).toBe(before);
    expect(await atTheDesk(life.personId)).toBe(1);
  });

  it('words: those of the person at the desk, and the answers to them', async () => {
    const life = await aLife();
    const objection = { kind: 'correction', transferId: life.transferId, words: 'Quetzalcoatl hits me.' };
    const { body } = await gateway.http().post(`/api/v1/persons/${life.personId}/contests`).send(objection).expect(201);
    const answer = { outcome: 'declined', words: 'Quetzalcoatl denies it.' };
    await gateway.http('dpo').post(`/api/v1/contests/${body.contest.id}/answer`).send(answer).expect(200);
    const { page } = await enter(gateway, await makeLink(gateway, life.personId));
    expect(page).toContain('you said that something is wrong');
    expect(page).not.toContain('Quetzalcoatl');
  });

  it('the keeper’s own name, where it reveals', async () => {
    const { personId } = await aLife();
    const link = await makeLink(gateway, personId);
    const set = 'update organization set confidential_by_nature = $2 where id = $1';
    await gateway.database.query(set, [gateway.sender.organizationId, true]);
    try {
      const { page } = await enter(gateway, link);
      expect(page.split('<footer>')[1]).not.toContain('CCAS de Valmont');
    } finally {
      await gateway.database.query(set, [gateway.sender.organizationId, false]);
    }
  });
});

describe('withdrawing by a link', () => {
  it('takes one click and one confirmation, stops what waits, and is the person’s own act', async () => {
    const { caseId, personId, consentId } = await aLife();
    const waiting = (await gateway.ask(caseId).expect(202)).body as { id: string; reference: string };
    const { cookie, csrf, page } = await enter(gateway, await makeLink(gateway, personId));
    expect(page.match(/Withdraw</g)).toHaveLength(1);
    const href = `/access/mine/consents/${consentId}?lang=en`;
    expect(page).toContain(`href="${href}"`);
    const asked = await read(href, cookie).expect(200);
    expect(asked.text).toContain('Toit Commun');
    // A double click: both are answered, one withdraws.
    const answers = await Promise.all(
      [1, 2].map(() => submit(gateway.visit(), href, { csrf: csrfOf(asked.text) || csrf }).set('Cookie', cookie)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.some(({ text }) => text.includes(waiting.reference))).toBe(true);
    const entries = (await entriesOf(personId)).filter(({ action }) => action === 'consent.withdrawn');
    expect(entries.map(({ actor }) => actor)).toEqual([
      { type: 'person', id: personId, organizationId: gateway.sender.organizationId },
    ]);
    expect((await gateway.http().get(`/fhir/Consent/${consentId}`)).body.status).toBe('inactive');
    expect((await gateway.http().get(`/api/v1/transfers/${waiting.id}`)).body.status).toBe('stopped');
    const notices = (await gateway.http().get('/api/v1/notices/sent').expect(200)).body.notices as { kind: string }[];
    expect(notices.length).toBeGreaterThan(0);
    expect((await mine(cookie)).text).toContain('no yes of yours');
  });

  it('is confirmed when nothing can leave any more, and until then says so calmly', async () => {
    const { caseId, personId, consentId } = await aLife();
    const { body } = await gateway.ask(caseId).expect(202);
    const { cookie, csrf } = await enter(gateway, await makeLink(gateway, personId));
    const path = `/access/mine/consents/${consentId}?lang=fr`;
    const withdraw = () => submit(gateway.visit(), path, { csrf }).set('Cookie', cookie);
    let release: () => void = () => undefined;
    const arrived = new Promise<void>((onTheWire) => {
      gateway.door.whileOnTheWire = () => {
        onTheWire();
        return new Promise<void>((resolve) => (release = resolve));
      };
    });
    const delivering = gateway.deliver(body.id as string);
    await arrived;
    try {
      // Longer than the patience: the lease is renewed by nobody, so it is put far away.
      await gateway.database.query(
        `update outbox set lease_until = now() + interval '1 minute' where transfer_id = $1`,
        [body.id],
      );
      const waits = await withdraw().expect(503);
      expect(waits.text).toContain('C’est enregistré');
      expect(waits.text).toContain(`action="${path}"`);
      expect(waits.headers['retry-after']).toBe('5');
      expect((await gateway.http().get(`/fhir/Consent/${consentId}`)).body.status).toBe('inactive');
    } finally {
      release();
      gateway.door.whileOnTheWire = () => Promise.resolve();
    }
    expect(await delivering).toBe('received');
    expect((await withdraw().expect(200)).text).toContain('Votre accord est retiré');
  }, 30_000);
});

describe('objecting and correcting by a link', () => {
  it('records the person’s words once, however often the form is sent, and stops what waits', async () => {
    const { caseId, personId } = await aLife();
    const waiting = (await gateway.ask(caseId).expect(202)).body as { id: string; reference: string };
    const { cookie } = await enter(gateway, await makeLink(gateway, personId));
    const form = await read(`/access/mine/contests?lang=en&kind=objection&line=${waiting.reference}`, cookie).expect(
      200,
    );
    const hidden = Object.fromEntries(
      [...form.text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;
    const words = '<script>alert(1)</script> لا أوافق';
    const send = () =>
      submit(gateway.visit(), '/access/mine/contests?lang=en', { ...hidden, words }).set('Cookie', cookie);
    const answers = await Promise.all([send(), send()]);
    expect([...answers.map(({ status }) => status), (await send()).status]).toEqual([200, 200, 200]);
    for (const { text } of answers) expect(text).toMatch(/answers by \d+ \w+ \d{4}/);
    const { contests } = (await gateway.http().get('/api/v1/contests').expect(200)).body as {
      contests: { personId: string; words: string; transferId: string; kind: string }[];
    };
    expect(contests.filter((one) => one.personId === personId)).toEqual([
      expect.objectContaining({ words, transferId: waiting.id, kind: 'objection' }),
    ]);
    const recorded = (await entriesOf(personId)).filter(({ action }) => action === 'contest.recorded');
    expect(recorded.map(({ actor }) => actor.type)).toEqual(['person']);
    expect((await gateway.http().get(`/api/v1/transfers/${waiting.id}`)).body.status).toBe('needs-review');
  });

  it('does not overwrite what somebody else wrote under the same form', async () => {
    const one = await aLife();
    const other = await aLife();
    const form = randomUUID();
    for (const [life, status] of [
      [one, 200],
      [other, 404],
    ] as const) {
      const { cookie, csrf } = await enter(gateway, await makeLink(gateway, life.personId));
      const fields = { kind: 'correction', line: '', form, words: 'x', csrf };
      await submit(gateway.visit(), '/access/mine/contests', fields).set('Cookie', cookie).expect(status);
    }
  });
});

describe('pages of links', () => {
  it('have a script on the page that reads the fragment, from this host, and nowhere else', async () => {
    const { personId } = await aLife();
    const door = await gateway.visit().get('/access?lang=fr').expect(200);
    expect(door.text.match(/<script/g)).toHaveLength(1);
    expect(door.text).toContain('<script src="/access/open.js" defer>');
    expect(door.headers['content-security-policy']).toContain("script-src 'self'");
    expect(door.headers['content-security-policy']).toContain("default-src 'none'");
    expect(door.headers['content-security-policy']).not.toContain('unsafe');
    const { cookie } = await enter(gateway, await makeLink(gateway, personId));
    const page = await mine(cookie);
    expect(page.headers['content-security-policy']).not.toContain('script-src');
    const script = await gateway.visit().get('/access/open.js').expect(200);
    expect(script.type).toBe('text/javascript');
    expect((await gateway.visit().get('/access/style.css').expect(200)).type).toBe('text/css');
  });

  it('leave no secret, no name and no address of anybody in logs, addresses, titles or the database', async () => {
    const { personId, consentId } = await aLife();
    const link = await makeLink(gateway, personId);
    const visitor = gateway.visit();
    await knock(visitor, { ...link, code: wrong(link.code) }).expect(403);
    const opened = await knock(visitor, link).expect(303);
    const cookie = cookieOf(opened);
    const page = await visitor.get('/access/mine?lang=en').set('Cookie', cookie).expect(200);
    await submit(visitor, `/access/mine/consents/${consentId}`, { csrf: csrfOf(page.text) }).set('Cookie', cookie);
    const secret = cookie.split('=')[1]!;
    const log = JSON.stringify([visitor.log, visitor.refusals]);
    for (const told of [link.token, link.code, secret, 'Okafor', 'Grace', personId]) expect(log).not.toContain(told);
    const stored = JSON.stringify([
      await gateway.database.query(
        `select *, encode(token_hash, 'hex') t, encode(code_hash, 'hex') c from access_link where id = $1`,
        [link.id],
      ),
      await gateway.database.query('select * from access_session where link_id = $1', [link.id]),
      await entriesOf(personId),
    ]);
    for (const told of [link.token, link.code, secret, '127.0.0.1', 'Okafor']) expect(stored).not.toContain(told);
    expect(/<title>(.*)<\/title>/.exec(page.text)?.[1]).not.toMatch(/Grace|Okafor|Toit Commun|CCAS|R-\d/);
    const addresses = [...page.text.matchAll(/(?:href|action)="([^"]+)"/g)].map(([, address]) => address!);
    for (const address of addresses) {
      expect(address, 'ids and codes alone').toMatch(
        /^(data:,|#main|\/access[\w/.-]*(\?(lang=(en|fr)|&amp;|&|kind=\w+|line=R-\d+)+)?)$/,
      );
    }
  });

  it('are erased with the person, the session too', async () => {
    const { personId } = await aLife();
    const { cookie } = await enter(gateway, await makeLink(gateway, personId));
    await gateway.store.asOrganization(gateway.sender.organizationId, (tx) => tx.erasePerson(personId as PersonId));
    await mine(cookie).expect(403);
    const left = 'select from access_link where person_id = $1';
    expect(await gateway.database.query(left, [personId])).toEqual([]);
  });
});
