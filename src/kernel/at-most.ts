import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for work, and no longer than so many milliseconds; the work goes on. Keeps no timer once the work has ended.
 *
 * @throws what the work throws in that time
 */
export async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  const stopWaiting = new AbortController();
  const timer = sleep(Math.max(ms, 0), undefined, { signal: stopWaiting.signal }).catch(() => undefined);
  await Promise.race([work, timer]).finally(() => stopWaiting.abort());
}
