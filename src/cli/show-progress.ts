import { SingleBar } from 'cli-progress';
import type { CliContext } from './context.js';

export interface ProgressBar {
  update(bytesDone: number, bytesTotal: number, rows: number): void;
  stop(): void;
}

const PLAIN_EVERY_MS = 5_000;

/** A bar on a terminal, a line every few seconds elsewhere; on stderr, so that stdout stays a result. */
export function showProgress(context: CliContext): ProgressBar {
  const { stderr } = context;
  return stderr.isTTY ? bar(context) : plainLines(context);
}

function bar({ stderr, say }: CliContext): ProgressBar {
  const single = new SingleBar({
    format: `{bar} {percentage} % | {rows} ${say({ en: 'rows', fr: 'lignes' })}`,
    stream: stderr,
    barsize: 40,
    hideCursor: true,
    clearOnComplete: true,
  });
  let started = false;
  return {
    update: (bytesDone, bytesTotal, rows) => {
      if (!started) single.start(bytesTotal, 0, { rows: 0 });
      started = true;
      single.update(bytesDone, { rows });
    },
    stop: () => single.stop(),
  };
}

function plainLines({ note, say, count }: CliContext): ProgressBar {
  let last = Date.now();
  return {
    update: (bytesDone, bytesTotal, rows) => {
      if (Date.now() - last < PLAIN_EVERY_MS) return;
      last = Date.now();
      const percent = String(Math.floor((100 * bytesDone) / Math.max(1, bytesTotal)));
      note(say({ en: '{percent} %, {rows} rows', fr: '{percent} %, {rows} lignes' }, { percent, rows: count(rows) }));
    },
    stop: () => undefined,
  };
}
