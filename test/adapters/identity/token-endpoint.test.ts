import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { decodeJwt, decodeProtectedHeader, exportSPKI, importJWK, type CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenEndpoint } from '../../../src/adapters/identity/token-endpoint.js';
import type { OrganizationId } from '../../../src/kernel/ids.js';
import type { NewPartner } from '../../../src/transfer/identity-ports.js';
import {
  assertionClaims,
  createSigner,
  nowSeconds,
  requestToken,
  startKeyServer,
  tokenForPartner,
  type Signer,
} from '../../support/issuer.js';
import { OPERATOR, bearer, createWorld, type World } from './world.js';

const SCOPE = 'relais/Transfer.cru system/Consent.cru';

describe('the token endpoint', () => {
  let world: World;
  let organizationId: OrganizationId;
  let signer: Signer;
  const clientId = 'toit-commun';

  const partner = (changes: Partial<NewPartner> = {}): NewPartner => ({
    organizationId,
    name: 'Toit Commun',
    clientId,
    issuer: 'relais',
    jwks: { keys: [signer.publicJwk] },
    scopes: SCOPE.split(' '),
    ...changes,
  });

  beforeAll(async () => {
    world = await createWorld();
    signer = await createSigner();
    organizationId = await world.organization();
    await world.registry.createPartner(partner(), OPERATOR);
  });
  afterAll(() => world.close());

  it('gives a registered partner an access token for this gateway alone, five minutes at most', async () => {
    const assertion = await signer.sign(assertionClaims(clientId, world.tokenUrl), { typ: 'JWT' });
    const { status, body } = await requestToken(world.tokenUrl, assertion, { scope: SCOPE });
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: SCOPE });
    expect(decodeProtectedHeader(body.access_token!)).toMatchObject({ typ: 'at+jwt', alg: 'ES384' });
    expect(decodeJwt(body.access_token!)).toMatchObject({
      iss: world.publicUrl,
      aud: world.publicUrl,
      client_id: clientId,
      sub: clientId,
      scope: SCOPE,
    });
  });

  it('accepts the issuer as audience, and RS384', async () => {
    const rsa = await createSigner('rsa', 'RS384');
    await world.registry.createPartner(
      partner({ clientId: 'rsa-client', jwks: { keys: [{ ...rsa.publicJwk }] } }),
      OPERATOR,
    );
    const { status } = await requestToken(
      world.tokenUrl,
      await rsa.sign(assertionClaims('rsa-client', world.publicUrl)),
    );
    expect(status).toBe(200);
  });

  describe('refuses (threat rows 1, 2, 3 and 5)', () => {
    const good = () => assertionClaims(clientId, world.tokenUrl);
    const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const cases: readonly (readonly [string, () => Promise<string>])[] = [
      ['alg none', async () => `${b64({ alg: 'none', kid: signer.kid })}.${b64(good())}.`],
      ['HS256 keyed with the public key', () => hmacWithPublicKey(signer, good(), '')],
      ['HS256 keyed with a PEM behind a blank', () => hmacWithPublicKey(signer, good(), ' ')],
      ['a kid with a path', () => signer.sign(good(), { kid: '../../etc/passwd' })],
      ['a kid with SQL', () => signer.sign(good(), { kid: `' or 1=1 --` })],
      ['no kid', () => signer.sign(good(), { kid: undefined })],
      ['an unknown kid', () => signer.sign(good(), { kid: 'nobody' })],
      [
        'an embedded key',
        async () => {
          const mine = await createSigner(signer.kid);
          return mine.sign(good(), { jwk: mine.publicJwk });
        },
      ],
      ['a jku', () => signer.sign(good(), { jku: 'http://127.0.0.1:1/keys' })],
      ['an x5u', () => signer.sign(good(), { x5u: 'http://127.0.0.1:1/cert' })],
      ['a foreign key under the right kid', async () => (await createSigner(signer.kid)).sign(good())],
      ['an expiry beyond five minutes', () => signer.sign({ ...good(), iat: undefined, exp: nowSeconds() + 302 })],
      [
        'five minutes counted from an iat in the past',
        () => signer.sign({ ...good(), iat: nowSeconds() - 200, exp: nowSeconds() + 200 }),
      ],
      ['an expiry in the past', () => signer.sign({ ...good(), exp: nowSeconds() - 120 })],
      ['no expiry', () => signer.sign({ ...good(), exp: undefined })],
      ['nbf 61 s ahead', () => signer.sign({ ...good(), nbf: nowSeconds() + 63 })],
      ['no jti', () => signer.sign({ ...good(), jti: undefined })],
      ['another audience', () => signer.sign({ ...good(), aud: 'https://elsewhere.example/token' })],
      ['an audience that only starts like ours', () => signer.sign({ ...good(), aud: `${world.tokenUrl}/` })],
      [
        'ours among several audiences',
        () => signer.sign({ ...good(), aud: [world.tokenUrl, 'https://elsewhere.example'] }),
      ],
      ['an issuer that is not the client', () => signer.sign({ ...good(), iss: 'somebody' })],
      ['an access token as assertion', () => signer.sign(good(), { typ: 'at+jwt' })],
    ];

    it.each(cases)('%s', async (_name, assertion) => {
      const { status, body } = await requestToken(world.tokenUrl, await assertion());
      expect([status, body.error]).toEqual([401, 'invalid_client']);
      expect(body.access_token).toBeUndefined();
    });
  });

  it('is not misled by a Host header about its own address', async () => {
    const evil = `http://evil.example/oauth/token`;
    const assertion = await signer.sign(assertionClaims(clientId, evil));
    const { request } = await import('node:http');
    const status = await new Promise<number>((resolve, reject) => {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }).toString();
      const headers = {
        host: 'evil.example',
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': body.length,
      };
      request(world.tokenUrl, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end(body);
    });
    expect(status).toBe(401);
  });

  it('accepts one of 50 parallel uses of an assertion, across two gateways', async () => {
    const assertion = await signer.sign(assertionClaims(clientId, world.publicUrl));
    const urls = Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? world.tokenUrl : world.otherTokenUrl));
    const answers = await Promise.all(urls.map((url) => requestToken(url, assertion)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(49);
  });

  it('accepts a token of one gateway at the other', async () => {
    const token = await tokenForPartner(world.publicUrl, { clientId, signer, scope: 'relais/Transfer.cru' });
    const principal = await world.second.authenticate(bearer(token));
    expect([...principal.scopes]).toEqual(['relais/Transfer.cru']);
    expect(principal.organizationId).toBe(organizationId);
  });

  it('refuses a scope that is not registered for the partner, and does not repeat it', async () => {
    const scope = 'relais/Case.cru planted-value';
    const { status, body } = await requestToken(
      world.tokenUrl,
      await signer.sign(assertionClaims(clientId, world.tokenUrl)),
      { scope },
    );
    expect([status, body.error]).toEqual([400, 'invalid_scope']);
    expect(JSON.stringify(body)).not.toContain('relais/Case.cru');
    expect(JSON.stringify(body)).not.toContain('planted');
  });

  it.each([
    ['another resource', { resource: 'https://elsewhere.example' }, 'invalid_target'],
    ['another grant', { grant_type: 'authorization_code', code: 'x' }, 'unsupported_grant_type'],
    ['another client id', { client_id: 'somebody-else' }, 'invalid_request'],
  ])('refuses %s', async (_name, form, error) => {
    const { status, body } = await requestToken(
      world.tokenUrl,
      await signer.sign(assertionClaims(clientId, world.tokenUrl)),
      form,
    );
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.error).toBe(error);
    expect(JSON.stringify(body)).not.toMatch(/planted|somebody-else/);
  });

  it('knows no client secret, in the form or as Basic authorization', async () => {
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: 'planted' };
    const inForm = await fetch(world.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
    const basic = { authorization: `Basic ${Buffer.from(`${clientId}:planted`).toString('base64')}` };
    const inHeader = await fetch(world.tokenUrl, {
      method: 'POST',
      headers: basic,
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect([inForm.status, inHeader.status]).toEqual([401, 401]);
  });

  it('accepts nbf 10 s ahead', async () => {
    const claims = { ...assertionClaims(clientId, world.tokenUrl), nbf: nowSeconds() + 10 };
    expect((await requestToken(world.tokenUrl, await signer.sign(claims))).status).toBe(200);
  });

  it('answers nothing but POST /oauth/token', async () => {
    for (const path of [
      '/oauth/jwks',
      '/auth',
      '/session/end/confirm',
      '/.well-known/openid-configuration',
      '/interaction/x',
    ]) {
      expect((await fetch(`${world.publicUrl}${path}`)).status, path).toBe(404);
    }
    expect((await fetch(world.tokenUrl)).status).toBe(405);
  });

  it('refuses an oversized form', async () => {
    const response = await fetch(world.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({ client_assertion: 'x'.repeat(200_000) }),
    });
    expect(response.status).toBe(400);
  });

  it('reads a key set by URL, once in 30 s, and stops trusting a key that left it', async () => {
    const keys = await createSigner();
    const server = await startKeyServer([keys.publicJwk]);
    let nowMs = 0;
    const gateway = world.gateway(() => nowMs);
    const id = `by-url-${randomUUID()}`;
    await world.registry.createPartner(
      { ...without(partner({ clientId: id, jwksUri: server.url }), 'jwks') },
      OPERATOR,
    );
    const http = createServer(gateway.endpoint.callback);
    await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(http.address() as { port: number }).port}/oauth/token`;
    const ask = async (by: Signer) =>
      (await requestToken(url, await by.sign(assertionClaims(id, world.publicUrl)))).status;
    try {
      expect(await ask(keys)).toBe(200);
      for (let n = 0; n < 20; n += 1) expect(await ask(await createSigner(`unknown-${n}`))).toBe(401);
      expect(server.reads()).toBe(1);
      server.publish([(await createSigner()).publicJwk]);
      nowMs += 31_000;
      expect(await ask(keys)).toBe(401);
      expect(server.reads()).toBe(2);
    } finally {
      http.closeAllConnections();
      http.close();
      await server.close();
    }
  });

  it('refuses a suspended partner as it refuses an unknown one, and takes it back', async () => {
    const id = `suspended-${randomUUID()}`;
    const { id: partnerId } = await world.registry.createPartner(partner({ clientId: id }), OPERATOR);
    const ask = async (client: string) =>
      requestToken(world.tokenUrl, await signer.sign(assertionClaims(client, world.tokenUrl)));
    expect((await ask(id)).status).toBe(200);
    await world.registry.suspendPartner(partnerId, OPERATOR);
    expect(await ask(id)).toEqual(await ask('nobody-at-all'));
    expect((await ask(id)).status).toBe(401);
    await world.registry.reactivatePartner(partnerId, OPERATOR);
    expect((await ask(id)).status).toBe(200);
  });

  it('takes new keys at once and the former ones until they end, by the clock of the database', async () => {
    const id = `new-keys-${randomUUID()}`;
    const { id: partnerId } = await world.registry.createPartner(partner({ clientId: id }), OPERATOR);
    const next = await createSigner('next-key');
    const ask = async (by: Signer) =>
      (await requestToken(world.tokenUrl, await by.sign(assertionClaims(id, world.tokenUrl)))).status;
    const keys = { jwks: { keys: [next.publicJwk] } };
    const after = await world.registry.replaceKeys(partnerId, keys, 3600, OPERATOR);
    expect(after.jwks).toEqual(keys.jwks);
    expect(after.formerKeys).toMatchObject({ jwks: { keys: [{ kid: signer.publicJwk.kid }] } });
    expect([await ask(next), await ask(signer)]).toEqual([200, 200]);
    await world.database.query(`update partner set former_keys_end_at = now() - interval '1 second' where id = $1`, [
      partnerId,
    ]);
    expect([await ask(next), await ask(signer)]).toEqual([200, 401]);
    expect(await world.registry.partner(partnerId)).not.toHaveProperty('formerKeys');
    // Stolen: nothing of them counts any more, nor of those before.
    const last = await createSigner('last-key');
    await world.registry.replaceKeys(partnerId, { jwks: { keys: [last.publicJwk] } }, 0, OPERATOR);
    expect([await ask(last), await ask(next), await ask(signer)]).toEqual([200, 401, 401]);
  });

  it('gives a name that two keys have to the new one', async () => {
    const id = `same-name-${randomUUID()}`;
    const { id: partnerId } = await world.registry.createPartner(partner({ clientId: id }), OPERATOR);
    const next = await createSigner(String(signer.publicJwk.kid));
    await world.registry.replaceKeys(partnerId, { jwks: { keys: [next.publicJwk] } }, 3600, OPERATOR);
    const ask = async (by: Signer) =>
      (await requestToken(world.tokenUrl, await by.sign(assertionClaims(id, world.tokenUrl)))).status;
    expect([await ask(next), await ask(signer)]).toEqual([200, 401]);
  });

  it('asks to come back, and issues nothing, while the database cannot be asked', async () => {
    const replay = { ...world.replay, useOnce: () => Promise.reject(new Error('planted')) };
    const { tokenKeys, clientKeys, bundleKeys, keySets } = world.first;
    const { publicUrl, registry, log } = world;
    const keys = { tokenKeys, clientKeys, bundleKeys, keySets };
    const failing = createTokenEndpoint({ publicUrl, registry, replay, ...keys, log });
    const server = createServer(failing.callback);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/oauth/token`;
    const { status, body } = await requestToken(url, await signer.sign(assertionClaims(clientId, world.tokenUrl)));
    server.close();
    expect([status, body.error]).toEqual([503, 'server_error']);
    expect(JSON.stringify([body, world.events])).not.toMatch(/planted|access_token/);
  });

  it('publishes the keys of tokens, of its own assertions and of bundles, without private parts, the same from both gateways', async () => {
    const { keys } = await world.first.endpoint.jwks();
    expect(keys).toHaveLength(3);
    expect(JSON.stringify(keys)).not.toMatch(/"d":/);
    expect(await world.second.endpoint.jwks()).toEqual({ keys });
    expect(world.first.endpoint.metadata).toMatchObject({
      issuer: world.publicUrl,
      token_endpoint: world.tokenUrl,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    });
    expect(world.first.endpoint.smartConfiguration).toMatchObject({
      capabilities: ['client-confidential-asymmetric', 'permission-v2'],
    });
  });

  it('keeps private keys encrypted, and says so when the master key is another', async () => {
    const rows = await world.database.query<{ dump: string }>(
      'select string_agg(k::text, $1) as dump from signing_key k',
      ['\n'],
    );
    const [key] = await world.storage.loadKeys('access-token');
    const secret = String(key?.privateJwk['d']);
    expect(secret).toMatch(/^[\w-]{64}$/);
    expect(rows[0]!.dump).not.toContain(secret);
    expect(rows[0]!.dump).not.toContain(Buffer.from(secret).toString('hex'));
    const { createSigningKeyStore } = await import('../../../src/adapters/store/identity/signing-keys.js');
    const stranger = createSigningKeyStore({ pool: world.pool, masterKey: Buffer.alloc(32, 7) });
    await expect(stranger.loadKeys('access-token')).rejects.toMatchObject({ code: 'identity.master-key-wrong' });
  });

  it('rotates keys: published first, signing later, old tokens good until they expire', async () => {
    let nowMs = 0;
    const gateway = world.gateway(() => nowMs);
    const before = await gateway.tokenKeys.current();
    const old = await tokenForPartner(world.publicUrl, { clientId, signer, scope: 'relais/Transfer.cru' });
    await gateway.tokenKeys.rotate();
    const published = await gateway.tokenKeys.current();
    expect(published.all).toHaveLength(2);
    expect(published.signing.kid).toBe(before.signing.kid);
    await world.database.query(
      `update signing_key set signs_from = now() where purpose = 'access-token' and retires_at is null`,
    );
    nowMs += 31_000;
    expect((await gateway.tokenKeys.current()).signing.kid).not.toBe(before.signing.kid);
    await expect(gateway.authenticate(bearer(old))).resolves.toMatchObject({ via: 'access-token' });
    await world.database.query(`update signing_key set retires_at = now() where retires_at is not null`);
    nowMs += 31_000;
    await expect(gateway.authenticate(bearer(old))).rejects.toMatchObject({ code: 'auth.token-key' });
  });

  it('forgets used assertions only after they have expired', async () => {
    expect(await world.replay.useOnce('soon', 0)).toBe(true);
    await world.replay.deleteExpired();
    expect(await world.replay.useOnce('soon', 0)).toBe(false);
    await world.database.query(`update used_assertion set expires_at = now() - interval '1 s'`);
    expect(await world.replay.deleteExpired()).toBeGreaterThan(0);
    expect(await world.replay.useOnce('soon', 0)).toBe(true);
  });
});

/** The classic confusion of algorithms: an HMAC whose secret is the public key, which everybody knows. */
async function hmacWithPublicKey(signer: Signer, payload: unknown, before: string): Promise<string> {
  const pem =
    before +
    (await exportSPKI((await importJWK({ ...signer.publicJwk }, signer.alg, { extractable: true })) as CryptoKey));
  const input = [{ alg: 'HS256', kid: signer.kid }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
}

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _left, ...rest } = value;
  return rest;
}
