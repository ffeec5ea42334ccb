// The load: a closed loop of so many callers at once, or an open one at a steady rate. Its processor time is not counted.
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

/** How often a caller that is told to come back does. */
const PATIENCE = 30;

/** @param requestOf makes the next request: `{ path, headers, body }`; read as it is sent */
export function callerOf(origin, connections, requestOf) {
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const call = async () => {
    const askedAtMs = Date.now();
    const { path, headers, body } = await requestOf();
    const post = async () => {
      const answer = await pool.request({ path, method: 'POST', headers, body });
      return [answer.statusCode, await answer.body.text()];
    };
    let [status, text] = await post();
    // What a client is asked to do: the same request with the same key a second later.
    for (let attempt = 1; status === 503 && attempt < PATIENCE; attempt += 1) {
      await sleep(1_000);
      [status, text] = await post();
    }
    if (status !== 202) throw new Error(`The load got ${status}: ${text.slice(0, 2000)}`);
    return { id: JSON.parse(text).id, askedAtMs, acceptedAtMs: Date.now() };
  };
  return {
    /** `count` calls, `concurrency` at a time. */
    closed: async (count, concurrency) => {
      let left = count;
      const told = [];
      const loop = async () => {
        while (left > 0) {
          left -= 1;
          told.push(await call());
        }
      };
      await Promise.all(Array.from({ length: concurrency }, loop));
      return told;
    },
    /** `count` calls, one every `1 / perSecond`, whether or not the ones before were answered. */
    open: async (count, perSecond) => {
      const began = performance.now();
      const asked = [];
      for (let n = 0; n < count; n += 1) {
        const wait = began + (n * 1000) / perSecond - performance.now();
        if (wait > 0) await sleep(wait);
        asked.push(call());
      }
      return Promise.all(asked);
    },
    close: () => pool.close(),
  };
}
