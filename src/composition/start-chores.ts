import type { PostgresStore } from '../adapters/store/create-store.js';
import type { Log } from '../kernel/log.js';
import type { ReplayStore } from '../transfer/identity-ports.js';

const EVERY_MS = 60_000;
/** Often, for a gateway's first minute; a look that finds nothing costs PostgreSQL a millisecond or two. */
const ANALYZE_EVERY_MS = 5_000;

/**
 * What has to be done now and then by some worker: purge contents whose term is over, escalate what nobody answered, forget
 * what expired, and keep the planner's statistics in step with a young database (migrations/0033_growth_statistics.sql).
 */
export function startChores({ store, replay, log }: { store: PostgresStore; replay: ReplayStore; log: Log }): {
  stop(): Promise<void>;
} {
  const tidy = async (): Promise<void> => {
    let purged: number;
    do {
      purged = await store.purgeDueContent();
      if (purged > 0) log('chores.content-purged', { count: purged });
    } while (purged > 0);
    const overdue = await store.escalateOverdue();
    if (overdue > 0) log('chores.overdue', { count: overdue });
    await store.deleteExpiredPreviews();
    await store.deleteOldDrafts();
    await store.noteExpiredAgreements();
    await replay.deleteExpired();
  };
  const onFailure = (): void => log('chores.failed');
  const stops = [every(EVERY_MS, tidy, onFailure), every(ANALYZE_EVERY_MS, () => store.analyzeGrown(), onFailure)];
  return {
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

/**
 * Does the work at once and then each time that many milliseconds have passed, never twice at a time.
 *
 * @returns ends it, when what is being done is done
 */
function every(ms: number, work: () => Promise<void>, onFailure: () => void): () => Promise<void> {
  let running = work().catch(onFailure);
  const timer = setInterval(() => {
    running = running.then(work).catch(onFailure);
  }, ms);
  return () => {
    clearInterval(timer);
    return running;
  };
}
