import type { Adapter, AdapterPayload } from 'oidc-provider';

const MAX_ENTRIES = 10_000;

/** Sign-ins of the development issuer: in memory, because nothing of the demo's issuer is worth keeping. */
export function createMemoryAdapter(): (model: string) => Adapter {
  const entries = new Map<string, { readonly payload: AdapterPayload; readonly endsAtMs: number }>();

  function live(key: string): AdapterPayload | undefined {
    const entry = entries.get(key);
    return entry !== undefined && entry.endsAtMs > Date.now() ? entry.payload : undefined;
  }

  function firstOf(model: string, matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const key of entries.keys()) {
      const payload = key.startsWith(`${model}:`) ? live(key) : undefined;
      if (payload !== undefined && matches(payload)) return payload;
    }
    return undefined;
  }

  return (model) => ({
    upsert(id, payload, expiresInSeconds) {
      if (entries.size >= MAX_ENTRIES) entries.delete(entries.keys().next().value ?? '');
      entries.set(`${model}:${id}`, { payload, endsAtMs: Date.now() + (expiresInSeconds ?? 60) * 1000 });
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(live(`${model}:${id}`)),
    findByUid: (uid) => Promise.resolve(firstOf(model, (payload) => payload.uid === uid)),
    findByUserCode: (userCode) => Promise.resolve(firstOf(model, (payload) => payload.userCode === userCode)),
    consume(id) {
      const payload = live(`${model}:${id}`);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
      return Promise.resolve();
    },
    destroy(id) {
      entries.delete(`${model}:${id}`);
      return Promise.resolve();
    },
    revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
      return Promise.resolve();
    },
  });
}
