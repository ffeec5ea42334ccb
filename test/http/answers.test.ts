import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { consentExample } from '../../src/http/fhir/consent-schema.js';
import { agreementExample } from '../../src/http/schemas/agreement.js';
import { caseExample } from '../../src/http/schemas/case-example.js';
import { transferExample } from '../../src/http/schemas/transfer.js';
import { parseCase } from '../../src/domain/case/parse-case.js';
import { maskOf } from '../../src/domain/labels/labels.js';
import { readJson, writeJson, type JsonValue } from '../../src/kernel/json.js';
import type { Transfer } from '../../src/transfer/transfer.js';
import type { TransferCommand } from '../../src/transfer/request-transfer.js';
import type { ReferralReport } from '../../src/transfer/update-referral.js';
import { api, CCAS, CSRF, partner, PUBLIC_URL, staffMember, startHttp, TOIT_COMMUN } from '../support/http.js';

const PERSON = '0c8a5d7e-3b21-4f96-a1d4-9e6b2c7f8a10';
const CONSENT = 'e4a7c3b1-92d8-4e06-b5f7-1a8d6c0e9f32';
const AGREEMENT = '5a1d0000-0000-4000-8000-0000000000a1';
const staffActor = { type: 'staff', id: 'staff-helene', organizationId: CCAS } as const;

const transfer = {
  id: '6f1c2a9e-5d6f-4b7a-9c3e-2f4a8b1d0c57',
  reference: 'R-0142',
  status: 'delivered',
  referralStatus: 'accepted',
  senderOrganizationId: CCAS,
  recipientOrganizationId: TOIT_COMMUN,
  recipientIsGuest: false,
  codeAskedAt: null,
  follows: null,
  followedBy: [],
  caseId: 'VAL-2026-0417',
  personId: PERSON,
  taskId: 'b2d9e1f0-8a34-4c55-8f0e-71c3a9d2e646',
  purpose: 'HOUSING',
  ground: {
    dataProtectionBasis: 'public-task',
    secrecy: { kind: 'consent', consents: [{ id: CONSENT, version: 1 }] },
    personId: PERSON,
  },
  permitted: maskOf(['identity', 'housing']),
  agreement: { id: AGREEMENT, version: 1 },
  reasons: [{ code: 'permit.consent', parameters: { recipient: TOIT_COMMUN, date: '2026-02-09' } }],
  withheldElements: 14,
  digest: 'a'.repeat(64),
  requestedAt: '2026-02-09T10:15:00.000Z',
  sendAfter: null,
  answerExpectedBy: '2026-02-27T17:00:00.000Z',
  deliveredAt: '2026-02-09T10:15:02.418Z',
  purgeAt: '2026-03-11T10:15:02.418Z',
  contentPurgedAt: null,
  attempts: 1,
  nextAttemptAt: null,
  timeline: [
    { at: '2026-02-09T10:15:00.000Z', status: 'queued', actor: staffActor, reasons: [] },
    {
      at: '2026-02-09T10:15:02.418Z',
      status: 'delivered',
      actor: { type: 'system', id: 'worker', organizationId: null },
      reasons: [],
    },
    {
      at: '2026-02-10T08:00:00.000Z',
      status: 'referral:accepted',
      actor: { type: 'partner', id: 'toit', organizationId: TOIT_COMMUN },
      reasons: [],
      message: 'Two bedrooms, dog welcome.',
    },
  ],
} as unknown as Transfer;
const refused = {
  ...transfer,
  status: 'refused',
  taskId: null,
  reasons: [{ code: 'deny.consent-refused', parameters: { recipient: TOIT_COMMUN, date: '2026-02-09' } }],
} as Transfer;

const listOrganizations = async () =>
  [
    {
      id: TOIT_COMMUN,
      name: 'Toit Commun',
      sector: 'housing',
      function: { en: 'supported housing', fr: 'logement accompagné' },
      secrecy: 'professional-secrecy',
      confidentialByNature: false,
    },
  ] as const;

describe('transfers', () => {
  const send = (answer: Transfer, body: object = transferExample, key = '"key-1"') => {
    const commands: TransferCommand[] = [];
    const { server, refusals } = startHttp({
      story: {
        listOrganizations,
        requestTransfer: async (_principal, command) => {
          commands.push(command);
          return answer;
        },
      },
    });
    const test = api(server, 'partner').post('/api/v1/transfers').set('Idempotency-Key', key).send(body);
    return { test, commands, refusals };
  };

  it('an accepted one is a 202 with its address', async () => {
    const { test, commands } = send(transfer);
    const answer = await test.set('X-Request-Id', 'request-77').expect(202);
    expect(answer.headers['location']).toBe(`/api/v1/transfers/${transfer.id}`);
    expect(answer.body).toMatchObject({
      viewedAs: 'sender',
      categories: ['identity', 'housing'],
      reasons: [{ text: 'The person agreed on 9 February 2026 that this may be passed on to Toit Commun.' }],
    });
    expect(commands).toEqual([
      {
        caseId: 'VAL-2026-0417',
        recipientOrganizationId: TOIT_COMMUN,
        purpose: 'HOUSING',
        ground: { kind: 'consent' },
        answerExpectedBy: '2026-02-27T17:00:00.000Z',
        idempotencyKey: 'key-1',
        bodyDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
        requestId: 'request-77',
      },
    ]);
  });

  it('a refused one is a 403 with its reference and its reasons, in the caller’s language', async () => {
    const { test, refusals } = send(refused);
    const answer = await test.set('Accept-Language', 'fr').expect(403);
    expect(answer.body).toMatchObject({
      type: `${PUBLIC_URL}/docs/errors#transfer.refused`,
      title: 'Le transfert est refusé.',
      code: 'transfer.refused',
      transferId: transfer.id,
      reference: 'R-0142',
      reasons: [{ code: 'deny.consent-refused', text: 'La personne a dit non pour Toit Commun le 9 février 2026.' }],
    });
    // The story has audited the decision: it is not counted a second time.
    expect(refusals).toEqual([]);
  });

  it('the digest of the body ignores order and white space, and nothing else', async () => {
    const digests = await Promise.all(
      [
        transferExample,
        Object.fromEntries(Object.entries(transferExample).reverse()),
        { ...transferExample, purpose: 'COC' },
      ].map(async (body) => {
        const { test, commands } = send(transfer, body);
        await test.expect(202);
        return commands[0]?.bodyDigest;
      }),
    );
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  it.each([
    ['no key', undefined],
    ['a key with blanks', 'a b'],
    ['a key that is too long', 'k'.repeat(129)],
  ])('%s is a 400 that names the header', async (_name, key) => {
    const { server } = startHttp();
    const test = api(server, 'partner').post('/api/v1/transfers').send(transferExample);
    const answer = await (key === undefined ? test : test.set('Idempotency-Key', key)).expect(400);
    expect(answer.body).toMatchObject({ code: 'request.header-invalid', violations: [{ path: 'idempotency-key' }] });
  });

  it.each([
    ['a tenant', { senderOrganizationId: TOIT_COMMUN }, ''],
    ['a status', { status: 'delivered' }, ''],
    ['a security label', { permitted: 1023 }, ''],
    ['an unknown purpose', { purpose: 'MARKETING' }, '/purpose'],
    ['working notes', { categories: ['working-notes'] }, '/categories/0'],
    ['sensitivities alone', { sensitivities: ['hiv'] }, '/categories'],
    ['an unknown ground', { ground: { kind: 'curiosity' } }, '/ground/kind'],
    ['a statute without citation', { ground: { kind: 'statute', justification: 'x' } }, '/ground/citation'],
    ['a day that does not exist', { sendAfter: '2026-02-30T10:00:00Z' }, '/sendAfter'],
    ['a case id that no case can have', { caseId: '../../etc' }, '/caseId'],
  ])('a body that sets %s is a 422 at its place', async (_name, change, path) => {
    const { test } = send(transfer, { ...transferExample, ...change });
    const answer = await test.expect(422);
    expect(answer.body.violations.map((violation: { path: string }) => violation.path)).toContain(path);
    expect(answer.text).not.toMatch(/MARKETING|curiosity|etc"/);
  });

  it('the recipient sees nothing from before it arrived and nothing that tells of gaps', async () => {
    const { server } = startHttp({
      story: { listOrganizations, getTransfer: async () => transfer },
      principals: { sender: partner(), recipient: partner(TOIT_COMMUN) },
    });
    const path = `/api/v1/transfers/${transfer.id}`;
    const seen = await api(server, 'recipient').get(path).expect(200);
    expect(seen.body).toMatchObject({ viewedAs: 'recipient', taskId: transfer.taskId, referralStatus: 'accepted' });
    expect(seen.text).not.toMatch(/VAL-2026-0417|withheld|permit\.|staff|"queued"/);
    expect(seen.text).not.toContain(PERSON);
    const own = await api(server, 'sender').get(path).expect(200);
    expect(own.body.timeline).toHaveLength(3);
    expect(own.text).not.toContain('staff-helene');
  });

  it('a list has pages, and a filter that is not valid is no filter "none"', async () => {
    const asked: unknown[] = [];
    const { server } = startHttp({
      story: {
        listOrganizations,
        listTransfers: async (_principal, filter) => {
          asked.push(filter);
          return [transfer, refused];
        },
      },
    });
    const full = await api(server, 'partner')
      .get(`/api/v1/transfers?limit=2&personId=${PERSON}&before=2026-02-10T00:00:00%2B01:00`)
      .expect(200);
    expect(full.body.next).toBe(transfer.requestedAt);
    const last = await api(server, 'partner').get('/api/v1/transfers').expect(200);
    expect(last.body.next).toBeNull();
    expect(asked).toEqual([{ limit: 2, personId: PERSON, before: '2026-02-09T23:00:00.000Z' }, { limit: 50 }]);
    for (const query of ['limit=0', 'limit=101', 'limit=1e2', 'personId=x', 'before=yesterday', '_sort=name']) {
      await api(server, 'partner').get(`/api/v1/transfers?${query}`).expect(400);
    }
  });

  it('one can be taken back with an empty body or none', async () => {
    const { server } = startHttp({ story: { listOrganizations, cancelTransfer: async () => transfer } });
    const path = `/api/v1/transfers/${transfer.id}/cancel`;
    await api(server, 'partner').post(path).expect(200);
    await api(server, 'partner').post(path).send({}).expect(200);
    await api(server, 'partner').post(path).send({ reason: 'x' }).expect(422);
  });
});

describe('cases', () => {
  it('the example of the documentation is a valid case', () => {
    expect(parseCase(caseExample as unknown as JsonValue).person.id).toBe('P-0417');
  });

  it('numbers come back as they were written', async () => {
    let kept: JsonValue = null;
    const { server } = startHttp({
      story: {
        putCase: async (_principal, caseId, document) => {
          kept = document;
          return { caseId, personId: PERSON, version: 1, changed: true } as never;
        },
        getCase: async (_principal, caseId) =>
          ({
            caseId,
            personId: PERSON,
            version: 1,
            document: readJson(writeJson(kept)),
            written: [],
            takenOver: null,
          }) as never,
      },
    });
    const text = '{"amount":0.10,"big":12345678901234567890,"zero":-0,"exponent":1e400}';
    await api(server, 'partner')
      .put('/api/v1/cases/C-1')
      .set('Content-Type', 'application/json; charset=UTF-8')
      .send(text)
      .expect(201);
    const answer = await api(server, 'partner').get('/api/v1/cases/C-1').expect(200);
    expect(answer.text).toContain(`"document":${text}`);
  });

  it('a second version is a 200', async () => {
    const { server } = startHttp({
      story: { putCase: async (_p, caseId) => ({ caseId, personId: PERSON, version: 2, changed: true }) as never },
    });
    await api(server, 'partner').put('/api/v1/cases/C-1').send({}).expect(200);
  });

  it('persons are searched by the body, never by the address', async () => {
    const { server } = startHttp({
      story: {
        searchPersons: async (_principal, { names }) =>
          [
            {
              personId: PERSON,
              caseId: 'C-1',
              names: names.map((name) => ({ ...name, kind: 'legal' })),
              birthDate: null,
              agrees: ['family'],
            },
          ] as never,
      },
    });
    const path = '/api/v1/persons/search';
    await api(server, 'partner')
      .post(path)
      .send({ names: [{ family: 'Okafor' }], birthDate: '1991' })
      .expect(200);
    await api(server, 'partner').post(path).send({ birthDate: '1991' }).expect(422);
    await api(server, 'partner').get('/api/v1/persons/search?family=Okafor').expect(405);
  });

  it('the schema is public, and says so of every field’s labels', async () => {
    const { server } = startHttp();
    const answer = await request(server).get('/api/v1/schemas/case').expect(200);
    expect(answer.type).toBe('application/schema+json');
    expect(answer.text).toContain('x-relais-labels');
  });
});

describe('consents', () => {
  const stored = { id: CONSENT, version: 3, resource: { ...consentExample, id: CONSENT }, unreadable: false } as never;
  const withStory = () => {
    const calls: unknown[][] = [];
    const { server } = startHttp({
      story: {
        recordConsent: async (_principal, id, _resource, expectedVersion) => {
          calls.push([id, expectedVersion]);
          return stored;
        },
        getConsent: async () => stored,
        searchConsents: async (_principal, { patient }) => (patient === PERSON ? [stored] : []),
        withdrawConsent: async () =>
          ({ consentId: CONSENT, version: 4, stopped: [transfer.id], alreadySent: [], notified: [] }) as never,
      },
    });
    return { server, calls };
  };

  it('create, update with If-Match, read', async () => {
    const { server, calls } = withStory();
    const created = await api(server, 'partner')
      .post('/fhir/Consent')
      .set('Content-Type', 'application/fhir+json')
      .send(JSON.stringify(consentExample))
      .expect(201);
    expect(created.headers).toMatchObject({ location: `/fhir/Consent/${CONSENT}`, etag: 'W/"3"' });
    await api(server, 'partner')
      .put(`/fhir/Consent/${CONSENT}`)
      .set('If-Match', 'W/"2"')
      .send(consentExample)
      .expect(200);
    await api(server, 'partner').put(`/fhir/Consent/${CONSENT}`).set('If-Match', '*').send(consentExample).expect(400);
    await api(server, 'partner').get(`/fhir/Consent/${CONSENT}`).expect(200);
    expect(calls).toEqual([
      [null, undefined],
      [CONSENT, 2],
    ]);
  });

  it('an update of another id, a conditional create and a search by anything else are refused', async () => {
    const { server, calls } = withStory();
    const other = { ...consentExample, id: PERSON };
    await api(server, 'partner').put(`/fhir/Consent/${CONSENT}`).send(other).expect(422);
    const conditional = await api(server, 'partner')
      .post('/fhir/Consent')
      .set('If-None-Exist', `patient=${PERSON}`)
      .send(consentExample)
      .expect(400);
    expect(conditional.body.issue[0]).toMatchObject({ code: 'not-supported' });
    for (const query of [
      '',
      '?status=active',
      `?patient=${PERSON}&_include=*`,
      '?patient=x',
      `?patient:exact=${PERSON}`,
    ]) {
      await api(server, 'partner').get(`/fhir/Consent${query}`).expect(400);
    }
    expect(calls).toEqual([]);
  });

  it('a search by patient is a Bundle, without empty arrays', async () => {
    const { server } = withStory();
    const found = await api(server, 'partner').get(`/fhir/Consent?patient=Patient/${PERSON}`).expect(200);
    expect(found.body).toMatchObject({ total: 1, entry: [{ fullUrl: `${PUBLIC_URL}/fhir/Consent/${CONSENT}` }] });
    const none = await api(server, 'partner').get(`/fhir/Consent?patient=${CONSENT}`).expect(200);
    expect(none.body).toEqual({ resourceType: 'Bundle', type: 'searchset', total: 0 });
  });

  it('a withdrawal says what was stopped', async () => {
    const { server } = withStory();
    const answer = await api(server, 'partner').post(`/api/v1/consents/${CONSENT}/withdraw`).expect(200);
    expect(answer.body.stopped).toEqual([transfer.id]);
  });
});

describe('referrals', () => {
  const path = `/fhir/Task/${transfer.taskId}`;

  it('the Task names the person to the sender alone', async () => {
    const { server } = startHttp({
      story: { getTask: async () => transfer },
      principals: { sender: partner(), recipient: partner(TOIT_COMMUN) },
    });
    const own = await api(server, 'sender').get(path).expect(200);
    expect(own.body.for.identifier.value).toBe(PERSON);
    const seen = await api(server, 'recipient').get(path).expect(200);
    expect(seen.text).not.toContain(PERSON);
    expect(seen.body).toMatchObject({ status: 'accepted', note: [{ text: 'Two bedrooms, dog welcome.' }] });
  });

  it('a report takes status and words; a wrong one names its place by FHIRPath', async () => {
    const reports: ReferralReport[] = [];
    const { server } = startHttp({
      story: {
        updateReferral: async (_principal, _id, report) => {
          reports.push(report);
          return transfer;
        },
      },
    });
    const task = { resourceType: 'Task', id: transfer.taskId, status: 'accepted', note: [{ text: 'Come on Monday.' }] };
    await api(server, 'partner').put(path).send(task).expect(200);
    expect(reports).toEqual([{ status: 'accepted', declined: null, message: 'Come on Monday.' }]);
    const coding = [{ system: 'https://relais.example/fhir/CodeSystem/decline-reason', code: 'out-of-area' }];
    const declining = { ...task, status: 'rejected', statusReason: { coding } };
    await api(server, 'partner').put(path).send(declining).expect(200);
    expect(reports.at(-1)).toEqual({ status: 'rejected', declined: 'out-of-area', message: 'Come on Monday.' });
    // A reason that nobody could read is none; of another state the code says nothing.
    for (const unread of [
      { ...declining, statusReason: { coding: [{ ...coding[0], code: 'planted-code' }] } },
      { ...declining, statusReason: { coding: [{ system: 'urn:other', code: 'out-of-area' }] } },
      { ...declining, status: 'on-hold' },
    ]) {
      const refused = await api(server, 'partner').put(path).send(unread).expect(422);
      expect(refused.body.issue[0].expression).toEqual(['Task.statusReason']);
      expect(refused.text).not.toContain('planted-code');
    }
    const wrong = await api(server, 'partner')
      .put(path)
      .set('Accept-Language', 'fr')
      .send({ ...task, status: 'planted-status' })
      .expect(422);
    expect(wrong.body.issue[0]).toMatchObject({
      expression: ['Task.status'],
      details: { text: expect.stringMatching(/statut/) },
    });
    expect(wrong.text).not.toContain('planted-status');
    await api(server, 'partner')
      .put(path)
      .send({ ...task, id: PERSON })
      .expect(422);
  });
});

describe('agreements, proof, identity', () => {
  const staffed = (story: NonNullable<Parameters<typeof startHttp>[0]>['story']) =>
    startHttp({ story: story ?? {}, principals: { s: staffMember('agreement-owner', 'data-protection-officer') } });
  const session = { Cookie: 'relais-session=s', 'X-CSRF-Token': CSRF };

  it('an agreement is stored under the id of the address, moments normalised', async () => {
    const { server } = staffed({ putAgreement: async (_principal, agreement) => agreement });
    const path = `/api/v1/agreements/${AGREEMENT}`;
    const body = { ...agreementExample, validFrom: '2026-01-01T01:00:00+01:00' };
    const answer = await api(server).put(path).set(session).send(body).expect(200);
    expect(answer.body).toMatchObject({ id: AGREEMENT, validFrom: '2026-01-01T00:00:00.000Z' });
    await api(server)
      .put(path)
      .set(session)
      .send({ ...body, version: 1 })
      .expect(201);
    const other = await api(server)
      .put(path)
      .set(session)
      .send({ ...body, id: PERSON })
      .expect(422);
    expect(other.body.code).toBe('agreement.other-id');
    const notes = { ...body, purposes: [{ ...body.purposes[0], categories: ['working-notes'] }] };
    await api(server).put(path).set(session).send(notes).expect(422);
  });

  it('the report, the log’s check and the directory', async () => {
    const { server } = staffed({
      listOrganizations,
      listAgreements: async () => [],
      disclosureReport: async (_principal, personId, lang) => ({
        personId,
        lang,
        organization: 'CCAS',
        madeOn: '2026-02-09',
        disclosures: [],
        contests: [],
        declined: [],
      }),
      verifyAudit: async () => ({ verified: false, entries: 9, unsequenced: 0, firstBadEntry: 4 }),
    });
    const report = await api(server).get(`/api/v1/persons/${PERSON}/disclosures?lang=fr`).set(session).expect(200);
    expect(report.headers['content-language']).toBe('fr');
    const check = await api(server).get('/api/v1/audit/verification').set(session).expect(200);
    expect(check.body.firstBadEntry).toBe(4);
    await api(server).get('/api/v1/agreements').set(session).expect(200);
    const names = await api(server).get('/api/v1/organizations').set(session).set('Accept-Language', 'fr').expect(200);
    expect(names.body.organizations[0].function).toBe('logement accompagné');
  });

  it('sign-in leads to the issuer and back; without an issuer there is none', async () => {
    const { server: without } = startHttp();
    await api(without).get('/signin').expect(404);
    const asked: unknown[] = [];
    const { server } = startHttp({
      principals: { s: staffMember('caseworker') },
      signIn: {
        begin: async (...given) => {
          asked.push(given);
          return { redirectUrl: 'https://issuer.test/authorize?x=1', cookie: 'relais-sign-in=abc; HttpOnly' };
        },
        finish: async (...given) => {
          asked.push(given);
          return { cookies: ['relais-session=s; HttpOnly', 'relais-sign-in=; Max-Age=0'], returnTo: '/me' };
        },
        end: async () => ({ cookies: ['relais-session=; Max-Age=0'], redirectUrl: 'https://issuer.test/end' }),
      },
    });
    const begun = await api(server).get('/signin?returnTo=%2Fme').set('Accept-Language', 'fr').expect(302);
    expect(begun.headers).toMatchObject({ location: 'https://issuer.test/authorize?x=1' });
    const back = await api(server).get('/auth/callback?code=c&state=s').set('Cookie', 'relais-sign-in=abc').expect(303);
    expect(back.headers['location']).toBe('/me');
    expect(back.headers['set-cookie']).toHaveLength(2);
    expect(asked).toEqual([
      ['/me', 'fr'],
      ['/auth/callback?code=c&state=s', 'relais-sign-in=abc'],
    ]);
    const me = await api(server).get('/me').set('Cookie', 'relais-session=s').expect(200);
    expect(me.body).toMatchObject({ csrfToken: CSRF, roles: ['caseworker'], displayName: 'Hélène Roy' });
    await api(server).post('/signout').set('Cookie', 'relais-session=s').expect(403);
    const out = await api(server).post('/signout').set(session).expect(200);
    expect(out.body.redirectUrl).toBe('https://issuer.test/end');
  });

  it('keys, metadata, capabilities, the token endpoint', async () => {
    const { server } = startHttp();
    for (const path of [
      '/oauth/jwks',
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
      '/.well-known/smart-configuration',
      '/fhir/.well-known/smart-configuration',
      '/fhir/metadata',
    ]) {
      await api(server).get(path).expect(200);
    }
    await request(server).post('/oauth/token').type('form').send('grant_type=password').expect(400);
  });

  it('ready says what is not', async () => {
    const { server } = startHttp({
      story: { ready: async () => ({ database: true, queue: false, migrations: true }) },
    });
    const answer = await api(server).get('/health/ready').expect(503);
    expect(answer.body.checks).toEqual({ database: 'ok', queue: 'failed', migrations: 'ok' });
    await api(server).get('/health/live').expect(200);
  });
});
