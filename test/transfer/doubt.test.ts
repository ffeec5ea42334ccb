import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consentResource } from '../../src/demo/consents.js';
import type { DeliveryResult } from '../../src/transfer/door-ports.js';
import type { PartnerEndpoint } from '../../src/transfer/partner.js';
import { DELIVERY_CAUSES } from '../../src/adapters/delivery/delivery-causes.js';
import { leavesDoubt } from '../../src/transfer/doubt.js';
import { handOut } from '../support/fixtures.js';
import { testFrame } from '../support/frame.js';
import { openGateway } from '../support/open-gateway.js';

let gateway: Awaited<ReturnType<typeof openGateway>>;
let caseId: string;
beforeAll(async () => {
  gateway = await openGateway();
  const stored = await gateway.putCase();
  caseId = stored.caseId;
  const recipient = { id: gateway.recipient.organizationId, name: 'Toit Commun' } as never;
  const resource = consentResource({ type: 'permit', personId: stored.personId, recipient, purpose: 'HOUSING' });
  await gateway.http().post('/fhir/Consent').send(resource).expect(201);
});
afterAll(() => gateway.close());

const received: DeliveryResult = {
  kind: 'received',
  receipt: { status: 200, digest: 'd'.repeat(64), location: 'https://partner.example/Task/1' },
};
beforeEach(async () => {
  gateway.door.result = received;
  gateway.door.found = { kind: 'absent' };
  gateway.door.sent.length = 0;
  gateway.door.askedFor.length = 0;
});

async function asks(idempotency: PartnerEndpoint['idempotency']): Promise<string> {
  await gateway.database.query(
    `update partner set endpoint = endpoint || jsonb_build_object('idempotency', $1::text) where id = $2`,
    [idempotency, gateway.recipient.partnerId],
  );
  const { body } = await gateway.ask(caseId).expect(202);
  return (body as { id: string }).id;
}
const look = async (id: string) =>
  (await gateway.http().get(`/api/v1/transfers/${id}`).expect(200)).body as {
    status: string;
    attempts: number;
    taskId: string;
    timeline: { status: string; reasons: { code: string; text: string }[]; cause?: { code: string; text: string } }[];
  };
/** Right away, whatever the next attempt's time. */
async function again(id: string) {
  await gateway.database.query('update outbox set next_attempt_at = now() where transfer_id = $1', [id]);
  return gateway.deliver(id);
}
const fails = (cause: string): DeliveryResult => ({ kind: 'retry', cause });
/** A worker that took it, went to the wire and was never heard of again. */
async function vanish(id: string): Promise<void> {
  const { store, database, sender } = gateway;
  await handOut(database, id as never);
  const claim = await store.dispatch.claim(id as never, 1);
  await store.asOrganization(sender.organizationId, (tx) => tx.markSending(claim!, 'signature'));
  await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('a partner that honours keys', () => {
  it('gets it again with the same key, and is not asked', async () => {
    const id = await asks('key');
    gateway.door.result = fails('connection-lost');
    expect(await gateway.deliver(id)).toBe('retry');
    gateway.door.result = received;
    expect(await again(id)).toBe('received');
    expect(gateway.door.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual([id, id]);
    expect(gateway.door.askedFor).toEqual([]);
  });
});

describe('a partner that can be asked', () => {
  it.each(['connection-lost', 'no-answer-in-time', 'interrupted', 'partner-error', 'answer-not-understood', null])(
    'after %s is asked first, and gets it no second time when it has it',
    async (cause) => {
      const id = await asks('query');
      if (cause === null) await vanish(id);
      else {
        gateway.door.result = fails(cause);
        expect(await gateway.deliver(id)).toBe('retry');
      }
      const before = gateway.door.sent.length;
      const receipt = { status: 200, digest: 'f'.repeat(64), location: null, found: true } as const;
      gateway.door.found = { kind: 'found', receipt };
      expect(await again(id)).toBe('received');
      expect(gateway.door.sent).toHaveLength(before);
      const { status, taskId, timeline } = await look(id);
      expect(status).toBe('delivered');
      expect(gateway.door.askedFor).toEqual([{ system: `${testFrame.publicUrl}/fhir/Task`, value: taskId }]);
      expect(timeline.at(-1)?.cause).toMatchObject({ code: 'found-by-query' });
      expect(
        await gateway.database.query('select found_by_query, digest from receipt where transfer_id = $1', [id]),
      ).toEqual([{ found_by_query: true, digest: 'f'.repeat(64) }]);
    },
  );

  it.each(['no answer', 'a worker that vanished'])(
    'and does not have it after %s, gets it; doubt stays until then',
    async (what) => {
      const id = await asks('query');
      gateway.door.result = fails('connection-lost');
      if (what === 'no answer') await gateway.deliver(id);
      else await vanish(id);
      const before = gateway.door.sent.length;
      // Asked in vain: neither sent nor given up.
      gateway.door.found = { kind: 'retry', cause: 'unreachable' };
      expect(await again(id)).toBe('retry');
      expect(gateway.door.sent).toHaveLength(before);
      gateway.door.found = { kind: 'absent' };
      gateway.door.result = received;
      expect(await again(id)).toBe('received');
      expect(gateway.door.askedFor).toHaveLength(2);
      expect(gateway.door.sent).toHaveLength(before + 1);
    },
  );

  it('is not asked before the first attempt, nor after one that certainly did not arrive', async () => {
    const id = await asks('query');
    gateway.door.result = fails('partner-busy');
    await gateway.deliver(id);
    gateway.door.result = received;
    expect(await again(id)).toBe('received');
    expect(gateway.door.askedFor).toEqual([]);
  });

  it('and refuses to say, is left to a human', async () => {
    const id = await asks('query');
    gateway.door.result = fails('connection-lost');
    await gateway.deliver(id);
    gateway.door.found = { kind: 'rejected', cause: 'wrong-address', status: 404 };
    expect(await again(id)).toBe('needs-review');
    expect(gateway.door.sent).toHaveLength(1);
    expect(await look(id)).toMatchObject({ status: 'needs-review' });
  });
});

describe('a partner that neither honours keys nor can be asked', () => {
  it.each(['connection-lost', 'no-answer-in-time', 'interrupted', 'partner-error', null])(
    'gets nothing twice: after %s a human is told what to find out',
    async (cause) => {
      const id = await asks('none');
      if (cause === null) await vanish(id);
      else gateway.door.result = fails(cause);
      expect(cause === null ? await again(id) : await gateway.deliver(id)).toBe('needs-review');
      expect(gateway.door.sent).toHaveLength(cause === null ? 0 : 1);
      const { status, timeline } = await look(id);
      expect(status).toBe('needs-review');
      expect(timeline.at(-1)?.reasons).toMatchObject([
        { code: 'review.unsure', text: expect.stringContaining('Ask the recipient') },
      ]);
      // Nothing brings it back by itself.
      expect((await gateway.store.dispatch.takeDue(100, 'transfer')).map((due) => due.id)).not.toContain(id);
    },
  );

  it.each(['unreachable', 'partner-busy', 'token-unavailable'])('is tried again after %s', async (cause) => {
    const id = await asks('none');
    gateway.door.result = fails(cause);
    expect(await gateway.deliver(id)).toBe('retry');
    gateway.door.result = received;
    expect(await again(id)).toBe('received');
  });

  it('is tried again when the fence held a delivery back before its first byte', async () => {
    const id = await asks('none');
    gateway.door.result = { kind: 'fenced' };
    expect(await gateway.deliver(id)).toBe('fenced');
    expect(await look(id)).toMatchObject({ status: 'queued' });
    gateway.door.result = received;
    expect(await again(id)).toBe('received');
  });
});

it('an attempt leaves no doubt only after causes that say so', () => {
  expect(DELIVERY_CAUSES.filter((cause) => !leavesDoubt(cause)).sort()).toEqual([
    'mail-unreachable',
    'partner-busy',
    'secure-connection-failed',
    'token-refused',
    'token-unavailable',
    'unreachable',
  ]);
});
