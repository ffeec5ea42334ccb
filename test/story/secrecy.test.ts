import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consentResource } from '../../src/demo/consents.js';
import { createRelaisClient, type RelaisClient } from '../../src/demo/partners/relais-client.js';
import type { RunningProcess } from '../../src/demo/processes.js';
import {
  CCAS,
  CONSEIL_DETTES,
  LES_TILLEULS,
  ORGANIZATIONS,
  TOIT_COMMUN,
  VALMONT_HABITAT,
} from '../../src/demo/world.js';
import { SCOPES } from '../../src/transfer/principal.js';
import { dumpDatabase, pgDump } from '../support/dump-database.js';
import { leaksInto } from '../support/leaks.js';
import { dumpRedis } from '../support/redis.js';
import { GRACE_TEXT, openValmont, type Valmont } from '../support/story.js';

let valmont: Valmont;
let gateway: RunningProcess<unknown>;
let waiting: string;
/** Toit Commun's system, with every scope there is. */
let curious: RelaisClient;

const PAYSLIP = 'Zimtschnecke-7731: her last payslip, please.';

beforeAll(async () => {
  valmont = await openValmont();
  gateway = await valmont.world.startGateway();
  const consents = await valmont.prepare();
  const { registry, partners, publicUrl } = valmont.world;
  const known = (await registry.listPartners()).find(({ organizationId }) => organizationId === TOIT_COMMUN.id)!;
  await registry.updatePartner(known.id, { scopes: SCOPES }, { type: 'system', id: 'test', organizationId: null });
  const { clientId, privateJwk } = partners.get(TOIT_COMMUN.id)!;
  curious = createRelaisClient({
    url: publicUrl,
    tokenUrl: `${publicUrl}/oauth/token`,
    clientId,
    privateJwk,
    scope: SCOPES.join(' '),
  });

  // A whole life: delivered, answered with words, refused, stopped, one that waits, one that fails.
  const sent = await valmont.request(TOIT_COMMUN, 'HOUSING');
  const { taskId } = await valmont.until(sent.body.id, ({ status }) => status === 'delivered');
  await valmont.partner(TOIT_COMMUN).control('/report', { taskId, status: 'on-hold', reason: PAYSLIP });
  await valmont.request(VALMONT_HABITAT, 'HOUSING');
  await valmont.behave(LES_TILLEULS, { fail: { times: 1, status: 422 } });
  await valmont.request(LES_TILLEULS, 'COC');
  await valmont.behave(CONSEIL_DETTES, { door: 'closed' });
  const stopped = await valmont.request(CONSEIL_DETTES, 'DEBTADVICE');
  await valmont.until(stopped.body.id, ({ attempts, status }) => attempts >= 1 && status === 'queued');
  await valmont.agency('POST', `/api/v1/consents/${consents.debt}/withdraw`);
  await valmont.consent(CONSEIL_DETTES, 'DEBTADVICE', ['identity', 'contact', 'income']);
  waiting = (await valmont.request(CONSEIL_DETTES, 'DEBTADVICE')).body.id;
  await valmont.agency('POST', '/api/v1/persons/search', { names: [{ family: 'Okafor', given: ['Grace'] }] });
  await valmont.agency('PUT', `/api/v1/cases/${valmont.caseId}`, {
    schemaVersion: 1,
    person: { id: 'x', surprise: 'Okafor' },
  });
});
afterAll(() => valmont.close());

/** Words of the case that could tell who she is or what happened to her; not codes, not names of organizations. */
function tellingValues(): string[] {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node === 'string') {
      const isCode = /^[a-z0-9-]*$/.test(node) || /^[A-Z]{1,3}\d*$/.test(node);
      const isDate = /^\d{4}(-\d{2}){0,2}(T.*)?$|^\d{2}:\d{2}$/.test(node);
      if (node.length >= 5 && !isCode && !isDate && !/^(https?|urn):/.test(node)) found.add(node);
    } else if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === 'object' && node !== null) Object.values(node).forEach(visit);
  };
  visit(JSON.parse(GRACE_TEXT));
  return [...found].filter((value) => !ORGANIZATIONS.some(({ name }) => name.includes(value)));
}

describe('no value of a case is found', () => {
  const values = [...tellingValues(), PAYSLIP];

  test('(there are enough values to look for, and the search finds what is there)', () => {
    expect(values.length).toBeGreaterThan(60);
    expect(values).toContain('Okafor');
    expect(leaksInto(GRACE_TEXT, values)).toHaveLength(values.length - 1);
    expect(leaksInto(Buffer.from(`xx${GRACE_TEXT}`).toString('base64'), ['Okafor'])).toEqual(['Okafor']);
  });

  test('in the log of the gateway', () => {
    expect(gateway.stderr()).toContain('"event":"');
    expect(leaksInto(gateway.stderr(), values)).toEqual([]);
  });

  test('in the database: cases, consents, transfers, messages, queue, audit', async () => {
    const dump = await dumpDatabase(valmont.world.databaseUrl);
    expect(dump).toContain(waiting);
    expect(dump).toContain('"relais"."transfer_content"');
    expect(leaksInto(dump, values)).toEqual([]);
    const real = pgDump(valmont.world.databaseUrl);
    if (real !== null) expect(leaksInto(real, values)).toEqual([]);
  });

  test('in Redis, where there is one, which holds opaque ids only', async () => {
    const dump = await dumpRedis(process.env['REDIS_URL']);
    if (process.env['REDIS_URL'] !== undefined) expect(dump.length).toBeGreaterThan(0);
    expect(leaksInto(dump, values)).toEqual([]);
    expect(dump).not.toContain(valmont.personId);
    expect(dump).not.toContain(valmont.caseId);
  });

  test('in the announcements to the agency, nor in what another recipient got', async () => {
    const { events } = await valmont.partner(CCAS).control<{ events: unknown[] }>('/events');
    expect(events.length).toBeGreaterThan(0);
    expect(leaksInto(JSON.stringify(events), values)).toEqual([]);
  });
});

describe('another organization', () => {
  const bare = ({ status, headers, body }: Awaited<ReturnType<RelaisClient['call']>>): unknown => {
    const { date: _date, 'x-request-id': _id, ...rest } = headers;
    return { status, headers: rest, body };
  };

  test.each([
    ['a case', () => `/api/v1/cases/${valmont.caseId}`, () => '/api/v1/cases/nobody'],
    [
      'a transfer that has not arrived',
      () => `/api/v1/transfers/${waiting}`,
      () => `/api/v1/transfers/${randomUUID()}`,
    ],
    [
      'the disclosures of a person',
      () => `/api/v1/persons/${valmont.personId}/disclosures`,
      () => `/api/v1/persons/${randomUUID()}/disclosures`,
    ],
  ])('asking for %s gets what a missing id gets, byte for byte', async (_, theirs, missing) => {
    const answer = bare(await curious.call('GET', theirs()));
    expect(answer).toMatchObject({ status: 404 });
    expect(answer).toEqual(bare(await curious.call('GET', missing())));
  });

  test('sees of a transfer that reached it neither ids of the agency nor why', async () => {
    const { body } = (await curious.call('GET', '/api/v1/transfers')) as {
      body: { transfers: Record<string, unknown>[] };
    };
    expect(body.transfers).toHaveLength(1);
    const text = JSON.stringify(body.transfers);
    for (const hidden of [valmont.caseId, valmont.personId, 'withheld', 'permit.consent'])
      expect(text).not.toContain(hidden);
  });

  test('cannot record a consent for a person who is not its own', async () => {
    const consent = consentResource({
      type: 'permit',
      personId: valmont.personId,
      recipient: CONSEIL_DETTES,
      purpose: 'HOUSING',
      labels: ['identity'],
    });
    expect(await curious.call('POST', '/fhir/Consent', { body: consent })).toMatchObject({ status: 403 });
  });

  test('and the agency itself cannot name itself as the recipient', async () => {
    const consent = consentResource({
      type: 'permit',
      personId: valmont.personId,
      recipient: CCAS,
      purpose: 'HOUSING',
      labels: ['identity'],
    });
    const answer = await valmont.agency('POST', '/fhir/Consent', consent);
    expect(answer.status).toBe(403);
    expect(JSON.stringify(answer.body)).toContain('consent.self-serving');
  });
});

test('a partner that is suspended is refused at its next call, though its token still lives', async () => {
  expect((await curious.call('GET', '/api/v1/organizations')).status).toBe(200);
  const { registry } = valmont.world;
  const actor = { type: 'system' as const, id: 'test', organizationId: null };
  const known = (await registry.listPartners()).find(({ organizationId }) => organizationId === TOIT_COMMUN.id)!;
  await registry.suspendPartner(known.id, actor);
  expect((await curious.call('GET', '/api/v1/organizations')).status).toBe(403);
  await registry.reactivatePartner(known.id, actor);
});
