import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type TransferId } from '../../src/kernel/ids.js';
import { enter } from '../support/links.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

/** Sent → delivered → opened → answered, in the sender's timeline. */

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

async function delivered(): Promise<{ id: string; taskId: string; consentId: string }> {
  const { caseId, personId } = await gateway.putCase();
  const consent = await gateway
    .http()
    .post('/fhir/Consent')
    .send(consentFor(personId, gateway.recipient.organizationId))
    .expect(201);
  const { body } = await gateway.ask(caseId).expect(202);
  await gateway.deliver(body.id as string);
  return { id: body.id, taskId: body.taskId, consentId: consent.body.id };
}
interface Step {
  readonly at: string;
  readonly status: string;
  readonly by: object;
}
const timelineOf = async (who: string, id: string): Promise<Step[]> =>
  (await gateway.http(who).get(`/api/v1/transfers/${id}`).expect(200)).body.timeline;
const statuses = async (who: string, id: string): Promise<string[]> =>
  (await timelineOf(who, id)).map(({ status }) => status);
const report = (taskId: string, status: string) =>
  gateway
    .http('recipient')
    .put(`/fhir/Task/${taskId}`)
    .send({ resourceType: 'Task', id: taskId, status, intent: 'order' })
    .expect(200);

it('says when the content was first read, by organization, in its place', async () => {
  const { id, taskId } = await delivered();
  // What is looked up around it opens nothing.
  await gateway.http('reader').get(`/api/v1/transfers/${id}`).expect(200);
  await gateway.http('reader').get('/api/v1/worklist').expect(200);
  await gateway.http('caseworker').get(`/api/v1/transfers/${id}/content`).expect(200);
  expect(await statuses('caseworker', id)).toEqual(['queued', 'sending', 'delivered']);
  await gateway.http('reader').get(`/api/v1/transfers/${id}/content`).expect(200);
  await report(taskId, 'accepted');
  await gateway.http('reader').get(`/api/v1/transfers/${id}/content`).expect(200);
  const timeline = await timelineOf('caseworker', id);
  expect(timeline.map(({ status }) => status)).toEqual([
    'queued',
    'sending',
    'delivered',
    'opened',
    'referral:accepted',
  ]);
  expect(timeline[3]!.by).toEqual({ type: 'staff', organizationId: gateway.recipient.organizationId });
  expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).toSorted());
});

it('is the sender’s to see, and not guessed of a system that never says so', async () => {
  const { id, taskId } = await delivered();
  await gateway.http('recipient').get(`/api/v1/transfers/${id}`).expect(200);
  await gateway.http('recipient').get(`/fhir/Task/${taskId}`).expect(200);
  expect(await statuses('agency', id)).not.toContain('opened');
  await gateway.http('reader').get(`/api/v1/transfers/${id}/content`).expect(200);
  expect(await statuses('agency', id)).toContain('opened');
  for (const who of ['recipient', 'reader']) expect(await statuses(who, id)).not.toContain('opened');
});

it('a guest opens it by reading the page; a page that shows nothing opens nothing', async () => {
  const shown = await delivered();
  const hidden = await delivered();
  const contact = { email: 'a@b.example', lang: 'en', channel: { kind: 'phone', hint: '01' } };
  await gateway.database.query(
    'update partner set endpoint = null, webhook = null, guest = $2 where organization_id = $1',
    [gateway.recipient.organizationId, contact],
  );
  await gateway.http().post(`/api/v1/consents/${hidden.consentId}/withdraw`).send({}).expect(200);
  const actor = { type: 'system', id: 'test', organizationId: null } as const;
  for (const { id } of [shown, hidden]) {
    const token = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
      tx.guestLink(id as TransferId, 'en', actor),
    );
    const { code } = (await gateway.http().post(`/api/v1/transfers/${id}/access-code`).send({}).expect(200)).body;
    await enter(gateway, { id: newId(), url: '', token, code });
  }
  const opened = (await timelineOf('caseworker', shown.id)).find(({ status }) => status === 'opened');
  expect(opened?.by).toEqual({ type: 'guest', organizationId: gateway.recipient.organizationId });
  expect(await statuses('caseworker', hidden.id)).not.toContain('opened');
});
