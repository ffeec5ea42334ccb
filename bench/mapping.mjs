// npm run bench -- mapping [seconds]: the compiled case maps against the same mapping written by hand, each in its own
// process, slices interleaved. Outputs are compared first; the ratio is the median of the ratios of neighbouring slices.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { root } from '../scripts/ensure.mjs';

const SLICE_MS = 250;

export async function run([seconds = '10']) {
  const compileMs = await checkEqual();
  const [compiled, byHand] = await Promise.all([start('compiled'), start('by-hand')]);
  const line = { forwardRatio: 0, reverseRatio: 0, compileMs, rssMb: 0 };
  for (const direction of ['forward', 'reverse']) {
    const rounds = Math.max(3, Math.round((Number(seconds) * 1000) / 4 / SLICE_MS));
    for (let warm = 0; warm < 3; warm += 1) for (const one of [compiled, byHand]) await measure(one, direction);
    const pairs = [];
    for (let round = 0; round < rounds; round += 1) {
      const ours = await measure(compiled, direction);
      const theirs = await measure(byHand, direction);
      line.rssMb = Math.max(line.rssMb, ours.rssMb);
      pairs.push([ours.microseconds, theirs.microseconds]);
    }
    const ratio = median(pairs.map(([ours, theirs]) => ours / theirs));
    line[`${direction}Ratio`] = Math.round(ratio * 100) / 100;
    const [ours, theirs] = [0, 1].map((side) => median(pairs.map((pair) => pair[side])).toFixed(1));
    process.stdout.write(
      `${direction}: compiled ${ours} µs, by hand ${theirs} µs a case (${rounds} pairs of slices)\n`,
    );
  }
  compiled.disconnect();
  byHand.disconnect();
  process.stdout.write(`${JSON.stringify(line)}\n`);
  return 0;
}

/** Both must make the same before they are timed. */
async function checkEqual() {
  const { compilePack, PACKS } = await import('../dist/domain/mapping/compile-pack.js');
  const { readPackFiles } = await import('../dist/adapters/mapping/read-pack-files.js');
  const { loadCompiledMapping } = await import('../dist/adapters/mapping/load-mapping.js');
  const { DATA_LABELS, maskOf } = await import('../dist/domain/labels/labels.js');
  const { bundleOf, caseOf, context } = await import('./mapping/shape.mjs');
  const byHand = await import('./mapping/by-hand.mjs');
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const sources = await Promise.all(PACKS.map((name) => readPackFiles(root, name)));
  const started = performance.now();
  for (const source of sources) compilePack(source, sha256);
  const compileMs = Math.round(performance.now() - started);
  const mapping = await loadCompiledMapping(root, 'case');
  const permitted = maskOf(DATA_LABELS.filter((label) => label !== 'working-notes'));
  for (let n = 0; n < 50; n += 1) {
    const record = caseOf(n);
    const resources = mapping.toFhir(record, permitted, context).map(({ resource }) => resource);
    const bundle = bundleOf(resources);
    const back = mapping.fromFhir(bundle, permitted, context);
    const same =
      isDeepStrictEqual(resources, byHand.toFhir(record, context)) &&
      isDeepStrictEqual(back.record, byHand.fromFhir(bundle, context).record) &&
      isDeepStrictEqual(back.record, record) &&
      back.residue.length + back.conflicts.length === 0;
    if (!same) throw new Error(`The compiled mapping and the one by hand differ for case ${n}.`);
    if (n === 0) process.stdout.write(`${JSON.stringify(record).length} bytes, ${resources.length} resources a case\n`);
  }
  return compileMs;
}

function start(engine) {
  const child = fork(join(root, 'bench/mapping/engine.mjs'), [engine]);
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child));
    child.once('error', reject);
  });
}

function measure(child, direction) {
  return new Promise((resolve) => {
    child.once('message', resolve);
    child.send({ direction, milliseconds: SLICE_MS });
  });
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
