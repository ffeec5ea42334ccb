// What is injected, in which order: a function of the seed, the number wanted and what can be run here.
import { CALLER_KINDS } from './kinds/caller.mjs';
import { PARTNER_KINDS } from './kinds/partner.mjs';
import { POSTGRES_KINDS } from './kinds/postgres.mjs';
import { PROCESS_KINDS } from './kinds/process.mjs';
import { REDIS_KINDS } from './kinds/redis.mjs';
import { createRandom } from './world/random.mjs';

/**
 * A kind of fault. `inject` does it and returns what proves that it happened (or null when it did not), which transfers
 * met it (`everything`: whatever waited then), and when it was over.
 *
 * `lane`: those of one lane come one after the other, lanes run side by side, so that faults meet.
 * `weight`: `dear` takes ten seconds of its lane, `cheap` one transfer.
 */
export const KINDS = [...PARTNER_KINDS, ...CALLER_KINDS, ...PROCESS_KINDS, ...POSTGRES_KINDS, ...REDIS_KINDS];

/** How many of a lane run at once; one where it is not named. */
export const WIDTHS = { partner: 4, caller: 2, 'two-workers': 2 };

const SHARES = { dear: 1, medium: 2, cheap: 8 };
/** However long the run: what takes long is not done more often than this. */
const MOST = { dear: 6, medium: 20, cheap: Infinity };

/**
 * @param {{ seed: number | string, injections: number, have: { redis: boolean }, only?: readonly string[] }} options
 * @returns {{ id: string, kind: object, seed: string }[]} in order; `seed` decides what the injection itself chooses
 */
export function makePlan({ seed, injections, have, only }) {
  const random = createRandom(seed);
  const possible = KINDS.filter(({ needs }) => needs === undefined || have[needs]).filter(
    ({ kind }) => only === undefined || only.includes(kind),
  );
  const counts = new Map(possible.map((kind) => [kind, 0]));
  // Round after round by share, each round in another order, until there are enough.
  for (let made = 0; made < injections;) {
    const round = possible.flatMap((kind) => Array.from({ length: made === 0 ? 1 : SHARES[kind.weight] }, () => kind));
    for (const kind of random.shuffle(round)) {
      if (made === injections) break;
      if (counts.get(kind) >= MOST[kind.weight] && only === undefined) continue;
      counts.set(kind, counts.get(kind) + 1);
      made += 1;
    }
  }
  const chosen = [...counts].flatMap(([kind, count]) => Array.from({ length: count }, () => kind));
  return random.shuffle(chosen).map((kind, index) => ({ id: `${index}-${kind.kind}`, kind, seed: `${seed}/${index}` }));
}
