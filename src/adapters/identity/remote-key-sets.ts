import type { Log } from '../../kernel/log.js';
import type { Fetch, PublicJwk } from '../../transfer/identity-ports.js';
import { boundedFetch } from './bounded-fetch.js';
import { publicKeysOf } from './verification-key.js';
import { validateEndpointUrl } from './validate-endpoint-url.js';

/** Threat 2: however many unknown keys are presented, one fetch per 30 s and key set. */
const BETWEEN_FETCHES_MS = 30_000;
/** A known key is trusted this long before the set is read again; with the next bound, threat 7's five minutes hold. */
const FRESH_MS = 60_000;
/** While the partner's server is down, what it last published is trusted no longer than this (threat 7). */
const STALE_MS = 240_000;
const LIMITS = { timeoutMs: 5_000, maxBytes: 1_048_576 };
const MAX_SETS = 10_000;

export interface RemoteKeySets {
  /**
   * The public keys published at `url`. Never throws: a set that cannot be read, or was last read too long ago, is
   * empty.
   *
   * @param kid the key that is looked for; absent when any key may be wanted
   */
  keysAt(url: string, kid?: string): Promise<readonly PublicJwk[]>;
}

interface KeySet {
  keys: readonly PublicJwk[];
  readAtMs: number;
  triedAtMs: number;
  reading: Promise<void> | null;
}

/**
 * Key sets of partners and external issuers, read on demand.
 *
 * @param fetch checks addresses at connect time (threat 30)
 * @param nowMs monotonic milliseconds
 */
export function createRemoteKeySets(options: {
  readonly fetch: Fetch;
  readonly allowPrivateEndpoints: boolean;
  readonly log: Log;
  readonly nowMs?: () => number;
}): RemoteKeySets {
  const fetch = boundedFetch(options.fetch, LIMITS);
  const nowMs = options.nowMs ?? (() => performance.now());
  const sets = new Map<string, KeySet>();

  async function read(url: string, set: KeySet): Promise<void> {
    try {
      validateEndpointUrl(url, { allowPrivate: options.allowPrivateEndpoints });
      const response = await fetch(url, { headers: { accept: 'application/jwk-set+json, application/json' } });
      if (response.status !== 200) throw new Error('The key set was not answered with 200');
      set.keys = publicKeysOf(await response.json());
      set.readAtMs = nowMs();
    } catch {
      // The reason may quote what the other side answered; only the fact is logged.
      options.log('identity.key-set-unreadable', { issuer: URL.parse(url)?.host ?? '' });
    }
  }

  return {
    async keysAt(url, kid) {
      let set = sets.get(url);
      if (set === undefined) {
        if (sets.size >= MAX_SETS) sets.clear();
        set = { keys: [], readAtMs: -Infinity, triedAtMs: -Infinity, reading: null };
        sets.set(url, set);
      }
      const known = kid === undefined || set.keys.some((key) => key.kid === kid);
      const wanted = !known || nowMs() - set.readAtMs >= (kid === undefined ? BETWEEN_FETCHES_MS : FRESH_MS);
      if (wanted && set.reading === null && nowMs() - set.triedAtMs >= BETWEEN_FETCHES_MS) {
        const current = set;
        current.triedAtMs = nowMs();
        current.reading = read(url, current).finally(() => {
          current.reading = null;
        });
      }
      if (wanted && set.reading !== null) await set.reading;
      return nowMs() - set.readAtMs < STALE_MS ? set.keys : [];
    },
  };
}
