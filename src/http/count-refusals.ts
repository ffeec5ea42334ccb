import { instant, type Clock } from '../kernel/clock.js';
import type { Refusal } from './deps.js';

type Anonymous = Extract<Refusal, { kind: 'anonymous' }>;

export interface RefusalCounter {
  /** @param source address of the peer */
  readonly count: (source: string, code: string) => void;
  /** Hands over what was counted in minutes that are over; `all` also the present one (at the end of the process). */
  flush(all?: boolean): void;
  close(): void;
}

const MINUTE_MS = 60_000;
const FLUSH_MS = 5_000;
/** Memory is bounded: beyond this many sources in one minute the rest is counted together. */
const MAX_SOURCES = 10_000;
const MANY = 'many';

/**
 * Counts what was refused before anybody was known: one fact per source and minute, so that an attacker cannot fill the
 * audit (threat table, first line).
 */
export function createRefusalCounter(clock: Clock, report: (refusal: Anonymous) => void): RefusalCounter {
  let minute = minuteOf(clock);
  let sources = new Map<string, Map<string, number>>();

  function flush(all = false): void {
    const now = minuteOf(clock);
    if (!all && now === minute) return;
    const counted = sources;
    const over = minute;
    sources = new Map();
    minute = now;
    for (const [source, codes] of counted) {
      const count = [...codes.values()].reduce((sum, value) => sum + value, 0);
      report({ kind: 'anonymous', source, minute: instant(over), count, codes: Object.fromEntries(codes) });
    }
  }

  const timer = setInterval(flush, FLUSH_MS);
  timer.unref();
  return {
    count(source, code) {
      flush();
      const key = sources.has(source) || sources.size < MAX_SOURCES ? source : MANY;
      const codes = sources.get(key) ?? new Map<string, number>();
      codes.set(code, (codes.get(code) ?? 0) + 1);
      sources.set(key, codes);
    },
    flush,
    close() {
      clearInterval(timer);
      flush(true);
    },
  };
}

function minuteOf(clock: Clock): number {
  return Math.floor(Date.parse(clock.now()) / MINUTE_MS) * MINUTE_MS;
}
