import type pg from 'pg';
import { sequenceOnce } from './sequence.js';
import type { CheckpointSigner } from './sign-checkpoint.js';

export interface Sequencer {
  /** Waits for the batch under way, numbers what is left, and signs the log's end. */
  stop(): Promise<void>;
}

const BATCH = 1_000;
/** At most one checkpoint a second, of all processes together. */
const REST_MS = 1_000;

/**
 * Keeps the log numbered and signed: numbers within a quarter of a second after a commit when there is little, without
 * pause when there is much; a checkpoint within a second or so. Any number of processes may run one.
 *
 * @param onError gets what went wrong with one batch or one checkpoint; the next one is tried all the same
 */
export function startSequencer(
  options: { readonly pool: pg.Pool; readonly signer: CheckpointSigner },
  onError: (error: unknown) => void,
  intervalMs = 250,
): Sequencer {
  const { pool, signer } = options;
  let stopped = false;
  let askedAtMs = -Infinity;
  let wake: () => void = () => undefined;
  const sign = async (): Promise<void> => {
    if (performance.now() - askedAtMs < REST_MS / 2) return;
    askedAtMs = performance.now();
    await signer.signOnce(REST_MS).catch(onError);
  };
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const full = await sequenceOnce(pool, BATCH).then(
        (numbered) => numbered >= BATCH,
        (error: unknown) => onError(error),
      );
      await sign();
      if (full === true || stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, intervalMs);
        wake = () => (clearTimeout(timer), resolve());
      });
    }
    while ((await sequenceOnce(pool, BATCH)) >= BATCH);
    await signer.signOnce();
  };
  const running = loop().catch(onError);
  return {
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
}
