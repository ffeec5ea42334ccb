import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { ERROR_TEXTS } from '../../src/http/error-texts.js';
import { RelaisError } from '../../src/kernel/errors.js';
import { api, startHttp } from '../support/http.js';

const src = join(import.meta.dirname, '../../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  // The command line says what is wrong in its own words (src/cli).
  (file) => file.endsWith('.ts') && !/generated|^cli[/.]|^demo\//.test(file),
);

/** First arguments of RelaisError in a source text; a template `json.${rule}` becomes a pattern. */
function codesIn(text: string): string[] {
  return [...text.matchAll(/new RelaisError\(\s*(['"`])([^'"`]+)\1/g)].map(([, , code]) => code ?? '');
}

describe('every stable code is said in English and in French', () => {
  it('every code that the sources throw is in the table', () => {
    const codes = new Set(files.flatMap((file) => codesIn(readFileSync(join(src, file), 'utf8'))));
    expect(codes.size).toBeGreaterThan(40);
    const unknown = [...codes].filter((code) => {
      const [start = '', rest] = code.split('${');
      return rest === undefined
        ? !(code in ERROR_TEXTS)
        : !Object.keys(ERROR_TEXTS).some((key) => key.startsWith(start));
    });
    expect(unknown).toEqual([]);
  });

  it('the JSON reader’s rules and the token verifier’s rules are in it one by one', () => {
    const rules = (file: string, pattern: RegExp, area: string): string[] =>
      [...readFileSync(join(src, file), 'utf8').matchAll(pattern)].map(([, rule]) => `${area}${rule}`);
    const json = readFileSync(join(src, 'kernel/json/error.ts'), 'utf8').split('} as const')[0] ?? '';
    const codes = [
      ...[...json.matchAll(/^ {2}'?([a-z-0-9]+)'?: '/gm)].map(([, rule]) => `json.${rule}`),
      ...rules('adapters/identity/verify-access-token.ts', /refused\('([a-z-]+)'/g, 'auth.token-'),
    ];
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter((code) => !(code in ERROR_TEXTS))).toEqual([]);
  });

  it('both languages are there, differ, and name the same details', () => {
    const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [code, { en, fr }] of Object.entries(ERROR_TEXTS)) {
      expect(en.length, code).toBeGreaterThan(5);
      expect(fr, code).not.toBe(en);
      expect(placeholders(fr), code).toEqual(placeholders(en));
    }
  });
});

describe('an error that is none of ours', () => {
  const failing = (error: Error) => startHttp({ story: { getCase: async () => Promise.reject(error) } });

  it('tells the caller nothing, and the log its class and code alone', async () => {
    const error = Object.assign(new TypeError('Grace Okafor is not iterable'), { code: '23505', detail: 'planted' });
    const { server, log } = failing(error);
    const answer = await api(server, 'partner').get('/api/v1/cases/C-1').expect(500);
    expect(answer.body).toMatchObject({ code: 'internal', detail: 'Something failed on our side.' });
    expect(answer.text + JSON.stringify(log)).not.toMatch(/Okafor|planted/);
    expect(log).toContainEqual({
      event: 'http.failed',
      fields: expect.objectContaining({ code: 'internal', cause: 'TypeError:23505', route: '/api/v1/cases/:id' }),
    });
  });

  it('of the database says when to come back and keeps its own codes to itself', async () => {
    const { server } = failing(
      new RelaisError('store.unavailable', 503, 'transient', 'The database cannot take this now; try again.', {
        retryAfterSeconds: 1,
        details: { sqlState: '57P01' },
      }),
    );
    const answer = await api(server, 'partner').get('/api/v1/cases/C-1').expect(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.text).not.toContain('57P01');
  });

  it('places and rules of a case come in the caller’s language', async () => {
    const { server } = startHttp({
      story: {
        putCase: async () => {
          throw new RelaisError('case.invalid', 422, 'invalid', 'The case breaks rules of case model v1.', {
            violations: [{ path: '/person', rule: 'case.required', message: 'This field is required.' }],
          });
        },
      },
    });
    const french = await api(server, 'partner')
      .put('/api/v1/cases/C-1')
      .set('Accept-Language', 'fr')
      .send({})
      .expect(422);
    expect(french.body).toMatchObject({
      title: 'Le dossier enfreint des règles du modèle de dossier v1.',
      violations: [{ path: '/person', rule: 'case.required', message: 'Ce champ est obligatoire.' }],
    });
    const english = await api(server, 'partner').put('/api/v1/cases/C-1').send({}).expect(422);
    expect(english.body.violations[0].message).toBe('This field is required.');
  });
});

describe('headers of every answer', () => {
  it.each(['/', '/docs', '/docs/style.css', '/health/live', '/me', '/nothing', '/openapi.json', '/oauth/jwks'])(
    '%s: no-store, strict CSP, HSTS, no framing',
    async (path) => {
      const { server } = startHttp({ story: {} });
      const { headers } = await request(server).get(path);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
      });
      expect(headers['content-security-policy']).toBe(
        "default-src 'none';style-src 'self';img-src 'self' data:;base-uri 'none';form-action 'self';frame-ancestors 'none'",
      );
      expect(headers).not.toHaveProperty('etag');
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it('the demo on plain http promises no HSTS', async () => {
    const { server } = startHttp({ config: { mode: 'demo' } });
    const { headers } = await request(server).get('/health/live');
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('a well-formed request id comes back, another one is replaced', async () => {
    const { server } = startHttp();
    const mine = await request(server).get('/health/live').set('X-Request-Id', 'abc.DEF-12_3');
    expect(mine.headers['x-request-id']).toBe('abc.DEF-12_3');
    for (const id of ['short', 'a'.repeat(65), 'with blank 123', '<script>alert</script>']) {
      const other = await request(server).get('/health/live').set('X-Request-Id', id);
      expect(other.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
