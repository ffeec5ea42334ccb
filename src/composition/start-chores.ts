import type { PostgresStore } from '../adapters/store/create-store.js';
import type { Log } from '../kernel/log.js';
import type { ReplayStore } from '../transfer/identity-ports.js';

const EVERY_MS = 60_000;
/** Often, for a gateway's first minute; a look that finds nothing costs PostgreSQL a millisecond or two. */
const ANALYZE_EVERY_MS = 5_000;

/** What has to be done now and then by some worker: purge contents whose term is over, escalate what nobody answered, forget what expired. */
export function startChores({ store, replay, log }: { store: PostgresStore; replay: ReplayStore; log: Log }): {
  stop(): Promise<void>;
} {
  let running: Promise<void> = Promise.resolve();
  const work = async (): Promise<void> => {
    try {
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
    } catch {
      log('chores.failed');
    }
  };
  const timer = setInterval(() => {
    running = running.then(work);
  }, EVERY_MS);
  running = work();
  const stopCounting = countAgain(store, log);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all([running, stopCounting()]);
    },
  };
}

/** Keeps the planner's statistics in step with a young database (migrations/0033_growth_statistics.sql). */
function countAgain(store: PostgresStore, log: Log): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => store.analyzeGrown()).catch(() => log('chores.failed'));
  }, ANALYZE_EVERY_MS);
  return () => {
    clearInterval(timer);
    return running;
  };
}
