import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent, Provenance } from 'fhir/r4.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateResource } from '../../src/domain/fhir/validate.js';
import { createProfileChecker } from '../support/check-profile.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';
import { sharedData } from '../support/shared-data.js';

const profiles = sharedData('balp-audit', 'profiles');
const examples = sharedData('balp-audit', 'examples');
const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
let gateway: TestGateway;
let about: { id: string; taskId: string; personId: string; consentId: string };
beforeAll(async () => {
  gateway = await openGateway();
  const { caseId, personId } = await gateway.putCase();
  await gateway.ask(caseId).expect(403);
  const consent = await gateway
    .http()
    .post('/fhir/Consent')
    .send(consentFor(personId, gateway.recipient.organizationId))
    .expect(201);
  const { body } = await gateway.ask(caseId).expect(202);
  expect(await gateway.deliver(body.id as string)).toBe('received');
  about = { id: body.id as string, taskId: body.taskId as string, personId, consentId: consent.body.id as string };
  await gateway.http().get(`/api/v1/cases/${caseId}`).expect(200);
  await gateway
    .http()
    .post('/api/v1/persons/search')
    .send({ names: [{ family: 'Okafor' }] })
    .expect(200);
  await gateway.http('recipient').get(`/fhir/Task/${about.taskId}`).expect(200);
  const report = { resourceType: 'Task', id: about.taskId, status: 'accepted', intent: 'order' };
  await gateway.http('recipient').put(`/fhir/Task/${about.taskId}`).send(report).expect(200);
  await gateway.http().get(`/fhir/Consent?patient=${personId}`).expect(200);
}, 120_000);
afterAll(() => gateway.close());

async function events(who: string, query: string): Promise<AuditEvent[]> {
  const { body } = await gateway.http(who).get(`/fhir/AuditEvent?${query}`).expect(200);
  return ((body as { entry?: { resource: AuditEvent }[] }).entry ?? []).map(({ resource }) => resource);
}
const profileOf = ({ meta }: AuditEvent): string => meta?.profile?.[0]?.replace(BALP, '') ?? '';
const kindsOf = (all: readonly AuditEvent[]): string[] => [...new Set(all.map(profileOf))].filter(Boolean).sort();
const errorsOf = (resource: object): unknown[] =>
  validateResource(resource as never).filter(({ severity }) => severity === 'error');

describe('the log as AuditEvents', () => {
  it('says a disclosure, decisions, reads, searches and changes in the profiles of IHE BALP', async () => {
    const sender = await events('agency', `patient=Patient/${about.personId}&_count=100`);
    expect(kindsOf(sender)).toEqual(
      [
        'AuthZconsent',
        'PatientCreate',
        'PatientQuery',
        'PatientRead',
        'PatientUpdate',
        'PrivacyDisclosure.Source',
      ].sort(),
    );
    const recipient = await events('recipient', `entity=Task/${about.taskId}&_count=100`);
    expect(kindsOf(recipient)).toEqual(['PatientRead', 'PatientUpdate', 'PrivacyDisclosure.Recipient']);
    expect(await events('other', `entity=Task/${about.taskId}`)).toEqual([]);
  });

  it('says what the standard asks of a disclosure and of a denial', async () => {
    const all = await events('agency', `entity=${about.id}&_count=100`);
    const received = all.find(({ subtype }) => subtype?.some(({ code }) => code === 'disclosure.received'));
    expect(received).toMatchObject({
      type: { code: '110106' },
      action: 'R',
      outcome: '0',
      subtype: [{ code: 'disclose' }, { code: 'disclosure.received' }],
    });
    const pull = all.find(({ subtype }) => subtype?.some(({ code }) => code === 'transfer.read'));
    expect(profileOf(pull!)).toBe('PrivacyDisclosure.Source');
    const patient = { what: { reference: `Patient/${about.personId}` } };
    expect(received?.entity).toContainEqual(expect.objectContaining({ what: expect.objectContaining(patient.what) }));
    const decided = (await events('agency', `patient=${about.personId}&_count=100`)).filter(
      (event) => profileOf(event) === 'AuthZconsent',
    );
    expect(decided.map(({ outcome }) => outcome).sort()).toEqual(['0', '8']);
    const consents = decided.map(({ entity = [] }) => entity.find(({ type }) => type?.code === 'Consent')?.what);
    expect(consents).toContainEqual({ reference: `Consent/${about.consentId}`, type: 'Consent' });
    expect(consents).toContainEqual({ type: 'Consent', display: 'no consent is recorded' });
    for (const { entity = [] } of decided) expect(entity.map(({ type }) => type?.code)).toContain('XrequestId');
  });

  it('is valid R4, holds no content, and tells each side no more than it may know', async () => {
    const sender = await events('agency', '_count=100');
    const recipient = await events('recipient', '_count=100');
    expect(sender.length).toBeGreaterThan(10);
    for (const event of [...sender, ...recipient]) expect([event.id, errorsOf(event)]).toEqual([event.id, []]);
    expect(JSON.stringify(sender)).not.toContain('Okafor');
    const told = JSON.stringify(recipient);
    expect(told).not.toContain(about.personId);
    expect(told).not.toContain(about.consentId);
  });

  it('is found by day, a page at a time, and not by what is not understood', async () => {
    const all = await events('agency', '_count=100');
    const seen: string[] = [];
    let url = '/fhir/AuditEvent?_count=4';
    for (let page = 0; page < 40 && url !== ''; page += 1) {
      const { body } = await gateway.http().get(url).expect(200);
      seen.push(...((body.entry ?? []) as { resource: AuditEvent }[]).map(({ resource }) => resource.id!));
      const next = (body.link as { relation: string; url: string }[] | undefined)?.[0]?.url ?? '';
      url = next.replace(/^https?:\/\/[^/]+/, '');
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(all.map(({ id }) => id)));
    const today = all[0]!.recorded.slice(0, 10);
    expect((await events('agency', `date=${today}&_count=100`)).length).toBeGreaterThan(0);
    expect(await events('agency', `date=lt2020-01-01`)).toEqual([]);
    expect(await events('agency', `date=gt${today}`)).toEqual([]);
    for (const wrong of ['date=yesterday', 'patient=Grace', 'agent=x', '_count=1000', 'page=1']) {
      await gateway.http().get(`/fhir/AuditEvent?${wrong}`).expect(400);
    }
  });

  it('is read by the data-protection officer and by a system with the right, and looking leaves an entry', async () => {
    await gateway.http('dpo').get('/fhir/AuditEvent').expect(200);
    await gateway.http('operator').get('/fhir/AuditEvent').expect(403);
    const looked = (await events('agency', '_count=100')).filter(({ subtype }) =>
      subtype?.some(({ code }) => code === 'audit.searched'),
    );
    expect(looked.length).toBeGreaterThan(0);
  });

  it.skipIf(profiles === null)('follows the profiles that it claims (skipped: shared data absent)', async () => {
    const checker = createProfileChecker(profiles!);
    const all = [...(await events('agency', '_count=100')), ...(await events('recipient', '_count=100'))];
    const claiming = all.filter((event) => profileOf(event) !== '');
    for (const event of claiming) {
      expect([profileOf(event), checker.check(event, event.meta!.profile![0]!)]).toEqual([profileOf(event), []]);
    }
    expect(kindsOf(claiming).length).toBeGreaterThanOrEqual(7);
    // Each part that a profile asks for is missed when it is gone.
    for (const kind of kindsOf(claiming)) {
      const event = claiming.find((one) => profileOf(one) === kind)!;
      const profile = event.meta!.profile![0]!;
      const { agent, entity = [] } = event;
      for (const changed of [
        { ...event, action: 'X' },
        { ...event, type: { code: '0' } },
        { ...event, subtype: [] },
        { ...event, agent: agent.slice(1) },
        { ...event, entity: entity.filter(({ role }) => role?.code !== (kind === 'Query' ? '24' : '1')) },
        { ...event, agent: agent.map(({ network: _network, ...one }) => one) },
      ]) {
        expect(checker.check(changed, profile), kind).not.toEqual([]);
      }
    }
  });

  it.skipIf(examples === null)(
    'is checked by a checker that takes the examples of IHE (skipped: shared data absent)',
    () => {
      const checker = createProfileChecker(profiles!);
      let checked = 0;
      for (const name of readdirSync(examples!)) {
        const example = JSON.parse(readFileSync(join(examples!, name), 'utf8')) as AuditEvent;
        for (const profile of example.meta?.profile?.filter(checker.has) ?? []) {
          expect([name, checker.check(example, profile)]).toEqual([name, []]);
          checked += 1;
        }
      }
      expect(checked).toBeGreaterThanOrEqual(15);
    },
  );
});

describe('the provenance of a transfer', () => {
  it('says who made it and who changed it since, to its sender and its recipient', async () => {
    for (const who of ['agency', 'recipient']) {
      const { body } = await gateway.http(who).get(`/fhir/Provenance?target=Task/${about.taskId}`).expect(200);
      const found = (body.entry as { resource: Provenance }[]).map(({ resource }) => resource);
      for (const one of found) expect(errorsOf(one)).toEqual([]);
      expect(found.map(({ activity }) => activity?.coding?.[0]?.code)).toEqual(['CREATE', 'UPDATE']);
      expect(found[1]?.entity?.[0]?.role).toBe('revision');
      expect(JSON.stringify(found)).not.toContain(about.personId);
    }
    await gateway.http('other').get(`/fhir/Provenance?target=Task/${about.taskId}`).expect(404);
  });
});
