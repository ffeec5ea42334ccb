// Sums the results of seeds in one file, so that a long series can be made in several sittings.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Adds one seed; the same seed again replaces what it had before. */
export function addResult(file, { seed, line, histogram, broken, tookMs }, say) {
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { seeds: {} };
  before.seeds[seed] = { ...line, broken, histogram, tookMs };
  const seeds = Object.values(before.seeds);
  const total = (name) => seeds.reduce((sum, each) => sum + each[name], 0);
  const kinds = {};
  for (const each of seeds)
    for (const [kind, count] of Object.entries(each.histogram)) kinds[kind] = (kinds[kind] ?? 0) + count;
  before.sum = {
    seeds: seeds.length,
    ...Object.fromEntries(
      ['injections', 'lost', 'duplicated', 'unconsented', 'unaudited'].map((name) => [name, total(name)]),
    ),
    kinds: Object.keys(kinds).length,
    fewestOfAKind: Math.min(...Object.values(kinds)),
    maxRecoveryMs: Math.max(...seeds.map((each) => each.maxRecoveryMs)),
    broken: seeds.flatMap((each) => each.broken).length,
  };
  before.kinds = kinds;
  writeFileSync(`${file}.new`, `${JSON.stringify(before, null, 1)}\n`);
  renameSync(`${file}.new`, file);
  say(`sum of ${file}: ${JSON.stringify(before.sum)}`);
}
