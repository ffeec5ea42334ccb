import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/open-gateway.js';

const WORDS = 'Quetzalcoatl-Zyxw';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

const put = (who: string, caseId: string, draft: unknown) =>
  gateway
    .http(who)
    .put(`/api/v1/drafts/${caseId}`)
    .send(draft as object);
const get = async (who: string, caseId: string) =>
  (await gateway.http(who).get(`/api/v1/drafts/${caseId}`).expect(200)).body;
const NONE = { draft: null, savedAt: null };

it('is there for whoever wrote it, and for nobody else', async () => {
  const { caseId } = await gateway.putCase();
  expect(await get('caseworker', caseId)).toEqual(NONE);
  const draft = { note: WORDS, amount: 1.5, steps: [{ done: true }] };
  const saved = (await put('caseworker', caseId, draft).expect(200)).body;
  expect(saved).toEqual({ draft, savedAt: expect.any(String) });
  expect(await get('caseworker', caseId)).toEqual(saved);
  expect(await get('colleague', caseId)).toEqual(NONE);
  await put('caseworker', caseId, { note: 'other' }).expect(200);
  expect((await get('caseworker', caseId)).draft).toEqual({ note: 'other' });
  expect((await put('caseworker', caseId, {}).expect(200)).body).toEqual(NONE);
  expect(await get('caseworker', caseId)).toEqual(NONE);
});

it('of an entry that is written is apart from that of a transfer', async () => {
  const { caseId } = await gateway.putCase();
  await put('caseworker', caseId, { purpose: 'HOUSING' }).expect(200);
  const entry = () => gateway.http('caseworker').put(`/api/v1/drafts/${caseId}?part=entry`);
  await entry().send({ text: WORDS }).expect(200);
  expect((await get('caseworker', caseId)).draft).toEqual({ purpose: 'HOUSING' });
  expect((await get('caseworker', `${caseId}?part=entry`)).draft).toEqual({ text: WORDS });
  await entry().send({}).expect(200);
  expect((await get('caseworker', caseId)).draft).toEqual({ purpose: 'HOUSING' });
  await gateway.http('caseworker').get(`/api/v1/drafts/${caseId}?part=other`).expect(400);
});

it('belongs to a case of one’s own organization', async () => {
  const { caseId } = await gateway.putCase();
  for (const who of ['reader', 'stranger']) {
    await put(who, caseId, { a: 1 }).expect(404);
    await gateway.http(who).get(`/api/v1/drafts/${caseId}`).expect(404);
  }
  await put('caseworker', 'no-such-case', { a: 1 }).expect(404);
  await put('caseworker', '..%2f..', { a: 1 }).expect(404);
  await put('agency', caseId, { a: 1 }).expect(403);
});

it('is an object of at most 16 KB', async () => {
  const { caseId } = await gateway.putCase();
  await put('caseworker', caseId, { text: 'x'.repeat(17_000) }).expect(413);
  await put('caseworker', caseId, ['x']).expect(422);
  await put('caseworker', caseId, { text: 'x'.repeat(16_000) }).expect(200);
});

it('is readable with the person’s key alone, and goes with the person', async () => {
  const { caseId, personId } = await gateway.putCase();
  await put('caseworker', caseId, { note: WORDS }).expect(200);
  const [row] = await gateway.database.query<{ content: Buffer }>('select content from draft where case_id = $1', [
    caseId,
  ]);
  expect(row!.content.toString('latin1')).not.toContain(WORDS);
  await gateway.store.asOrganization(gateway.sender.organizationId, async (tx) => {
    expect((await tx.inventoryOf(personId))?.contents).toBe(1);
    await tx.erasePerson(personId as never);
    expect((await tx.inventoryOf(personId))?.contents).toBe(0);
  });
  expect(await gateway.database.query('select from draft where case_id = $1', [caseId])).toEqual([]);
  await gateway.http('caseworker').get(`/api/v1/drafts/${caseId}`).expect(404);
});

it('is forgotten after 14 days by the database’s time', async () => {
  const { caseId } = await gateway.putCase();
  const { caseId: younger } = await gateway.putCase();
  await put('caseworker', caseId, { note: WORDS }).expect(200);
  await put('caseworker', younger, { note: WORDS }).expect(200);
  const age = (id: string, by: string) =>
    gateway.database.query(`update draft set saved_at = now() - $2::interval where case_id = $1`, [id, by]);
  await age(caseId, '14 days');
  await age(younger, '13 days 23 hours');
  expect(await get('caseworker', caseId)).toEqual(NONE);
  expect((await get('caseworker', younger)).draft).toEqual({ note: WORDS });
  expect(await gateway.store.deleteOldDrafts()).toBe(1);
  expect(await gateway.database.query('select from draft where case_id = $1', [caseId])).toEqual([]);
});

it('is in the log when it is begun, read and taken away, not each time that it is saved', async () => {
  const { caseId, personId } = await gateway.putCase();
  for (const note of ['a', 'b', 'c']) await put('caseworker', caseId, { note }).expect(200);
  await get('caseworker', caseId);
  await put('caseworker', caseId, {}).expect(200);
  await put('caseworker', caseId, {}).expect(200);
  const log = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) => tx.listAudit({ limit: 500 }));
  const actions = log.filter((entry) => entry.personId === personId).map(({ action }) => action);
  expect(actions.filter((action) => action.startsWith('draft.')).sort()).toEqual([
    'draft.begun',
    'draft.deleted',
    'draft.read',
  ]);
});
