import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, jwtVerify, type JWTPayload, type JWTVerifyResult } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTokenSource } from '../../../src/adapters/identity/token-source.js';
import type { PartnerEndpoint } from '../../../src/transfer/partner.js';
import { createWorld, type World } from './world.js';

type Answer = (assertion: JWTPayload, response: ServerResponse) => void;

describe('a token for a partner', () => {
  let world: World;
  let server: Server;
  let endpoint: PartnerEndpoint;
  let answer: Answer;
  let seen: { form: URLSearchParams; assertion: JWTVerifyResult }[];
  let nowMs = 0;

  beforeAll(async () => {
    world = await createWorld();
    const jwks = createLocalJWKSet((await world.first.endpoint.jwks()) as never);
    server = createServer((request, response) => {
      void (async () => {
        const form = new URLSearchParams(await text(request));
        const assertion = await jwtVerify(form.get('client_assertion')!, jwks);
        seen.push({ form, assertion });
        answer(assertion.payload, response);
      })();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    endpoint = { url: tokenUrl, tokenUrl, clientId: 'relais', scope: 'system/Bundle.c', idempotency: 'key' };
  });
  beforeEach(() => {
    seen = [];
    nowMs += 10_000_000;
    answer = token('token', 300);
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await world.close();
  });

  const source = (fetcher: typeof fetch = fetch, allowPrivateEndpoints = true) =>
    createTokenSource({
      keys: world.first.clientKeys,
      fetch: fetcher,
      allowPrivateEndpoints,
      log: world.log,
      nowMs: () => nowMs,
    });

  it('is asked for with an assertion that our published keys verify (SMART Backend Services)', async () => {
    expect(await source().tokenFor(endpoint)).toBe('token');
    expect(await source().tokenFor({ ...endpoint, audience: 'https://auth.example.org' })).toBe('token');
    const [first, second] = seen as [(typeof seen)[0], (typeof seen)[0]];
    expect(Object.fromEntries(first.form)).toMatchObject({
      grant_type: 'client_credentials',
      scope: 'system/Bundle.c',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    const { iss, sub, aud, exp, iat, jti } = first.assertion.payload;
    expect({ iss, sub, aud }).toEqual({ iss: 'relais', sub: 'relais', aud: endpoint.tokenUrl });
    expect(exp! - iat!).toBeLessThanOrEqual(300);
    expect(first.assertion.protectedHeader).toMatchObject({ alg: 'ES384', typ: 'JWT' });
    expect(second.assertion.payload.aud).toBe('https://auth.example.org');
    expect(second.assertion.payload.jti).not.toBe(jti);
  });

  it('is asked for once by many callers, kept, and renewed before it ends', async () => {
    const tokens = source();
    await Promise.all(Array.from({ length: 30 }, () => tokens.tokenFor(endpoint)));
    expect(seen).toHaveLength(1);
    nowMs += 269_000;
    await tokens.tokenFor(endpoint);
    expect(seen).toHaveLength(1);
    nowMs += 2_000;
    await Promise.all(Array.from({ length: 30 }, () => tokens.tokenFor(endpoint)));
    expect(seen).toHaveLength(2);
  });

  it('is asked for again after it was forgotten, and apart for another scope', async () => {
    const tokens = source();
    await tokens.tokenFor(endpoint);
    tokens.forget(endpoint);
    await tokens.tokenFor(endpoint);
    await tokens.tokenFor({ ...endpoint, scope: 'system/Task.u' });
    expect(seen).toHaveLength(3);
  });

  it.each<readonly [string, Answer, string, boolean]>([
    ['invalid_client', problem(401, 'invalid_client'), 'delivery.token-refused', false],
    ['invalid_scope', problem(400, 'invalid_scope'), 'delivery.token-refused', false],
    ['a failure', problem(500, 'server_error'), 'delivery.token-unavailable', true],
    ['too many requests', problem(429, 'slow_down'), 'delivery.token-unavailable', true],
    [
      'HTML',
      (_assertion, response) => void response.setHeader('content-type', 'text/html').end('<html>'),
      'delivery.token-unavailable',
      true,
    ],
    [
      'a redirect',
      (_assertion, response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
      'delivery.token-unavailable',
      true,
    ],
    ['a broken connection', (_assertion, response) => void response.destroy(), 'delivery.token-unavailable', true],
    [
      'a token that is no bearer token',
      (_assertion, response) => json(response, 200, { access_token: 'x', token_type: 'mac' }),
      'delivery.token-unavailable',
      true,
    ],
    [
      'too much',
      (_assertion, response) => json(response, 200, { access_token: 'x'.repeat(100_000), token_type: 'Bearer' }),
      'delivery.token-unavailable',
      true,
    ],
  ])('is not there when the partner answers %s', async (_name, partnerAnswers, code, retryable) => {
    answer = partnerAnswers;
    const tokens = source();
    const error = await tokens.tokenFor(endpoint).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, details: { retryable } });
    expect(JSON.stringify(error)).not.toContain('planted');
    expect(seen).toHaveLength(1);
    answer = token('later', 300);
    expect(await tokens.tokenFor(endpoint)).toBe('later');
  });

  it('is never asked for at an address that registration would refuse', async () => {
    let asked = 0;
    const counting: typeof fetch = (...args) => {
      asked += 1;
      return fetch(...args);
    };
    const tokens = source(counting, false);
    await expect(tokens.tokenFor(endpoint)).rejects.toMatchObject({ code: 'partner.url-refused' });
    expect(asked).toBe(0);
  });

  it('lets one caller stop waiting and serves the others', async () => {
    let release = (): void => undefined;
    answer = (assertion, response) => {
      release = () => token('token', 300)(assertion, response);
    };
    const tokens = source();
    const stop = new AbortController();
    const impatient = tokens.tokenFor(endpoint, stop.signal);
    const patient = tokens.tokenFor(endpoint);
    await expect.poll(() => seen.length).toBe(1);
    stop.abort(new Error('stopped'));
    await expect(impatient).rejects.toThrow('stopped');
    release();
    expect(await patient).toBe('token');
    expect(seen).toHaveLength(1);
  });
});

function token(value: string, seconds: number): Answer {
  return (_assertion, response) =>
    json(response, 200, { access_token: value, token_type: 'Bearer', expires_in: seconds });
}

function problem(status: number, error: string): Answer {
  return (_assertion, response) => json(response, status, { error, error_description: 'planted' });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function text(request: IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of request) all += String(chunk);
  return all;
}
