import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertionClaims, createSigner, nowSeconds, type Signer } from '../support/issuer.js';
import { testFrame } from '../support/frame.js';
import { openGateway, type TestGateway } from '../support/open-gateway.js';

const AUDIENCE = `${testFrame.publicUrl}/console/open`;
let gateway: TestGateway;
let caseId: string;
let personId: string;
let own: Signer;
let others: Signer;
let client: string;
let otherClient: string;
beforeAll(async () => {
  gateway = await openGateway();
  ({ caseId, personId } = await gateway.putCase());
  [own, others] = await Promise.all([createSigner(), createSigner()]);
  const register = (partnerId: string, { publicJwk }: Signer) =>
    gateway.database.query('update partner set jwks = $2 where id = $1', [partnerId, { keys: [publicJwk] }]);
  await register(gateway.sender.partnerId, own);
  await register(gateway.other.partnerId, others);
  client = `client-${gateway.sender.partnerId}`;
  otherClient = `client-${gateway.other.partnerId}`;
}, 60_000);
afterAll(() => gateway.close());

type Claims = Record<string, unknown>;
const claims = (change: Claims = {}): Claims => ({ ...assertionClaims(client, AUDIENCE), case: caseId, ...change });
const open = (launch: string, who = 'caseworker') => gateway.http(who).post('/api/v1/launches').send({ launch });
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

it('opens the case that it names, once, and says so in the log', async () => {
  const launch = await own.sign(claims());
  expect((await open(launch).expect(200)).body).toEqual({ caseId, personId });
  expect((await open(launch).expect(403)).body.code).toBe('launch.invalid');
  const log = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) => tx.listAudit({ limit: 100 }));
  expect(log.filter(({ action }) => action === 'case.opened')).toEqual([
    expect.objectContaining({ personId, codes: { by: 'launch', partnerId: gateway.sender.partnerId } }),
  ]);
  expect(JSON.stringify(log)).not.toContain(launch);
});

it('of the same link at once, one opens', async () => {
  const launch = await own.sign(claims());
  const answers = await Promise.all(Array.from({ length: 8 }, () => open(launch)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

describe('a link with anything wrong about it opens nothing, in the same words', () => {
  const rows: readonly (readonly [string, () => Promise<string> | string])[] = [
    ['expired', () => own.sign(claims({ iat: nowSeconds() - 120, exp: nowSeconds() - 1 }))],
    ['for longer than five minutes', () => own.sign(claims({ exp: nowSeconds() + 400 }))],
    ['without an end', () => own.sign(claims({ exp: undefined }))],
    ['not valid yet', () => own.sign(claims({ nbf: nowSeconds() + 90 }))],
    ['by another organization’s key under one’s own name', () => others.sign(claims())],
    ['by another organization', () => others.sign({ ...claims(), ...assertionClaims(otherClient, AUDIENCE) })],
    ['by nobody known', () => own.sign(claims({ iss: 'nobody', sub: 'nobody' }))],
    ['whose sub is not its iss', () => own.sign(claims({ sub: otherClient }))],
    ['for the token endpoint', () => own.sign(claims({ aud: `${testFrame.publicUrl}/oauth/token` }))],
    ['for others too', () => own.sign(claims({ aud: [AUDIENCE, 'https://elsewhere.example'] }))],
    ['for a case that is not there', () => own.sign(claims({ case: 'no-such-case' }))],
    ['for a case that is no id', () => own.sign(claims({ case: '../x' }))],
    ['for no case', () => own.sign(claims({ case: undefined }))],
    ['without a jti', () => own.sign(claims({ jti: undefined }))],
    ['with an empty jti', () => own.sign(claims({ jti: '' }))],
    ['with a key in its header', () => own.sign(claims(), { jwk: own.publicJwk })],
    ['with the type of an access token', () => own.sign(claims(), { typ: 'at+jwt' })],
    ['with an unknown kid', () => own.sign(claims(), { kid: 'unknown' })],
    ['with a kid that is a path', () => own.sign(claims(), { kid: '../../etc/passwd' })],
    ['with alg none', () => `${part({ alg: 'none', kid: own.kid })}.${part(claims())}.`],
    ['changed after it was signed', async () => (await own.sign(claims())).replace(/\.[^.]+\./, `.${part(claims())}.`)],
    ['that is no link', () => randomUUID()],
  ];
  it.each(rows)('%s', async (_what, make) => {
    const { status, body } = await open(await make());
    expect({ status, code: body.code, detail: body.detail }).toEqual({
      status: 403,
      code: 'launch.invalid',
      detail: 'This link does not open a case here: open it again from your own software.',
    });
  });
});

it('is for staff of the same organization, and a stranger does not use it up', async () => {
  const launch = await own.sign(claims());
  await open(launch, 'stranger').expect(403);
  await open(launch, 'agency').expect(403);
  await open(launch).expect(200);
});

it('a suspended partner’s link opens nothing', async () => {
  await gateway.database.query(`update partner set status = 'suspended' where id = $1`, [gateway.sender.partnerId]);
  await open(await own.sign(claims())).expect(403);
  await gateway.database.query(`update partner set status = 'active' where id = $1`, [gateway.sender.partnerId]);
});
