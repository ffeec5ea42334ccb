import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PersonId } from '../../src/kernel/ids.js';
import { openGateway, type TestGateway } from '../support/open-gateway.js';

/** An agency without software writes in the file: one entry more, and not one byte else. */

const GRACE = readFileSync(new URL('../../config/demo/cases/grace-okafor.json', import.meta.url), 'utf8');
const WORDS = 'Quetzalcoatl-Zyxw';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
  // Who is signed in has a name, which a working note bears.
  gateway.principals['caseworker'] = { ...gateway.principals['caseworker']!, displayName: 'Hélène Roy' };
}, 60_000);
afterAll(() => gateway.close());

const entry = { date: '2026-02-09', kind: 'interview', summary: WORDS };
interface Writing {
  readonly who?: string;
  readonly list?: string;
  readonly id?: string;
  readonly version?: number;
  readonly body?: object;
}
const write = (
  caseId: string,
  { who = 'caseworker', list = 'interventions', id = randomUUID(), version = 1, body = entry }: Writing = {},
) => gateway.http(who).put(`/api/v1/cases/${caseId}/${list}/${id}`).set('If-Match', `W/"${version}"`).send(body);
const textOf = async (caseId: string, version?: number): Promise<string> =>
  (
    await gateway
      .http('caseworker')
      .get(`/api/v1/cases/${caseId}${version === undefined ? '' : `?version=${version}`}`)
      .expect(200)
  ).text;
const read = async (caseId: string, who = 'caseworker') =>
  (await gateway.http(who).get(`/api/v1/cases/${caseId}`).expect(200)).body;

it('is put at the end, and leaves everything else byte for byte', async () => {
  const caseId = `case-${randomUUID().slice(0, 8)}`;
  // Numbers that no double writes alike, as an agency's export has them.
  const text = GRACE.replace(/"id": "[^"]+"/, `"id": "${caseId}"`).replace(/2140(\.0+)?/, '2140.00');
  expect(text).toContain('2140.00');
  await gateway.http().put(`/api/v1/cases/${caseId}`).set('Content-Type', 'application/json').send(text).expect(201);
  const before = await textOf(caseId);
  const id = randomUUID();
  const answer = await write(caseId, { id }).expect(200);
  expect(answer.body).toMatchObject({ caseId, entryId: id, version: 2, changed: true });
  expect(answer.headers['etag']).toBe('W/"2"');
  const after = await textOf(caseId);
  const added = `,{"id":"${id}","date":"2026-02-09","kind":"interview","summary":"${WORDS}"}]`;
  expect(after).toContain(added);
  const documentOf = (whole: string): string => /"document":(.*),"written":/.exec(whole)![1]!;
  expect(documentOf(after).replace(added, ']')).toBe(documentOf(before));
  expect(documentOf(await textOf(caseId, 1))).toBe(documentOf(before));
});

it('makes its list where there is none', async () => {
  const { caseId } = await gateway.putCase((record) => {
    delete record['interventions'];
    delete record['workingNotes'];
  });
  await write(caseId).expect(200);
  await write(caseId, {
    list: 'working-notes',
    version: 2,
    body: { date: '2026-02-09', text: 'x', author: 'Y' },
  }).expect(200);
  const { document, version } = await read(caseId);
  expect(version).toBe(3);
  expect(document.interventions).toHaveLength(1);
  // Who writes is who is signed in, whatever the form says.
  expect(document.workingNotes).toEqual([
    { id: expect.any(String), date: '2026-02-09', text: 'x', author: 'Hélène Roy' },
  ]);
});

it('of two tabs the second is told, and writes nothing', async () => {
  const { caseId } = await gateway.putCase();
  await write(caseId, { version: 1 }).expect(200);
  const second = await write(caseId, { version: 1 }).set('Accept-Language', 'fr').expect(409);
  expect(second.body.code).toBe('case.version-conflict');
  expect(second.body.detail).toContain('autre onglet');
  // At the very same time: the lock lets one through.
  const both = await Promise.all([1, 2, 3].map(() => write(caseId, { version: 2 })));
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  expect((await read(caseId)).version).toBe(3);
  await gateway.http('caseworker').put(`/api/v1/cases/${caseId}/interventions/${randomUUID()}`).send(entry).expect(400);
});

it('sent again, because its answer was lost, is written once', async () => {
  const { caseId } = await gateway.putCase();
  const id = randomUUID();
  await write(caseId, { id }).expect(200);
  expect((await write(caseId, { id }).expect(200)).body).toMatchObject({ version: 2, changed: false });
});

it('is corrected by who wrote it, and by nobody else; the earlier wording stays', async () => {
  const { caseId } = await gateway.putCase();
  const id = randomUUID();
  await write(caseId, { id }).expect(200);
  const body = { ...entry, summary: 'otherwise' };
  const colleague = await write(caseId, { id, version: 2, body, who: 'colleague' }).expect(403);
  expect(colleague.body.code).toBe('case.entry-author');
  await write(caseId, { id, version: 2, body }).expect(200);
  const { document, written } = await read(caseId);
  expect(document.interventions.at(-1)).toEqual({ id, ...body });
  expect(document.interventions.filter((one: { id: string }) => one.id === id)).toHaveLength(1);
  expect(written).toEqual([
    { list: 'interventions', entryId: id, mine: true, versions: [2, 3], writtenAt: expect.any(String) },
  ]);
  expect((await read(caseId, 'colleague')).written[0].mine).toBe(false);
  expect(await textOf(caseId, 2)).toContain(WORDS);
  expect(await textOf(caseId)).not.toContain(WORDS);
});

it('never touches what the agency’s software wrote', async () => {
  const id = randomUUID();
  const { caseId } = await gateway.putCase((record) => {
    record['interventions'] = [{ id, ...entry }];
  });
  await write(caseId, { id, body: { ...entry, summary: 'x' } }).expect(403);
  await write(caseId, { id }).expect(403);
  expect((await read(caseId)).version).toBe(1);
});

it('is checked with the whole case, and says where it is wrong and nothing of what was written', async () => {
  const { caseId } = await gateway.putCase();
  const wrong = await write(caseId, { body: { date: '2026-13-09', kind: WORDS, unknown: WORDS } }).expect(422);
  expect(wrong.body.code).toBe('case.invalid');
  expect(wrong.text).not.toContain(WORDS);
  await write(caseId, { body: { ...entry, id: 'x' } }).expect(422);
  await write(caseId, { id: 'no-uuid' }).expect(404);
  expect((await read(caseId)).version).toBe(1);
});

it('is for caseworkers of the agency alone', async () => {
  const { caseId } = await gateway.putCase();
  await write(caseId, { who: 'reader' }).expect(404);
  for (const who of ['dpo', 'operator', 'agency']) await write(caseId, { who }).expect(403);
  await write('no-such-case').expect(404);
});

it('keeps beside the case what its bundle had besides', async () => {
  const { caseId } = await gateway.putCase();
  const FHIR = 'application/fhir+json';
  const home = async (): Promise<{ entry: { resource: Record<string, unknown> }[] }> =>
    JSON.parse((await gateway.http().get(`/api/v1/cases/${caseId}`).set('Accept', FHIR).expect(200)).text);
  const bundle = await home();
  bundle.entry.reverse();
  bundle.entry.find(({ resource }) => resource['resourceType'] === 'Patient')!.resource['photo'] = [{ title: WORDS }];
  const put = gateway.http().put(`/api/v1/cases/${caseId}`).set('Content-Type', FHIR);
  expect((await put.send(JSON.stringify(bundle)).expect(200)).body).toMatchObject({ version: 2 });
  const before = await home();
  await write(caseId, { version: 2, body: { ...entry, summary: 'new words' } }).expect(200);
  const after = await home();
  const known = new Set(before.entry.map((one) => JSON.stringify(one)));
  const added = after.entry.filter((one) => !known.has(JSON.stringify(one)));
  expect(after.entry.length - added.length).toBe(before.entry.length);
  expect(JSON.stringify(added)).toContain('new words');
  expect(JSON.stringify(added)).not.toContain(WORDS);
  expect(JSON.stringify(after)).toContain(`"photo":[{"title":"${WORDS}"}]`);
});

it('is in the log by ids alone, and a working note never leaves', async () => {
  const { caseId, personId } = await gateway.putCase();
  const id = randomUUID();
  await write(caseId, { id }).expect(200);
  await write(caseId, { id, version: 2, body: { ...entry, summary: 'otherwise' } }).expect(200);
  const entries = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
    tx.listAudit({ personId: personId as PersonId, limit: 20 }),
  );
  const codesOf = (action: string) => entries.filter((one) => one.action === action).map(({ codes }) => codes);
  expect(codesOf('case.entry-written')).toEqual([{ list: 'interventions', entry: id, version: 2 }]);
  expect(codesOf('case.entry-corrected')).toEqual([{ list: 'interventions', entry: id, version: 3 }]);
  expect(JSON.stringify(entries)).not.toContain(WORDS);
  await write(caseId, { list: 'working-notes', version: 3, body: { text: WORDS } }).expect(200);
  const preview = await gateway
    .http()
    .post('/api/v1/transfers/preview')
    .send({
      caseId,
      recipientOrganizationId: gateway.recipient.organizationId,
      purpose: 'HOUSING',
      ground: { kind: 'statute', citation: 'CASF L226-2-2', justification: 'x', informed: { nobodyBecause: 'x' } },
    })
    .expect(200);
  expect(JSON.stringify(preview.body.bundle)).not.toContain(WORDS);
});
