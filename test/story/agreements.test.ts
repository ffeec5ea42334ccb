import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AGREEMENTS, TOIT_COMMUN } from '../../src/demo/world.js';
import { signInTo } from '../support/sign-in.js';
import { openValmont, type TransferView, type Valmont } from '../support/story.js';

const [convention] = AGREEMENTS;
const path = `/api/v1/agreements/${convention!.id}`;
let valmont: Valmont;
let staff: Readonly<Record<'nadia' | 'lea' | 'omar' | 'paul' | 'helene', Member>>;

interface Member {
  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }>;
}

beforeAll(async () => {
  valmont = await openValmont();
  await valmont.world.startGateway();
  await valmont.prepare();
  const member = async (name: string): Promise<Member> => {
    const { cookie, me } = await signInTo(valmont, name);
    return {
      call: async <T>(method: string, to: string, body?: unknown) => {
        const response = await fetch(`${valmont.world.publicUrl}${to}`, {
          method,
          headers: {
            cookie,
            'x-csrf-token': me.csrfToken,
            'content-type': 'application/json',
            'idempotency-key': randomUUID(),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        return { status: response.status, body: (await response.json()) as T };
      },
    };
  };
  staff = {
    nadia: await member('nadia'),
    lea: await member('lea'),
    omar: await member('omar'),
    paul: await member('paul'),
    helene: await member('helene'),
  };
}, 120_000);
afterAll(() => valmont.close());

const isOver = ({ status }: TransferView): boolean => !['held', 'queued', 'sending'].includes(status);
const textOf = (categories: readonly string[], version: number): Record<string, unknown> => {
  const { id: _, status: _s, purposes, ...text } = convention!;
  return { ...text, version, purposes: [{ ...purposes[0]!, categories }, ...purposes.slice(1)] };
};

test('before anybody signs, an admin sees which of the past transfers a text would have refused or shrunk', async () => {
  const { body: sent } = await valmont.request(TOIT_COMMUN, 'HOUSING');
  expect((await valmont.until(sent.id, isOver)).status).toBe('delivered');
  type Simulation = { transfers: { transferId: string; outcome: string; labels: string[] }[] };
  const simulate = async (categories: string[]) =>
    (await staff.nadia.call<Simulation>('POST', `${path}/simulate`, { days: 30, agreement: textOf(categories, 2) }))
      .body;
  const shrunk = await simulate(['identity', 'contact', 'household', 'housing']);
  expect(shrunk.transfers).toMatchObject([{ transferId: sent.id, outcome: 'shrunk', labels: ['income'] }]);
  const refused = await simulate(['housing']);
  expect(refused.transfers).toMatchObject([{ transferId: sent.id, outcome: 'refused' }]);
});

test('the other party suspends while a transfer waits: it stops, and only that party lets it go on', async () => {
  await valmont.behave(TOIT_COMMUN, { door: 'closed' });
  const { body: waiting } = await valmont.request(TOIT_COMMUN, 'HOUSING');
  await valmont.until(waiting.id, ({ attempts, status }) => attempts >= 1 && status === 'queued');
  expect((await staff.lea.call('POST', `${path}/steps`, { step: 'suspend' })).status).toBe(200);
  await valmont.behave(TOIT_COMMUN, { door: 'open' });
  const stopped = await valmont.until(waiting.id, isOver);
  expect(stopped.status).toBe('stopped');
  expect(stopped.timeline.at(-1)?.reasons[0]?.code).toBe('deny.agreement-suspended');
  expect(await valmont.effectsOf(TOIT_COMMUN, waiting.id)).toHaveLength(0);
  expect((await staff.nadia.call('POST', `${path}/steps`, { step: 'resume' })).status).toBe(409);
  expect((await staff.lea.call('POST', `${path}/steps`, { step: 'resume' })).status).toBe(200);
});

test('a narrower text is in force with the third signature, and then less leaves', async () => {
  const narrower = textOf(['identity', 'contact', 'household', 'housing'], 4);
  expect((await staff.nadia.call('PUT', path, narrower)).status).toBe(200);
  const proposed = await staff.nadia.call<{ pending: { version: number } }>('POST', `${path}/steps`, {
    step: 'propose',
  });
  const sign = (who: 'lea' | 'omar', version: number) =>
    staff[who].call<{ status: string; pending: { version: number } | null }>('POST', `${path}/steps`, {
      step: 'countersign',
      version,
    });
  const second = await sign('lea', proposed.body.pending.version);
  const { body: before } = await valmont.request(TOIT_COMMUN, 'HOUSING');
  expect(before).toMatchObject({ categories: expect.arrayContaining(['income']) });
  await valmont.until(before.id, isOver);
  const third = await sign('omar', second.body.pending!.version);
  expect(third.body).toMatchObject({ status: 'active', pending: null });
  const { body: after } = await valmont.request(TOIT_COMMUN, 'HOUSING');
  expect(after).toMatchObject({ categories: ['identity', 'contact', 'household', 'housing'] });
  expect((await valmont.until(after.id, isOver)).status).toBe('delivered');
});

test('the glass is broken at night: the least leaves, the report is silent, and another person reviews it', async () => {
  const report = async (): Promise<string> =>
    JSON.stringify((await staff.paul.call('GET', `/api/v1/persons/${valmont.personId}/disclosures`)).body);
  const before = await report();
  const request = {
    caseId: valmont.caseId,
    recipientOrganizationId: TOIT_COMMUN.id,
    purpose: 'HOUSING',
    ground: {
      kind: 'break-glass',
      reason: 'He is at the door; she must be housed tonight.',
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      informed: { nobodyBecause: 'He answers her telephone.' },
    },
    categories: ['identity', 'contact', 'housing'],
    deferNotice: {
      reason: 'He reads what she is handed.',
      reviewOn: new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10),
    },
  };
  const without = { ...request, ground: { ...request.ground, reason: ' ' } };
  expect((await staff.helene.call('POST', '/api/v1/transfers', without)).status).toBe(403);
  const broken = await staff.helene.call<TransferView>('POST', '/api/v1/transfers', request);
  expect(broken.status).toBe(202);
  expect(broken.body).toMatchObject({ categories: ['identity', 'contact'] });
  const { id } = broken.body;
  expect((await valmont.until(id, isOver)).status).toBe('delivered');
  expect(await valmont.effectsOf(TOIT_COMMUN, id)).toHaveLength(1);
  expect(await report()).toBe(before);

  expect((await staff.helene.call('POST', `/api/v1/transfers/${id}/notice/confirm`)).status).toBe(403);
  expect((await staff.paul.call('POST', `/api/v1/transfers/${id}/notice/confirm`)).status).toBe(200);
  expect(await report()).toBe(before);
  const review = { outcome: 'justified', note: 'A shelter was found.' };
  expect((await staff.helene.call('POST', `/api/v1/break-glass/${id}/review`, review)).status).toBe(403);
  expect((await staff.paul.call('POST', `/api/v1/break-glass/${id}/review`, review)).status).toBe(200);
  expect((await staff.paul.call('POST', `/api/v1/transfers/${id}/notice/lift`)).status).toBe(200);
  expect(await report()).toContain(broken.body.reference);
});
