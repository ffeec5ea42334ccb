import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation, Route } from '../../src/http/route.js';
import { ROUTES } from '../../src/http/routes.js';
import { STAFF_ROLES, type Principal } from '../../src/transfer/principal.js';
import { seedOrganization } from '../support/fixtures.js';
import { softwareOf, staffOf } from '../support/gateway.js';
import { makeLink } from '../support/links.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

let gateway: TestGateway;
/** Ids of one organization, by the address that takes them. */
let theirs: readonly (readonly [RegExp, string])[];
let ids: Readonly<Record<string, string>>;
beforeAll(async () => {
  gateway = await openGateway();
  const { organizationId } = await seedOrganization(gateway.database, 'Somebody else', 'housing');
  // Whoever may everything, of an organization that has to do with none of it.
  gateway.principals['software'] = softwareOf(organizationId);
  const { csrfToken: _, ...staff } = staffOf(organizationId, randomUUID(), ...STAFF_ROLES);
  gateway.principals['staff'] = staff;

  const { caseId, personId } = await gateway.putCase();
  const http = gateway.http;
  const consent = await http().post('/fhir/Consent').send(consentFor(personId, gateway.recipient.organizationId));
  const { id, taskId } = (await gateway.ask(caseId).expect(202)).body as { id: string; taskId: string };
  await gateway.deliver(id);
  const contest = await http()
    .post(`/api/v1/persons/${personId}/contests`)
    .send({ kind: 'correction', words: 'The date is wrong.' })
    .expect(201);
  const link = await makeLink(gateway, personId);
  await http().post(`/api/v1/consents/${consent.body.id}/withdraw`).expect(200);
  const notices = (await http().get('/api/v1/notices/sent').expect(200)).body.notices as { id: string }[];
  await gateway.store.sequenceOnce();
  const [entry] = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) => tx.listAudit({ limit: 1 }));
  const consentId = consent.body.id as string;
  ids = { id, taskId, personId, caseId, consentId };
  theirs = [
    [/^\/api\/v1\/(cases|drafts)\//, caseId],
    [/^\/api\/v1\/persons\//, personId],
    [/^\/api\/v1\/(transfers|break-glass)\//, id],
    [/^\/(fhir\/Consent|api\/v1\/consents)\//, consentId],
    [/^\/fhir\/Task\//, taskId],
    [/^\/api\/v1\/agreements\//, gateway.agreement.id],
    [/^\/api\/v1\/notices\//, notices[0]!.id],
    [/^\/api\/v1\/contests\//, contest.body.id as string],
    [/^\/api\/v1\/access-links\//, link.id],
    [/^\/api\/v1\/audit\/entries\//, entry!.id],
  ];
}, 90_000);
afterAll(() => gateway.close());

/** No record of an organization stands behind them: maps are everybody's, partners are the operator's. */
const ofNobody = /^\/api\/v1\/(mappings|partners)\//;
/** An id of one's own choice makes a case or an agreement of one's own: what is there already is looked at below. */
const makesOwn = ['put /api/v1/cases/:id', 'put /api/v1/agreements/:id'];
const routes = ROUTES.filter(
  ({ method, path, access }) =>
    access.kind === 'restricted' &&
    path.includes('/:') &&
    !ofNobody.test(path) &&
    !makesOwn.includes(`${method} ${path}`),
);

/** What the answer says, without the two parts that differ for everybody. */
async function answerTo(who: string, { method, path, operation }: Route, id: string): Promise<unknown> {
  const url = path.replace(/:[a-zA-Z]+/, id).replace(/:[a-zA-Z]+/, '0e0e0e0e-0000-4000-8000-000000000001');
  const { body: rule } = operation as Operation<Principal>;
  const query = path.endsWith('/diff') ? '?from=1&to=1' : '';
  let test = gateway.http(who)[method](`${url}${query}`);
  test = test.set('X-Request-Id', 'the-same-request').set('If-Match', 'W/"1"').set('Idempotency-Key', randomUUID());
  // Of a resource the id stands in the body as well.
  const example = rule?.example as object | undefined;
  const withId = path.startsWith('/fhir/') && example !== undefined ? { ...example, id } : example;
  const { status, text, headers } = await (withId === undefined ? test : test.send(withId));
  const { date: _date, 'content-length': _length, ...rest } = headers as Record<string, string>;
  return { status, headers: rest, text: text.replaceAll(id, '…') };
}

describe('of another organization’s ids', () => {
  it('every route that takes one is asked', () => {
    for (const { path } of routes)
      expect(
        theirs.some(([address]) => address.test(path)),
        path,
      ).toBe(true);
    expect(routes.length).toBeGreaterThan(35);
  });

  it.each(['software', 'staff'])('no route tells that they are there, to a %s that may everything', async (who) => {
    const statuses = new Set<number>();
    for (const route of routes) {
      const known = theirs.find(([address]) => address.test(route.path))![1];
      const missing = /^[0-9a-f-]{36}$/.test(known) ? '0e0e0e0e-0000-4000-8000-00000000000e' : 'case-missing';
      const answer = (await answerTo(who, route, known)) as { status: number };
      const name = `${route.method} ${route.path}`;
      expect([name, answer]).toEqual([name, await answerTo(who, route, missing)]);
      expect(answer.status, name).toBeGreaterThanOrEqual(400);
      expect(answer.status, name).toBeLessThan(500);
      statuses.add(answer.status);
    }
    expect(statuses).toContain(404);
  });

  it('a list shows nothing of them, and no row has changed', async () => {
    for (const path of ['transfers', 'agreements', 'notices/sent', 'notices', 'contests', 'worklist', 'break-glass']) {
      const who = ['worklist', 'break-glass'].includes(path) ? 'staff' : 'software';
      const { text } = await gateway.http(who).get(`/api/v1/${path}`).expect(200);
      for (const [, id] of theirs) expect(text).not.toContain(id);
    }
    const own = await gateway.http().get(`/api/v1/transfers/${ids['id']}`).expect(200);
    expect(own.body.status).toBe('delivered');
  });
});

describe('what FHIR has and Relais does not', () => {
  it.each([
    ['get', '/fhir/Consent/:consentId/_history'],
    ['get', '/fhir/Consent/:consentId/_history/1'],
    ['get', '/fhir/Task/:taskId/_history/1'],
    ['get', '/fhir/_history'],
    ['get', '/fhir/Patient/:personId'],
    ['get', '/fhir/Patient/:personId/$everything'],
    ['get', '/fhir/Bundle/:id'],
    ['post', '/fhir'],
    ['post', '/fhir/'],
    ['post', '/fhir/Consent/_search'],
    ['post', '/fhir/$graphql'],
  ] as const)('%s %s is not there', async (method, path) => {
    const url = path.replace(/:(\w+)/, (_whole, name: string) => ids[name]!);
    const { status, text } = await gateway.http()[method](url);
    expect([404, 405]).toContain(status);
    for (const told of ['Okafor', 'HOUSING']) expect(text).not.toContain(told);
  });

  it.each([
    '_include=*',
    '_include=Consent:patient',
    '_revinclude=Provenance:target',
    '_has:Task:patient:status=completed',
    'patient.name=Okafor',
    '_filter=name eq Okafor',
    '_sort=patient.name; drop table transfer',
    '_summary=count',
    '_total=accurate',
    '_elements=patient',
    '_contained=true',
    'patient:missing=false',
  ])('a search with %s is a 400 that repeats nothing', async (query) => {
    for (const path of [`/fhir/Consent?patient=${ids['personId']}&`, '/fhir/AuditEvent?']) {
      const { text } = await gateway
        .http()
        .get(path + encodeURI(query))
        .expect(400);
      expect(text).not.toMatch(/Okafor|drop table/);
    }
  });

  it('the next page of somebody else is the next page of one’s own', async () => {
    const first = await gateway.http().get('/fhir/AuditEvent?_count=1').expect(200);
    const [{ url }] = first.body.link as [{ url: string }];
    const page = new URL(url);
    const { text } = await gateway.http('software').get(`${page.pathname}${page.search}`).expect(200);
    for (const [, id] of theirs) expect(text).not.toContain(id);
  });
});
