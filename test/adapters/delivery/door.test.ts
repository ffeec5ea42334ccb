import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RelaisError } from '../../../src/kernel/errors.js';
import { doorTo, RECORD } from './door-setup.js';
import { answer, rawServer, scriptedServer, type Script } from './scripted-server.js';

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toUTCString();

describe('what a partner answers decides what becomes of the delivery', () => {
  const outcome = (severity: string): object => ({
    resourceType: 'OperationOutcome',
    issue: [{ severity, code: 'processing' }],
  });
  const cases: readonly [string, Script, object][] = [
    ['200 with a transaction-response', (r) => answer(r, 200), { kind: 'received' }],
    ['201 with a resource', (r) => answer(r, 201, { resourceType: 'Task', id: '7' }), { kind: 'received' }],
    ['202 with an informative OperationOutcome', (r) => answer(r, 202, outcome('information')), { kind: 'received' }],
    [
      '200 with an OperationOutcome that is an error',
      (r) => answer(r, 200, outcome('error')),
      { kind: 'rejected', cause: 'record-refused', status: 200 },
    ],
    [
      '200 with a failed entry',
      (r) =>
        answer(r, 200, {
          resourceType: 'Bundle',
          type: 'batch-response',
          entry: [{ response: { status: '422 Unprocessable' } }],
        }),
      { kind: 'rejected', cause: 'record-refused', status: 200 },
    ],
    [
      '200 with HTML',
      (r) => answer(r, 200, '<html>Welcome</html>', { 'content-type': 'text/html' }),
      { kind: 'retry', cause: 'answer-not-understood' },
    ],
    [
      '200 with HTML that says it is JSON',
      (r) => answer(r, 200, '<html>'),
      { kind: 'retry', cause: 'answer-not-understood' },
    ],
    [
      '200 with JSON that says it is HTML',
      (r) => answer(r, 200, {}, { 'content-type': 'text/html' }),
      { kind: 'retry', cause: 'answer-not-understood' },
    ],
    ['200 with a bare number', (r) => answer(r, 200, '42'), { kind: 'retry', cause: 'answer-not-understood' }],
    [
      '200 with bytes that are not UTF-8',
      (r) => r.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([0x7b, 0xff, 0x7d])),
      { kind: 'retry', cause: 'answer-not-understood' },
    ],
    ['200 with nothing', (r) => answer(r, 200, ''), { kind: 'retry', cause: 'answer-not-understood' }],
    [
      '302',
      (r) => answer(r, 302, '', { location: '/elsewhere' }),
      { kind: 'rejected', cause: 'redirected', status: 302 },
    ],
    [
      '307',
      (r) => answer(r, 307, '', { location: '/elsewhere' }),
      { kind: 'rejected', cause: 'redirected', status: 307 },
    ],
    ['400', (r) => answer(r, 400), { kind: 'rejected', cause: 'record-refused', status: 400 }],
    ['403', (r) => answer(r, 403), { kind: 'rejected', cause: 'not-permitted', status: 403 }],
    ['404', (r) => answer(r, 404), { kind: 'rejected', cause: 'wrong-address', status: 404 }],
    ['413', (r) => answer(r, 413), { kind: 'rejected', cause: 'record-refused', status: 413 }],
    ['422', (r) => answer(r, 422), { kind: 'rejected', cause: 'record-refused', status: 422 }],
    [
      '429 with seconds',
      (r) => answer(r, 429, '', { 'retry-after': '7' }),
      { kind: 'retry', cause: 'partner-busy', retryAfterMs: 7_000 },
    ],
    ['500', (r) => answer(r, 500), { kind: 'retry', cause: 'partner-error' }],
    ['502', (r) => answer(r, 502), { kind: 'retry', cause: 'partner-error' }],
    ['503', (r) => answer(r, 503), { kind: 'retry', cause: 'partner-busy' }],
    [
      '503 with a wait of a year',
      (r) => answer(r, 503, '', { 'retry-after': '31536000' }),
      { kind: 'retry', cause: 'partner-busy', retryAfterMs: 3_600_000 },
    ],
    [
      '503 with a wait that is no wait',
      (r) => answer(r, 503, '', { 'retry-after': 'soon' }),
      { kind: 'retry', cause: 'partner-busy' },
    ],
  ];

  it.each(cases)('%s', async (_name, script, expected) => {
    const server = await scriptedServer(script);
    const result = await doorTo(server.url).send();
    if ('status' in expected || 'cause' in expected) expect(result).toEqual(expected);
    else expect(result).toMatchObject(expected);
    expect(server.seen).toHaveLength(1);
  });

  it('503 with a date is measured against the partner’s own clock', async () => {
    const server = await scriptedServer((r) =>
      answer(r, 503, '', { 'retry-after': 'Mon, 09 Feb 2026 10:00:30 GMT', date: 'Mon, 09 Feb 2026 10:00:00 GMT' }),
    );
    expect(await doorTo(server.url).send()).toEqual({ kind: 'retry', cause: 'partner-busy', retryAfterMs: 30_000 });
    const late = await scriptedServer((r) => {
      r.sendDate = false;
      answer(r, 503, '', { 'retry-after': inAnHour() });
    });
    const result = await doorTo(late.url, { maxRetryAfterMs: 7_200_000 }).send();
    expect(result).toMatchObject({ kind: 'retry', cause: 'partner-busy' });
    expect((result as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(3_590_000);
  });

  it('an announcement needs no content in its answer', async () => {
    const server = await scriptedServer((r) => r.writeHead(204).end());
    const { send } = doorTo(server.url);
    expect(await send({ contentType: 'application/json' })).toMatchObject({
      kind: 'received',
      receipt: { status: 204, location: null },
    });
    expect(await send()).toEqual({ kind: 'retry', cause: 'answer-not-understood' });
  });
});

describe('the request and the receipt', () => {
  it('carries exactly the approved bytes, the key and the request id', async () => {
    const server = await scriptedServer((r) => answer(r, 200));
    await doorTo(server.url).send();
    const [request] = server.seen;
    expect(request?.body.equals(RECORD)).toBe(true);
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'content-type': 'application/fhir+json',
      'content-length': String(RECORD.length),
      'idempotency-key': '5f3c8a52-4a6e-4f0e-9f0c-0d9a5c1f2b3d',
      'x-request-id': '0b7e1d1e-2d0c-4f6d-8c55-3c8f7f1e9a10',
      'accept-encoding': 'identity',
    });
    expect(request?.headers['transfer-encoding']).toBeUndefined();
  });

  it('keeps the answer’s digest and the address of the Task, and nothing else', async () => {
    const body = JSON.stringify({
      resourceType: 'Bundle',
      type: 'transaction-response',
      entry: [
        { response: { status: '201 Created', location: 'Patient/1/_history/1' }, resource: { name: 'Grace' } },
        { response: { status: '201 Created', location: 'Task/9/_history/1' } },
      ],
    });
    const server = await scriptedServer((r) => answer(r, 200, body));
    const result = await doorTo(server.url).send();
    expect(result).toEqual({
      kind: 'received',
      receipt: {
        status: 200,
        digest: createHash('sha256').update(body).digest('hex'),
        location: `http://127.0.0.1:${server.port}/fhir/Task/9/_history/1`,
      },
    });
  });

  it.each([
    ['javascript:Task/1', null],
    [`https://partner.example/${'x'.repeat(600)}/Task/1`, null],
    ['Task/1\u00e9', null],
    ['https://partner.example/fhir/Task/1?name=Grace', 'https://partner.example/fhir/Task/1'],
  ])('takes no odd address from a partner: %s', async (location, expected) => {
    const entry = [{ response: { status: '201', location } }];
    const server = await scriptedServer((r) =>
      answer(r, 200, { resourceType: 'Bundle', type: 'transaction-response', entry }),
    );
    expect(await doorTo(server.url).send()).toMatchObject({ kind: 'received', receipt: { location: expected } });
  });
});

describe('the token', () => {
  it('is renewed once when the partner refuses it', async () => {
    const server = await scriptedServer((r, { headers }) =>
      answer(r, headers.authorization === 'Bearer token-2' ? 200 : 401),
    );
    const { send, tokens } = doorTo(server.url);
    expect(await send()).toMatchObject({ kind: 'received' });
    expect(tokens).toEqual({ asked: 2, forgotten: 1 });
  });

  it('is not renewed for ever', async () => {
    const server = await scriptedServer((r) => answer(r, 401));
    const { send, tokens } = doorTo(server.url);
    expect(await send()).toEqual({ kind: 'retry', cause: 'token-refused' });
    expect(server.seen).toHaveLength(2);
    expect(tokens.asked).toBe(2);
  });

  it.each([
    ['delivery.token-unavailable', 'token-unavailable'],
    ['delivery.token-refused', 'token-refused'],
  ])('when there is none (%s) nothing is sent', async (code, cause) => {
    const server = await scriptedServer((r) => answer(r, 200));
    const { send } = doorTo(server.url, {
      tokens: {
        tokenFor: () => Promise.reject(new RelaisError(code, 503, 'transient', 'No token.')),
        forget: () => undefined,
      },
    });
    expect(await send()).toEqual({ kind: 'retry', cause });
    expect(server.connections()).toBe(0);
  });

  it('is waited for no longer than the deadline', async () => {
    const server = await scriptedServer((r) => answer(r, 200));
    const never = { tokenFor: () => new Promise<string>(() => undefined), forget: () => undefined };
    const { send } = doorTo(server.url, { deadlineMs: 200, tokens: never });
    expect(await send()).toEqual({ kind: 'retry', cause: 'no-answer-in-time' });
  });
});

describe('the fence', () => {
  it('when it is lost not one byte leaves, though the token is there and the connection stands', async () => {
    const server = await scriptedServer((r) => answer(r, 200));
    const { send, tokens } = doorTo(server.url);
    let connectionsWhenAsked = -1;
    const result = await send({
      mayWrite: async () => {
        connectionsWhenAsked = server.connections();
        return false;
      },
    });
    expect(result).toEqual({ kind: 'fenced' });
    await sleep(100);
    expect(server.bytes()).toBe(0);
    expect(server.seen).toHaveLength(0);
    expect(connectionsWhenAsked).toBe(1);
    expect(tokens.asked).toBe(1);
  });

  it('is asked again before the body is sent a second time', async () => {
    const server = await scriptedServer((r) => answer(r, 401));
    let asked = 0;
    const result = await doorTo(server.url).send({ mayWrite: async () => (asked += 1) === 1 });
    expect(result).toEqual({ kind: 'fenced' });
    expect(server.seen).toHaveLength(1);
  });

  it('is asked on a connection that is used again, too', async () => {
    const server = await scriptedServer((r) => answer(r, 200));
    const { send } = doorTo(server.url);
    await send();
    const before = server.bytes();
    expect(await send({ mayWrite: async () => false })).toEqual({ kind: 'fenced' });
    await sleep(50);
    expect(server.bytes()).toBe(before);
    expect(await send()).toMatchObject({ kind: 'received' });
  });

  it('that cannot be asked stops the delivery with its own error, and nothing leaves', async () => {
    const server = await scriptedServer((r) => answer(r, 200));
    const down = new Error('database is down');
    await expect(doorTo(server.url).send({ mayWrite: () => Promise.reject(down) })).rejects.toBe(down);
    await sleep(50);
    expect(server.bytes()).toBe(0);
  });

  it('answered after the deadline sends nothing', async () => {
    const server = await scriptedServer((r) => answer(r, 200));
    const { send } = doorTo(server.url, { deadlineMs: 150 });
    const result = await send({ mayWrite: () => sleep(400, true) });
    expect(result).toEqual({ kind: 'retry', cause: 'no-answer-in-time' });
    await sleep(400);
    expect(server.bytes()).toBe(0);
  });
});

describe('partners that misbehave below HTTP', () => {
  it('nobody listens: unreachable', async () => {
    const { send } = doorTo('http://127.0.0.1:1/fhir');
    expect(await send()).toEqual({ kind: 'retry', cause: 'unreachable' });
  });

  it('a partner that takes the record and says nothing: the deadline ends it', async () => {
    const server = await scriptedServer(() => undefined);
    const startedAt = performance.now();
    expect(await doorTo(server.url, { deadlineMs: 300 }).send()).toEqual({ kind: 'retry', cause: 'no-answer-in-time' });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('a partner that answers one byte at a time: the deadline ends it', async () => {
    const url = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{');
      const drip = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await doorTo(url, { deadlineMs: 400 }).send()).toEqual({ kind: 'retry', cause: 'no-answer-in-time' });
  });

  it('a partner that drips its headers: the deadline ends it', async () => {
    const url = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      let n = 0;
      const drip = setInterval(() => socket.write(`x-${(n += 1)}: y\r\n`), 20);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await doorTo(url, { deadlineMs: 400 }).send()).toEqual({ kind: 'retry', cause: 'no-answer-in-time' });
  });

  it.each([
    ['before an answer', ''],
    ['after the headers', 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"a":'],
  ])('the connection is reset %s: not known, to be tried again', async (_name, head) => {
    const url = await rawServer((socket) => {
      socket.once('data', () => socket.write(head, () => socket.resetAndDestroy()));
    });
    expect(await doorTo(url).send()).toEqual({ kind: 'retry', cause: 'connection-lost' });
  });

  it('something that is not HTTP: not known, to be tried again', async () => {
    const url = await rawServer((socket) => socket.end('220 smtp ready\r\n'));
    expect(await doorTo(url).send()).toEqual({ kind: 'retry', cause: 'connection-lost' });
  });

  it.each([
    ['announced', true],
    ['not announced', false],
  ])('an answer of a gigabyte, %s: read up to one megabyte, not delivered', async (_name, announced) => {
    const chunk = Buffer.alloc(65_536, 0x20);
    let written = 0;
    const server = await scriptedServer((response) => {
      response.on('error', () => undefined);
      response.writeHead(200, {
        'content-type': 'application/json',
        ...(announced && { 'content-length': '1000000000' }),
      });
      const more = (): void => {
        while (written < 1_000_000_000 && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
      };
      more();
    });
    expect(await doorTo(server.url).send()).toEqual({ kind: 'retry', cause: 'answer-too-large' });
    expect(written).toBeLessThan(30_000_000);
  });

  it('when Relais stops, the delivery is interrupted and resumed later', async () => {
    const server = await scriptedServer(() => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 150);
    expect(await doorTo(server.url).send({ signal: stop.signal })).toEqual({ kind: 'retry', cause: 'interrupted' });
    expect(await doorTo(server.url).send({ signal: AbortSignal.abort() })).toEqual({
      kind: 'retry',
      cause: 'interrupted',
    });
  });

  it('one slow partner does not delay another', async () => {
    const slow = await scriptedServer(() => undefined);
    const fast = await scriptedServer((r) => answer(r, 200));
    const { send } = doorTo(slow.url, { deadlineMs: 1_000 });
    const stuck = Array.from({ length: 40 }, () => send());
    await sleep(50);
    const startedAt = performance.now();
    expect(await send({ endpoint: { url: fast.url } })).toMatchObject({ kind: 'received' });
    expect(performance.now() - startedAt).toBeLessThan(500);
    for (const result of await Promise.all(stuck))
      expect(result).toEqual({ kind: 'retry', cause: 'no-answer-in-time' });
  });
});
