// Both mappings must make the same, and lose nothing, before either is timed.
import { isDeepStrictEqual } from 'node:util';
import { loadCompiledMapping } from '../../dist/adapters/mapping/load-mapping.js';
import { validateResource } from '../../dist/domain/fhir/validate.js';
import { DATA_LABELS, maskOf } from '../../dist/domain/labels/labels.js';
import { root } from '../../scripts/ensure.mjs';
import * as byHand from './by-hand/mapping.mjs';
import { bundleOf, caseOf, caseText, context } from './shape.mjs';
import { createWalker } from './walker.mjs';

const CASES = 50;

/** @throws Error naming the first case for which something differs */
export async function checkEqual() {
  const mapping = await loadCompiledMapping(root, 'case');
  const permitted = maskOf(DATA_LABELS.filter((label) => label !== 'working-notes'));
  const walk = await createWalker(context);
  let bytes = 0;
  let made = 0;
  for (let n = 0; n < CASES; n += 1) {
    const record = caseOf(n);
    const resources = mapping.toFhir(record, permitted, context).map(({ resource }) => resource);
    const bundle = bundleOf(resources);
    const back = mapping.fromFhir(bundle, permitted, context);
    const theirs = byHand.fromFhir(bundle, context);
    const plain = JSON.parse(caseText(n));
    const equal = {
      forward: isDeepStrictEqual(resources, byHand.toFhir(record, context)),
      reverse: isDeepStrictEqual(back.record, theirs.record),
      'round trip': isDeepStrictEqual(back.record, record),
      'residue and conflicts': back.residue.length + back.conflicts.length + theirs.conflicts.length === 0,
      validation: resources.every((resource) => validateResource(resource).length === 0),
      walker: n > 0 || isDeepStrictEqual(walk(plain), byHand.toFhir(plain, context)),
    };
    const wrong = Object.keys(equal).filter((name) => !equal[name]);
    if (wrong.length > 0) throw new Error(`Case ${n} differs: ${wrong.join(', ')}. Nothing was measured.`);
    bytes += Buffer.byteLength(caseText(n));
    made += resources.length;
  }
  checkConflicts(mapping, permitted);
  const [kB, each] = [(bytes / CASES / 1000).toFixed(1), (made / CASES).toFixed(0)];
  process.stdout.write(`${CASES} cases of ${kB} kB, ${each} resources each: the outputs are equal\n`);
}

/** Both find a coarse code that does not fit the exact one. */
function checkConflicts(mapping, permitted) {
  const resources = byHand.toFhir(caseOf(1), context);
  const referral = resources.find(({ identifier }) => identifier[0].system.endsWith('/referral'));
  referral.status = referral.status === 'draft' ? 'completed' : 'draft';
  const bundle = bundleOf(resources);
  const found = [mapping.fromFhir(bundle, permitted, context), byHand.fromFhir(bundle, context)];
  if (found.some(({ conflicts }) => conflicts.length !== 1))
    throw new Error('A planted conflict was not found by both. Nothing was measured.');
}
