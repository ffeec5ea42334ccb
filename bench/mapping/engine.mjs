// One engine in a process of its own: measures slices on request, so that two engines can be interleaved.
import { loadCompiledMapping } from '../../dist/adapters/mapping/load-mapping.js';
import { DATA_LABELS, maskOf } from '../../dist/domain/labels/labels.js';
import { root } from '../../scripts/ensure.mjs';
import * as byHand from './by-hand.mjs';
import { bundleOf, caseOf, context } from './shape.mjs';

const permitted = maskOf(DATA_LABELS.filter((label) => label !== 'working-notes'));
const cases = Array.from({ length: 50 }, (_, n) => caseOf(n));
const bundles = cases.map((record) => bundleOf(byHand.toFhir(record, context)));
const mapping = process.argv[2] === 'compiled' ? await loadCompiledMapping(root, 'case') : null;
const engine =
  mapping === null
    ? { forward: (record) => byHand.toFhir(record, context), reverse: (bundle) => byHand.fromFhir(bundle, context) }
    : {
        forward: (record) => mapping.toFhir(record, permitted, context),
        reverse: (bundle) => mapping.fromFhir(bundle, permitted, context),
      };

let kept = 0;
function slice(work, inputs, milliseconds) {
  let count = 0;
  const start = performance.now();
  let now = start;
  while (now - start < milliseconds) {
    for (const input of inputs) if (work(input) !== undefined) kept += 1;
    count += inputs.length;
    now = performance.now();
  }
  return ((now - start) * 1000) / count;
}

process.on('message', ({ direction, milliseconds }) => {
  const microseconds =
    direction === 'forward' ? slice(engine.forward, cases, milliseconds) : slice(engine.reverse, bundles, milliseconds);
  process.send({ microseconds, kept, rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) });
});
process.send({ ready: true });
