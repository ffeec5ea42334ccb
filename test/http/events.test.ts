import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createChangeFeed } from '../../src/adapters/store/desk/change-feed.js';
import type { ChangeFeed } from '../../src/transfer/desk-ports.js';
import { startHttp } from '../support/http.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

let gateway: TestGateway;
let changes: ChangeFeed;
beforeAll(async () => {
  gateway = await openGateway();
}, 60_000);
afterAll(() => gateway.close());
afterEach(() => changes.close());

/** The gateway's HTTP with a feed that looks often; `lives` is the test's. */
async function serve({ lives = () => Promise.resolve(true) }: { lives?: () => Promise<boolean> } = {}) {
  const counted = { looks: 0, waiting: 0 };
  const pool = new Proxy(gateway.store.pool, {
    get: (target, name) => {
      if (name === 'connect') counted.looks += 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
  changes = createChangeFeed({ pool, log: () => undefined, everyMs: 50 });
  const { story, principals } = gateway;
  const parts = { story, principals, changes, sessionLives: lives, heartbeatMs: 100 };
  const { server } = startHttp(parts);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/events`;
  return { url, counted };
}

/** A stream that is open, what it said until now, and whether it ended. */
async function listen(url: string, who: string) {
  const stop = new AbortController();
  const response = await fetch(url, { headers: { authorization: `Bearer ${who}` }, signal: stop.signal });
  const heard = { text: '', ended: false };
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) heard.text += decoder.decode(chunk as Uint8Array, { stream: true });
    heard.ended = true;
  })().catch(() => undefined);
  const events = (): unknown[] =>
    [...heard.text.matchAll(/^event: changed\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as unknown);
  return {
    response,
    heard,
    events,
    close: async () => {
      stop.abort();
      await reading;
    },
  };
}

async function until(what: () => boolean): Promise<void> {
  for (let waited = 0; waited < 400 && !what(); waited += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(what()).toBe(true);
}

async function consented(): Promise<string> {
  const { caseId, personId } = await gateway.putCase();
  await gateway.http().post('/fhir/Consent').send(consentFor(personId, gateway.recipient.organizationId)).expect(201);
  return caseId;
}

it('tells each side of what it may know, and nobody else, and never what', async () => {
  const caseId = await consented();
  const { url } = await serve();
  const [sender, recipient, stranger] = await Promise.all(['dpo', 'reader', 'stranger'].map((who) => listen(url, who)));
  expect(sender!.response.status).toBe(200);
  expect(sender!.response.headers.get('content-type')).toBe('text/event-stream');
  expect(sender!.response.headers.get('cache-control')).toBe('no-store');
  const { id, taskId } = (await gateway.ask(caseId).expect(202)).body as { id: string; taskId: string };
  const mine = { kind: 'transfer', id };
  await until(() => sender!.events().length > 0);
  expect(sender!.events()).toContainEqual(mine);
  // A recipient learns of it when it arrives.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(recipient!.events()).toEqual([]);
  await gateway.deliver(id);
  await until(() => recipient!.events().length > 0);
  expect(recipient!.events()).toContainEqual(mine);
  const before = sender!.events().length;
  const task = { resourceType: 'Task', id: taskId, status: 'accepted', intent: 'order' };
  await gateway.http('recipient').put(`/fhir/Task/${taskId}`).send(task).expect(200);
  await until(() => sender!.events().length > before);
  // Each change once.
  const told = sender!.events().length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(sender!.events()).toHaveLength(told);
  expect(stranger!.events()).toEqual([]);
  for (const { heard } of [sender!, recipient!]) expect(heard.text).not.toMatch(/Okafor|case-|accepted/);
  await Promise.all([sender!, recipient!, stranger!].map((one) => one.close()));
});

it('says that it is there, and ends with the session', async () => {
  let lives = true;
  const { url } = await serve({ lives: () => Promise.resolve(lives) });
  const stream = await listen(url, 'caseworker');
  await until(() => stream.heard.text.includes(': still here'));
  expect(stream.heard.ended).toBe(false);
  lives = false;
  await until(() => stream.heard.ended);
});

it('outlives a database that is away when it asks after the session', async () => {
  const { url } = await serve({ lives: () => Promise.reject(new Error('away')) });
  const stream = await listen(url, 'caseworker');
  await until(() => stream.heard.text.split(': still here').length > 3);
  expect(stream.heard.ended).toBe(false);
  await stream.close();
});

it('is for staff, six at a time for a session', async () => {
  const { url } = await serve();
  const get = (who: string) => fetch(url, { headers: { authorization: `Bearer ${who}` } });
  expect((await get('agency')).status).toBe(403);
  expect((await fetch(url)).status).toBe(401);
  const streams = await Promise.all(Array.from({ length: 6 }, () => listen(url, 'caseworker')));
  const seventh = await get('caseworker');
  expect({ status: seventh.status, code: ((await seventh.json()) as { code: string }).code }).toEqual({
    status: 429,
    code: 'events.too-many',
  });
  // Another session is not kept out, and a place that is left is free.
  const other = await listen(url, 'colleague');
  expect(other.response.status).toBe(200);
  await streams[0]!.close();
  let again = await listen(url, 'caseworker');
  for (let tries = 0; again.response.status !== 200 && tries < 40; tries += 1) {
    await again.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    again = await listen(url, 'caseworker');
  }
  expect(again.response.status).toBe(200);
  await Promise.all([...streams, other, again].map((one) => one.close()));
});

it('looks at nothing while nobody listens, and once for all who do', async () => {
  const { url, counted } = await serve();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(counted.looks).toBe(0);
  const streams = await Promise.all(['dpo', 'reader', 'stranger', 'caseworker'].map((who) => listen(url, who)));
  await until(() => counted.looks > 8);
  const [startLooks, startMs] = [counted.looks, performance.now()];
  await until(() => counted.looks >= startLooks + 5);
  // One look each 50 ms, not one for each of three organizations.
  expect(performance.now() - startMs).toBeGreaterThan(4 * 50);
  await Promise.all(streams.map((one) => one.close()));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const after = counted.looks;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(counted.looks).toBe(after);
});

it('ends when the process does', async () => {
  const { url } = await serve();
  const stream = await listen(url, 'caseworker');
  await changes.close();
  await until(() => stream.heard.ended);
  // Who comes now is sent to another process.
  expect((await fetch(url, { headers: { authorization: 'Bearer caseworker' } })).status).toBe(503);
});
