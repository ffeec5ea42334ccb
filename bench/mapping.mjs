// npm run bench -- mapping [seconds]: the compiled case maps against the same mapping written by hand, each in its own
// process, slices interleaved, medians of ratios within rounds. What is compared: docs/performance.md.
import { createHash } from 'node:crypto';
import { root } from '../scripts/ensure.mjs';
import { byTurns, column, ratio, start } from './mapping/processes.mjs';

const say = (line) => process.stdout.write(`${line}\n`);
/** Rounds of which nothing is said, before the pairs. */
const WARM = 12;
const perSecond = (microseconds) => Math.round(1_000_000 / microseconds);

export async function run([seconds = '30']) {
  const compileMs = await compileAll();
  const { checkEqual } = await import('./mapping/check-equal.mjs');
  await checkEqual();
  const children = await Promise.all(['compiled', 'by-hand', 'walker'].map(start));
  const [compiled, byHand, walker] = children;
  const works = (...pairs) => pairs;
  let rssMb = 0;
  const onAnswer = (answer) => (rssMb = Math.max(rssMb, answer.rssMb));
  const compare = async (name) => {
    const rounds = Math.max(5, Math.round(Number(seconds) / 2));
    const rows = await byTurns(works([compiled, name], [byHand, name]), { rounds, warm: WARM, onAnswer });
    const [ours, theirs] = [0, 1].map((index) => column(rows, index).toFixed(1));
    say(`${name}: compiled ${ours} µs, by hand ${theirs} µs a case (median of ${rounds} rounds)`);
    return rows;
  };
  const forward = await compare('forward');
  const reverse = await compare('reverse');
  const wire = await compare('wire');
  const bytes = await compare('wire-bytes');
  say(`wire to the bytes of the bundle: by hand / compiled ${ratio(bytes, 1, 0)}`);
  const floor = await byTurns(works([byHand, 'forward'], [byHand, 'stringify']), { rounds: 5 });
  say(`by hand / JSON.stringify: ${ratio(floor, 0, 1)} (${column(floor, 1).toFixed(1)} µs to stringify)`);
  const steps = ['read-json', 'forward', 'validate-all', 'write-json'];
  const step = await byTurns(works(...steps.map((name) => [compiled, name])), { rounds: 5 });
  say(`wire by step: ${steps.map((name, index) => `${name} ${column(step, index).toFixed(0)} µs`).join(', ')}`);
  const ids = await byTurns(works([compiled, 'forward'], [compiled, 'ids']), { rounds: 5 });
  say(`pairwise ids (HMAC) add ${(column(ids, 1) - column(ids, 0)).toFixed(0)} µs a case; not in the figures above`);
  const walked = await byTurns(works([walker, 'forward'], [compiled, 'forward']), { rounds: 3 });
  say(`a walker on fhirpath takes ${ratio(walked, 0, 1).toFixed(0)} times as long as the compiled maps`);
  const validation = await byTurns(works([compiled, 'validation']), { rounds: 5 });
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

/**
 * All packs, from their files to the text of the modules that map: elapsed milliseconds in a process that has compiled
 * nothing before. Processor time is told beside, which counts what the engine optimises on other cores; so are the trace
 * builds, which a page shows and nothing maps with.
 */
async function compileAll() {
  const { compilePack, PACKS } = await import('../dist/domain/mapping/compile-pack.js');
  const { readPackFiles } = await import('../dist/adapters/mapping/read-pack-files.js');
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const sources = await Promise.all(PACKS.map((name) => readPackFiles(root, name)));
  const processorMs = (start) => Math.round(Object.values(process.cpuUsage(start)).reduce((a, b) => a + b) / 1000);
  const [start, used] = [performance.now(), process.cpuUsage()];
  const results = sources.map((source) => compilePack(source, sha256));
  const milliseconds = Math.round(performance.now() - start);
  const spent = processorMs(used);
  const wrong = results.findIndex((result) => 'findings' in result);
  if (wrong >= 0) throw new Error(`The pack ${sources[wrong].name} does not compile.`);
  const next = performance.now();
  for (const { trace } of results) trace();
  const traceMs = Math.round(performance.now() - next);
  say(
    `compiled: ${milliseconds} ms for all packs (${spent} ms of processor time), ${traceMs} ms more for their trace builds`,
  );
  return milliseconds;
}
