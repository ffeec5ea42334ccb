import type { Log } from '../../kernel/log.js';
import type { Dispatch } from '../../transfer/ports.js';
import { codeOf } from './backend.js';

export interface ReconcilerOptions {
  readonly dispatch: Pick<Dispatch, 'reopenLost'>;
  readonly log: Log;
  /** Called when rows were re-opened: the relay's `wake`. */
  readonly wake: () => void;
  readonly everyMs?: number;
  /** A row that was enqueued this long ago and is under no live lease is taken for lost. */
  readonly lostAfterMs?: number;
}

/**
 * Makes due again what the queue lost (Redis flushed, killed without persistence, restored from an old copy) and what
 * workers left behind when they died. Asking too early is harmless, since a claim in PostgreSQL precedes every delivery.
 */
export function startReconciler(options: ReconcilerOptions): { stop(): Promise<void> } {
  const { dispatch, log, wake, everyMs = 5_000, lostAfterMs = 15_000 } = options;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let pass: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    try {
      const count = await dispatch.reopenLost(lostAfterMs);
      if (count > 0) {
        log('reconciler.reopened', { count });
        wake();
      }
    } catch (error) {
      log('reconciler.failed', { code: codeOf(error) });
    }
  };
  const again = (): void => {
    pass = look().then(next);
  };
  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(again, everyMs * (0.75 + Math.random() / 2));
  };
  // At start as well: the process before may have died in the middle.
  again();

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await pass;
    },
  };
}
