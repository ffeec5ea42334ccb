import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import { DATA_LABELS, maskOf } from '../../src/domain/labels/labels.js';
import { mappingRuntime } from '../../src/domain/mapping/runtime.js';
import { LAWS, type Directions, type Trial } from './laws.js';
import { builtMappings } from './pack.js';

/** Cases that between them have something in every field that a mutant breaks. */
const TRIALS: readonly Trial[] = Array.from({ length: 25 }, (_, seed) => ({
  record: syntheticCase(seed),
  other: syntheticCase(seed + 500),
  seed,
  permitted: maskOf(DATA_LABELS.filter((_label, index) => (index + seed) % 3 !== 0)),
}));

const [RECORD, BUNDLE, STRANGER, FORBIDDEN, BUILT, PERSONS] = Object.keys(LAWS) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

/** what is broken in the built module, where it stands, what stands there instead, a law that must see it */
const MUTANTS: readonly [string, RegExp, string, string][] = [
  ['a value is not put', /\w+\.identifiedOn = \w+;/, ';', RECORD],
  ['a value is put elsewhere', /(\w+)\.identifiedOn = /, '$1.resolvedOn = ', BUNDLE],
  [
    'a code becomes its neighbour',
    /(code_need_status_\d+[\s\S]*?case "active": return )"active"/,
    '$1"inactive"',
    RECORD,
  ],
  ['a constant of a slice is misspelt on the way out', /health-concern/, 'health-concerns', RECORD],
  ['the last item of each list is forgotten', /(for \(let \w+ = 0; \w+ < \w+\.length); /g, '$1 - 1; ', RECORD],
  ['items of one key are not merged', /if \(known !== undefined\) return merge\([^;]*;/, '', RECORD],
  [
    'the id beats the identifier',
    /keyOf\(s, n, r\) \?\? R\.keyOf\(r, fullUrl\)/,
    'R.keyOf(r, fullUrl) ?? keyOf(s, n, r)',
    STRANGER,
  ],
  ['references are not resolved', /R\.resolveReference\(/g, '(() => undefined)(', RECORD],
  [
    'only references by Type/id are resolved',
    /R\.resolveReference\(s, /g,
    'R.resolveReference({ ...s, byName: undefined }, ',
    STRANGER,
  ],
  ['a label is not asked for', /const (may\d+) = \(s\.no & \d+\) === 0;/g, 'const $1 = true;', FORBIDDEN],
  ['a label is not asked for on the way out', /const (may\d+) = \(s\.no & \d+\) === 0;/g, 'const $1 = true;', BUILT],
  ['the label of a whole map is not asked for', /if \(\(s\.no & \d+\) !== 0\) return/g, 'if (false) return', FORBIDDEN],
  ['a second person is let in', /R\.refusePersons\(\)/g, 'undefined', PERSONS],
  ['what is ours is a stranger’s', /(function match14\(s, r\) \{ return )/, '$1false && ', RECORD],
  ['ids are made without the key', /(resourceId\(type, )within[^;]*;/, '$1map);', RECORD],
];

/** Tried until it is seen to break. */
function breaks(mapping: Directions, law: string): boolean {
  return TRIALS.some((trial) => {
    try {
      LAWS[law]!(mapping, trial);
      return false;
    } catch {
      return true;
    }
  });
}

describe('the laws', () => {
  let code: string;
  beforeAll(async () => {
    code = await readFile(join(await builtMappings(), 'generated/mappings/case.mjs'), 'utf8');
  }, 120_000);

  async function load(text: string): Promise<Directions> {
    const address = `data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`;
    const module = (await import(/* @vite-ignore */ address)) as Directions & { link(runtime: unknown): void };
    module.link(mappingRuntime);
    return module;
  }

  it('hold for the module as it is built', async () => {
    const mapping = await load(code);
    expect(Object.keys(LAWS).filter((law) => breaks(mapping, law))).toEqual([]);
  }, 60_000);

  it.each(MUTANTS)(
    'see when %s',
    async (_, pattern, replacement, law) => {
      const mutant = code.replace(pattern, replacement);
      expect(mutant).not.toBe(code);
      expect(breaks(await load(mutant), law)).toBe(true);
    },
    60_000,
  );
});
