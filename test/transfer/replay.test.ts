import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consentResource } from '../../src/demo/consents.js';
import type { DeliveryResult } from '../../src/transfer/door-ports.js';
import { openGateway } from '../support/open-gateway.js';

let gateway: Awaited<ReturnType<typeof openGateway>>;
let caseId: string;
let consentId: string;
beforeAll(async () => {
  gateway = await openGateway();
  const stored = await gateway.putCase();
  caseId = stored.caseId;
  consentId = await agree(stored.personId);
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.door.sent.length = 0;
  gateway.door.result = received;
});

const received: DeliveryResult = { kind: 'received', receipt: { status: 200, digest: 'd'.repeat(64), location: null } };
const rejected: DeliveryResult = { kind: 'rejected', cause: 'record-refused', status: 422 };
const unreachable: DeliveryResult = { kind: 'retry', cause: 'unreachable' };

async function agree(personId: string): Promise<string> {
  const recipient = { id: gateway.recipient.organizationId, name: 'Toit Commun' } as never;
  const resource = consentResource({ type: 'permit', personId, recipient, purpose: 'HOUSING' });
  const { body } = await gateway.http().post('/fhir/Consent').send(resource).expect(201);
  return (body as { id: string }).id;
}
async function ended(result: DeliveryResult, of = caseId): Promise<string> {
  const { body } = await gateway.ask(of).expect(202);
  const { id } = body as { id: string };
  gateway.door.result = result;
  // Three attempts are the most (openGateway).
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    await gateway.deliver(id);
    await gateway.database.query('update outbox set next_attempt_at = now() where transfer_id = $1', [id]);
  }
  gateway.door.result = received;
  gateway.door.sent.length = 0;
  return id;
}
interface View {
  readonly status: string;
  readonly attempts: number;
  readonly purgeAt: string | null;
  readonly timeline: readonly {
    readonly status: string;
    readonly by: { type: string };
    readonly cause?: { code: string };
  }[];
}
const look = async (id: string): Promise<View> =>
  (await gateway.http().get(`/api/v1/transfers/${id}`).expect(200)).body as View;
const replay = (id: string, body: object = {}, who = 'agency') =>
  gateway.http(who).post(`/api/v1/transfers/${id}/replay`).send(body);
const replays = (body: object, who = 'operator') => gateway.http(who).post('/api/v1/transfers/replays').send(body);
const auditOf = async (id: string): Promise<string[]> => {
  const log = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
    tx.listAudit({ transferId: id as never, limit: 100 }),
  );
  return log.map(({ action }) => action);
};

describe('a dead letter', () => {
  it('is sent again as the same delivery: same bytes, same key, attempts numbered on', async () => {
    const id = await ended(unreachable);
    const before = await look(id);
    expect(before).toMatchObject({ status: 'failed', attempts: 3 });
    expect(before.purgeAt).not.toBeNull();
    expect((await replay(id).expect(200)).body).toMatchObject({ status: 'queued', purgeAt: null });
    gateway.door.result = unreachable;
    // A new series of attempts, not the one that is left of the old.
    expect(await gateway.deliver(id)).toBe('retry');
    expect(await look(id)).toMatchObject({ status: 'queued', attempts: 4 });
    gateway.door.result = received;
    expect(await gateway.deliver(id)).toBe('received');
    expect(gateway.door.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual([id, id]);
    const after = await look(id);
    expect(after).toMatchObject({ status: 'delivered', attempts: 5 });
    expect(after.timeline.find(({ cause }) => cause?.code === 'replayed')).toMatchObject({
      status: 'queued',
      by: { type: 'partner' },
    });
    expect(await auditOf(id)).toContain('transfer.replayed');
  });

  it('is replayed once, however often it is clicked', async () => {
    const id = await ended(rejected);
    const answers = await Promise.all(Array.from({ length: 5 }, () => replay(id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await look(id)).timeline.filter(({ cause }) => cause?.code === 'replayed')).toHaveLength(1);
    expect((await auditOf(id)).filter((action) => action === 'transfer.replayed')).toHaveLength(1);
    await gateway.deliver(id);
    expect((await replay(id).expect(200)).body).toMatchObject({ status: 'delivered' });
    expect(gateway.door.sent).toHaveLength(1);
  });

  it('is decided again: what may no longer leave does not', async () => {
    const other = await gateway.putCase();
    const consent = await agree(other.personId);
    const id = await ended(rejected, other.caseId);
    await gateway.http().post(`/api/v1/consents/${consent}/withdraw`).send({}).expect(200);
    await replay(id).expect(200);
    expect(await gateway.deliver(id)).toBe('stopped');
    expect(gateway.door.sent).toEqual([]);
    // What the person stopped is not replayed.
    expect((await replay(id).expect(409)).body).toMatchObject({ code: 'replay.not-failed' });
    expect(consent).not.toBe(consentId);
  });

  it('is not sent again when its content is gone, nor purged once it is', async () => {
    const gone = await ended(rejected);
    await gateway.database.query('delete from transfer_content where transfer_id = $1', [gone]);
    expect((await replay(gone).expect(409)).body).toMatchObject({ code: 'replay.content-gone' });
    const kept = await ended(rejected);
    await gateway.database.query('update transfer_content set purge_at = now() where transfer_id = $1', [kept]);
    await replay(kept).expect(200);
    await gateway.store.purgeDueContent();
    expect(await gateway.deliver(kept)).toBe('received');
  });

  it('is nobody else’s to replay', async () => {
    const id = await ended(rejected);
    await replay(id, {}, 'recipient').expect(404);
    await replay(id, {}, 'operator').expect(403);
    await gateway.database.query(`update transfer set status = 'cancelled' where id = $1`, [id]);
  });
});

describe('a transfer whose arrival is in doubt', () => {
  it('is sent again only by who says that it was not received', async () => {
    await gateway.database.query(`update partner set endpoint = endpoint || '{"idempotency": "none"}' where id = $1`, [
      gateway.recipient.partnerId,
    ]);
    const id = await ended({ kind: 'retry', cause: 'connection-lost' });
    expect(await look(id)).toMatchObject({ status: 'needs-review', attempts: 1 });
    expect((await replay(id).expect(409)).body).toMatchObject({ code: 'replay.in-doubt' });
    await replay(id, { notReceived: true }).expect(200);
    expect(await gateway.deliver(id)).toBe('received');
    expect(gateway.door.sent).toHaveLength(1);
  });
});

describe('replays by filter', () => {
  it('count first, and then take what was counted, in order, once', async () => {
    const first = await ended(rejected);
    const second = await ended(rejected);
    const third = await ended(unreachable);
    const cause = { cause: 'record-refused' };
    expect((await replays(cause).expect(200)).body).toEqual({ count: 2, more: false, replayed: [] });
    expect(await look(first)).toMatchObject({ status: 'failed' });
    const { body } = await replays({ ...cause, dryRun: false }).expect(200);
    expect((body as { replayed: string[] }).replayed.sort()).toEqual([first, second].sort());
    expect((await replays({ ...cause, dryRun: false }).expect(200)).body).toMatchObject({ count: 0 });
    expect(await look(third)).toMatchObject({ status: 'failed' });
    // One person, one partner: the one that was due first goes first.
    const take = async () => (await gateway.store.dispatch.takeDue(10, 'transfer')).map(({ id }) => id);
    await gateway.database.query('update outbox set open = false where open and transfer_id <> all ($1)', [
      [first, second],
    ]);
    expect(await take()).toEqual([first]);
    await gateway.deliver(first);
    expect(await take()).toEqual([second]);
    await gateway.deliver(second);
  });

  it('look at partner and time, and at one’s own transfers', async () => {
    const id = await ended(rejected);
    const mine = { cause: 'record-refused' };
    const count = async (filter: object): Promise<number> =>
      ((await replays({ ...mine, ...filter }).expect(200)).body as { count: number }).count;
    expect(await count({})).toBe(1);
    expect(await count({ partnerId: gateway.recipient.partnerId })).toBe(1);
    expect(await count({ partnerId: gateway.other.partnerId })).toBe(0);
    const hour = (n: number): string => new Date(Date.now() + n * 3_600_000).toISOString();
    expect(await count({ from: hour(-1), to: hour(1) })).toBe(1);
    expect(await count({ from: hour(1) })).toBe(0);
    expect(await count({ to: hour(-1) })).toBe(0);
    await replays({}, 'agency').expect(403);
    await replays({}, 'dpo').expect(403);
    await replay(id).expect(200);
  });
});

describe('an operator', () => {
  interface Listed {
    readonly transferId: string;
    readonly status: string;
    readonly replays: number;
    readonly contentKept: boolean;
    readonly cause: { readonly code: string };
  }
  const list = async (query = ''): Promise<readonly Listed[]> =>
    (await gateway.http('operator').get(`/api/v1/deliveries/failed${query}`).expect(200)).body.deadLetters as Listed[];
  const find = async (id: string): Promise<Listed | undefined> =>
    (await list()).find(({ transferId }) => transferId === id);

  it('sees what failed and why, not whom it is about; sends one again, and sees where it stands', async () => {
    const { personId, caseId: of } = await gateway.putCase();
    await agree(personId);
    const id = await ended(rejected, of);
    const another = await ended(rejected);
    expect(await find(id)).toMatchObject({ status: 'failed', replays: 0, contentKept: true });
    const { text } = await gateway.http('operator').get('/api/v1/deliveries/failed').expect(200);
    for (const told of [personId, of, 'Okafor', 'HOUSING']) expect(text).not.toContain(told);

    const one = { transferId: id };
    expect((await replays(one).expect(200)).body).toEqual({ count: 1, more: false, replayed: [] });
    expect(await find(id)).toMatchObject({ status: 'failed' });
    expect((await replays({ ...one, dryRun: false }).expect(200)).body).toMatchObject({ count: 1, replayed: [id] });
    // Asked twice, it is done once; and the other was left alone.
    expect((await replays({ ...one, dryRun: false }).expect(200)).body).toMatchObject({ count: 0, replayed: [] });
    expect(await find(another)).toMatchObject({ status: 'failed' });
    expect(await find(id)).toMatchObject({ status: 'queued', replays: 1 });
    expect(await gateway.deliver(id)).toBe('received');
    expect(await find(id)).toMatchObject({ status: 'delivered' });
    await replays({ transferId: another, dryRun: false }).expect(200);
    await gateway.deliver(another);
  });

  it('sends nothing again that may no longer leave', async () => {
    const { personId, caseId: of } = await gateway.putCase();
    const consent = await agree(personId);
    const id = await ended(rejected, of);
    await gateway.http().post(`/api/v1/consents/${consent}/withdraw`).send({}).expect(200);
    await replays({ transferId: id, dryRun: false }).expect(200);
    expect(await gateway.deliver(id)).toBe('stopped');
    expect(gateway.door.sent).toEqual([]);
    expect(await find(id)).toMatchObject({ status: 'stopped' });
  });

  it('finds by partner and cause, among the own organization’s alone; looking is in the log', async () => {
    const id = await ended(rejected);
    const ids = async (query: string): Promise<string[]> => (await list(query)).map(({ transferId }) => transferId);
    expect(await ids(`?partnerId=${gateway.recipient.partnerId}&cause=record-refused`)).toContain(id);
    expect(await ids(`?partnerId=${gateway.other.partnerId}`)).toEqual([]);
    expect(await ids('?cause=unreachable')).not.toContain(id);
    const searched = await gateway.database.query<{ codes: { what: string; found: number } }>(
      `select entry -> 'codes' as codes from audit_entry where entry ->> 'action' = 'transfer.searched'
         and entry -> 'codes' ->> 'what' = 'dead-letters' order by at desc limit 1`,
    );
    expect(searched[0]?.codes).toMatchObject({ what: 'dead-letters' });
    await gateway.http('dpo').get('/api/v1/deliveries/failed').expect(403);
    await gateway.http('caseworker').get('/api/v1/deliveries/failed').expect(403);
    await gateway.database.query('delete from transfer_content where transfer_id = $1', [id]);
    expect(await find(id)).toMatchObject({ contentKept: false });
    expect((await replays({ transferId: id }).expect(200)).body).toMatchObject({ count: 0 });
    await gateway.database.query(`update transfer set status = 'cancelled' where id = $1`, [id]);
  });

  it('of another organization sees none of them', async () => {
    const id = await ended(rejected);
    const stranger = { ...gateway.principals['operator']!, organizationId: gateway.other.organizationId };
    gateway.principals['foreign'] = stranger;
    const { body } = await gateway.http('foreign').get('/api/v1/deliveries/failed').expect(200);
    expect(body).toEqual({ deadLetters: [], more: false });
    expect((await replays({ transferId: id, dryRun: false }, 'foreign').expect(200)).body).toMatchObject({ count: 0 });
  });
});
