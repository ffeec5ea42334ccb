import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CCAS, TOIT_COMMUN } from '../../src/demo/world.js';
import { signInTo } from '../support/sign-in.js';
import { openValmont, type TransferView, type Valmont } from '../support/story.js';

let valmont: Valmont;

beforeAll(async () => {
  valmont = await openValmont();
  await valmont.world.startGateway();
  await valmont.prepare();
});
afterAll(() => valmont.close());

const signIn = (user: string) => signInTo(valmont, user);

function post(cookie: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${valmont.world.publicUrl}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { cookie, 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
  });
}
const transfer = () => ({
  caseId: valmont.caseId,
  recipientOrganizationId: TOIT_COMMUN.id,
  purpose: 'HOUSING',
  ground: { kind: 'consent' },
});

test('a caseworker signs in at the issuer and sends; without the CSRF token nothing happens', async () => {
  const { cookie, me } = await signIn('helene');
  expect(me).toMatchObject({ displayName: 'Hélène Roy', roles: ['caseworker'] });
  expect((await post(cookie, '/api/v1/transfers', transfer())).status).toBe(403);
  const sent = await post(cookie, '/api/v1/transfers', transfer(), { 'x-csrf-token': me.csrfToken });
  expect(sent.status).toBe(202);
  const { id } = (await sent.json()) as TransferView;
  expect((await valmont.until(id, ({ status }) => status === 'delivered')).status).toBe('delivered');
  const [entry] = await valmont.world.store.asOrganization(CCAS.id, (tx) =>
    tx.listAudit({ transferId: id as never, action: 'transfer.permitted', limit: 1 }),
  );
  expect(entry?.actor).toMatchObject({ type: 'staff', organizationId: CCAS.id });
});

test('a role that is not a caseworker cannot send, and each sees its own organization only', async () => {
  const operator = await signIn('ines');
  expect(
    (await post(operator.cookie, '/api/v1/transfers', transfer(), { 'x-csrf-token': operator.me.csrfToken })).status,
  ).toBe(403);
  const karim = await signIn('karim');
  const refused = await post(karim.cookie, '/api/v1/transfers', transfer(), { 'x-csrf-token': karim.me.csrfToken });
  // Toit Commun has no such case: refused, in the same words as for a case that nobody has.
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ code: 'transfer.refused', reasons: [{ code: 'deny.case-unknown' }] });
});

test('after signing out the session is worth nothing', async () => {
  const { cookie, me } = await signIn('marc');
  expect((await post(cookie, '/signout', {}, { 'x-csrf-token': me.csrfToken })).status).toBe(200);
  expect((await fetch(`${valmont.world.publicUrl}/me`, { headers: { cookie } })).status).toBe(401);
});
