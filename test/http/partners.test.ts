import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/routes.js';
import { STAFF_ROLES } from '../../src/transfer/principal.js';
import type { PartnerId, TransferId } from '../../src/kernel/ids.js';
import { deliverTransfer } from '../../src/transfer/deliver-transfer.js';
import { shippedRules } from '../support/label-rules.js';
import { handOut } from '../support/fixtures.js';
import { testFrame } from '../support/frame.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';
import { api, CSRF, partner, staffMember, startHttp } from '../support/http.js';
import { newClientKeys } from '../support/partner.js';
import { testSign } from '../support/sign.js';

const ENDPOINT = {
  url: 'https://fhir.example.org/r4',
  tokenUrl: 'https://auth.example.org/token',
  clientId: 'relais',
  scope: 'system/Bundle.c',
  idempotency: 'key',
};
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());

const operator = () => gateway.http('operator');
async function registered(more: object = {}): Promise<string> {
  const { body } = await operator()
    .post('/api/v1/partners')
    .send({
      organization: {
        name: 'Conseil Dettes',
        sector: 'social',
        function: { en: 'debt advice', fr: 'conseil en gestion de dettes' },
        secrecy: 'duty-of-discretion',
        confidentialByNature: false,
      },
      name: 'Conseil Dettes · système',
      clientId: randomUUID(),
      scopes: ['system/Task.ru'],
      keys: { jwksUri: 'https://auth.example.org/jwks' },
      endpoint: ENDPOINT,
      ...more,
    })
    .expect(201);
  return body.id as string;
}
const shown = async (id: string) => (await operator().get(`/api/v1/partners/${id}`).expect(200)).body;
async function auditOf(partnerId: string) {
  return gateway.database.query<{ action: string; outcome: string; codes: Record<string, unknown>; entry: object }>(
    `select entry ->> 'action' as action, entry ->> 'outcome' as outcome, entry -> 'codes' as codes, entry from audit_entry
      where entry -> 'codes' ->> 'partnerId' = $1 order by at, id`,
    [partnerId],
  );
}
/** What waits for the recipient of the tests. */
async function queued(): Promise<string> {
  const { caseId, personId } = await gateway.putCase();
  await gateway.http().post('/fhir/Consent').send(consentFor(personId, gateway.recipient.organizationId)).expect(201);
  return (await gateway.ask(caseId).expect(202)).body.id as string;
}
const statusOf = async (id: string): Promise<string> =>
  (await gateway.http().get(`/api/v1/transfers/${id}`).expect(200)).body.status as string;

describe('who may', () => {
  const routes = ROUTES.filter(({ path }) => path.startsWith('/api/v1/partners'));
  const others = STAFF_ROLES.filter((role) => role !== 'operator');

  it.each(routes.flatMap(({ method, path }) => others.map((role) => [method, path, role] as const)))(
    '%s %s is refused to the role %s',
    async (method, path, role) => {
      const { server } = startHttp({ principals: { s: staffMember(role) } });
      const answer = await api(server)
        [method](path.replace(':id', randomUUID()))
        .set({ Cookie: 'relais-session=s', 'X-CSRF-Token': CSRF });
      expect([answer.status, answer.body.code]).toEqual([403, 'auth.role-missing']);
    },
  );

  it.each(routes.map(({ method, path }) => [method, path] as const))(
    '%s %s is refused to a partner, whatever its scopes',
    async (method, path) => {
      const { server } = startHttp({ principals: { p: partner() } });
      const answer = await api(server, 'p')[method](path.replace(':id', randomUUID()));
      expect([answer.status, answer.body.code]).toEqual([403, 'auth.staff-only']);
    },
  );

  it('there are as many routes as this table thinks', () => expect(routes).toHaveLength(9));
});

describe('the list', () => {
  it('says of each partner what is done and what is missing, and holds no record', async () => {
    await queued();
    const id = await registered({ endpoint: undefined });
    const answer = await operator().get('/api/v1/partners').expect(200);
    const found = answer.body.partners.find((one: { id: string }) => one.id === id);
    expect(found.steps.map(({ step, state }: { step: string; state: string }) => `${step} ${state}`)).toEqual([
      'organization done',
      'agreement missing',
      'keys done',
      'endpoint missing',
      'test missing',
    ]);
    const own = answer.body.partners.find(
      ({ organization }: { organization: { id: string } }) => organization.id === gateway.recipient.organizationId,
    );
    expect(own.steps[1]).toEqual({ step: 'agreement', state: 'done' });
    expect(answer.text).not.toMatch(/Okafor|Grace|case-/);
  });

  it('an unknown id is a 404, whatever is asked of it', async () => {
    const id = randomUUID();
    await operator().get(`/api/v1/partners/${id}`).expect(404);
    await operator().put(`/api/v1/partners/${id}/endpoint`).send(ENDPOINT).expect(404);
    for (const act of ['tests', 'suspend', 'resume'])
      await operator().post(`/api/v1/partners/${id}/${act}`).expect(404);
  });
});

describe('registering', () => {
  it('names every member that breaks a rule, and keeps neither partner nor organization', async () => {
    const before = (await operator().get('/api/v1/organizations').expect(200)).body.organizations.length as number;
    const { privateJwk } = await newClientKeys();
    const answer = await operator()
      .post('/api/v1/partners')
      .send({
        organization: {
          name: 'Passerelle',
          sector: 'health',
          function: { en: 'clinic', fr: 'clinique' },
          secrecy: 'professional-secrecy',
          confidentialByNature: true,
        },
        name: 'x',
        clientId: 'x',
        scopes: [],
        keys: { jwks: { keys: [privateJwk] } },
        endpoint: { ...ENDPOINT, url: 'http://127.0.0.1/fhir' },
      })
      .expect(422);
    expect(answer.body.violations.map(({ path, rule }: { path: string; rule: string }) => `${path} ${rule}`)).toEqual([
      '/jwks partner.private-key',
      '/endpoint/url partner.url-refused',
    ]);
    expect(answer.text).not.toContain(privateJwk.d);
    const after = (await operator().get('/api/v1/organizations').expect(200)).body.organizations.length as number;
    expect(after).toBe(before);
  });

  it('takes a client id once', async () => {
    const clientId = randomUUID();
    await registered({ clientId });
    const organizationId = gateway.recipient.organizationId;
    const again = { name: 'x', clientId, scopes: [], keys: { jwksUri: 'https://a.example.org/j' }, organizationId };
    const answer = await operator().post('/api/v1/partners').send(again).expect(409);
    expect(answer.body.code).toBe('partner.duplicate');
  });
});

describe('keys', () => {
  it('are replaced, the former ones until a stated time; no key is shown, only its name', async () => {
    const id = await registered();
    const { jwks } = await newClientKeys('autumn');
    const answer = await operator()
      .post(`/api/v1/partners/${id}/keys`)
      .send({ keys: { jwks }, formerEndInHours: 24 })
      .expect(200);
    expect(answer.body.keys).toEqual({ url: null, keyIds: ['autumn'] });
    expect(answer.body.formerKeys.url).toBe('https://auth.example.org/jwks');
    const hours = (Date.parse(answer.body.formerKeys.endAt as string) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThan(24.1);
    expect(answer.text).not.toContain(jwks.keys[0]!.x);
    const same = await operator().post(`/api/v1/partners/${id}/keys`).send({ keys: { jwks }, formerEndInHours: 0 });
    expect([same.status, same.body.code]).toEqual([422, 'partner.keys-same']);
    const audit = await auditOf(id);
    expect(audit.map(({ codes }) => codes['change'])).toEqual(['created', 'keys-replaced']);
    expect(JSON.stringify(audit)).not.toContain(jwks.keys[0]!.x);
  });
});

describe('a suspension', () => {
  let id: string;
  beforeEach(async () => {
    id = (
      await gateway.database.query<{ id: string }>('select id from partner where organization_id = $1', [
        gateway.recipient.organizationId,
      ])
    )[0]!.id;
    await operator().post(`/api/v1/partners/${id}/resume`).expect(200);
  });

  it('lets what waits wait, refuses what is new, and lets it go once it is lifted', async () => {
    const waits = await queued();
    expect((await operator().post(`/api/v1/partners/${id}/suspend`).expect(200)).body.status).toBe('suspended');
    expect(await gateway.deliver(waits)).toBe('not-ours');
    expect(await statusOf(waits)).toBe('queued');
    const { caseId } = await gateway.putCase();
    const refused = await gateway.ask(caseId).expect(403);
    expect(JSON.stringify(refused.body)).toContain('deny.recipient-suspended');
    await operator().post(`/api/v1/partners/${id}/resume`).expect(200);
    expect(await gateway.deliver(waits)).toBe('received');
  });

  it('that comes when a worker holds the delivery ends nothing: not a byte leaves, and it waits', async () => {
    const waits = await queued();
    await handOut(gateway.database, waits as TransferId);
    const { store, door } = gateway;
    const sent = door.sent.length;
    const late = {
      ...store,
      dispatch: {
        ...store.dispatch,
        claim: async (...of: Parameters<typeof store.dispatch.claim>) => {
          const claim = await store.dispatch.claim(...of);
          await operator().post(`/api/v1/partners/${id}/suspend`).expect(200);
          return claim;
        },
      },
    };
    const deps = { store: late, door, sign: testSign, labelRules: shippedRules, frame: testFrame };
    const limits = { retryDelayMs: () => 0, leaseMs: 3_000, maxAttempts: 3 };
    const outcome = await deliverTransfer({ ...deps, ...limits }, waits as TransferId, AbortSignal.timeout(10_000));
    expect([outcome, await statusOf(waits), door.sent.length - sent]).toEqual(['fenced', 'queued', 0]);
    await operator().post(`/api/v1/partners/${id}/resume`).expect(200);
    expect(await gateway.deliver(waits)).toBe('received');
  });

  it('is not got round by starting the deliveries, and lifting it starts none that were stopped before', async () => {
    await operator().post(`/api/v1/partners/${id}/suspend`).expect(200);
    const answer = await operator().post('/api/v1/deliveries/start').send({ partnerId: id }).expect(409);
    expect(answer.body.code).toBe('partner.suspended');
    await operator().post(`/api/v1/partners/${id}/resume`).expect(200);
    await operator().post('/api/v1/deliveries/stop').send({ partnerId: id }).expect(200);
    await operator().post(`/api/v1/partners/${id}/suspend`).expect(200);
    await operator().post(`/api/v1/partners/${id}/resume`).expect(200);
    const standing = (await operator().get('/api/v1/deliveries').expect(200)).body.partners.find(
      ({ partnerId }: { partnerId: string }) => partnerId === id,
    );
    expect(standing.stoppedAt).not.toBeNull();
    await operator().post('/api/v1/deliveries/start').send({ partnerId: id }).expect(204);
  });

  it('done twice is done once, and each change is in the log with ids and codes', async () => {
    const before = (await auditOf(id)).length;
    for (const act of ['suspend', 'suspend', 'resume', 'resume'])
      await operator().post(`/api/v1/partners/${id}/${act}`).expect(200);
    const entries = (await auditOf(id)).slice(before);
    expect(entries.map(({ codes }) => codes['change'])).toEqual(['suspended', 'reactivated']);
    expect(JSON.stringify(entries)).not.toContain('Toit Commun');
  });
});

describe('the test of an endpoint', () => {
  const step = (name: string, result = 'passed', cause: string | null = null) =>
    ({ step: name, result, cause, ms: 3 }) as never;
  async function ended(id: string) {
    for (let n = 0; n < 200; n += 1) {
      const { lastTest, steps } = await shown(id);
      if (lastTest !== null && lastTest.state !== 'running') return { lastTest, steps };
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('The test did not end');
  }

  it('answers at once, shows its steps as they come, and one runs at a time', async () => {
    const id = await registered();
    const { scripted } = gateway.partners;
    let go = (): void => undefined;
    scripted.steps = [step('address'), step('name')];
    scripted.pace = () => new Promise((resolve) => (go = resolve));
    const begun = await operator().post(`/api/v1/partners/${id}/tests`).expect(202);
    expect(begun.body.lastTest).toMatchObject({ state: 'running', steps: [], current: true });
    const second = await operator().post(`/api/v1/partners/${id}/tests`).expect(409);
    expect(second.body.code).toBe('partner.test-running');
    go();
    while ((await shown(id)).lastTest.steps.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await shown(id)).lastTest).toMatchObject({ state: 'running', steps: [{ step: 'address' }] });
    go();
    const { lastTest, steps } = await ended(id);
    expect(lastTest).toMatchObject({ state: 'passed', steps: [{ step: 'address' }, { step: 'name', ms: 3 }] });
    expect(steps.at(-1)).toEqual({ step: 'test', state: 'done' });
    scripted.pace = () => Promise.resolve();
  });

  it('says in the language of the reader what failed and what to do; the log keeps ids and codes', async () => {
    const id = await registered();
    gateway.partners.scripted.steps = [step('address'), step('name', 'failed', 'name-unknown')];
    await operator().post(`/api/v1/partners/${id}/tests`).expect(202);
    expect((await ended(id)).lastTest.state).toBe('failed');
    const french = await operator().get(`/api/v1/partners/${id}`).set('Accept-Language', 'fr').expect(200);
    expect(french.body.lastTest.steps[1].text).toMatch(/^Aucun serveur de noms/);
    const entries = (await auditOf(id)).slice(1);
    expect(entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'partner.test-begun success',
      'partner.test-ended failure',
    ]);
    expect(entries[1]?.codes).toEqual({
      partnerId: id,
      testId: french.body.lastTest.id,
      step: 'name',
      cause: 'name-unknown',
    });
    expect(JSON.stringify(entries)).not.toContain('example.org');
  });

  it('of an address that has changed since does not count', async () => {
    const id = await registered();
    gateway.partners.scripted.steps = [step('address')];
    await operator().post(`/api/v1/partners/${id}/tests`).expect(202);
    await ended(id);
    const moved = { ...ENDPOINT, url: 'https://fhir2.example.org/r4' };
    const answer = await operator().put(`/api/v1/partners/${id}/endpoint`).send(moved).expect(200);
    expect(answer.body.steps.at(-1)).toEqual({ step: 'test', state: 'outdated' });
  });

  it('that nobody ended is interrupted, and another may begin', async () => {
    const id = await registered();
    gateway.partners.scripted.steps = [];
    await gateway.partners.tests.begin(id as PartnerId, { type: 'system', id: 't', organizationId: null }, 'r');
    await gateway.database.query(
      `update partner_test set started_at = now() - interval '2 minutes' where partner_id = $1`,
      [id],
    );
    expect((await shown(id)).lastTest.state).toBe('interrupted');
    await operator().post(`/api/v1/partners/${id}/tests`).expect(202);
    // A test without a step proves nothing.
    expect((await ended(id)).lastTest.state).toBe('failed');
  });

  it('needs an endpoint', async () => {
    const id = await registered({ endpoint: undefined });
    const answer = await operator().post(`/api/v1/partners/${id}/tests`).expect(409);
    expect(answer.body.code).toBe('partner.no-endpoint');
  });
});
