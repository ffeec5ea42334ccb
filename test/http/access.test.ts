import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/routes.js';
import { notFound, RelaisError } from '../../src/kernel/errors.js';
import { instant } from '../../src/kernel/clock.js';
import { STAFF_ROLES } from '../../src/transfer/principal.js';
import { api, CCAS, CSRF, honours, partner, staffMember, startHttp, TOIT_COMMUN } from '../support/http.js';
import { exchange } from '../support/raw-http.js';

const ID = '00000000-0000-4000-8000-00000000000f';
const restricted = ROUTES.filter(({ access }) => access.kind === 'restricted');
const called = (path: string): string => path.replace(':id', ID);
const names = restricted.map((route) => [route.method, route.path] as const);

describe('every route that is not open', () => {
  it.each(names)('%s %s without a token is a 401 with a challenge', async (method, path) => {
    const { server } = startHttp();
    const answer = await api(server)[method](called(path)).expect(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="relais"');
  });

  it.each(names)('%s %s with a token of no scope and a session of no role is a 403', async (method, path) => {
    const access = restricted.find((route) => route.method === method && route.path === path)?.access;
    const { server } = startHttp({ principals: { bare: partner(CCAS, []), nobody: staffMember() } });
    const session = { Cookie: 'relais-session=nobody', 'X-CSRF-Token': CSRF };
    await api(server)[method](called(path)).set(session).expect(403);
    if (access?.kind === 'restricted' && access.scope !== 'any') {
      await api(server, 'bare')[method](called(path)).expect(403);
    }
  });
});

describe('scopes and roles', () => {
  it('a missing scope is named in the challenge', async () => {
    const { server } = startHttp({ principals: { p: partner(CCAS, ['relais/Case.cru']) } });
    const answer = await api(server, 'p').get('/api/v1/transfers').expect(403);
    expect(answer.body).toMatchObject({ code: 'auth.scope-missing', scope: 'relais/Transfer.cru' });
    expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope", scope="relais/Transfer.cru"');
  });

  it('a token of the wrong kind is told so, in French to those who read French', async () => {
    const { server } = startHttp();
    const answer = await api(server, 'forged').get('/me').set('Accept-Language', 'fr-CA, en;q=0.5').expect(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="relais", error="invalid_token"');
    expect(answer.headers['content-language']).toBe('fr');
    expect(answer.body.title).toBe('La signature du jeton n’est pas valide.');
  });

  it('no partner changes an agreement, whatever its scopes', async () => {
    const { server } = startHttp();
    const answer = await api(server, 'partner').put(`/api/v1/agreements/${ID}`).send({}).expect(403);
    expect(answer.body.code).toBe('auth.staff-only');
  });

  it('only an agreement owner does, and no other role', async () => {
    for (const role of STAFF_ROLES.filter((name) => name !== 'agreement-owner')) {
      const { server } = startHttp({ principals: { s: staffMember(role) } });
      const answer = await api(server)
        .put(`/api/v1/agreements/${ID}`)
        .set({ Cookie: 'relais-session=s', 'X-CSRF-Token': CSRF })
        .send({})
        .expect(403);
      expect(answer.body.code).toBe('auth.role-missing');
    }
  });

  it('a session without the CSRF token changes nothing', async () => {
    const { server } = startHttp({ principals: { s: staffMember('caseworker') } });
    const answer = await api(server)
      .post(`/api/v1/transfers/${ID}/cancel`)
      .set('Cookie', 'relais-session=s')
      .expect(403);
    expect(answer.body.code).toBe('auth.csrf');
  });
});

describe('authentication comes before the body', () => {
  it.each([
    ['with a length', 'Content-Length: 5000000000', false],
    ['in chunks', 'Transfer-Encoding: chunked', true],
  ])(
    'a huge body without a token, %s, is answered 401 and stays unread however long it is sent',
    async (_name, header, chunked) => {
      const { server } = startHttp();
      const { head, sentBytes } = await exchange(
        server,
        `POST /api/v1/transfers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${header}\r\n\r\n`,
        { fillBytes: 1024 * 1024 * 1024, chunked, stubborn: true },
      );
      expect(head).toMatch(/^HTTP\/1\.1 401 /);
      expect(head.toLowerCase()).toContain('connection: close');
      expect(sentBytes).toBeLessThan(16 * 1024 * 1024);
    },
  );

  it('who asks before sending is refused without "100 Continue", and who may is told to go on', async () => {
    const { server } = startHttp();
    const ask = (token: string): string =>
      `PUT /api/v1/cases/C-1 HTTP/1.1\r\nHost: x\r\n${token}Content-Type: application/json\r\n` +
      'Content-Length: 2\r\nExpect: 100-continue\r\n\r\n';
    expect((await exchange(server, ask(''))).text).toMatch(/^HTTP\/1\.1 401 /);
    expect((await exchange(server, ask('Authorization: Bearer partner\r\n'))).text).toMatch(/^HTTP\/1\.1 100 /);
  });

  it('a body that is not JSON is not looked at either: 401, 403, then 400', async () => {
    const { server } = startHttp({ principals: { bare: partner(CCAS, []), partner: partner() } });
    const send = (token?: string) =>
      api(server, token).post('/api/v1/transfers').set('Content-Type', 'application/json').send('{"a"');
    await send().expect(401);
    await send('bare').expect(403);
    await send('partner').set('Idempotency-Key', 'k-1').expect(400);
  });
});

describe('addresses that do not exist', () => {
  it('are not told apart by somebody unknown', async () => {
    const { server } = startHttp();
    const known = await request(server).get(`/api/v1/transfers/${ID}`).set('X-Request-Id', 'same-id-1').expect(401);
    const unknown = await request(server).get('/api/v1/nothing').set('X-Request-Id', 'same-id-1').expect(401);
    expect(unknown.text).toBe(known.text);
  });

  it('a missing id, another tenant’s id, a malformed id and an unknown route: the same bytes', async () => {
    const { server } = startHttp({
      // Row level security makes another tenant's row a row that is not there (test/adapters/store).
      story: { getTransfer: async () => Promise.reject(notFound()) },
      principals: { partner: partner(), other: partner(TOIT_COMMUN) },
    });
    const paths = [ID, '11111111-0000-4000-8000-00000000000f', 'not-an-id', 'x/y/z', '%F0%9F%92%A9'];
    const answers = await Promise.all(
      paths.map((path) => api(server, 'other').get(`/api/v1/transfers/${path}`).expect(404)),
    );
    const bytes = answers.map(({ text, headers }) => {
      const { date: _date, 'x-request-id': _id, ...rest } = headers as Record<string, string>;
      return JSON.stringify([text, rest]);
    });
    expect(new Set(bytes).size).toBe(1);
  });

  it('a known address with another method is a 405 that names the methods, after authentication', async () => {
    const { server } = startHttp();
    await request(server).delete(`/api/v1/transfers/${ID}`).expect(401);
    const answer = await request(server)
      .delete(`/api/v1/transfers/${ID}`)
      .set('Authorization', 'Bearer partner')
      .expect(405);
    expect(answer.headers['allow']).toBe('GET, HEAD');
    honours('delete', '/api/v1/transfers/x', answer);
  });

  it('letter case and a trailing slash make another address', async () => {
    const { server } = startHttp();
    await api(server, 'partner').get('/ME').expect(404);
    await api(server, 'partner').get('/me/').expect(404);
  });
});

describe('/metrics', () => {
  it('is for this machine and for operators, and a proxy makes nobody local', async () => {
    const { server } = startHttp({ principals: { partner: partner(), op: staffMember('operator') } });
    const local = await request(server).get('/metrics').expect(200);
    expect(local.text).toContain('relais_http_requests_total');
    const forwarded = { 'X-Forwarded-For': '127.0.0.1' };
    await request(server).get('/metrics').set(forwarded).expect(401);
    await request(server).get('/metrics').set(forwarded).set('Authorization', 'Bearer partner').expect(403);
    await request(server).get('/metrics').set(forwarded).set('Cookie', 'relais-session=op').expect(200);
  });

  it('labels hold path patterns and codes, never what was sent', async () => {
    const metrics = new Registry();
    const { server } = startHttp({ metrics });
    await request(server).get('/api/v1/cases/planted-id-77?planted-query=1');
    await request(server).get('/planted-path-77');
    await request(server).propfind('/planted-path-78');
    const text = await metrics.metrics();
    expect(text).toContain('route="/api/v1/cases/:id"');
    expect(text).toContain('route="unmatched"');
    expect(text).toContain('method="other"');
    expect(text).not.toContain('planted');
  });
});

describe('refusals are handed over for the audit', () => {
  it('unknown callers as one fact per source and minute, known ones each', async () => {
    let now = Date.parse('2026-02-09T10:15:30.000Z');
    const { server, refusals } = startHttp({
      clock: { now: () => instant(now) },
      principals: { bare: partner(CCAS, []) },
    });
    for (let round = 0; round < 5; round += 1) await request(server).get('/me').expect(401);
    await request(server).get('/me').set('Authorization', 'Bearer forged').expect(401);
    await request(server).get('/api/v1/transfers').set('Authorization', 'Bearer bare').set('X-Request-Id', 'request-1');
    now += 60_000;
    await request(server).get('/me').expect(401);
    expect(refusals.filter(({ kind }) => kind === 'known')).toEqual([
      expect.objectContaining({
        code: 'auth.scope-missing',
        status: 403,
        route: 'GET /api/v1/transfers',
        requestId: 'request-1',
      }),
    ]);
    const anonymous = refusals.filter(({ kind }) => kind === 'anonymous');
    expect(anonymous).toEqual([
      {
        kind: 'anonymous',
        source: expect.stringMatching(/127\.0\.0\.1$/),
        minute: '2026-02-09T10:15:00.000Z',
        count: 6,
        codes: { 'auth.token-missing': 5, 'auth.token-signature': 1 },
      },
    ]);
  });

  it('what was too much is told by whoever counts it, once, and not for each try', async () => {
    const { server, refusals } = startHttp({
      story: {
        getTransfer: async () => Promise.reject(new RelaisError('file.too-many', 429, 'throttled', 'Too many.')),
      },
    });
    await api(server, 'partner').get(`/api/v1/transfers/${ID}`).expect(429);
    expect(refusals).toEqual([]);
  });

  it('what is left is handed over at the end, and a hook that fails does not fail the answer', async () => {
    const { server, log, close } = startHttp({
      onRefused: () => {
        throw new Error('no database');
      },
    });
    await request(server).get('/me').expect(401);
    close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toContainEqual({ event: 'http.refusal-audit-failed', fields: { cause: 'Error' } });
  });
});
