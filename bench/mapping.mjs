// npm run bench -- mapping [seconds]: the compiled case maps against the same mapping written by hand, each in its own
// process, slices interleaved, medians of ratios within rounds. What is compared: docs/performance.md.
import { createHash } from 'node:crypto';
import { root } from '../scripts/ensure.mjs';
import { byTurns, column, ratio, start } from './mapping/processes.mjs';

const say = (line) => process.stdout.write(`${line}\n`);
const perSecond = (microseconds) => Math.round(1_000_000 / microseconds);

export async function run([seconds = '30']) {
  const rounds = Math.max(5, Math.round(Number(seconds) / 2));
  const compileMs = await compileAll();
  const { checkEqual } = await import('./mapping/check-equal.mjs');
  await checkEqual();
  const [compiled, byHand, walker] = await Promise.all(['compiled', 'by-hand', 'walker'].map(start));
  const children = [compiled, byHand, walker];
  let rssMb = 0;
  const pair = (name) =>
    byTurns(
      [compiled, byHand].map((child) => [child, name]),
      rounds,
      (answer) => {
        rssMb = Math.max(rssMb, answer.rssMb);
      },
    );
  const report = (name, rows) => {
    const [ours, theirs] = [0, 1].map((index) => column(rows, index).toFixed(1));
    say(`${name}: compiled ${ours} µs, by hand ${theirs} µs a case (median of ${rounds} rounds)`);
    return rows;
  };
  const forward = report('forward', await pair('forward'));
  const reverse = report('reverse', await pair('reverse'));
  const wire = report('wire', await pair('wire'));
  const floor = await byTurns(
    [
      [byHand, 'forward'],
      [byHand, 'stringify'],
    ],
    5,
  );
  say(`by hand / JSON.stringify: ${ratio(floor, 0, 1)} (${column(floor, 1).toFixed(1)} µs to stringify)`);
  const parts = ['read-json', 'forward', 'validate-all', 'write-json'];
  const part = await byTurns(
    parts.map((name) => [compiled, name]),
    5,
  );
  say(`wire by step: ${parts.map((name, index) => `${name} ${column(part, index).toFixed(0)} µs`).join(', ')}`);
  const ids = await byTurns(
    [
      [compiled, 'forward'],
      [compiled, 'ids'],
    ],
    3,
  );
  say(`pairwise ids (HMAC) add ${(column(ids, 1) - column(ids, 0)).toFixed(0)} µs a case; not in the figures above`);
  const walked = await byTurns(
    [
      [walker, 'forward'],
      [compiled, 'forward'],
    ],
    3,
  );
  say(`a walker on fhirpath: ${ratio(walked, 0, 1)} times as slow as the compiled maps`);
  const validation = await byTurns([[compiled, 'validation']], 5);
  for (const child of children) child.removeAllListeners('exit').disconnect();
  const line = {
    forwardRatio: ratio(forward, 0, 1),
    reverseRatio: ratio(reverse, 0, 1),
    wirePerSecond: perSecond(column(wire, 0)),
    wireRatio: ratio(wire, 1, 0),
    validationPerSecond: perSecond(column(validation, 0)),
    compileMs,
    rssMb,
  };
  say(JSON.stringify(line));
  return 0;
}

/** All packs, from their files to module text. */
async function compileAll() {
  const { compilePack, PACKS } = await import('../dist/domain/mapping/compile-pack.js');
  const { readPackFiles } = await import('../dist/adapters/mapping/read-pack-files.js');
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const sources = await Promise.all(PACKS.map((name) => readPackFiles(root, name)));
  const started = performance.now();
  for (const source of sources) {
    if ('findings' in compilePack(source, sha256)) throw new Error(`The pack ${source.name} does not compile.`);
  }
  return Math.round(performance.now() - started);
}
