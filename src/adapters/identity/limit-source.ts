import { RelaisError } from '../../kernel/errors.js';
import type { Clock } from '../../kernel/clock.js';

const WINDOW_MS = 10 * 60_000;
const MOST_REFUSED = 20;
/** Memory is bounded: beyond this many sources in one window the rest is counted together. */
const MAX_SOURCES = 10_000;
const MANY = 'many';

export interface SourceLimit {
  /** @throws RelaisError 429 `access.too-many` */
  require(source: string): void;
  /** One more try of this source was refused. */
  refused(source: string): void;
}

/**
 * Bounds how often one address is refused in ten minutes, so that nobody tries links by the thousand. In this process's
 * memory: the limit that protects a link is its own (five codes), and addresses are personal data that no table keeps.
 * Behind a proxy all callers share one.
 */
export function createSourceLimit(clock: Clock): SourceLimit {
  let sources = new Map<string, number>();
  let since = Date.parse(clock.now());
  const turn = (): void => {
    const now = Date.parse(clock.now());
    if (now - since < WINDOW_MS) return;
    sources = new Map();
    since = now;
  };
  const keyOf = (source: string): string => (sources.has(source) || sources.size < MAX_SOURCES ? source : MANY);
  return {
    require(source) {
      turn();
      if ((sources.get(keyOf(source)) ?? 0) < MOST_REFUSED) return;
      const retryAfterSeconds = Math.ceil((since + WINDOW_MS - Date.parse(clock.now())) / 1000);
      throw new RelaisError('access.too-many', 429, 'throttled', 'Too many links or codes were tried from here.', {
        retryAfterSeconds,
      });
    },
    refused(source) {
      turn();
      const key = keyOf(source);
      sources.set(key, (sources.get(key) ?? 0) + 1);
    },
  };
}
