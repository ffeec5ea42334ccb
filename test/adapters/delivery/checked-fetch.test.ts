import { describe, expect, it, onTestFinished } from 'vitest';
import { createCheckedFetch, type CheckedFetchOptions } from '../../../src/adapters/delivery/checked-fetch.js';
import { createOutbound, type OutboundOptions } from '../../../src/adapters/delivery/outbound.js';
import { answer, scriptedServer } from './scripted-server.js';

function checkedFetch(options: Partial<OutboundOptions> & CheckedFetchOptions = {}): typeof fetch {
  const outbound = createOutbound({ allowPrivateEndpoints: true, ...options });
  onTestFinished(() => outbound.close());
  return createCheckedFetch(outbound, options);
}

describe('the checked fetch', () => {
  it('posts a form and reads JSON, as fetch does', async () => {
    const server = await scriptedServer((r) => answer(r, 200, { access_token: 'x' }, { 'x-kind': 'a' }));
    const response = await checkedFetch()(new URL(server.url), {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      headers: { accept: 'application/json' },
      redirect: 'manual',
    });
    expect(await response.json()).toEqual({ access_token: 'x' });
    expect(response.headers.get('x-kind')).toBe('a');
    expect(response).toBeInstanceOf(Response);
    expect(server.seen[0]).toMatchObject({ method: 'POST', url: '/fhir' });
    expect(server.seen[0]?.body.toString()).toBe('grant_type=client_credentials');
    expect(server.seen[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
  });

  it('hands back a redirect instead of following it', async () => {
    const server = await scriptedServer((r) => answer(r, 302, '', { location: '/elsewhere' }));
    const response = await checkedFetch()(server.url);
    expect(response.status).toBe(302);
    expect(server.seen).toHaveLength(1);
  });

  it('hands back an answer without a body', async () => {
    const server = await scriptedServer((r) => r.writeHead(204).end());
    expect((await checkedFetch()(server.url)).status).toBe(204);
  });

  it('refuses a private address without connecting', async () => {
    const server = await scriptedServer((r) => answer(r, 200));
    await expect(checkedFetch({ allowPrivateEndpoints: false })(server.url)).rejects.toThrow(TypeError);
    expect(server.connections()).toBe(0);
  });

  it('gives up on a slow answer', async () => {
    const server = await scriptedServer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    await expect(checkedFetch({ timeoutMs: 200 })(server.url)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('stops at one megabyte', async () => {
    let written = 0;
    const server = await scriptedServer((response) => {
      response.on('error', () => undefined);
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && written < 1e9) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536, 0x20))) {
            response.once('drain', more);
            return;
          }
        }
      };
      more();
    });
    await expect(checkedFetch()(server.url)).rejects.toThrow(TypeError);
    expect(written).toBeLessThan(30_000_000);
  });

  it('ends when its caller aborts', async () => {
    const server = await scriptedServer(() => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await expect(checkedFetch()(server.url, { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
