import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { readConsole } from '../../src/http/console/read-console.js';
import { startHttp } from '../support/http.js';

const ask = (path: string) => request(startHttp({ story: {} }).server).get(path);

describe('the console is served', () => {
  it.each([
    '/console',
    '/console/find',
    '/console/cases/VAL-2026-0417/send',
    // A reload of what was asked for, or coming back from signing in.
    '/console/cases/VAL-2026-0417/send?follows=6f1c2a9e-5d6f-4b7a-9c3e-2f4a8b1d0c57',
  ])('%s is the one page', async (path) => {
    const answer = await ask(path).expect(200);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.text).toContain('<div id="root">');
  });

  it('under a policy without inline script or another host, with a nonce of its own for each answer', async () => {
    const policies = await Promise.all([ask('/console'), ask('/console')]);
    const nonces = policies.map(({ headers, text }) => {
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      expect(text).toContain(`content="${nonce}"`);
      expect(text).not.toContain('%CSP_NONCE%');
      // Every script of the page is a file.
      expect(text).not.toMatch(/<script(?![^>]*\bsrc=)/);
      return nonce;
    });
    expect(nonces[0]).toMatch(/^[A-Za-z0-9+/]{24}$/);
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it('its files are kept by the browser, zipped for whoever takes that', async () => {
    const name = [...(readConsole()?.assets.keys() ?? [])].find((file) => file.endsWith('.js'));
    const zipped = await ask(`/console/assets/${name}`).set('Accept-Encoding', 'gzip').expect(200);
    expect(zipped.headers['cache-control']).toContain('immutable');
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.headers['content-type']).toContain('javascript');
    const plain = await ask(`/console/assets/${name}`).set('Accept-Encoding', 'identity').expect(200);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.text).toBe(zipped.text);
  });

  it.each(['/console/assets/..%2f..%2fpackage.json', '/console/assets/nothing.js', '/console/assets/.vite'])(
    '%s is not there',
    async (path) => {
      const answer = await ask(path);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers['content-type']).toContain('problem+json');
    },
  );
});
