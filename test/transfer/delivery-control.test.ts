import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Registry } from 'prom-client';
import { measureDeliveries } from '../../src/composition/measure-deliveries.js';
import type { DeliveryStatus } from '../../src/transfer/delivery-control.js';
import { runCli } from '../cli/run-cli.js';
import { backlog } from '../support/backlog.js';
import { controlOf } from '../support/database.js';
import { openGateway } from '../support/open-gateway.js';

let gateway: Awaited<ReturnType<typeof openGateway>>;
beforeAll(async () => {
  gateway = await openGateway();
  await backlog(gateway.database, gateway.sender, gateway.recipient, { count: 3 });
  await backlog(gateway.database, gateway.sender, gateway.other, { count: 2 });
});
afterAll(() => gateway.close());

const post = (path: string, body: object = {}, who = 'operator') =>
  gateway.http(who).post(`/api/v1/deliveries/${path}`).send(body);
const status = async (): Promise<DeliveryStatus> =>
  (await gateway.http('operator').get('/api/v1/deliveries').expect(200)).body as DeliveryStatus;
const cli = (...argv: string[]) => runCli(['delivery', ...argv], gateway.database, gateway.sender.organizationId);
const logged = async (): Promise<string[]> =>
  (
    await gateway.database.query<{ said: string }>(
      `select (entry ->> 'action') || ' ' || coalesce(entry -> 'codes' ->> 'scope', '') as said from audit_entry
        where entry ->> 'action' like 'delivery.%' order by at`,
    )
  ).map(({ said }) => said.trim());
const take = () => gateway.store.dispatch.takeDue(10, 'transfer');

describe('stopping everything', () => {
  it('holds all deliveries at once until they are started, and is said and logged once', async () => {
    expect((await post('stop').expect(200)).body).toEqual({ onTheWire: 0 });
    await post('stop').expect(200);
    expect(await take()).toEqual([]);
    expect((await status()).stoppedAt).not.toBeNull();
    expect((await gateway.http().get('/health/ready').expect(200)).body).toMatchObject({ deliveries: 'stopped' });
    const registry = new Registry();
    measureDeliveries(registry, controlOf(gateway.database));
    const figures = await registry.metrics();
    expect(figures).toMatch(/^relais_deliveries_stopped 1$/m);
    expect(figures).toMatch(/^relais_deliveries_waiting 5$/m);
    expect((await cli('status')).out).toContain('STOPPED');
    expect((await cli('start')).code).toBe(0);
    expect((await gateway.http().get('/health/ready').expect(200)).body).toMatchObject({ deliveries: 'running' });
    expect(await logged()).toEqual(['delivery.stopped all', 'delivery.started all']);
    expect(await take()).toHaveLength(5);
    await gateway.store.dispatch.putBack(
      (await gateway.database.query<{ transfer_id: string }>('select transfer_id from outbox')).map(
        (row) => row.transfer_id,
      ),
    );
  });

  it('is the operator’s alone', async () => {
    for (const who of ['agency', 'dpo', 'recipient']) {
      await post('stop', {}, who).expect(403);
      await gateway.http(who).get('/api/v1/deliveries').expect(403);
    }
    expect((await status()).stoppedAt).toBeNull();
  });
});

describe('stopping one partner', () => {
  it('holds what goes to it and nothing else; starting everything does not start it', async () => {
    const { partnerId } = gateway.recipient;
    expect((await cli('stop', '--partner', partnerId)).out).toContain('Stopped');
    const taken = await take();
    expect(taken).toHaveLength(2);
    await post('start').expect(204);
    expect(await take()).toEqual([]);
    const [first] = (await status()).partners.filter((partner) => partner.partnerId === partnerId);
    expect(first?.stoppedAt).not.toBeNull();
    expect(first).toMatchObject({ waiting: 3, inFlight: 0, breaker: 'closed' });
    await post('start', { partnerId }).expect(204);
    expect(await take()).toHaveLength(3);
  });

  it('names a partner that exists', async () => {
    await post('stop', { partnerId: '00000000-0000-4000-8000-000000000000' }).expect(404);
    await post('stop', { partnerId: 'x' }).expect(422);
    expect((await cli('stop', '--partner', 'x')).code).toBe(2);
  });

  it('holds announcements to its system too, and counts no attempt', async () => {
    const { sender, store, database } = gateway;
    const [transfer] = await database.query<{ id: string }>('select id from transfer limit 1');
    const [made] = await database.query<{ id: string }>(
      `insert into announcement (organization_id, told_organization_id, transfer_id, body) values ($1, $1, $2, '{}') returning id`,
      [sender.organizationId, transfer!.id],
    );
    const due = () =>
      database.query('update announcement set next_attempt_at = now(), enqueued_at = now() where id = $1', [made!.id]);
    const held = await store.dispatch.claimAnnouncement(made!.id, 5_000);
    expect(await store.dispatch.announcementMayLeave(held!)).toBe(true);
    await controlOf(database).stop(sender.partnerId, { type: 'system', id: 'test', organizationId: null });
    expect(await store.dispatch.announcementMayLeave(held!)).toBe(false);
    await store.dispatch.finishAnnouncement(made!.id, held!.fence, { retryAt: new Date().toISOString() as never });
    await due();
    expect(await store.dispatch.claimAnnouncement(made!.id, 5_000)).toBeNull();
    expect(await database.query('select attempts, open from announcement where id = $1', [made!.id])).toEqual([
      { attempts: 1, open: true },
    ]);
    await controlOf(database).start(sender.partnerId, { type: 'system', id: 'test', organizationId: null });
    await due();
    expect(await store.dispatch.claimAnnouncement(made!.id, 5_000)).not.toBeNull();
  });
});

describe('a partner that rests', () => {
  it.each(['open_until', 'paused_until'])('gets no announcement before it is over (%s)', async (column) => {
    const { sender, store, database } = gateway;
    const [transfer] = await database.query<{ id: string }>('select id from transfer limit 1');
    const [made] = await database.query<{ id: string }>(
      `insert into announcement (organization_id, told_organization_id, transfer_id, body) values ($1, $1, $2, '{}') returning id`,
      [sender.organizationId, transfer!.id],
    );
    const rest = (until: string) =>
      database.query(`update partner_delivery set ${column} = ${until} where partner_id = $1`, [sender.partnerId]);
    await rest(`now() + interval '20 seconds'`);
    expect(await store.dispatch.claimAnnouncement(made!.id, 5_000)).toBeNull();
    expect(
      await database.query(
        `select attempts, open, round(extract(epoch from next_attempt_at - now()))::int between 15 and 20 as waits
           from announcement where id = $1`,
        [made!.id],
      ),
    ).toEqual([{ attempts: 0, open: true, waits: true }]);
    await rest('now()');
    await database.query('update announcement set next_attempt_at = now() where id = $1', [made!.id]);
    expect(await store.dispatch.claimAnnouncement(made!.id, 5_000)).not.toBeNull();
    await rest('null');
  });
});

describe('limits', () => {
  it('are set by an operator on the command line, within bounds, and logged', async () => {
    const { partnerId } = gateway.other;
    expect(
      await cli('limit', '--partner', partnerId, '--in-flight', '2', '--rate', '0.5', '--pause', '250'),
    ).toMatchObject({ code: 0 });
    const mine = (await status()).partners.find((partner) => partner.partnerId === partnerId);
    expect(mine?.limits).toEqual({
      maxInFlight: 2,
      ratePerSecond: 0.5,
      burst: 500,
      breakerFailures: 5,
      breakerPauseMs: 250,
    });
    for (const value of ['0', '257', '1.5', '-1', 'x']) {
      expect((await cli('limit', '--partner', partnerId, '--in-flight', value)).code).not.toBe(0);
    }
    expect((await logged()).at(-1)).toBe('delivery.limits-set');
  });
});

describe('a database that was restored to an earlier moment', () => {
  it('sends nothing until it is started, and then asks or leaves to a human what it would have sent', async () => {
    const doubts = async (): Promise<unknown> =>
      gateway.database.query('select bool_and(unsure) as all, count(*)::int as n from outbox where open');
    expect(await doubts()).toEqual([{ all: false, n: 5 }]);
    expect((await cli('restored')).out).toContain('5');
    expect(await doubts()).toEqual([{ all: true, n: 5 }]);
    expect((await status()).stoppedAt).not.toBeNull();
    expect((await logged()).at(-1)).toBe('delivery.restored');
    // A gateway that runs would need the operator's word to go on.
    expect((await cli('start')).code).toBe(0);
    expect((await status()).stoppedAt).toBeNull();
  });
});
