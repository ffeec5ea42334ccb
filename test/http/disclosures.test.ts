import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/routes.js';
import type { PersonId, TransferId } from '../../src/kernel/ids.js';
import type { DisclosureReport } from '../../src/transfer/disclosure-report.js';
import { disclosureReport } from '../../src/transfer/disclosure-report.js';
import { seedOrganization } from '../support/fixtures.js';
import { enter, makeLink } from '../support/links.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

/** Reads of what was sent are audited before they are answered, and the person may read of them. */

const HOSTILE = '<script>alert(1)</script> & "بيت الأمل"';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

async function sent(): Promise<{ id: string; taskId: string; caseId: string; personId: string; consentId: string }> {
  const { caseId, personId } = await gateway.putCase();
  const consent = await gateway
    .http()
    .post('/fhir/Consent')
    .send(consentFor(personId, gateway.recipient.organizationId))
    .expect(201);
  const { body } = await gateway.ask(caseId).expect(202);
  expect(await gateway.deliver(body.id as string)).toBe('received');
  return { id: body.id, taskId: body.taskId, caseId, personId, consentId: consent.body.id };
}
const reportOf = async (personId: string, lang = 'en'): Promise<DisclosureReport> =>
  (await gateway.http().get(`/api/v1/persons/${personId}/disclosures?lang=${lang}`).expect(200)).body;
const actionsOf = async (transferId: string): Promise<string[]> =>
  (
    await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
      tx.listAudit({ transferId: transferId as TransferId, limit: 100 }),
    )
  ).map(({ action, codes }) =>
    action === 'transfer.read' ? [action, codes?.['as'], codes?.['what']].join(' ') : action,
  );

describe('what others read of a transfer', () => {
  it('is in the log of both, and in the report of the person, by organization and day', async () => {
    const { id, taskId, personId } = await sent();
    expect((await reportOf(personId)).disclosures[0]?.readings).toEqual([]);
    const recipient = gateway.http('recipient');
    await recipient.get(`/api/v1/transfers/${id}`).expect(200);
    await gateway.http('recipient').get(`/fhir/Task/${taskId}`).expect(200);
    await gateway.http('recipient').get('/api/v1/transfers').expect(200);
    // What is told again and changes nothing is a read as well.
    const asked = { resourceType: 'Task', id: taskId, status: 'requested', intent: 'order' };
    await gateway.http('recipient').put(`/fhir/Task/${taskId}`).send(asked).expect(200);
    await gateway.http().get(`/api/v1/transfers/${id}`).expect(200);

    const read = (await actionsOf(id)).filter((action) => action.startsWith('transfer.read'));
    expect(read.sort()).toEqual([
      'transfer.read recipient referral',
      'transfer.read recipient referral',
      'transfer.read recipient transfer',
      'transfer.read recipient transfer',
      'transfer.read sender transfer',
    ]);
    const [line] = (await reportOf(personId)).disclosures;
    expect(line?.readings).toHaveLength(1);
    expect(line?.readings[0]).toMatch(/^The software of Toit Commun looked this transfer up 4 times on \d+ /);
    expect((await reportOf(personId, 'fr')).disclosures[0]?.readings[0]).toMatch(/a consulté ce transfert 4 fois le/);
  });

  it('names no person to the reader, and nothing of it to anybody else', async () => {
    const { id, personId } = await sent();
    await gateway.http('recipient').get(`/api/v1/transfers/${id}`).expect(200);
    await gateway.http('other').get(`/api/v1/transfers/${id}`).expect(404);
    const seenBy = async (organizationId: typeof gateway.sender.organizationId): Promise<string> =>
      JSON.stringify(
        await gateway.store.asOrganization(organizationId, (tx) =>
          tx.listAudit({ transferId: id as TransferId, limit: 100 }),
        ),
      );
    expect(await seenBy(gateway.recipient.organizationId)).toContain('transfer.read');
    expect(await seenBy(gateway.recipient.organizationId)).not.toContain(personId);
    expect(await seenBy(gateway.other.organizationId)).toBe('[]');
  });
});

describe('a log that refuses', () => {
  type Of = Awaited<ReturnType<typeof sent>> & { readonly cookie: string };
  /** Every route that answers with something about persons, and what it would tell. */
  const reads: Readonly<Record<string, (of: Of) => [who: string | { readonly cookie: string }, path: string]>> = {
    '/api/v1/transfers': () => ['recipient', '/api/v1/transfers'],
    '/api/v1/transfers/:id': ({ id }) => ['recipient', `/api/v1/transfers/${id}`],
    '/api/v1/transfers/:id/reminders': ({ id }) => ['agency', `/api/v1/transfers/${id}/reminders`],
    '/fhir/Task/:id': ({ taskId }) => ['recipient', `/fhir/Task/${taskId}`],
    '/api/v1/notices': () => ['recipient', '/api/v1/notices'],
    '/api/v1/notices/sent': () => ['agency', '/api/v1/notices/sent'],
    '/api/v1/contests': () => ['agency', '/api/v1/contests'],
    '/api/v1/cases/:id': ({ caseId }) => ['agency', `/api/v1/cases/${caseId}`],
    '/fhir/Consent': ({ personId }) => ['agency', `/fhir/Consent?patient=${personId}`],
    '/fhir/Consent/:id': ({ consentId }) => ['agency', `/fhir/Consent/${consentId}`],
    '/api/v1/consents/:id': ({ consentId }) => ['agency', `/api/v1/consents/${consentId}`],
    '/api/v1/persons/:id/disclosures': ({ personId }) => ['agency', `/api/v1/persons/${personId}/disclosures`],
    '/api/v1/transfers/:id/evidence': ({ id }) => ['dpo', `/api/v1/transfers/${id}/evidence`],
    '/fhir/AuditEvent': ({ personId }) => ['agency', `/fhir/AuditEvent?patient=${personId}`],
    '/fhir/Provenance': ({ taskId }) => ['recipient', `/fhir/Provenance?target=Task/${taskId}`],
    '/api/v1/break-glass': () => ['dpo', '/api/v1/break-glass'],
    '/api/v1/unusual-access': () => ['dpo', '/api/v1/unusual-access'],
    '/api/v1/deferred-notices': () => ['dpo', '/api/v1/deferred-notices'],
    '/api/v1/persons/:id/access-links': ({ personId }) => ['agency', `/api/v1/persons/${personId}/access-links`],
    '/api/v1/persons/:id/declined-shares': ({ personId }) => ['agency', `/api/v1/persons/${personId}/declined-shares`],
    '/api/v1/worklist': () => ['caseworker', '/api/v1/worklist'],
    '/api/v1/drafts/:caseId': ({ caseId }) => ['caseworker', `/api/v1/drafts/${caseId}`],
    '/api/v1/transfers/:id/content': ({ id }) => ['caseworker', `/api/v1/transfers/${id}/content`],
    '/api/v1/transfers/:id/take-over': ({ id }) => ['reader', `/api/v1/transfers/${id}/take-over`],
    '/access/mine': ({ cookie }) => [{ cookie }, '/access/mine?lang=en'],
    '/access/mine/consents/:id': ({ cookie, consentId }) => [{ cookie }, `/access/mine/consents/${consentId}`],
  };
  /** They tell of organizations, partners, agreements, the log itself or the caller, or are an empty form; of nobody's record. */
  const ofNobody =
    /^\/(api\/v1\/(agreements|processing-register|organizations|audit\/|deliveries|partners|events|figures)|me$|metrics|access\/mine\/contests$)/;
  /** Asked the same in test/http/guests.test.ts, where there is a guest. */
  const ofGuests = '/access/received';

  it('is asked by every route that reads', () => {
    const paths = ROUTES.filter(({ method, access }) => method === 'get' && access.kind !== 'open')
      .map(({ path }) => path)
      .filter((path) => !ofNobody.test(path) && path !== ofGuests);
    expect(paths.sort()).toEqual(Object.keys(reads).sort());
  });

  it('lets not one byte of any of them out', async () => {
    const life = await sent();
    const { cookie } = await enter(gateway, await makeLink(gateway, life.personId));
    const of = { ...life, cookie };
    const accepted = { resourceType: 'Task', id: of.taskId, status: 'accepted', intent: 'order' };
    await gateway.http('recipient').put(`/fhir/Task/${of.taskId}`).send(accepted).expect(200);
    await gateway.http('caseworker').put(`/api/v1/drafts/${of.caseId}`).send({ purpose: 'HOUSING' }).expect(200);
    const ask = (path: string): ReturnType<ReturnType<TestGateway['http']>['get']> => {
      const [who, url] = reads[path]!(of);
      return typeof who === 'string' ? gateway.http(who).get(url) : gateway.visit().get(url).set('Cookie', who.cookie);
    };
    for (const path of Object.keys(reads)) expect([path, (await ask(path)).status]).toEqual([path, 200]);
    await gateway.database.query('revoke insert on audit_entry from relais_app');
    try {
      for (const path of Object.keys(reads)) {
        const answer = await ask(path);
        expect([path, answer.status]).toEqual([path, 500]);
        for (const told of [of.id, of.personId, of.consentId, of.caseId, 'Okafor', 'HOUSING']) {
          expect(answer.text.includes(told), `${path} tells ${told}`).toBe(false);
        }
      }
    } finally {
      await gateway.database.query('grant insert on audit_entry to relais_app');
    }
  }, 90_000);
});

describe('the report', () => {
  it('says who asked by role, and by name where the organization wants it so', async () => {
    const { personId } = await sent();
    expect((await reportOf(personId)).disclosures[0]?.requestedBy).toBe('the software of CCAS de Valmont');
    const helene = randomUUID();
    const { caseId, personId: another } = await gateway.putCase();
    const principal = {
      actor: { type: 'staff' as const, id: helene, organizationId: gateway.sender.organizationId },
      organizationId: gateway.sender.organizationId,
      via: 'staff-session' as const,
      scopes: new Set<never>(),
      roles: new Set(['caseworker' as const]),
    };
    await gateway.story.requestTransfer(principal, {
      caseId: caseId as never,
      recipientOrganizationId: gateway.recipient.organizationId,
      purpose: 'HOUSING',
      ground: { kind: 'consent' },
      idempotencyKey: helene,
      bodyDigest: 'd',
      requestId: 'request-1',
    });
    const askedBy = async (staffNames?: () => Promise<Map<string, string>>): Promise<string | undefined> => {
      const deps = { store: gateway.store, staffNames };
      const report = await disclosureReport(deps, principal, another as PersonId, 'fr', 'request-2');
      expect(report.disclosures[0]).toMatchObject({ outcome: 'refused', categories: [], allowedUntil: null });
      return report.disclosures[0]?.requestedBy;
    };
    expect(await askedBy()).toBe('un·e intervenant·e de CCAS de Valmont');
    expect(await askedBy(async () => new Map([[helene, 'Hélène Roy']]))).toBe('Hélène Roy, CCAS de Valmont');
  });

  it('says until when: the end of the consent and the term of the agreement', async () => {
    const { caseId, personId } = await gateway.putCase();
    const consent = consentFor(personId, gateway.recipient.organizationId);
    const provision = consent['provision'] as Record<string, unknown>;
    provision['period'] = { end: '2031-06-30T00:00:00Z' };
    await gateway.http().post('/fhir/Consent').send(consent).expect(201);
    const { body } = await gateway.ask(caseId).expect(202);
    await gateway.deliver(body.id as string);
    const [line] = (await reportOf(personId)).disclosures;
    expect(line?.allowedUntil).toMatch(/^2031-0(6-30|7-01)T/);
    expect(line?.recipientIs).toBe('service, bound to professional secrecy');
  });

  it('says that what failed after its first byte may have arrived, and of what kind it was', async () => {
    const { caseId, personId } = await gateway.putCase();
    await gateway.http().post('/fhir/Consent').send(consentFor(personId, gateway.recipient.organizationId)).expect(201);
    const { body } = await gateway.ask(caseId).expect(202);
    gateway.door.result = { kind: 'rejected', cause: 'http-422', status: 422 };
    try {
      await gateway.deliver(body.id as string);
    } finally {
      gateway.door.result = { kind: 'received', receipt: { status: 201, digest: 'd'.repeat(64), location: null } };
    }
    const [line] = (await reportOf(personId)).disclosures;
    expect(line?.sentence).toContain('may have received it all the same');
    expect(line?.categories).toContain('identity');
  });
});

describe('the page to print', () => {
  const pageOf = (
    personId: string,
    query: string,
    accept = 'text/html',
  ): ReturnType<ReturnType<TestGateway['http']>['get']> =>
    gateway.http().get(`/api/v1/persons/${personId}/disclosures${query}`).set('Accept', accept);

  it('is asked for with Accept or format, in the language of the reader, and holds what the report says', async () => {
    const { personId } = await sent();
    for (const [query, accept] of [
      ['?lang=fr', 'text/html,application/xhtml+xml;q=0.9'],
      ['?lang=fr&format=html', 'application/json'],
    ] as const) {
      const { text, headers } = await pageOf(personId, query, accept).expect(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['content-language']).toBe('fr');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(text).toContain('<html lang="fr">');
      for (const said of ['Qui a reçu des informations sur vous', 'Toit Commun', 'votre consentement', 'R-00']) {
        expect(text).toContain(said);
      }
      // The policy lets no script and no style of the page itself in.
      expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
    }
    expect((await pageOf(personId, '?format=json')).headers['content-type']).toMatch('application/json');
    expect((await pageOf(personId, '', '*/*')).headers['content-type']).toMatch('application/json');
    const css = await gateway.http().get('/docs/paper.css').expect(200);
    expect(css.headers['content-type']).toBe('text/css; charset=utf-8');
  });

  it('writes a hostile name and words as text', async () => {
    const hostile = await seedOrganization(gateway.database, HOSTILE, 'housing');
    const { caseId, personId } = await gateway.putCase();
    await gateway.ask(caseId, { recipientOrganizationId: hostile.organizationId }).expect(403);
    await gateway
      .http()
      .post(`/api/v1/persons/${personId}/contests`)
      .send({ kind: 'objection', words: `</blockquote>${HOSTILE}` })
      .expect(201);
    const { text } = await pageOf(personId, '').expect(200);
    expect(text).toContain('<bdi>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;بيت الأمل&quot;</bdi>');
    expect(text).toContain('&lt;/blockquote&gt;&lt;script&gt;');
    expect(text).not.toContain('<script');
  });
});
