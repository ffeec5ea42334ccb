// One engine in a process of its own: measures slices on request, so that the engines can be interleaved. Every engine
// works on the same fifty cases; `wire` begins with the text of a case and ends with the text of a bundle, `wire-bytes` with
// its bytes, for a text may still be a chain of pieces.
import { readJson } from '../../dist/kernel/json/read.js';
import { writeJson } from '../../dist/kernel/json/write.js';
import { bundleOf, caseOf, caseText, context } from './shape.mjs';

const texts = Array.from({ length: 50 }, (_, n) => caseText(n));
const cases = texts.map((_, n) => caseOf(n));
const works = await { compiled, 'by-hand': byHand, walker }[process.argv[2]]();

async function compiled() {
  const { loadCompiledMapping } = await import('../../dist/adapters/mapping/load-mapping.js');
  const { validateResource } = await import('../../dist/domain/fhir/validate.js');
  const { DATA_LABELS, maskOf } = await import('../../dist/domain/labels/labels.js');
  const { root } = await import('../../scripts/ensure.mjs');
  const { createPairwiseIds } = await import('../../dist/kernel/pairwise.js');
  const permitted = maskOf(DATA_LABELS.filter((label) => label !== 'working-notes'));
  const mapping = await loadCompiledMapping(root, 'case');
  const forward = (record) => mapping.toFhir(record, permitted, context);
  const bundles = cases.map((record) => asReceived(forward(record).map(({ resource }) => resource)));
  const pairwise = createPairwiseIds(Buffer.alloc(32, 7));
  const small = bundles.flatMap(({ entry }) => entry.map(({ resource }) => resource)).filter(isSmall);
  const ok = (resource) => {
    if (validateResource(resource).length > 0) throw new Error('A resource that the maps made is not valid R4.');
  };
  const wire = (text) => {
    const resources = forward(readJson(text)).map(({ resource }) => resource);
    resources.forEach(ok);
    return writeJson(bundleOf(resources));
  };
  return {
    forward: [forward, cases],
    reverse: [(bundle) => mapping.fromFhir(bundle, permitted, context), bundles],
    wire: [wire, texts],
    'wire-bytes': [(text) => Buffer.from(wire(text)), texts],
    validation: [ok, small],
    ids: [(record) => mapping.toFhir(record, permitted, { ...context, resourceId: onceEach(pairwise) }), cases],
    'read-json': [(text) => readJson(text), texts],
    'write-json': [(bundle) => writeJson(bundle), bundles],
    'validate-all': [(bundle) => bundle.entry.forEach(({ resource }) => ok(resource)), bundles],
  };
}

async function byHand() {
  const { fromFhir, toFhir } = await import('./by-hand/mapping.mjs');
  const forward = (record) => toFhir(record, context);
  const bundles = cases.map((record) => asReceived(forward(record)));
  const wire = (text) => JSON.stringify(bundleOf(forward(JSON.parse(text))));
  return {
    forward: [forward, cases],
    reverse: [(bundle) => fromFhir(bundle, context), bundles],
    wire: [wire, texts],
    'wire-bytes': [(text) => Buffer.from(wire(text)), texts],
    stringify: [(bundle) => JSON.stringify(bundle), cases.map((record) => bundleOf(forward(record)))],
  };
}

async function walker() {
  const { createWalker } = await import('./walker.mjs');
  const walk = await createWalker(context);
  return { forward: [walk, texts.map((text) => JSON.parse(text))] };
}

/** A Patient or an Observation of at most a kilobyte: what "a small resource" means here. */
function isSmall(resource) {
  return ['Patient', 'Observation'].includes(resource.resourceType) && writeJson(resource).length <= 1000;
}

/** As it comes from the wire: every object new, numbers as written. */
function asReceived(resources) {
  return readJson(writeJson(bundleOf(resources)));
}

/** As src/transfer/map-record.ts asks for ids: each once a bundle. */
function onceEach(pairwise) {
  const known = new Map();
  return (type, key) => {
    const name = `${type}\n${key}`;
    let id = known.get(name);
    if (id === undefined) known.set(name, (id = pairwise('recipient', type, key)));
    return id;
  };
}

let kept = 0;
/**
 * Processor time, garbage collection included: on a shared machine the clock counts what others do. The length of a
 * slice is processor time too, so that an engine is as warm on a busy machine as on an idle one.
 */
function slice([work, inputs], milliseconds) {
  let count = 0;
  const start = process.cpuUsage();
  let spent = 0;
  do {
    for (const input of inputs) if (work(input) !== null) kept += 1;
    count += inputs.length;
    const { user, system } = process.cpuUsage(start);
    spent = user + system;
  } while (spent < milliseconds * 1000);
  return spent / count;
}

process.on('message', ({ name, milliseconds }) => {
  const microseconds = slice(works[name], milliseconds);
  process.send({ microseconds, kept, rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) });
});
process.send({ ready: true });
