import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrganizationId, PartnerId } from '../../../src/kernel/ids.js';
import { requireRole, requireScope } from '../../../src/transfer/identity-ports.js';
import {
  assertionClaims,
  createExternalIssuer,
  createSigner,
  nowSeconds,
  startKeyServer,
  tokenForPartner,
  type KeyServer,
  type Signer,
} from '../../support/issuer.js';
import { OPERATOR, bearer, createWorld, type World } from './world.js';

type External = Awaited<ReturnType<typeof createExternalIssuer>>;

describe('a bearer token', () => {
  let world: World;
  let organizationId: OrganizationId;
  let signer: Signer;
  let own: PartnerId;
  let external: External;
  let keys: KeyServer;
  const issuer = 'https://idp.example.org/realms/health';

  beforeAll(async () => {
    world = await createWorld();
    organizationId = await world.organization();
    signer = await createSigner();
    external = await createExternalIssuer(issuer);
    keys = await startKeyServer([external.signer.publicJwk]);
    const shared = { organizationId, scopes: ['relais/Transfer.cru', 'relais/Disclosure.r'] };
    const mine = {
      ...shared,
      name: 'Own',
      clientId: 'own',
      issuer: 'relais',
      jwks: { keys: [{ ...signer.publicJwk }] },
    };
    own = (await world.registry.createPartner(mine, OPERATOR)).id;
    await world.registry.createPartner(
      { ...shared, name: 'Bound', clientId: 'bound', issuer, jwksUri: keys.url },
      OPERATOR,
    );
  });
  afterAll(async () => {
    await keys.close();
    await world.close();
  });

  const claims = (changes: Record<string, unknown> = {}) => ({
    aud: world.publicUrl,
    client_id: 'bound',
    scope: 'relais/Transfer.cru system/Consent.cru',
    ...changes,
  });
  const codeOf = async (token: string, gateway = world.first) =>
    gateway.authenticate(bearer(token)).then(
      () => 'accepted',
      (error: { status: number; code: string }) => `${error.status} ${error.code}`,
    );

  it('of a bound external issuer names the partner, with the scopes that it has here', async () => {
    const principal = await world.first.authenticate(bearer(await external.accessToken(claims())));
    expect(principal).toMatchObject({
      organizationId,
      via: 'access-token',
      actor: { type: 'partner', organizationId },
    });
    expect([...principal.scopes]).toEqual(['relais/Transfer.cru']);
    expect(principal.roles.size).toBe(0);
  });

  it.each(['azp', 'sub'])('may name its client in %s', async (claim) => {
    expect(await codeOf(await external.accessToken(claims({ client_id: undefined, [claim]: 'bound' })))).toBe(
      'accepted',
    );
  });

  describe('is refused with its own code (threat rows 1 to 6)', () => {
    const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const cases: readonly (readonly [string, string, () => Promise<string> | string])[] = [
      [
        'alg none',
        'auth.token-algorithm',
        () => `${b64({ alg: 'none', typ: 'at+jwt', kid: 'k' })}.${b64(claims({ iss: issuer }))}.`,
      ],
      [
        'HS256',
        'auth.token-algorithm',
        () => `${b64({ alg: 'HS256', typ: 'at+jwt', kid: 'k' })}.${b64(claims({ iss: issuer }))}.AAAA`,
      ],
      ['no form at all', 'auth.token-malformed', () => 'abc'],
      ['a kid with a path', 'auth.token-key', () => external.accessToken(claims(), { kid: '../../key' })],
      ['a kid with SQL', 'auth.token-key', () => external.accessToken(claims(), { kid: `' or 1=1` })],
      ['an unknown kid', 'auth.token-key', () => external.accessToken(claims(), { kid: 'unknown' })],
      ['a jku', 'auth.token-header', () => external.accessToken(claims(), { jku: keys.url })],
      ['an x5u', 'auth.token-header', () => external.accessToken(claims(), { x5u: keys.url })],
      [
        'an embedded key',
        'auth.token-header',
        () => external.accessToken(claims(), { jwk: external.signer.publicJwk }),
      ],
      [
        'another audience',
        'auth.token-audience',
        () => external.accessToken(claims({ aud: 'https://elsewhere.example' })),
      ],
      [
        'ours among several audiences',
        'auth.token-audience',
        () => external.accessToken(claims({ aud: [world.publicUrl, 'https://elsewhere.example'] })),
      ],
      ['no audience', 'auth.token-audience', () => external.accessToken(claims({ aud: undefined }))],
      ['the type of an ID token', 'auth.token-type', () => external.accessToken(claims(), { typ: 'JWT' })],
      ['no type', 'auth.token-type', () => external.accessToken(claims(), { typ: undefined })],
      [
        'a client assertion',
        'auth.token-type',
        () => signer.sign(assertionClaims('own', world.publicUrl), { typ: 'JWT' }),
      ],
      ['an expiry in the past', 'auth.token-expired', () => external.accessToken(claims({ exp: nowSeconds() - 2 }))],
      ['no expiry', 'auth.token-malformed', () => external.accessToken(claims({ exp: undefined }))],
      ['nbf 61 s ahead', 'auth.token-not-yet-valid', () => external.accessToken(claims({ nbf: nowSeconds() + 63 }))],
      [
        'an issuer that is not bound',
        'auth.token-issuer',
        () => external.accessToken(claims({ iss: 'https://evil.example' })),
      ],
      ['an issuer with a planted NUL', 'auth.token-issuer', () => external.accessToken(claims({ iss: 'a\u0000b' }))],
      [
        'a client of the issuer that is not bound',
        'auth.token-issuer',
        () => external.accessToken(claims({ client_id: 'stranger' })),
      ],
      [
        "Relais' own issuer, signed by another",
        'auth.token-key',
        () => external.accessToken(claims({ iss: world.publicUrl, client_id: 'own' })),
      ],
      ['a binding to a key', 'auth.token-bound', () => external.accessToken(claims({ cnf: { jkt: 'x' } }))],
    ];

    it.each(cases)('%s', async (_name, code, token) => {
      expect(await codeOf(await token())).toBe(`401 ${code}`);
    });

    it('a changed payload', async () => {
      const [header, , signature] = (await external.accessToken(claims())).split('.');
      const forged = [
        header,
        b64({ ...claims({ iss: issuer, exp: nowSeconds() + 60 }), scope: 'relais/Case.cru' }),
        signature,
      ].join('.');
      expect(await codeOf(forged)).toBe('401 auth.token-signature');
    });

    it("a partner's own key under Relais' issuer", async () => {
      const token = await signer.sign(
        { ...claims(), iss: world.publicUrl, client_id: 'own', exp: nowSeconds() + 60 },
        { typ: 'at+jwt' },
      );
      expect(await codeOf(token)).toBe('401 auth.token-key');
    });

    it("Relais' own assertion key, which is published beside the token keys", async () => {
      const { signing } = await world.first.clientKeys.current();
      const { SignJWT, importJWK } = await import('jose');
      const token = await new SignJWT({ ...claims(), iss: world.publicUrl, client_id: 'own' })
        .setExpirationTime('1 minute')
        .setProtectedHeader({ alg: 'ES384', typ: 'at+jwt', kid: signing.kid })
        .sign(await importJWK({ ...signing.privateJwk }, 'ES384'));
      expect(await codeOf(token)).toBe('401 auth.token-key');
    });

    it('no token, or another scheme', async () => {
      const none = bearer('', { authorization: undefined });
      await expect(world.first.authenticate(none)).rejects.toMatchObject({ status: 401, code: 'auth.token-missing' });
      const basic = bearer('', { authorization: 'Basic abc' });
      await expect(world.first.authenticate(basic)).rejects.toMatchObject({
        status: 401,
        code: 'auth.token-malformed',
      });
    });
  });

  it('with nbf 10 s ahead is accepted', async () => {
    expect(await codeOf(await external.accessToken(claims({ nbf: nowSeconds() + 10 })))).toBe('accepted');
  });

  it('never has its content repeated in a refusal', async () => {
    const token = await external.accessToken(
      claims({ aud: 'planted-value', iss: 'planted-value', scope: 'planted-value' }),
    );
    const error = await world.first.authenticate(bearer(token)).catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error) + String(error)).not.toContain('planted');
    expect(JSON.stringify(world.events)).not.toContain('planted');
  });

  it('with 1,000 unknown kids causes one fetch in 30 s', async () => {
    const server = await startKeyServer([external.signer.publicJwk]);
    const clientId = `kids-${randomUUID()}`;
    const partner = {
      organizationId,
      name: 'Kids',
      clientId,
      issuer,
      jwksUri: server.url,
      scopes: ['relais/Transfer.cru'],
    };
    await world.registry.createPartner(partner, OPERATOR);
    let nowMs = 0;
    const gateway = world.gateway(() => nowMs);
    for (let n = 0; n < 1_000; n += 50) {
      const tokens = Array.from({ length: 50 }, (_, k) =>
        external.accessToken(claims({ client_id: clientId }), { kid: `kid-${n + k}` }),
      );
      const codes = await Promise.all((await Promise.all(tokens)).map((token) => codeOf(token, gateway)));
      expect(new Set(codes)).toEqual(new Set(['401 auth.token-key']));
    }
    expect(server.reads()).toBe(1);
    nowMs += 30_001;
    await codeOf(await external.accessToken(claims({ client_id: clientId }), { kid: 'one-more' }), gateway);
    expect(server.reads()).toBe(2);
    await server.close();
  });

  it('is refused within five minutes after its key was removed, and when the key server is gone', async () => {
    const server = await startKeyServer([external.signer.publicJwk]);
    const clientId = `removed-${randomUUID()}`;
    const partner = {
      organizationId,
      name: 'Removed',
      clientId,
      issuer,
      jwksUri: server.url,
      scopes: ['relais/Transfer.cru'],
    };
    await world.registry.createPartner(partner, OPERATOR);
    let nowMs = 0;
    const removed = world.gateway(() => nowMs);
    const unreachable = world.gateway(() => nowMs);
    const token = await external.accessToken(claims({ client_id: clientId, exp: nowSeconds() + 3600 }));
    expect(await codeOf(token, removed)).toBe('accepted');
    expect(await codeOf(token, unreachable)).toBe('accepted');
    server.publish([]);
    nowMs += 61_000;
    expect(await codeOf(token, removed)).toBe('401 auth.token-key');
    await server.close();
    nowMs += 100_000;
    expect(await codeOf(token, unreachable)).toBe('accepted');
    nowMs += 138_000;
    expect(await codeOf(token, unreachable)).toBe('401 auth.token-key');
  });

  it('is refused with 403 at the next call after its partner was suspended (threat 10)', async () => {
    const token = await tokenForPartner(world.publicUrl, { clientId: 'own', signer, scope: 'relais/Transfer.cru' });
    expect(await codeOf(token)).toBe('accepted');
    await world.registry.suspendPartner(own, OPERATOR);
    expect(await codeOf(token)).toBe('403 auth.partner-suspended');
    expect(await codeOf(token, world.second)).toBe('403 auth.partner-suspended');
    await world.registry.reactivatePartner(own, OPERATOR);
    expect(await codeOf(token)).toBe('accepted');
  });

  it('loses a scope that is taken from the partner, while it still lives (threat 8)', async () => {
    const scope = 'relais/Transfer.cru relais/Disclosure.r';
    const token = await tokenForPartner(world.publicUrl, { clientId: 'own', signer, scope });
    requireScope(await world.first.authenticate(bearer(token)), 'relais/Transfer.cru');
    await world.registry.updatePartner(own, { scopes: ['relais/Disclosure.r'] }, OPERATOR);
    const principal = await world.first.authenticate(bearer(token));
    requireScope(principal, 'relais/Disclosure.r');
    expect(() => requireScope(principal, 'relais/Transfer.cru')).toThrow(
      expect.objectContaining({ status: 403, code: 'auth.scope-missing' }),
    );
    expect(() => requireRole(principal, 'operator')).toThrow(
      expect.objectContaining({ status: 403, code: 'auth.role-missing' }),
    );
  });

  describe("whose issuer's key server misbehaves (threat 31)", () => {
    const servers: Server[] = [];
    afterAll(() => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    });

    const behaviours: readonly (readonly [string, Parameters<typeof createServer>[1]])[] = [
      [
        'answers without end',
        (_request, response) => {
          response.setHeader('content-type', 'application/json');
          const chunk = Buffer.alloc(65_536, ' ');
          const pour = (): void => {
            while (!response.destroyed && response.write(chunk));
            if (!response.destroyed) response.once('drain', pour);
          };
          pour();
        },
      ],
      [
        'drips for ever',
        (_request, response) => {
          const timer = setInterval(() => response.write(' '), 200);
          response.on('close', () => clearInterval(timer));
        },
      ],
      ['redirects to a good set', (_request, response) => void response.writeHead(302, { location: keys.url }).end()],
      ['answers HTML', (_request, response) => void response.setHeader('content-type', 'text/html').end('<html>')],
    ];

    it.each(behaviours)('%s', async (_name, behave) => {
      const server = createServer(behave as never);
      servers.push(server);
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      const clientId = `bad-${randomUUID()}`;
      const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      await world.registry.createPartner(
        { organizationId, name: 'Bad', clientId, issuer, jwksUri, scopes: [] },
        OPERATOR,
      );
      const startedAt = performance.now();
      const before = process.memoryUsage().rss;
      expect(await codeOf(await external.accessToken(claims({ client_id: clientId })), world.gateway())).toBe(
        '401 auth.token-key',
      );
      expect(performance.now() - startedAt).toBeLessThan(6_500);
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1_048_576);
    });
  });
});
