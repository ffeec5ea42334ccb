import type { PostgresStore } from '../adapters/store/create-store.js';
import type { Log } from '../kernel/log.js';
import { RelaisError } from '../kernel/errors.js';
import type { ReplayStore } from '../transfer/identity-ports.js';
import { remindLate, type RemindDeps } from '../transfer/remind-late.js';

const EVERY_MS = 60_000;
/** Often, for a gateway's first minute; a look that finds nothing costs PostgreSQL a millisecond or two. */
const ANALYZE_EVERY_MS = 5_000;

/**
 * What has to be done now and then by some worker: purge contents whose term is over, escalate what nobody answered, remind
 * recipients that are late, forget what expired, and keep the planner's statistics in step with a young database (migrations/0033_growth_statistics.sql).
 */
export function startChores({
  store,
  replay,
  reminders,
  wake,
  log,
}: {
  store: PostgresStore;
  replay: ReplayStore;
  reminders: Pick<RemindDeps, 'frame' | 'labelRules' | 'settings'>;
  /** Something is to be announced. */
  wake: () => void;
  log: Log;
}): {
  stop(): Promise<void>;
} {
  const notRemindedOf: RemindDeps['onFailure'] = (transferId, error) =>
    log('chores.reminder-failed', { transferId, ...(error instanceof RelaisError && { code: error.code }) });
  const tidy = async (): Promise<void> => {
    let purged: number;
    do {
      purged = await store.purgeDueContent();
      if (purged > 0) log('chores.content-purged', { count: purged });
    } while (purged > 0);
    const overdue = await store.escalateOverdue();
    if (overdue > 0) log('chores.overdue', { count: overdue });
    const reminded = await remindLate({ store, ...reminders, onFailure: notRemindedOf });
    if (reminded > 0) {
      log('chores.reminded', { count: reminded });
      wake();
    }
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
