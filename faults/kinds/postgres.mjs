// What happens to PostgreSQL: restarted, its connections cut, its rows locked, its transactions refused.
import { setTimeout as sleep } from 'node:timers/promises';
import { fire } from './process.mjs';

const PATIENCE_MS = 15_000;
const someTransfer = ({ desk, random, world }, options) =>
  desk.submit(random.pick(desk.crowd), random.pick(world.plain), options);

const restart = (kind, mode) => ({
  kind,
  lane: 'postgres',
  weight: 'dear',
  async inject(context) {
    const { world, random } = context;
    const asked = Array.from({ length: 6 }, () => someTransfer(context));
    await sleep(random.below(150));
    await world.postgres.stop(mode);
    await sleep(400);
    await world.postgres.start();
    const endedAt = Date.now();
    await Promise.all(asked);
    return { evidence: mode, everything: true, endedAt };
  },
});

const refused = (kind, point, sqlState, lane) => ({
  kind,
  lane: 'postgres',
  weight: 'medium',
  async inject(context) {
    const slots = context.world[lane];
    const line = await fire(context, [context.random.pick(slots)], { point, action: 'error', sqlState }, () =>
      someTransfer(context),
    );
    return line === null ? null : { evidence: `${line.name} ${line.transferId}`, transfers: [line.transferId] };
  },
});

/** A connection of the harness that holds a transaction open. */
async function holding(world, work) {
  const client = await world.admin.connect();
  try {
    await client.query(`begin; set local deadlock_timeout = '20s'`);
    return await work(client);
  } finally {
    await client.query('rollback').catch(() => undefined);
    client.release(true);
  }
}

/** Waits until somebody waits for a lock that this connection holds. Asked on it: all others may be waiting for that lock. */
async function blocks(client) {
  const text = `
    select count(distinct pid)::int as waiting from pg_locks
     where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))`;
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(20)) {
    const { rows: found } = await client.query(text);
    if (found[0].waiting > 0) return found[0].waiting;
  }
  return 0;
}

export const POSTGRES_KINDS = [
  restart('postgres-restarted-fast', 'fast'),
  restart('postgres-restarted-immediate', 'immediate'),
  {
    kind: 'postgres-connections-cut',
    lane: 'postgres',
    weight: 'medium',
    async inject(context) {
      const asked = Array.from({ length: 4 }, () => someTransfer(context));
      await sleep(context.random.below(100));
      const { rows } = await context.world.admin.query(
        `select count(pg_terminate_backend(pid))::int as cut from pg_stat_activity
          where application_name like 'relais%' and pid <> pg_backend_pid()`,
      );
      const endedAt = Date.now();
      await Promise.all(asked);
      return rows[0].cut === 0 ? null : { evidence: `${rows[0].cut} connections`, everything: true, endedAt };
    },
  },
  refused('postgres-serialization-failure', 'transfer-commit:before', '40001', 'gateways'),
  refused('postgres-serialization-failure-at-intent', 'intent-commit:before', '40001', 'workers'),
  refused('postgres-shuts-down-at-settle', 'settle:before', '57P01', 'workers'),
  {
    kind: 'postgres-deadlock',
    lane: 'postgres',
    weight: 'medium',
    /** Transfer, then outbox row: the other way round than the worker, which PostgreSQL then makes the victim. */
    async inject(context) {
      const { world } = context;
      const { transferId } = await someTransfer(context, { holdMs: 600 });
      const taken = await holding(world, async (client) => {
        await client.query('select from transfer where id = $1 for update', [transferId]);
        if ((await blocks(client)) === 0) return 0;
        return (await client.query('select from outbox where transfer_id = $1 for update', [transferId])).rowCount;
      });
      return taken === 1 ? { evidence: transferId, transfers: [transferId] } : null;
    },
  },
  {
    kind: 'postgres-table-locked',
    lane: 'postgres',
    weight: 'dear',
    /** Every connection of the pools ends up waiting: callers are told to come back. */
    async inject(context) {
      const { world } = context;
      const asked = [];
      const waiting = await holding(world, async (client) => {
        await client.query('lock table outbox in access exclusive mode');
        asked.push(...Array.from({ length: 12 }, () => someTransfer(context)));
        const found = await blocks(client);
        await sleep(3_000);
        return found;
      });
      const endedAt = Date.now();
      await Promise.all(asked);
      return waiting === 0 ? null : { evidence: `${waiting} waiting`, everything: true, endedAt };
    },
  },
  {
    kind: 'audit-refuses',
    lane: 'postgres',
    weight: 'dear',
    async inject(context) {
      const { world } = context;
      await world.admin.query(`
        create sequence if not exists public.faults_refused;
        grant usage on schema public to public; grant usage on sequence public.faults_refused to public;
        create or replace function public.faults_refuse() returns trigger language plpgsql as $$
          begin perform nextval('public.faults_refused'); raise exception 'refused' using errcode = '53100'; end $$;
        create trigger faults_refuse before insert on audit_entry for each row execute function public.faults_refuse()`);
      const asked = Array.from({ length: 4 }, () => someTransfer(context));
      await sleep(2_500);
      await dropTrigger(world);
      const endedAt = Date.now();
      const { rows } = await world.admin.query('select last_value, is_called from public.faults_refused');
      await world.admin.query('drop sequence public.faults_refused');
      await Promise.all(asked);
      return rows[0].is_called ? { evidence: `${rows[0].last_value} refused`, everything: true, endedAt } : null;
    },
  },
];

/** It must go, whatever else is going on. */
async function dropTrigger(world) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await world.admin.query('drop trigger faults_refuse on audit_entry');
    } catch (error) {
      if (tries === 50) throw error;
      await sleep(200);
    }
  }
}
