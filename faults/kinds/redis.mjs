// What happens to Redis. Ids wait in it while the workers stand still; then it loses, refuses or repeats them.
import { setTimeout as sleep } from 'node:timers/promises';

const BACKLOG = 8;
/** For a few of them to reach the queue. */
const PATIENCE_MS = 12_000;

async function waitingJobs({ redis, prefix }) {
  const reply = await redis.command(`LLEN {${prefix}}:${prefix}-transfer:wait`).catch(() => '');
  return Number(/^:(\d+)/.exec(reply)?.[1] ?? 0);
}

/** Puts some ids on the queue that no worker takes, does `work`, and lets the workers go on. */
async function withBacklog(context, work) {
  const { world, desk, random } = context;
  for (const slot of world.workers) slot.signal('SIGSTOP');
  try {
    const asked = Array.from({ length: BACKLOG }, () => desk.submit(random.pick(desk.crowd), random.pick(world.plain)));
    let waiting = 0;
    for (const end = Date.now() + PATIENCE_MS; waiting < 3 && Date.now() < end; await sleep(50))
      waiting = await waitingJobs(world);
    await work(waiting);
    void Promise.all(asked).catch(() => undefined);
    return waiting;
  } finally {
    for (const slot of world.workers) if (slot.alive()) slot.signal('SIGCONT');
  }
}

/** Submissions go on, and are acknowledged without waiting for the queue. */
async function underLoad({ desk, random, world }, ms, count = 6) {
  const asked = Array.from({ length: count }, async (_, index) => {
    await sleep((ms * index) / count);
    return desk.submit(random.pick(desk.crowd), random.pick(world.plain));
  });
  await sleep(ms);
  return asked;
}

const kind = (name, inject) => ({ kind: name, lane: 'redis', weight: 'dear', needs: 'redis', inject });

export const REDIS_KINDS = [
  kind('redis-flushed', async (context) => {
    const lost = await withBacklog(context, () => context.world.redis.command('FLUSHALL'));
    return lost === 0 ? null : { evidence: `${lost} ids lost`, everything: true };
  }),
  kind('redis-killed-and-empty', async (context) => {
    const { redis } = context.world;
    const from = Date.now();
    const lost = await withBacklog(context, async () => {
      redis.forgetSnapshot();
      await redis.kill();
    });
    await Promise.all(await underLoad(context, 1_500));
    await redis.start();
    return lost === 0 ? null : { evidence: `${lost} ids lost`, everything: true, window: { from, to: Date.now() } };
  }),
  kind('redis-restored-from-old-snapshot', async (context) => {
    const { redis } = context.world;
    const kept = await withBacklog(context, () => redis.keepSnapshot());
    // What the copy holds is delivered meanwhile.
    await sleep(2_500);
    await redis.kill();
    redis.putBackSnapshot();
    await redis.start();
    redis.forgetSnapshot();
    return kept === 0 ? null : { evidence: `${kept} ids came back`, everything: true };
  }),
  kind('redis-frozen', async (context) => {
    const { redis } = context.world;
    const from = Date.now();
    redis.freeze();
    const silent = await redis.command('PING').then(
      (reply) => !reply.includes('PONG'),
      () => true,
    );
    const asked = await underLoad(context, 3_500);
    redis.thaw();
    const endedAt = Date.now();
    await Promise.all(asked);
    return silent
      ? { evidence: 'PING without answer', everything: true, endedAt, window: { from, to: endedAt } }
      : null;
  }),
  kind('redis-read-only', async (context) => {
    const { redis } = context.world;
    const from = Date.now();
    await redis.command('REPLICAOF 127.0.0.1 1');
    const reply = await redis.command('SET faults 1');
    const asked = await underLoad(context, 3_000);
    await redis.command('REPLICAOF NO ONE');
    const endedAt = Date.now();
    await Promise.all(asked);
    return reply.includes('READONLY')
      ? { evidence: 'READONLY', everything: true, endedAt, window: { from, to: endedAt } }
      : null;
  }),
  kind('redis-out-of-memory', async (context) => {
    const { redis } = context.world;
    const from = Date.now();
    await redis.command('CONFIG SET maxmemory 1');
    const reply = await redis.command('SET faults 1');
    const asked = await underLoad(context, 3_000);
    await redis.command('CONFIG SET maxmemory 0');
    const endedAt = Date.now();
    await Promise.all(asked);
    return reply.includes('OOM') ? { evidence: 'OOM', everything: true, endedAt, window: { from, to: endedAt } } : null;
  }),
];
