import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RelaisError } from '../../../src/kernel/errors.js';
import { createCheckedFetch } from '../../../src/adapters/delivery/checked-fetch.js';
import { createDoor } from '../../../src/adapters/delivery/door.js';
import { createOutbound } from '../../../src/adapters/delivery/outbound.js';
import { startAgency } from '../../../src/demo/partners/agency.js';
import { createRelaisClient } from '../../../src/demo/partners/relais-client.js';
import { startReceiver, type Receiver } from '../../../src/demo/partners/receiver.js';
import type { DeliveryResult } from '../../../src/transfer/door-ports.js';
import type { PartnerEndpoint } from '../../../src/transfer/partner.js';
import { newClientKeys, spawnPartner } from '../../support/partner.js';
import { answer, scriptedServer } from './scripted-server.js';

const TASK_ID = randomUUID();
const RECORD = JSON.stringify({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    { resource: { resourceType: 'Patient', id: 'p' }, request: { method: 'POST', url: 'Patient' } },
    {
      resource: {
        resourceType: 'Task',
        id: 'reassigned',
        identifier: [{ system: 'https://relais.example/fhir/Task', value: TASK_ID }],
      },
      request: { method: 'POST', url: 'Task' },
    },
  ],
});

/** Relais' side of a partner: published keys, tokens by private_key_jwt through the checked fetch, and the door. */
async function gateway() {
  const { privateJwk, jwks } = await newClientKeys();
  const keys = await scriptedServer((response) => answer(response, 200, jwks));
  const outbound = createOutbound({ allowPrivateEndpoints: true });
  onTestFinished(() => outbound.close());
  const checkedFetch = createCheckedFetch(outbound);
  const held = new Map<string, string>();
  const tokens = {
    tokenFor: async ({ tokenUrl, clientId, scope }: PartnerEndpoint): Promise<string> => {
      const known = held.get(tokenUrl);
      if (known !== undefined) return known;
      const { assertion } = await signer({ tokenUrl, clientId, privateJwk });
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        scope,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
      const response = await checkedFetch(tokenUrl, { method: 'POST', body });
      if (!response.ok) throw new RelaisError('delivery.token-refused', 502, 'security', 'Refused.');
      const { access_token: token } = (await response.json()) as { access_token: string };
      held.set(tokenUrl, token);
      return token;
    },
    forget: ({ tokenUrl }: PartnerEndpoint) => void held.delete(tokenUrl),
  };
  const door = createDoor({ outbound, tokens, deadlineMs: 2_000 });
  return {
    jwksUrl: keys.url,
    send: (
      to: { url: string; tokenUrl: string },
      key: string = randomUUID(),
      record = RECORD,
    ): Promise<DeliveryResult> =>
      door.send(
        { ...to, clientId: 'relais', scope: 'system/*.c', idempotency: 'key' },
        {
          body: Buffer.from(record),
          contentType: 'application/fhir+json',
          idempotencyKey: key,
          requestId: randomUUID(),
        },
        async () => true,
        new AbortController().signal,
      ),
  };
}

async function signer(options: {
  tokenUrl: string;
  clientId: string;
  privateJwk: object;
}): Promise<{ assertion: string }> {
  const { SignJWT, importJWK } = await import('jose');
  const { tokenUrl, clientId, privateJwk } = options;
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES384', kid: 'test-key' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setExpirationTime('4m')
    .setJti(randomUUID())
    .sign(await importJWK(privateJwk, 'ES384'));
  return { assertion };
}

async function receiverFor(jwksUrl: string): Promise<Receiver> {
  const receiver = await startReceiver({ name: 'Toit Commun', jwksUrl, clientId: 'relais' });
  onTestFinished(() => receiver.close());
  return receiver;
}

describe('a record on its way to a partner’s system', () => {
  it('arrives once, byte for byte, and names its Task at both ends', async () => {
    const { jwksUrl, send } = await gateway();
    const receiver = await receiverFor(jwksUrl);
    const result = await send(receiver);
    expect(result).toMatchObject({ kind: 'received', receipt: { status: 200 } });
    expect((result as { receipt: { location: string } }).receipt.location).toMatch(
      new RegExp(`^${receiver.url}/Task/[0-9a-f-]{36}/_history/1$`),
    );
    expect(receiver.effects()).toMatchObject([{ taskId: TASK_ID, deliveries: 1 }]);
  });

  it('a partner that answers 500 twice has it once, at the third try', async () => {
    const { jwksUrl, send } = await gateway();
    const receiver = await receiverFor(jwksUrl);
    await receiver.behave({ fail: { times: 2, status: 500 } });
    const key = randomUUID();
    expect(await send(receiver, key)).toEqual({ kind: 'retry', cause: 'partner-error' });
    expect(await send(receiver, key)).toEqual({ kind: 'retry', cause: 'partner-error' });
    expect(await send(receiver, key)).toMatchObject({ kind: 'received' });
    expect(receiver.effects()).toHaveLength(1);
    expect(receiver.requests()).toBe(3);
  });

  it('a partner that took it and cut the line has one effect after the next try', async () => {
    const { jwksUrl, send } = await gateway();
    const receiver = await receiverFor(jwksUrl);
    await receiver.behave({ resetAfterProcessing: 1 });
    const key = randomUUID();
    expect(await send(receiver, key)).toEqual({ kind: 'retry', cause: 'connection-lost' });
    expect(await send(receiver, key)).toMatchObject({ kind: 'received' });
    expect(receiver.effects()).toMatchObject([{ idempotencyKey: key, deliveries: 2 }]);
    expect(await send(receiver, key, RECORD.replace('"p"', '"q"'))).toMatchObject({ kind: 'rejected', status: 409 });
  });

  it('a token that the partner forgot is renewed', async () => {
    const { jwksUrl, send } = await gateway();
    const receiver = await receiverFor(jwksUrl);
    await send(receiver);
    receiver.revokeTokens();
    expect(await send(receiver)).toMatchObject({ kind: 'received' });
    expect(receiver.requests()).toBe(3);
  });

  it('closed doors: nothing arrives, and all of it is to be tried again', async () => {
    const { jwksUrl, send } = await gateway();
    const receiver = await receiverFor(jwksUrl);
    await receiver.behave({ door: 'closed' });
    expect(await send(receiver)).toEqual({ kind: 'retry', cause: 'partner-busy', retryAfterMs: 1_000 });
    await receiver.behave({ door: 'refusing' });
    // Until the connection that was kept has ended as well.
    await sleep(100);
    expect(await send(receiver)).toEqual({ kind: 'retry', cause: 'unreachable' });
    await receiver.behave({ door: 'open', slowMs: 5_000 });
    expect(await send(receiver)).toEqual({ kind: 'retry', cause: 'no-answer-in-time' });
    await receiver.behave({ slowMs: 0 });
    expect(await send(receiver)).toMatchObject({ kind: 'received' });
  });

  it('the partner gives no token to a stranger, for a wrong audience, or twice for one assertion', async () => {
    const { jwksUrl } = await gateway();
    const receiver = await receiverFor(jwksUrl);
    const { privateJwk } = await newClientKeys();
    const ask = async (assertion: string): Promise<number> => {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
      return (await fetch(receiver.tokenUrl, { method: 'POST', body })).status;
    };
    const stranger = await signer({ tokenUrl: receiver.tokenUrl, clientId: 'relais', privateJwk });
    expect(await ask(stranger.assertion)).toBe(401);

    const own = await newClientKeys();
    const keys = await scriptedServer((response) => answer(response, 200, own.jwks));
    const other = await receiverFor(keys.url);
    const elsewhere = await signer({ tokenUrl: receiver.tokenUrl, clientId: 'relais', privateJwk: own.privateJwk });
    const right = await signer({ tokenUrl: other.tokenUrl, clientId: 'relais', privateJwk: own.privateJwk });
    const askOther = async (assertion: string): Promise<number> => {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
      return (await fetch(other.tokenUrl, { method: 'POST', body })).status;
    };
    expect(await askOther(elsewhere.assertion)).toBe(401);
    expect(await askOther(right.assertion)).toBe(200);
    expect(await askOther(right.assertion)).toBe(401);
  });
});

/** Relais as a partner sees it: a token endpoint and what was asked of it. */
async function relaisDouble() {
  const server = await scriptedServer((response, { url, headers }) => {
    if (url === '/oauth/token')
      return answer(response, 200, { access_token: 'at', token_type: 'Bearer', expires_in: 300 });
    answer(response, headers.authorization === 'Bearer at' ? 200 : 401, { ok: true });
  });
  const origin = new URL(server.url).origin;
  const { privateJwk } = await newClientKeys();
  const access = {
    url: origin,
    tokenUrl: `${origin}/oauth/token`,
    clientId: 'partner',
    privateJwk,
    scope: 'system/Task.ru',
  };
  return { server, access };
}

describe('partners that call Relais', () => {
  it('get one token and use it for every request', async () => {
    const { server, access } = await relaisDouble();
    const client = createRelaisClient(access);
    await client.call('GET', '/api/v1/transfers/1');
    expect(await client.call('GET', '/api/v1/transfers/2')).toMatchObject({ status: 200, body: { ok: true } });
    expect(server.seen.map(({ url }) => url)).toEqual(['/oauth/token', '/api/v1/transfers/1', '/api/v1/transfers/2']);
    const form = new URLSearchParams(server.seen[0]?.body.toString());
    expect(form.get('grant_type')).toBe('client_credentials');
    expect(form.get('client_assertion')?.split('.')).toHaveLength(3);
  });

  it('a receiver runs as a process of its own, reports a Task, and ends with its parent’s wish', async () => {
    const { jwksUrl, send } = await gateway();
    const { server, access } = await relaisDouble();
    const partner = await spawnPartner('receiver', {
      name: 'Les Tilleuls',
      jwksUrl,
      clientId: 'relais',
      relais: access,
    });
    onTestFinished(() => partner.kill());
    const { url = '', tokenUrl = '' } = partner.ready;
    expect(await send({ url, tokenUrl })).toMatchObject({ kind: 'received' });
    const [effect] = await partner.effects();
    expect(Object.keys(effect ?? {}).sort()).toEqual(
      ['deliveries', 'digest', 'id', 'idempotencyKey', 'receivedAt', 'signed', 'taskId'].sort(),
    );
    await partner.behave({ door: 'closed' });
    expect(await send({ url, tokenUrl })).toMatchObject({ kind: 'retry', cause: 'partner-busy' });

    const report = { taskId: effect?.taskId ?? '', status: 'accepted', note: 'Two bedrooms, dog welcome.' };
    expect(await partner.report(report)).toMatchObject({ status: 200 });
    const put = server.seen.at(-1);
    expect(put).toMatchObject({ method: 'PUT', url: `/fhir/Task/${TASK_ID}` });
    expect(JSON.parse(put?.body.toString() ?? '')).toEqual({
      resourceType: 'Task',
      id: TASK_ID,
      status: 'accepted',
      intent: 'order',
      note: [{ text: 'Two bedrooms, dog welcome.' }],
    });
    await partner.kill();
    expect(await send({ url, tokenUrl })).toMatchObject({ kind: 'retry', cause: 'unreachable' });
  });

  it('the agency submits by commands and keeps each announcement once', async () => {
    const { jwksUrl } = await gateway();
    const { server, access } = await relaisDouble();
    const agency = await spawnPartner('agency', { name: 'CCAS', jwksUrl, clientId: 'relais', relais: access });
    onTestFinished(() => agency.kill());
    const submitted = await agency.control('POST', '/submit-case', ['case-1', { caseId: 'case-1' }]);
    expect(submitted).toMatchObject({ status: 200 });
    await agency.control('POST', '/request-transfer', [{ caseId: 'case-1' }, 'key-1']);
    const [, put, post] = server.seen;
    expect(put).toMatchObject({ method: 'PUT', url: '/api/v1/cases/case-1' });
    expect(post).toMatchObject({ method: 'POST', url: '/api/v1/transfers', headers: { 'idempotency-key': 'key-1' } });

    const webhook = agency.ready['webhookUrl'] ?? '';
    expect((await fetch(webhook, { method: 'POST', body: '{"id":"e1"}' })).status).toBe(401);
    expect(await agency.control('GET', '/events')).toEqual({ events: [] });
  });

  it('the agency takes an announcement with a token, once', async () => {
    const { privateJwk, jwks } = await newClientKeys();
    const keys = await scriptedServer((response) => answer(response, 200, jwks));
    const { access } = await relaisDouble();
    const agency = await startAgency({ name: 'CCAS', jwksUrl: keys.url, clientId: 'relais', relais: access });
    onTestFinished(() => agency.close());
    const { origin } = new URL(agency.webhookUrl);
    const relais = createRelaisClient({
      url: origin,
      tokenUrl: agency.tokenUrl,
      clientId: 'relais',
      privateJwk,
      scope: 'x',
    });
    const event = { id: 'e1', type: 'transfer.status', status: 'delivered' };
    for (let n = 0; n < 2; n += 1)
      expect(await relais.call('POST', '/webhook', { body: event })).toMatchObject({ status: 204 });
    expect(agency.events()).toEqual([event]);
  });
});
