// Plays a plan in a world: lanes side by side, a light load beside them, the oracle looking on, and in the end the
// backlog is given its time to drain.
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect, slowestRecovery } from './oracle.mjs';
import { WIDTHS } from './plan.mjs';
import { isOver } from './world/desk.mjs';
import { createRandom } from './world/random.mjs';

const TRIES = 3;
const LOAD_EVERY_MS = 400;
const LOAD_AT_ONCE = 2;
/** Nothing is waited for longer than this once the last fault is over. */
const DRAIN_MS = 180_000;
/** A submission is acknowledged within this while Redis is away (99 of 100). */
const ACK_P99_MS = 1_000;

/**
 * @param {{ world: object, desk: object, plan: object[], say: (text: string) => void, drainMs?: number, lookEveryMs?: number, until?: (found: object) => boolean }} options
 *   `until`: ends the run early when what was found is enough (mutants)
 */
export async function play({ world, desk, plan, say, drainMs = DRAIN_MS, lookEveryMs = 15_000, until = () => false }) {
  const injections = [];
  const missed = [];
  const failures = [];
  let over = false;
  let enough = false;
  const lanes =
    Map.groupBy === undefined ? groupBy(plan, ({ kind }) => kind.lane) : Map.groupBy(plan, ({ kind }) => kind.lane);

  const injectOne = async ({ id, kind, seed }) => {
    for (let attempt = 1; attempt <= TRIES && !enough; attempt += 1) {
      const context = { world, desk, random: createRandom(`${seed}#${attempt}`), id: `${id}#${attempt}` };
      const beganAt = Date.now();
      try {
        const done = await kind.inject(context);
        if (done === null) continue;
        const { evidence, endedAt = Date.now(), ...rest } = done;
        injections.push({ kind: kind.kind, id, beganAt, endedAt, evidence, ...rest });
        return;
      } catch (error) {
        failures.push(`${id}: ${error.message}`);
      }
    }
    missed.push(id);
  };
  const lane = async (name, steps) => {
    const waiting = [...steps];
    const turns = Array.from({ length: WIDTHS[name] ?? 1 }, async () => {
      for (let step = waiting.shift(); step !== undefined && !enough; step = waiting.shift()) await injectOne(step);
    });
    await Promise.all(turns);
  };
  const load = async () => {
    const random = createRandom('load');
    const asked = new Set();
    while (!over && !enough) {
      // Callers that wait for an answer, not a flood: a slow machine is not one of the faults.
      if (asked.size < LOAD_AT_ONCE) {
        const one = desk
          .submit(random.pick(desk.crowd), random.pick(world.plain))
          .catch((error) => failures.push(`load: ${error.message}`));
        asked.add(one);
        void one.then(() => asked.delete(one));
      }
      await sleep(LOAD_EVERY_MS);
    }
    await Promise.allSettled(asked);
  };
  const watch = async () => {
    for (let last = Date.now(); !over && !enough; await sleep(250)) {
      if (Date.now() - last < lookEveryMs) continue;
      last = Date.now();
      const found = await inspect({ world, desk }, { final: false }).catch(() => null);
      if (found === null) continue;
      enough = until(found);
      say(
        `  ${injections.length} of ${plan.length} fired, ${desk.submissions.length} transfers asked for${sum(found) > 0 ? `, ${sum(found)} violations` : ''}`,
      );
    }
  };
  const loading = load();
  const watching = watch();
  await Promise.all([...lanes].map(([name, steps]) => lane(name, steps)));
  over = true;
  await Promise.all([loading, watching]);
  if (!enough) await drain({ world, desk }, drainMs);
  const found = await inspect({ world, desk }, { final: true });
  return {
    injections,
    missed,
    failures,
    found,
    recovery: await slowestRecovery({ world, desk }, injections),
    acks: acksWithoutRedis(world, injections, desk),
  };
}

/** Waits until nothing is on its way, or too long. */
async function drain({ world, desk }, patienceMs) {
  const ids = desk.submissions.map(({ transferId }) => transferId).filter((id) => id !== undefined);
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(250)) {
    const { rows } = await world.admin
      .query('select status from transfer where id = any ($1::uuid[])', [ids])
      .catch(() => ({ rows: [{ status: 'queued' }] }));
    if (rows.every(isOver)) return;
  }
}

/**
 * Acknowledgements while Redis was away and PostgreSQL was not: their slowest of a hundred, held against those of the rest of
 * the run, since a machine that is busy with something else is slow with Redis too.
 */
function acksWithoutRedis(world, injections, desk) {
  const windows = injections.filter(({ window }) => window !== undefined).map(({ window }) => window);
  const others = injections.filter(({ kind }) => /^(postgres|audit|hundred)/.test(kind));
  // Under way at any moment of it, not only asked then.
  const met = ({ at, ms }, { beganAt, endedAt }) => at + ms >= beganAt && at <= endedAt + 1_000;
  const told = world.client.log
    .filter(({ status }) => status === 202)
    .filter((line) => !others.some((other) => met(line, other)));
  const away = ({ at }) => windows.some(({ from, to }) => at >= from && at <= to);
  const p99Ms = p99Of(told.filter(away));
  const usualMs = p99Of(told.filter((line) => !away(line)));
  const count = told.filter(away).length;
  if (count >= 20) {
    const text = `While Redis was away, acknowledgements took ${p99Ms} ms (p99 of ${count}), otherwise ${usualMs} ms`;
    desk.expect(p99Ms < Math.max(ACK_P99_MS, 3 * usualMs), text);
  }
  return { count, p99Ms, usualMs };
}

function p99Of(lines) {
  const times = lines.map(({ ms }) => ms).sort((a, b) => a - b);
  return times.length === 0 ? 0 : Math.round(times[Math.ceil(times.length * 0.99) - 1]);
}

function sum(found) {
  return Object.values(found).reduce((total, list) => total + list.length, 0);
}

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
