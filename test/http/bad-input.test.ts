import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { api, startHttp } from '../support/http.js';
import { exchange } from '../support/raw-http.js';

const PATH = '/api/v1/cases/C-1';
const SECRET = 'zx-planted-secret-81';

function post(body: string | Buffer, contentType = 'application/json') {
  const { server } = startHttp();
  // supertest would serialise an object; bytes go out as they are.
  return api(server, 'partner')
    .put(PATH)
    .set('Content-Type', contentType)
    .serialize((raw) => raw as string)
    .send(body as string);
}

describe('a body that is not what it should be is refused before any work is done', () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

  it.each([
    ['malformed', '{"person": ', 400, 'json.unexpected-end'],
    ['malformed with a secret in it', `{"a": "${SECRET}", b}`, 400, 'json.syntax'],
    ['duplicate keys', `{"a": 1, "a": "${SECRET}"}`, 400, 'json.duplicate-name'],
    ['__proto__', `{"__proto__": {"admin": "${SECRET}"}}`, 400, 'json.forbidden-name'],
    ['constructor.prototype', '{"constructor": {"prototype": {}}}', 400, 'json.forbidden-name'],
    ['depth 65', `{"a": ${nested(64)}}`, 400, 'json.too-deep'],
    ['text after the document', '{} {}', 400, 'json.trailing-text'],
    ['a JSON array', '[]', 422, 'request.body-invalid'],
    ['nothing but blanks', '  ', 400, 'json.unexpected-end'],
  ])('%s', async (_name, body, status, code) => {
    const answer = await post(body).expect(status);
    expect(answer.body.code).toBe(code);
    expect(answer.text).not.toContain(SECRET);
  });

  it('bytes that are not UTF-8', async () => {
    const answer = await post(Buffer.from([0x22, 0xff, 0xfe, 0x22])).expect(400);
    expect(answer.body.code).toBe('json.not-utf8');
  });

  it('20 KB of brackets in under 50 ms', async () => {
    const { server } = startHttp();
    const send = () =>
      api(server, 'partner').put(PATH).set('Content-Type', 'application/json').send('['.repeat(20_480)).expect(400);
    await send();
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const before = performance.now();
      await send();
      times.push(performance.now() - before);
    }
    expect(Math.min(...times)).toBeLessThan(50);
  });

  it.each([
    ['text/plain', 'text/plain'],
    ['FHIR XML', 'application/fhir+xml'],
    ['UTF-7', 'application/json; charset=utf-7'],
    ['UTF-16', 'application/json;charset="utf-16"'],
    ['no type at all', ''],
    ['a form', 'application/x-www-form-urlencoded'],
    ['ndjson', 'application/x-ndjson'],
  ])('%s is a 415', async (_name, contentType) => {
    const answer = await post('{"a":1}', contentType).expect(415);
    expect(answer.body).toMatchObject({
      code: 'request.media-type',
      supported: ['application/json', 'application/fhir+json'],
    });
  });

  it('FHIR XML with entities is a 415 with an OperationOutcome', async () => {
    const { server } = startHttp();
    const answer = await api(server, 'partner')
      .post('/fhir/Consent')
      .set('Content-Type', 'application/fhir+xml')
      .send('<!DOCTYPE a [<!ENTITY b "c">]><Consent>&b;</Consent>')
      .expect(415);
    expect(answer.body.resourceType).toBe('OperationOutcome');
  });

  it('a gzip bomb is a 415 and is never unpacked', async () => {
    const { server } = startHttp();
    const answer = await request(server)
      .put(PATH)
      .set('Authorization', 'Bearer partner')
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'gzip')
      .serialize((raw) => raw as string)
      .send(gzipSync(Buffer.alloc(3_000_000, 0x20)) as unknown as string)
      .expect(415);
    expect(answer.body.code).toBe('request.content-encoding');
    expect(answer.headers['accept-encoding']).toBe('identity');
  });

  it('a declared size over the limit is a 413 without the body', async () => {
    const { server } = startHttp();
    const { head, sentBytes } = await exchange(
      server,
      `PUT ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer partner\r\nContent-Type: application/json\r\n` +
        'Content-Length: 5000000000\r\n\r\n',
      { fillBytes: 64 * 1024 * 1024 },
    );
    expect(head).toMatch(/^HTTP\/1\.1 413 /);
    expect(sentBytes).toBeLessThan(16 * 1024 * 1024);
  });

  it('a chunked body over the limit is a 413 in bounded memory', async () => {
    const { server } = startHttp();
    const { head, sentBytes } = await exchange(
      server,
      `PUT ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer partner\r\nContent-Type: application/json\r\n` +
        'Transfer-Encoding: chunked\r\n\r\n',
      { fillBytes: 64 * 1024 * 1024, chunked: true },
    );
    expect(head).toMatch(/^HTTP\/1\.1 413 /);
    expect(sentBytes).toBeLessThan(24 * 1024 * 1024);
  });

  it('a missing body is a 400, a body where none belongs too', async () => {
    const { server } = startHttp();
    const missing = await api(server, 'partner').put(PATH).set('Content-Type', 'application/json').expect(400);
    expect(missing.body.code).toBe('request.body-missing');
    const answer = await api(server, 'partner').get(PATH).send({ a: 1 }).expect(400);
    expect(answer.body.code).toBe('request.body-unexpected');
  });
});

describe('what no route needs is a 400 and the process lives', () => {
  const alive = async (server: Parameters<typeof exchange>[0]): Promise<void> => {
    await request(server).get('/health/live').expect(200);
  };

  it('33 query parameters, also without a token', async () => {
    const { server } = startHttp();
    const answer = await request(server)
      .get(`/api/v1/transfers?${'a&'.repeat(33)}`)
      .expect(400);
    expect(answer.body.code).toBe('request.too-many-parameters');
  });

  it.each([
    ['100,000 query parameters', `GET /api/v1/transfers?${'a=1&'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['a __proto__ header', 'GET /me HTTP/1.1\r\nHost: x\r\n__proto__: x\r\n\r\n'],
    ['200 headers', `GET /me HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(200)}\r\n`],
    [
      'Content-Length and Transfer-Encoding',
      'POST /api/v1/transfers HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x',
    ],
    ['two lengths', 'POST /me HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['an address that is not decodable', 'GET /api/v1/cases/%E0%A4%A HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a NUL in the address', 'GET /api/v1/cases/%00 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['no host', 'GET /health/live HTTP/1.1\r\n\r\n'],
    ['no HTTP', 'HELO example\r\n\r\n'],
    ['a bare carriage return in a header', 'GET /me HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\n\r\n'],
  ])('%s', async (_name, bytes) => {
    const { server } = startHttp();
    const { head } = await exchange(server, bytes);
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    await alive(server);
  });

  it('an address of 5,000 characters is a 414', async () => {
    const { server } = startHttp();
    await request(server)
      .get(`/${'a'.repeat(5000)}`)
      .expect(414);
    await alive(server);
  });

  it('a request that does not arrive in time is a 408', async () => {
    const { server } = startHttp({}, { requestTimeoutMs: 300, headersTimeoutMs: 200 });
    const { head } = await exchange(server, 'GET /me HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(head).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('an unknown or repeated query parameter is named by its rule, not by its text', async () => {
    const { server } = startHttp();
    const answer = await api(server, 'partner').get(`/api/v1/transfers?${SECRET}=1&limit=1&limit=2`).expect(400);
    expect(answer.body.violations.map(({ rule }: { rule: string }) => rule)).toEqual([
      'query.unknown',
      'query.repeated',
    ]);
    expect(answer.text).not.toContain(SECRET);
  });
});
