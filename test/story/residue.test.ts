import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRelaisClient, type RelaisClient } from '../../src/demo/partners/relais-client.js';
import type { RunningProcess } from '../../src/demo/processes.js';
import { CCAS, CONSEIL_DETTES, LES_TILLEULS, TOIT_COMMUN } from '../../src/demo/world.js';
import { isSame } from '../../src/domain/mapping/residue/compare.js';
import type { TransferId } from '../../src/kernel/ids.js';
import { readJson } from '../../src/kernel/json.js';
import { SCOPES } from '../../src/transfer/principal.js';
import { dumpDatabase, pgDump } from '../support/dump-database.js';
import { leaksInto } from '../support/leaks.js';
import { dumpRedis } from '../support/redis.js';
import { openValmont, type Valmont } from '../support/story.js';

type Plain = Record<string, unknown>;
const FHIR = 'application/fhir+json';

/** One for each way in which a bundle may hold what no map reads. */
const CANARIES = {
  element: 'Kolkrabe-1001 portrait',
  extension: 'Kolkrabe-1002 extension',
  sibling: 'Kolkrabe-1003 beside',
  contained: 'Kolkrabe-1004 surgery',
  item: 'Kolkrabe-1005 number',
  display: 'Kolkrabe-1006 display',
  nobodys: 'Kolkrabe-1007 diabetes',
  health: 'Kolkrabe-1008 reason',
  frame: 'Kolkrabe-1009 tag',
  entry: 'Kolkrabe-1010 link',
  meta: 'Kolkrabe-1011-source',
} as const;
const values = Object.values(CANARIES);

let valmont: Valmont;
let gateway: RunningProcess<unknown>;
let curious: RelaisClient;
let bundle: Plain;
let answer: Plain;
const delivered: { id: string; digest: string }[] = [];

const readOwn = async (): Promise<Plain> => {
  const { status, body } = await valmont.agency('GET', `/api/v1/cases/${valmont.caseId}`, undefined, { accept: FHIR });
  expect(status).toBe(200);
  return body;
};
const resources = (of: Plain, type: string): Plain[] =>
  (of['entry'] as { resource: Plain }[]).map(({ resource }) => resource).filter((one) => one['resourceType'] === type);

function plant(of: Plain): void {
  const [patient] = resources(of, 'Patient') as [Plain];
  Object.assign(patient, {
    photo: [{ title: CANARIES.element }],
    contained: [{ resourceType: 'Organization', id: 'gp', name: CANARIES.contained }],
    generalPractitioner: [{ reference: '#gp' }],
    _gender: { extension: [{ url: 'urn:x', valueString: CANARIES.sibling }] },
  });
  (patient['identifier'] as Plain[]).push({ system: 'urn:theirs', value: CANARIES.item });
  (patient['extension'] as Plain[]).push({ url: 'urn:x', valueString: CANARIES.extension });
  for (const resource of resources(of, 'Condition')) {
    (resource['meta'] as Plain)['source'] = `urn:${CANARIES.meta}`;
    ((resource['code'] as { coding: Plain[] }).coding[0] as Plain)['display'] = CANARIES.display;
  }
  for (const resource of resources(of, 'MedicationStatement')) resource['statusReason'] = [{ text: CANARIES.health }];
  const diabetes = { resourceType: 'Condition', code: { text: CANARIES.nobodys }, subject: { display: 'her' } };
  (of['entry'] as Plain[]).unshift({ fullUrl: 'urn:uuid:00000000-0000-4000-8000-00000000000d', resource: diabetes });
  Object.assign((of['entry'] as Plain[])[1]!, { link: [{ relation: CANARIES.entry, url: 'urn:x' }] });
  Object.assign(of, { meta: { tag: [{ system: 'urn:x', code: 'x', display: CANARIES.frame }] } });
}

beforeAll(async () => {
  valmont = await openValmont();
  gateway = await valmont.world.startGateway();
  await valmont.prepare();
  const { registry, partners, publicUrl } = valmont.world;
  const known = (await registry.listPartners()).find(({ organizationId }) => organizationId === TOIT_COMMUN.id)!;
  await registry.updatePartner(known.id, { scopes: SCOPES }, { type: 'system', id: 'test', organizationId: null });
  const { clientId, privateJwk } = partners.get(TOIT_COMMUN.id)!;
  const tokenUrl = `${publicUrl}/oauth/token`;
  curious = createRelaisClient({ url: publicUrl, tokenUrl, clientId, privateJwk, scope: SCOPES.join(' ') });

  bundle = await readOwn();
  plant(bundle);
  const put = await valmont.agency('PUT', `/api/v1/cases/${valmont.caseId}`, bundle, { 'content-type': FHIR });
  expect(put).toMatchObject({ status: 200, body: { version: 2, changed: true } });
  answer = put.body;

  for (const [recipient, purpose] of [
    [TOIT_COMMUN, 'HOUSING'],
    [LES_TILLEULS, 'COC'],
    [CONSEIL_DETTES, 'DEBTADVICE'],
  ] as const) {
    const { body } = await valmont.request(recipient, purpose);
    delivered.push(await valmont.until(body.id, ({ status }) => status === 'delivered'));
  }
  await valmont.agency('POST', '/api/v1/persons/search', { names: [{ family: 'Okafor', given: ['Grace'] }] });
  await valmont.agency('PUT', `/api/v1/cases/${valmont.caseId}`, { ...bundle, type: 'x' }, { 'content-type': FHIR });
}, 120_000);
afterAll(() => valmont.close());

describe('what no map reads of a bundle', () => {
  test('comes back to the organization that sent it, in the bundle that came', async () => {
    expect(leaksInto(JSON.stringify(bundle), values)).toEqual(values);
    const own = await readOwn();
    if (!isSame(own, bundle)) expect(own).toEqual(bundle);
  });

  test('is not in the case as JSON, which is the case model’s own', async () => {
    const { body } = await valmont.agency('GET', `/api/v1/cases/${valmont.caseId}`);
    expect(body).toMatchObject({ version: 2 });
    expect(leaksInto(JSON.stringify(body), values)).toEqual([]);
  });

  test('is told by counts and places when it is put', () => {
    expect(answer).toMatchObject({ conflicts: [] });
    const kept = answer['kept'] as { elements: number; places: { map: string; path: string }[] };
    expect(kept.elements).toBeGreaterThanOrEqual(values.length);
    expect(kept.places).toContainEqual({ map: '', path: 'entry[0]', reason: 'foreign' });
    expect(leaksInto(JSON.stringify(answer), values)).toEqual([]);
  });

  test('is in nothing that leaves, whatever was permitted', async () => {
    expect(delivered).toHaveLength(3);
    for (const { id, digest } of delivered) {
      const wire = await valmont.world.store.asOrganization(CCAS.id, (tx) => tx.loadWire(id as TransferId));
      expect(JSON.parse(wire!.toString('utf8'))).toMatchObject({ resourceType: 'Bundle' });
      expect(leaksInto(wire!.toString('utf8'), values)).toEqual([]);
      const recipient = [TOIT_COMMUN, LES_TILLEULS, CONSEIL_DETTES][delivered.findIndex((one) => one.id === id)]!;
      expect((await valmont.effectsOf(recipient, id)).map((effect) => effect.digest)).toEqual([digest]);
    }
  });

  test('is not for another organization, which is told nothing at all', async () => {
    for (const accept of [FHIR, 'application/json']) {
      const theirs = await curious.call('GET', `/api/v1/cases/${valmont.caseId}`, { headers: { accept } });
      const missing = await curious.call('GET', '/api/v1/cases/nobody', { headers: { accept } });
      expect(theirs.status).toBe(404);
      expect(theirs.body).toEqual(missing.body);
    }
    const { body } = await curious.call('GET', '/api/v1/transfers');
    expect(leaksInto(JSON.stringify(body), values)).toEqual([]);
  });

  test('is not in the log, the database in clear, the queue, the announcements, the audit or the report', async () => {
    expect(gateway.stderr()).toContain('"event":"');
    expect(leaksInto(gateway.stderr(), values)).toEqual([]);
    const dump = await dumpDatabase(valmont.world.databaseUrl);
    const [, residue = ''] = dump.split('-- "relais"."residue"');
    expect(residue).toContain(valmont.caseId);
    expect(residue.split('-- "')[0]).not.toContain('case/');
    expect(leaksInto(dump, values)).toEqual([]);
    const real = pgDump(valmont.world.databaseUrl);
    if (real !== null) expect(leaksInto(real, values)).toEqual([]);
    expect(leaksInto(await dumpRedis(process.env['REDIS_URL']), values)).toEqual([]);
    const { events } = await valmont.partner(CCAS).control<{ events: unknown[] }>('/events');
    expect(leaksInto(JSON.stringify(events), values)).toEqual([]);
    const report = await valmont.agency('GET', `/api/v1/persons/${valmont.personId}/disclosures`);
    expect(report.status).toBe(200);
    expect(leaksInto(JSON.stringify(report.body), values)).toEqual([]);
  });

  test('(the search finds it where it is)', () => {
    const text = JSON.stringify(bundle);
    expect(leaksInto(text, values)).toEqual(values);
    expect(leaksInto(Buffer.from(`x${text}`).toString('base64'), values)).toEqual(values);
    expect(isSame(readJson(text), bundle)).toBe(true);
  });
});
