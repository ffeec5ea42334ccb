import { describe, expect, it } from 'vitest';
import type { Outbound } from '../../../src/adapters/delivery/outbound.js';
import type { FindResult } from '../../../src/transfer/door-ports.js';
import { doorTo, RECORD } from './door-setup.js';
import { answer, scriptedServer } from './scripted-server.js';

const TASK = { system: 'https://relais.example/fhir/Task', value: '5f3c8a52-4a6e-4f0e-9f0c-0d9a5c1f2b3d' };
const task = (identifier: object = TASK, id = '17') => ({
  resource: { resourceType: 'Task', id, identifier: [identifier] },
});
const searchset = (entry: readonly object[], more: object = {}) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry,
  ...more,
});

async function ask(status: number, body: unknown, mayAsk = async () => true): Promise<FindResult & { seen: number }> {
  const server = await scriptedServer((response) => answer(response, status, body));
  const { door } = doorTo(server.url);
  const endpoint = { url: server.url, tokenUrl: server.url, clientId: 'c', scope: 's', idempotency: 'query' } as const;
  const result = await door.find(endpoint, TASK, mayAsk, new AbortController().signal);
  return { ...result, seen: server.seen.length };
}

describe('asking whether a partner has it', () => {
  it('sends an id and nothing else', async () => {
    const server = await scriptedServer((response) => answer(response, 200, searchset([])));
    const { door } = doorTo(server.url);
    const endpoint = {
      url: server.url,
      tokenUrl: server.url,
      clientId: 'c',
      scope: 's',
      idempotency: 'query',
    } as const;
    await door.find(endpoint, TASK, async () => true, new AbortController().signal);
    const [seen] = server.seen;
    expect(seen?.method).toBe('GET');
    const url = new URL(seen!.url, server.url);
    expect(url.pathname).toBe('/fhir/Task');
    expect(url.searchParams.get('identifier')).toBe(`${TASK.system}|${TASK.value}`);
    expect(seen?.body.length).toBe(0);
    expect(seen?.headers.authorization).toBe('Bearer token-1');
  });

  it.each<[string, number, unknown, Partial<FindResult>]>([
    ['a Task that bears the identifier', 200, searchset([task()]), { kind: 'found' }],
    ['nothing', 200, searchset([], { total: 0 }), { kind: 'absent' }],
    ['nothing but a warning', 200, searchset([{ search: { mode: 'outcome' }, resource: {} }]), { kind: 'absent' }],
    // A server that does not know the parameter answers with what it has.
    ['somebody else’s Task', 200, searchset([task({ ...TASK, value: 'x' })]), { kind: 'rejected' }],
    ['a Task of another system’s number', 200, searchset([task({ ...TASK, system: 'x' })]), { kind: 'rejected' }],
    ['a count without a Task', 200, searchset([], { total: 3 }), { kind: 'rejected' }],
    ['an empty page with another after it', 200, searchset([], { link: [{ relation: 'next' }] }), { kind: 'rejected' }],
    ['a page of HTML', 200, '<html>', { kind: 'rejected' }],
    ['a single resource', 200, { resourceType: 'Task' }, { kind: 'rejected' }],
    ['that it knows no such search', 400, {}, { kind: 'rejected' }],
    ['that there is no such address', 404, {}, { kind: 'rejected' }],
    ['that it is busy', 503, {}, { kind: 'retry', cause: 'partner-busy' }],
    ['an error', 500, {}, { kind: 'retry', cause: 'partner-error' }],
  ])('that answers %s', async (_what, status, body, expected) => {
    expect(await ask(status, body)).toMatchObject({ ...expected, seen: 1 });
  });

  it('names the Task that was found', async () => {
    const found = await ask(200, searchset([task()]));
    expect(found).toMatchObject({ receipt: { status: 200, found: true } });
    expect((found as { receipt: { location: string } }).receipt.location).toMatch(/\/fhir\/Task\/17$/);
  });

  it('is fenced as a delivery is', async () => {
    expect(await ask(200, searchset([task()]), async () => false)).toMatchObject({ kind: 'fenced', seen: 0 });
  });

  it('passes the same checks of addresses', async () => {
    const { door } = doorTo('https://partner.example', { allowPrivateEndpoints: false });
    const url = 'https://127.0.0.1/fhir';
    const endpoint = { url, tokenUrl: url, clientId: 'c', scope: 's', idempotency: 'query' } as const;
    expect(await door.find(endpoint, TASK, async () => true, new AbortController().signal)).toMatchObject({
      kind: 'rejected',
      cause: 'address-not-allowed',
    });
  });
});

describe('a delivery whose body went out', () => {
  /** A network that takes the body and then fails with this code, as a connection does that nobody answers on. */
  const failing = (code: string, takesBody: boolean): Partial<Outbound> => ({
    refusal: () => null,
    dispatcher: {
      request: async ({ body }: { body: AsyncIterable<Buffer> }) => {
        if (takesBody) for await (const _chunk of body);
        throw Object.assign(new Error('x'), { code });
      },
    } as never,
  });

  it.each(['ETIMEDOUT', 'EHOSTUNREACH', 'ERR_SSL_BAD_RECORD'])(
    'is never said not to have arrived: %s',
    async (code) => {
      const after = doorTo('https://partner.example/fhir', { outbound: failing(code, true) as Outbound });
      expect(await after.send({ body: RECORD })).toEqual({ kind: 'retry', cause: 'connection-lost' });
      const before = doorTo('https://partner.example/fhir', { outbound: failing(code, false) as Outbound });
      const result = await before.send({ body: RECORD });
      expect(result).toMatchObject({ kind: 'retry' });
      expect(result).not.toMatchObject({ cause: 'connection-lost' });
    },
  );
});
