import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaksInto } from '../support/leaks.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

/** One delivered transfer, its consent withdrawn, and all that the recipient may then read about it. */
async function whatTheRecipientReads(): Promise<string> {
  const { caseId, personId } = await gateway.putCase();
  const recipient = gateway.recipient.organizationId;
  const consent = await gateway.http().post('/fhir/Consent').send(consentFor(personId, recipient)).expect(201);
  const { body } = await gateway.ask(caseId).expect(202);
  gateway.door.sent.length = 0;
  expect(await gateway.deliver(body.id)).toBe('received');
  await gateway.http().post(`/api/v1/consents/${consent.body.id}/withdraw`).expect(200);
  await gateway.announce();
  const read = async (path: string) => (await gateway.http('recipient').get(path).expect(200)).text;
  const task = `/fhir/Task/${JSON.parse(await read(`/api/v1/transfers/${body.id}`)).taskId}`;
  const reported = await gateway
    .http('recipient')
    .put(task)
    .send({ resourceType: 'Task', id: task.slice('/fhir/Task/'.length), status: 'accepted', intent: 'order' })
    .expect(200);
  const notices = JSON.parse(await read('/api/v1/notices')).notices as { id: string }[];
  const answered = await gateway
    .http('recipient')
    .post(`/api/v1/notices/${notices[0]!.id}/answer`)
    .send({ answer: 'deleted' })
    .expect(200);
  const own = await read(`/api/v1/transfers/${body.id}`);
  const texts = [own, await read('/api/v1/transfers'), await read(task), await read('/api/v1/notices')];
  for (const path of ['/api/v1/worklist', `/api/v1/transfers/${body.id}/content`])
    texts.push((await gateway.http('reader').get(path).expect(200)).text);
  const toSystems = gateway.door.sent.filter(({ url }) => !url.includes('webhook')).map((sent) => sent.body);
  expect(toSystems.length).toBeGreaterThan(1);
  return [...texts, reported.text, answered.text, ...toSystems].join('\n');
}

describe('a recipient', () => {
  it('reads who sent it, where that is no secret', async () => {
    expect(leaksInto(await whatTheRecipientReads(), [gateway.sender.organizationId])).not.toEqual([]);
  });

  it('reads nowhere who sent it, where the mere name reveals something', async () => {
    const { organizationId: sender } = gateway.sender;
    await gateway.database.query(
      `update organization set confidential_by_nature = true, name = 'Clinique Saint-Éloi' where id = '${sender}'`,
    );
    const text = await whatTheRecipientReads();
    // Transfers of before stand in the same lists: they are called by the new name as well.
    expect(leaksInto(text, [sender, 'Saint-Éloi'])).toEqual([]);
    const { transfers } = (await gateway.http('recipient').get('/api/v1/transfers').expect(200)).body;
    expect(new Set(transfers.map((one: { senderOrganizationId: string }) => one.senderOrganizationId)).size).toBe(1);
    const own = (await gateway.http().get('/api/v1/transfers').expect(200)).body.transfers;
    expect(own[0].senderOrganizationId).toBe(sender);
  });
});
