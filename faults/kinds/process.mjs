// What happens to gateways and workers: killed, stopped, held up, told to go, given a wrong clock.
import { setTimeout as sleep } from 'node:timers/promises';
import { LEASE_MS } from '../world/start-world.mjs';

const FIRE_MS = 90_000;
/** How long a process stays away before somebody starts it again. */
const AWAY_MS = 300;

/** Resolves with what fired, or null. Transfers are asked for until it does. */
export async function fire(context, slots, arm, feed) {
  const { id } = context;
  const fired = Promise.race(slots.map((slot) => slot.arm({ id, ...arm })));
  const end = Date.now() + FIRE_MS;
  let line = null;
  fired.then((found) => (line = found));
  while (line === null && Date.now() < end) {
    const fed = feed?.();
    await Promise.race([fired, Promise.all([fed, sleep(400)]).catch(() => undefined)]);
  }
  for (const slot of slots) slot.disarm(id);
  return line;
}

const someTransfer = ({ desk, random, world }) => desk.submit(random.pick(desk.crowd), random.pick(world.plain));
const toGateway = ({ desk, random, world }, slot) => {
  const base = world.client.bases[world.gateways.indexOf(slot)];
  return desk.submit(random.pick(desk.crowd), random.pick(world.plain), { base });
};

const killGateway = (kind, arm) => ({
  kind,
  lane: 'gateway',
  weight: 'medium',
  async inject(context) {
    const slot = context.random.pick(context.world.gateways);
    const asked = [];
    const line = await fire(context, [slot], { action: 'kill', ...arm }, () => {
      const one = toGateway(context, slot);
      asked.push(one);
      return Promise.race([one, sleep(1_000)]);
    });
    if (line !== null) {
      await slot.exited();
      await sleep(AWAY_MS);
    }
    await slot.revive();
    const endedAt = Date.now();
    const submissions = await Promise.all(asked);
    return line === null
      ? null
      : { evidence: `${slot.name} ${line.pid}`, transfers: submissions.map(({ transferId }) => transferId), endedAt };
  },
});

const killWorker = (kind, arm) => ({
  kind,
  lane: 'worker',
  weight: 'medium',
  async inject(context) {
    const slot = context.random.pick(context.world.workers);
    const line = await fire(context, [slot], { action: 'kill', ...arm }, () => someTransfer(context));
    if (line !== null) {
      await slot.exited();
      await sleep(AWAY_MS);
    }
    await slot.revive();
    return line === null
      ? null
      : { evidence: `${slot.name} ${line.pid} ${line.transferId}`, transfers: [line.transferId] };
  },
});

const stopWorker = (kind, point) => ({
  kind,
  lane: 'worker',
  weight: 'dear',
  async inject(context) {
    const slot = context.random.pick(context.world.workers);
    const line = await fire(context, [slot], { point, action: 'stop' }, () => someTransfer(context));
    if (line === null) return null;
    await sleep(LEASE_MS + 1_500);
    slot.signal('SIGCONT');
    return { evidence: `${slot.name} ${line.transferId}`, transfers: [line.transferId] };
  },
});

const shiftClock = (kind, lane, offsetMs) => ({
  kind,
  lane,
  weight: 'medium',
  async inject(context) {
    const { world, random, id } = context;
    const slot = random.pick(lane === 'gateway' ? world.gateways : world.workers);
    const sign = random.next() < 0.5 ? -1 : 1;
    const line = await Promise.race([slot.setClock(id, sign * offsetMs), sleep(5_000, null)]);
    const asked = await Promise.all(
      [1, 2, 3].map(() => (lane === 'gateway' ? toGateway(context, slot) : someTransfer(context))),
    );
    await sleep(1_500);
    await Promise.race([slot.setClock(`${id}.back`, 0), sleep(5_000)]);
    if (line === null || Math.abs(line.clockAt - line.realAt) < offsetMs - 1_000) return null;
    return {
      evidence: `${slot.name} ${line.clockAt - line.realAt} ms`,
      transfers: asked.map(({ transferId }) => transferId),
    };
  },
});

const rolling = (kind, lane, slots) => ({
  kind,
  lane,
  weight: 'medium',
  async inject(context) {
    const { world, desk, random } = context;
    const slot = random.pick(world[slots]);
    const asked = Array.from({ length: 4 }, () => someTransfer(context));
    await sleep(random.below(120));
    const inOrder = await slot.terminate();
    await slot.revive();
    desk.expect(inOrder, `${slot.name} did not end in order after SIGTERM`);
    const submissions = await Promise.all(asked);
    return { evidence: slot.name, transfers: submissions.map(({ transferId }) => transferId) };
  },
});

export const PROCESS_KINDS = [
  killGateway('gateway-killed-before-commit', { point: 'transfer-commit:before', delayMs: 1_500 }),
  killGateway('gateway-killed-at-commit', { point: 'transfer-commit:sent' }),
  killGateway('gateway-killed-after-commit', { point: 'transfer-commit:after' }),
  killGateway('gateway-killed-before-answer', { point: 'answer:before' }),
  {
    kind: 'gateway-killed-under-load',
    lane: 'gateway',
    weight: 'medium',
    async inject(context) {
      const { world, random } = context;
      const slot = random.pick(world.gateways);
      const asked = Array.from({ length: 6 }, () => toGateway(context, slot));
      await sleep(20 + random.below(200));
      const { pid } = slot;
      await slot.kill();
      await sleep(AWAY_MS);
      await slot.revive();
      const endedAt = Date.now();
      const submissions = await Promise.all(asked);
      return { evidence: `${slot.name} ${pid}`, transfers: submissions.map(({ transferId }) => transferId), endedAt };
    },
  },
  killWorker('worker-killed-at-claim', { point: 'claim:after' }),
  killWorker('worker-killed-before-intent', { point: 'intent-commit:before' }),
  killWorker('worker-killed-at-intent', { point: 'intent-commit:after' }),
  killWorker('worker-killed-before-write', { point: 'fence:after' }),
  killWorker('worker-killed-mid-body', { point: 'body:half' }),
  killWorker('worker-killed-after-2xx', { point: 'settle:before' }),
  killWorker('worker-killed-at-settle-commit', { point: 'settle-commit:sent' }),
  stopWorker('worker-stopped-at-claim', 'claim:after'),
  stopWorker('worker-stopped-at-intent', 'intent-commit:after'),
  stopWorker('worker-stopped-before-write', 'fence:after'),
  {
    kind: 'worker-loop-blocked',
    lane: 'worker',
    weight: 'dear',
    async inject(context) {
      const slot = context.random.pick(context.world.workers);
      const arm = { point: 'intent-commit:after', action: 'block', ms: 6_000 };
      const line = await fire(context, [slot], arm, () => someTransfer(context));
      if (line === null) return null;
      await sleep(6_000);
      return { evidence: `${slot.name} ${line.transferId}`, transfers: [line.transferId] };
    },
  },
  {
    kind: 'two-workers-one-row',
    lane: 'two-workers',
    weight: 'cheap',
    async inject(context) {
      const { world, desk, random, id } = context;
      const { transferId, ackAt } = await desk.submit(random.pick(desk.crowd), random.pick(world.plain), {
        holdMs: 700,
      });
      for (const slot of world.workers)
        void slot.arm({ id, point: 'claim:before', action: 'note', stays: true, transferId });
      await sleep(Math.max(0, ackAt + 650 - Date.now()));
      // The same row on the queue again and again while it falls due: both workers reach for it.
      for (let round = 0; round < 8; round += 1) {
        await world.queue.enqueue('transfer', [transferId, transferId]).catch(() => undefined);
        await sleep(25);
      }
      await desk.until(transferId, ({ status }) => status === 'delivered');
      for (const slot of world.workers) slot.disarm(id);
      const reached = world.fired.of(id);
      if (reached.length < 2) return null;
      return {
        evidence: `${transferId} reached for ${reached.length} times by ${new Set(reached.map(({ pid }) => pid)).size}`,
        transfers: [transferId],
      };
    },
  },
  shiftClock('gateway-clock-5-min', 'gateway', 300_000),
  shiftClock('worker-clock-5-min', 'worker', 300_000),
  shiftClock('worker-clock-10-s', 'worker', 10_000),
  rolling('gateway-sigterm', 'gateway', 'gateways'),
  rolling('worker-sigterm', 'worker', 'workers'),
];
