import { afterAll, beforeAll, expect, test } from 'vitest';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

test('a record that cannot be opened any more is tried three times, then a human sees it', async () => {
  const { caseId, personId } = await gateway.putCase();
  const consent = consentFor(personId, gateway.recipient.organizationId);
  expect(
    (await gateway.http().post('/fhir/Consent').set('Content-Type', 'application/fhir+json').send(consent)).status,
  ).toBe(201);
  const { body } = await gateway.ask(caseId);
  await gateway.database.query(
    'update transfer_content set wire = set_byte(wire, 40, (get_byte(wire, 40) + 1) % 256) where transfer_id = $1',
    [body.id],
  );

  const seen: unknown[] = [];
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    const outcome = await gateway.deliver(body.id).catch(() => 'failed by itself');
    const { status } = (await gateway.http().get(`/api/v1/transfers/${body.id}`)).body;
    seen.push([outcome, status]);
  }
  expect(seen).toEqual([
    ['failed by itself', 'queued'],
    ['failed by itself', 'queued'],
    ['failed by itself', 'failed'],
    ['not-ours', 'failed'],
  ]);
  expect(gateway.door.sent).toEqual([]);
  const { timeline } = (await gateway.http().get(`/api/v1/transfers/${body.id}`)).body;
  expect(timeline.at(-1).cause.code).toBe('record-unreadable');
});
