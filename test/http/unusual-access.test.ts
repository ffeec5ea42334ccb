import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testFrame } from '../support/frame.js';
import { assertionClaims, createSigner, type Signer } from '../support/issuer.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';
import { staffOf } from '../support/gateway.js';
import type { StaffRole } from '../../src/transfer/principal.js';

const FILES = 10;
const SEARCHES = 20;
let gateway: TestGateway;
let signer: Signer;
let cases: readonly { caseId: string; personId: string }[];
beforeAll(async () => {
  gateway = await openGateway({ filesPerHour: FILES, searchesPerHour: SEARCHES });
  cases = [];
  for (let n = 0; n < FILES + 5; n += 1) cases = [...cases, await gateway.putCase()];
  signer = await createSigner();
  const keys = { keys: [signer.publicJwk] };
  await gateway.database.query('update partner set jwks = $2 where id = $1', [gateway.sender.partnerId, keys]);
}, 120_000);
afterAll(() => gateway.close());

/** Somebody who has opened nothing yet. */
const newcomer = (role: StaffRole = 'caseworker'): string => {
  const id = randomUUID();
  // A session without a token of its own: who may change what is not the matter here.
  const { csrfToken: _, ...principal } = staffOf(gateway.sender.organizationId, id, role);
  gateway.principals[id] = principal;
  return id;
};
const open = (who: string, { caseId }: { caseId: string }) => gateway.http(who).get(`/api/v1/cases/${caseId}`);
const browse = async (who: string, files = cases): Promise<number[]> => {
  const answers = [];
  for (const file of files) answers.push((await open(who, file)).status);
  return answers;
};
/** A transfer of this case by the agency's software, which waits for its author. */
const waitingFor = async ({ caseId, personId }: { caseId: string; personId: string }): Promise<string> => {
  const consent = consentFor(personId, gateway.recipient.organizationId);
  await gateway.http().post('/fhir/Consent').send(consent).expect(201);
  const { id } = (await gateway.ask(caseId).expect(202)).body as { id: string };
  await gateway.database.query(`update transfer set status = 'needs-review' where id = $1`, [id]);
  return id;
};
const entriesOf = async (who: string) => {
  const log = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) => tx.listAudit({ limit: 1_000 }));
  return log.filter(({ actor }) => actor.id === who);
};
const seenBy = (who: string) => gateway.http(who).get('/api/v1/unusual-access');
const unusual = async (who: string): Promise<{ id: string }[]> =>
  ((await seenBy('dpo').expect(200)).body.unusual as { id: string }[]).filter(({ id }) => id === who);

describe('a caseworker who opens one file after the other (threat 38)', () => {
  it('is shown no more than the limit, and the data-protection officer is told, once', async () => {
    const who = newcomer();
    const answers = await browse(who);
    expect(answers).toEqual([...Array(FILES).fill(200), ...Array(cases.length - FILES).fill(429)]);
    const last = await open(who, cases.at(-1)!).set('Accept-Language', 'fr').expect(429);
    expect(last.body).toMatchObject({ code: 'file.too-many', most: FILES });
    expect(last.body.detail).toContain('liste');
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(3_000);
    const entries = await entriesOf(who);
    expect(entries.filter(({ action }) => action === 'case.read')).toHaveLength(FILES);
    const told = entries.filter(({ action }) => action === 'access.unusual');
    expect(told).toEqual([expect.objectContaining({ outcome: 'refused', codes: { kind: 'files', most: FILES } })]);
    expect(told[0]).not.toHaveProperty('personId');
    expect(await unusual(who)).toEqual([
      expect.objectContaining({ kind: 'files', by: 'staff', most: FILES, refused: cases.length - FILES + 1 }),
    ]);
  });

  it('finds no other way to the next file', async () => {
    const who = newcomer();
    const file = await gateway.putCase();
    const { caseId, personId } = file;
    const transferId = await waitingFor(file);
    await gateway.database.query(`update transfer set status = 'cancelled' where id = $1`, [transferId]);
    await browse(who);
    const command = {
      caseId,
      recipientOrganizationId: gateway.recipient.organizationId,
      purpose: 'HOUSING',
      ground: { kind: 'consent' },
    };
    const http = () => gateway.http(who);
    const answers = [
      http().get(`/api/v1/cases/${caseId}`).set('Accept', 'application/fhir+json'),
      http().get(`/api/v1/cases/${caseId}?version=1`),
      http().get(`/api/v1/persons/${personId}/disclosures`),
      http().get(`/api/v1/transfers/${transferId}/content`),
      http().get(`/api/v1/transfers/${transferId}/evidence`),
      http().post(`/api/v1/persons/${personId}/access-links`).send({ lang: 'en', safeChannel: true }),
      http().get(`/fhir/Consent?patient=${personId}`),
      http().get(`/api/v1/persons/${personId}/declined-shares`),
      http().post('/api/v1/transfers/preview').send(command),
      http().post('/api/v1/transfers').set('Idempotency-Key', `"${randomUUID()}"`).send(command),
      http()
        .put(`/api/v1/cases/${caseId}/interventions/${randomUUID()}`)
        .set('If-Match', 'W/"1"')
        .send({ date: '2026-02-09' }),
    ];
    for (const answer of answers) {
      const { status, text, body } = await answer;
      expect([status, body.code ?? text]).toEqual([429, expect.stringContaining('file.too-many')]);
    }
  });

  it('of many calls at once no more are answered', async () => {
    const who = newcomer();
    const answers = await Promise.all(cases.map((file) => open(who, file)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(FILES);
  });

  it('may look again at what is open, and at more when the hour is over', async () => {
    const who = newcomer();
    await browse(who);
    await open(who, cases[0]!).expect(200);
    await open(who, cases.at(-1)!).expect(429);
    await gateway.database.query(
      `update file_opening set opened_at = now() - interval '61 minutes' where staff_id = $1 and file_id = $2`,
      [who, cases[1]!.personId],
    );
    await open(who, cases.at(-1)!).expect(200);
    await open(who, cases.at(-2)!).expect(429);
  });

  it('takes nothing from a colleague, from the agency’s software or from a file that is not there', async () => {
    const who = newcomer();
    await browse(who);
    expect(await browse(newcomer(), cases.slice(0, 1))).toEqual([200]);
    expect(await browse('agency')).toEqual(cases.map(() => 200));
    await open(who, { caseId: 'nobody' }).expect(404);
  });
});

describe('what ties somebody to a file', () => {
  it('is the agency’s own software, by its signed link', async () => {
    const who = newcomer();
    await browse(who);
    const file = cases.at(-1)!;
    const claims = assertionClaims(`client-${gateway.sender.partnerId}`, `${testFrame.publicUrl}/console/open`);
    const launch = await signer.sign({ ...claims, case: file.caseId });
    await gateway.http(who).post('/api/v1/launches').send({ launch }).expect(200);
    await open(who, file).expect(200);
    await open(who, cases.at(-2)!).expect(429);
  });

  it('is a transfer that waits in the worklist, for as long as it waits', async () => {
    const who = newcomer();
    await browse(who);
    const file = await gateway.putCase();
    await open(who, file).expect(429);
    const id = await waitingFor(file);
    await open(who, file).expect(200);
    await gateway.database.query(`update transfer set status = 'cancelled' where id = $1`, [id]);
    await open(who, file).expect(429);
  });

  it('is not counted: a morning’s worklist leaves room for the rest', async () => {
    const who = newcomer();
    const file = await gateway.putCase();
    await waitingFor(file);
    await open(who, file).expect(200);
    expect(await browse(who, cases.slice(0, FILES))).toEqual(Array(FILES).fill(200));
  });
});

describe('whoever tries names one after the other (threat 17)', () => {
  it.each(['caseworker', 'software'])('is answered no more than the limit, and told once: %s', async (kind) => {
    const who = kind === 'software' ? 'agency' : newcomer();
    const search = (family: string) =>
      gateway
        .http(who)
        .post('/api/v1/persons/search')
        .send({ names: [{ family, given: [] }], birthDate: '1991' });
    const bodies = new Set<string>();
    for (let n = 0; n < SEARCHES; n += 1) bodies.add((await search(`Nobody${n}`).expect(200)).text);
    expect(bodies.size).toBe(1);
    for (let n = 0; n < 3; n += 1) {
      // Somebody who is known and somebody who is not: the same answer.
      for (const family of ['Okafor', 'Nobody']) {
        const { body } = await search(family).expect(429);
        expect(body).toMatchObject({ code: 'person.too-many-searches', most: SEARCHES });
      }
    }
    const told = (await entriesOf(gateway.principals[who]!.actor.id)).filter(
      ({ action }) => action === 'access.unusual',
    );
    expect(told).toEqual([expect.objectContaining({ codes: { kind: 'searches', most: SEARCHES } })]);
  });
});

describe('who is told', () => {
  it('is the data-protection officer, and nobody who leads', async () => {
    await seenBy('dpo').expect(200);
    for (const role of ['caseworker', 'agreement-owner', 'operator'] as const) await seenBy(newcomer(role)).expect(403);
    await seenBy('agency').expect(403);
    const who = newcomer();
    await browse(who);
    const codes = async (reader: string): Promise<string> =>
      (await gateway.http(reader).get('/fhir/AuditEvent?_count=100').expect(200)).text;
    expect(await codes('dpo')).toContain('access.unusual');
    expect(await codes('agency')).not.toContain('"access.unusual"');
  });
});
