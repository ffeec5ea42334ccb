import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readJson, writeJson } from '../../src/kernel/json.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

async function asked(): Promise<{ id: string; personId: string; caseId: string }> {
  const { caseId, personId } = await gateway.putCase();
  await gateway.http().post('/fhir/Consent').send(consentFor(personId, gateway.recipient.organizationId)).expect(201);
  return { id: (await gateway.ask(caseId).expect(202)).body.id as string, personId, caseId };
}
const content = (who: string, id: string) => gateway.http(who).get(`/api/v1/transfers/${id}/content`);

it('is what was sent, byte for byte, and the same in the words of the case model', async () => {
  const { id } = await asked();
  // The sender may look at what is about to leave; the recipient sees nothing before it came.
  const early = await content('caseworker', id).expect(200);
  expect((await content('reader', id).expect(404)).body.code).toBe('resource.not-found');
  await gateway.deliver(id);
  for (const who of ['caseworker', 'reader']) {
    const { body, text } = await content(who, id).expect(200);
    const bundle = (readJson(text) as Record<string, never>)['bundle']!;
    expect(createHash('sha256').update(writeJson(bundle)).digest('hex')).toBe(body.digest);
    expect(body).toEqual(early.body);
    expect(body.record).toMatchObject({ schemaVersion: 1, person: { birthDate: '1992-05-17' } });
    expect(body.record.person.names[0]).toMatchObject({ family: 'Okafor', given: ['Grace', 'Ifeoma'] });
    // Nothing that was not permitted: health, and whatever is marked.
    expect(JSON.stringify(body)).not.toMatch(/insulin|depress/i);
  }
  const stranger = await content('stranger', id).expect(404);
  const nobody = await content('stranger', '00000000-0000-4000-8000-00000000000f').expect(404);
  expect(stranger.body).toEqual({
    ...nobody.body,
    requestId: stranger.body.requestId,
    instance: stranger.body.instance,
  });
});

it('is read under the sender’s eyes: in both logs, and on the person’s report', async () => {
  const { id, personId } = await asked();
  await gateway.deliver(id);
  await content('reader', id).expect(200);
  await gateway.store.asOrganization(gateway.sender.organizationId, async (tx) => {
    const reads = (await tx.listAudit({ limit: 500 })).filter((entry) => entry.transferId === id);
    expect(reads).toContainEqual(
      expect.objectContaining({ action: 'transfer.read', codes: { as: 'recipient', what: 'content' } }),
    );
  });
  const told = await gateway.http('caseworker').get(`/api/v1/persons/${personId}/disclosures?lang=en`).expect(200);
  expect(told.body.disclosures[0].readings.length).toBeGreaterThan(0);
});

it('is not given where the log cannot take the entry', async () => {
  const { id } = await asked();
  await gateway.deliver(id);
  await gateway.database.query(`alter table audit_pending rename to audit_pending_away`);
  try {
    const answer = await content('reader', id);
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.text).not.toContain('Okafor');
  } finally {
    await gateway.database.query(`alter table audit_pending_away rename to audit_pending`);
  }
});

it('is gone once it was purged, once its term is over, and once the person was erased', async () => {
  const purged = await asked();
  await gateway.deliver(purged.id);
  await gateway.database.query('delete from transfer_content where transfer_id = $1', [purged.id]);
  const over = await asked();
  await gateway.deliver(over.id);
  await gateway.database.query(`update transfer set purge_at = now() where id = $1`, [over.id]);
  const erased = await asked();
  await gateway.deliver(erased.id);
  await gateway.store.asOrganization(gateway.sender.organizationId, (tx) => tx.erasePerson(erased.personId as never));
  for (const { id } of [purged, over, erased]) {
    for (const who of ['caseworker', 'reader']) {
      const answer = await content(who, id).expect(410);
      expect(answer.body.code).toBe('transfer.content-purged');
    }
  }
});

it('a refusal has no content', async () => {
  const { caseId } = await gateway.putCase();
  const refused = await gateway.ask(caseId).expect(403);
  await content('caseworker', refused.body.transferId as string).expect(404);
});
