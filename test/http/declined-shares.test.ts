import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PersonId } from '../../src/kernel/ids.js';
import type { DisclosureReport } from '../../src/transfer/disclosure-report.js';
import { enter, makeLink } from '../support/links.js';
import { openGateway, type TestGateway } from '../support/open-gateway.js';

/** "I decline to share" is an outcome: recorded, told to the person where that is safe, and counted by nobody. */

const WORDS = 'Quetzalcoatl-Zyxw';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

const decline = (personId: string, more: object = {}, who = 'caseworker') =>
  gateway
    .http(who)
    .post(`/api/v1/persons/${personId}/declined-shares`)
    .send({
      recipientOrganizationId: gateway.recipient.organizationId,
      purpose: 'HOUSING',
      reason: 'not-needed',
      ...more,
    });
const listed = async (personId: string, who = 'caseworker') =>
  (await gateway.http(who).get(`/api/v1/persons/${personId}/declined-shares`).expect(200)).body.declined as object[];
const reportOf = async (personId: string, lang = 'en'): Promise<DisclosureReport> =>
  (await gateway.http().get(`/api/v1/persons/${personId}/disclosures?lang=${lang}`).expect(200)).body;
const pageOf = async (personId: string): Promise<string> =>
  (await gateway.http().get(`/api/v1/persons/${personId}/disclosures?lang=en&format=html`).expect(200)).text;

it('stands in the file and in the report, and is no transfer', async () => {
  const { personId } = await gateway.putCase();
  const { body } = await decline(personId, { words: WORDS }).expect(201);
  expect(body).toEqual({
    id: expect.any(String),
    personId,
    recipientOrganizationId: gateway.recipient.organizationId,
    purpose: 'HOUSING',
    reason: 'not-needed',
    words: WORDS,
    recordedAt: expect.any(String),
  });
  expect(await listed(personId)).toEqual([body]);
  expect(await listed(personId, 'dpo')).toEqual([body]);
  const report = await reportOf(personId);
  expect(report.disclosures).toEqual([]);
  expect(report.declined).toHaveLength(1);
  expect(report.declined[0]).toMatchObject({ recipient: 'Toit Commun', reason: 'It was not needed for this.' });
  expect((await reportOf(personId, 'fr')).declined[0]?.sentence).toMatch(
    /a choisi de ne rien transmettre à Toit Commun/,
  );
  expect(await pageOf(personId)).toContain('It was not needed for this.');
  const { body: transfers } = await gateway.http().get(`/api/v1/transfers?personId=${personId}`).expect(200);
  expect(transfers.transfers).toEqual([]);
});

it('tells the person neither the words nor that sharing would endanger', async () => {
  const { personId } = await gateway.putCase();
  const before = await pageOf(personId);
  await decline(personId, { reason: 'would-endanger', words: WORDS }).expect(201);
  // Not one byte: neither a number nor a heading tells of it.
  expect(await pageOf(personId)).toBe(before);
  expect((await reportOf(personId)).declined).toEqual([]);
  expect(await listed(personId)).toHaveLength(1);
  await decline(personId, { reason: 'other', words: WORDS }).expect(201);
  expect(JSON.stringify(await reportOf(personId))).not.toContain(WORDS);
  expect(await pageOf(personId)).toContain('For another reason');
});

it('by a link names nobody whose name reveals', async () => {
  const { personId } = await gateway.putCase();
  const mine = async (): Promise<string> => {
    const { cookie } = await enter(gateway, await makeLink(gateway, personId));
    return (await gateway.visit().get('/access/mine?lang=en').set('Cookie', cookie).expect(200)).text.replaceAll(
      /name="csrf" value="[^"]+"/g,
      '',
    );
  };
  const before = await mine();
  await gateway.database.query('update organization set confidential_by_nature = true where id = $1', [
    gateway.other.organizationId,
  ]);
  try {
    await decline(personId, { recipientOrganizationId: gateway.other.organizationId }).expect(201);
    expect(await mine()).toBe(before);
    expect(await pageOf(personId)).toContain('Les Tilleuls');
    await decline(personId).expect(201);
    expect(await mine()).toContain('nothing on to Toit Commun');
  } finally {
    await gateway.database.query('update organization set confidential_by_nature = false where id = $1', [
      gateway.other.organizationId,
    ]);
  }
});

it('is recorded once under one id, and belongs to one person', async () => {
  const { personId } = await gateway.putCase();
  const { personId: another } = await gateway.putCase();
  const id = randomUUID();
  const first = (await decline(personId, { id }).expect(201)).body;
  expect((await decline(personId, { id, reason: 'person-asked' }).expect(201)).body).toEqual(first);
  await decline(another, { id }).expect(404);
  expect([await listed(personId), await listed(another)]).toEqual([[first], []]);
});

it('is for whoever keeps the record, to somebody else, for a reason that is known', async () => {
  const { personId } = await gateway.putCase();
  for (const who of ['reader', 'stranger', 'recipient']) await decline(personId, {}, who).expect(404);
  for (const who of ['dpo', 'operator']) await decline(personId, {}, who).expect(403);
  await gateway.http('reader').get(`/api/v1/persons/${personId}/declined-shares`).expect(404);
  const self = await decline(personId, { recipientOrganizationId: gateway.sender.organizationId }).expect(422);
  expect(self.body.code).toBe('decline.recipient');
  await decline(personId, { recipientOrganizationId: randomUUID() }).expect(422);
  for (const bad of [{ reason: 'lazy' }, { purpose: 'FUN' }, { reason: 'other' }, { reason: 'other', words: ' ' }]) {
    await decline(personId, bad).expect(422);
  }
  expect(await listed(personId)).toEqual([]);
});

it('keeps words under the person’s key, and the log and the table count nobody', async () => {
  const { personId } = await gateway.putCase();
  await decline(personId, { reason: 'other', words: WORDS }).expect(201);
  const [row] = await gateway.database.query<Record<string, unknown>>(
    'select * from declined_share where person_id = $1',
    [personId],
  );
  expect((row!['words'] as Buffer).toString('latin1')).not.toContain(WORDS);
  expect(JSON.stringify({ ...row, words: null })).not.toContain('7e57bbbb');
  expect(JSON.stringify(await listed(personId))).not.toContain('7e57bbbb');
  const entries = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
    tx.listAudit({ personId: personId as PersonId, limit: 10 }),
  );
  const entry = entries.find(({ action }) => action === 'sharing.declined');
  expect(entry?.organizations).toEqual([gateway.sender.organizationId]);
  expect(entry?.codes).toEqual({
    declined: row!['id'],
    recipient: gateway.recipient.organizationId,
    purpose: 'HOUSING',
    reason: 'other',
  });
  expect(JSON.stringify(entries)).not.toContain(WORDS);
  await gateway.store.asOrganization(gateway.sender.organizationId, async (tx) => {
    expect((await tx.inventoryOf(personId))?.decisions).toBe(1);
    await tx.erasePerson(personId as PersonId);
  });
  await gateway.http('caseworker').get(`/api/v1/persons/${personId}/declined-shares`).expect(404);
});
