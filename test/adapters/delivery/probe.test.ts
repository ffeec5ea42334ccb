import type { LookupAddress } from 'node:dns';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDoor } from '../../../src/adapters/delivery/door.js';
import { createOutbound, type OutboundOptions } from '../../../src/adapters/delivery/outbound.js';
import { createProbe, type ProbeOptions } from '../../../src/adapters/delivery/probe-partner.js';
import { PROBE_TEXTS } from '../../../src/http/probe-texts.js';
import { RelaisError } from '../../../src/kernel/errors.js';
import { NOTICE_CAUSES, PROBE_CAUSES, type ProbeStep } from '../../../src/transfer/partner-ports.js';
import type { PartnerEndpoint } from '../../../src/transfer/partner.js';
import { makeCertificate } from './certificates.js';
import { answer, rawServer, scriptedServer, type Script } from './scripted-server.js';

const R4 = {
  resourceType: 'CapabilityStatement',
  fhirVersion: '4.0.1',
  rest: [{ mode: 'server', interaction: [{ code: 'transaction' }] }],
};
const tokenRefused = (error: string): RelaisError =>
  new RelaisError('delivery.token-refused', 502, 'security', 'no', { details: { error } });

async function run(
  url: string,
  options: Partial<ProbeOptions & OutboundOptions> = {},
  endpoint: Partial<PartnerEndpoint> = {},
  jwksUri?: string,
): Promise<ProbeStep[]> {
  const outbound = createOutbound({ allowPrivateEndpoints: true, ...options });
  onTestFinished(() => outbound.close());
  const tokens = { tokenFor: async () => 'token', forget: () => undefined };
  const probe = createProbe({
    outbound,
    tokens,
    door: createDoor({ outbound, tokens }),
    countKeys: async () => 1,
    taskSystem: 'https://relais.test/fhir/Task',
    stepTimeoutMs: 2_000,
    ...options,
  });
  const target = { url, tokenUrl: url, clientId: 'relais', scope: 's', idempotency: 'key' as const, ...endpoint };
  const steps: ProbeStep[] = [];
  const of = { endpoint: target, ...(jwksUri !== undefined && { jwksUri }) };
  for await (const step of probe(of, new AbortController().signal)) steps.push(step);
  return steps;
}
const last = (steps: readonly ProbeStep[]): string =>
  steps
    .slice(-1)
    .map(({ step, result, cause }) => [step, result, cause].join(' '))
    .join();

describe('the test of an endpoint', () => {
  it('goes through every step, asks for nothing but the description, and sends nothing of anybody', async () => {
    const server = await scriptedServer((response) => answer(response, 200, R4));
    const steps = await run(server.url, {}, {}, `${server.url}/jwks`);
    expect(steps.map(({ step, result }) => `${step} ${result}`)).toEqual([
      'address passed',
      'name passed',
      'connection noted',
      'token passed',
      'keys passed',
      'system passed',
    ]);
    expect(steps.every(({ ms }) => Number.isInteger(ms) && ms >= 0)).toBe(true);
    expect(server.seen.map(({ method, url, body }) => `${method} ${url} ${body.length}`)).toEqual([
      'GET /fhir/metadata 0',
    ]);
    expect(server.seen[0]?.headers.authorization).toBe('Bearer token');
  });

  it('says that a connection is encrypted when it is, and which certificate is not good enough', async () => {
    const certificate = makeCertificate({ commonName: 'partner', hosts: ['partner.example'] });
    const server = await scriptedServer((response) => answer(response, 200, R4), certificate);
    const url = `https://partner.example:${server.port}/fhir`;
    const resolve: NonNullable<OutboundOptions['resolve']> = (_name, callback) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    const good = await run(url, { ca: certificate.cert, resolve });
    expect(good.map(({ step, result }) => `${step} ${result}`)).toContain('connection passed');
    expect(last(good)).toBe('system passed ');
    expect(last(await run(url, { resolve }))).toBe('connection failed secure-connection-failed');
    expect(server.seen).toHaveLength(1);
  });

  it('asks a partner that can be asked, for an id that nobody has', async () => {
    const searchset = { resourceType: 'Bundle', type: 'searchset', total: 0, entry: [] };
    const server = await scriptedServer((response, { url }) =>
      answer(response, 200, url.includes('metadata') ? R4 : searchset),
    );
    expect(last(await run(server.url, {}, { idempotency: 'query' }))).toBe('question passed ');
    expect(server.seen.at(-1)?.url).toMatch(/^\/fhir\/Task\?identifier=https%3A%2F%2Frelais\.test/);
    const refusing = await scriptedServer((response, { url }) =>
      url.includes('metadata') ? answer(response, 200, R4) : answer(response, 403),
    );
    expect(last(await run(refusing.url, {}, { idempotency: 'query' }))).toBe('question failed question-refused');
  });

  it('connects to the token server by itself where that is another', async () => {
    const server = await scriptedServer((response) => answer(response, 200, R4));
    const auth = await scriptedServer((response) => answer(response, 200));
    const steps = await run(server.url, {}, { tokenUrl: `${auth.url}/token` });
    expect(steps.map(({ step }) => step)).toContain('token-connection');
    expect(auth.connections()).toBe(1);
    const closed = await run(server.url, {}, { tokenUrl: 'http://127.0.0.1:1/token' });
    expect(last(closed)).toBe('token-connection failed unreachable');
  });

  it.each<[string, Script, string]>([
    ['no description', (r) => answer(r, 404), 'system noted no-description'],
    ['R4 without transactions', (r) => answer(r, 200, { ...R4, rest: [] }), 'system noted no-transaction'],
    ['R5', (r) => answer(r, 200, { ...R4, fhirVersion: '5.0.0' }), 'system failed other-version'],
    [
      'a web page',
      (r) => answer(r, 200, '<p>', { 'content-type': 'text/html' }),
      'system failed answer-not-understood',
    ],
    ['another resource', (r) => answer(r, 200, {}), 'system failed answer-not-understood'],
    ['a redirect', (r) => answer(r, 302, '', { location: '/x' }), 'system failed redirected'],
    ['401', (r) => answer(r, 401), 'system failed token-not-accepted'],
    ['403', (r) => answer(r, 403), 'system failed not-permitted'],
    ['503', (r) => answer(r, 503), 'system failed partner-busy'],
    ['500', (r) => answer(r, 500), 'system failed partner-error'],
    ['silence', () => undefined, 'system failed no-answer-in-time'],
    ['a description of 2 MB', (r) => answer(r, 200, 'x'.repeat(2_000_000)), 'system failed answer-too-large'],
  ])('%s', async (_name, script, expected) => {
    const server = await scriptedServer(script);
    expect(last(await run(server.url))).toBe(expected);
  });

  it.each<[string, () => Promise<string>, string]>([
    ['client unknown', async () => Promise.reject(tokenRefused('invalid_client')), 'token failed token-client-unknown'],
    ['scope refused', async () => Promise.reject(tokenRefused('invalid_scope')), 'token failed token-scope-refused'],
    ['another refusal', async () => Promise.reject(tokenRefused('unknown')), 'token failed token-refused'],
    [
      'no answer',
      async () => Promise.reject(new RelaisError('delivery.token-unavailable', 503, 'transient', 'no')),
      'token failed token-unavailable',
    ],
  ])('a token: %s; the system is not asked', async (_name, tokenFor, expected) => {
    const server = await scriptedServer((response) => answer(response, 200, R4));
    expect(last(await run(server.url, { tokens: { tokenFor, forget: () => undefined } }))).toBe(expected);
    expect(server.seen).toEqual([]);
  });

  it('asks for a new token, not for one that is remembered', async () => {
    const server = await scriptedServer((response) => answer(response, 200, R4));
    let forgotten = 0;
    await run(server.url, { tokens: { tokenFor: async () => 'token', forget: () => void (forgotten += 1) } });
    expect(forgotten).toBe(1);
  });

  it('refuses what registration would refuse, by the same rules as a delivery, before a packet leaves', async () => {
    const server = await scriptedServer((response) => answer(response, 200, R4));
    const strict = { allowPrivateEndpoints: false };
    expect(last(await run(server.url, strict))).toBe('address failed address-not-allowed');
    const inside = (address: string): OutboundOptions['resolve'] => {
      return (_name, callback) => callback(null, [{ address, family: 4 } satisfies LookupAddress]);
    };
    // A public name that points inside.
    const resolve = inside('10.0.0.7')!;
    expect(last(await run('https://fhir.example.org/r4', { ...strict, resolve }))).toBe(
      'name failed address-not-allowed',
    );
    expect(server.connections()).toBe(0);
  });

  it('tells a name that nobody knows from a door that is closed', async () => {
    const unknown: NonNullable<OutboundOptions['resolve']> = (_name, callback) =>
      callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    expect(last(await run('http://fhir.example.org', { resolve: unknown }))).toBe('name failed name-unknown');
    expect(last(await run('http://127.0.0.1:1'))).toBe('connection failed unreachable');
    const cut = await rawServer((socket) => void socket.on('data', () => socket.destroy()));
    expect(last(await run(cut))).toBe('system failed connection-lost');
  });

  it('has words for every cause, in both languages, that say what to do', () => {
    expect(Object.keys(PROBE_TEXTS).sort()).toEqual([...PROBE_CAUSES, ...NOTICE_CAUSES].sort());
    for (const { en, fr } of Object.values(PROBE_TEXTS)) {
      expect(en.length).toBeGreaterThan(40);
      expect(fr).not.toBe(en);
    }
  });
});
