// Takes the safeguards out of the build one at a time: each must make the counter that it protects go above 0.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MUTANTS } from './mutant-list.mjs';
import { makePlan } from './plan.mjs';
import { play } from './play.mjs';
import { createDesk } from './world/desk.mjs';
import { startWorld } from './world/start-world.mjs';

const TRIES_OF_A_KIND = 3;
const DRAIN_MS = 40_000;

/**
 * Runs each mutant (or one) through the faults that show it, and first the build as it is through all of them.
 *
 * @returns 0 when every counter of a mutant rose and every counter of the build stayed
 */
export async function tryMutants({ root, only, say }) {
  const chosen = MUTANTS.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) {
    say(`There is no mutant ${only}. There are: ${MUTANTS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const rows = [];
  const kinds = [...new Set(chosen.flatMap((mutant) => mutant.kinds))];
  rows.push(await tryOne({ root, build: root, mutant: { name: '(the build as it is)', counter: 'all', kinds }, say }));
  for (const mutant of chosen) {
    const build = patchedBuild(root, mutant);
    try {
      rows.push(await tryOne({ root, build, mutant, say }));
    } finally {
      rmSync(build, { recursive: true, force: true });
    }
  }
  say('\n| mutant | counter | value |\n|---|---|---|');
  for (const { name, counter, value } of rows) say(`| ${name} | ${counter} | ${value} |`);
  const kept = rows.filter(({ counter, value }) => (counter === 'all' ? value === 0 : value > 0)).length;
  say(
    JSON.stringify({
      mutants: rows.length - 1,
      killed: rows.slice(1).filter(({ value }) => value > 0).length,
      clean: rows[0].value === 0,
    }),
  );
  return kept === rows.length ? 0 : 1;
}

async function tryOne({ root, build, mutant, say }) {
  const { name, counter, kinds } = mutant;
  const world = await startWorld({ root, build, say: () => undefined });
  try {
    const desk = await createDesk(world);
    const plan = makePlan({
      seed: name,
      injections: kinds.length * (counter === 'all' ? 1 : TRIES_OF_A_KIND),
      have: { redis: world.redis !== null },
      only: kinds,
    });
    const until = (found) => counter !== 'all' && found[counter].length > 0;
    const { found, injections } = await play({
      world,
      desk,
      plan,
      say: () => undefined,
      until,
      drainMs: DRAIN_MS,
      lookEveryMs: 3_000,
    });
    const value = counter === 'all' ? Object.values(found).flat().length : found[counter].length;
    say(`${name}: ${counter} ${value} after ${injections.length} injections`);
    for (const text of Object.values(found)
      .flat()
      .slice(0, counter === 'all' ? 20 : 2))
      say(`    ${text}`);
    return { name, counter, value };
  } finally {
    await world.stop();
    rmSync(world.folder, { recursive: true, force: true });
  }
}

/** A copy of the build with the patches. @throws Error where a text is not there exactly once */
function patchedBuild(root, { name, patches }) {
  const build = mkdtempSync(join(tmpdir(), `relais-mutant-`));
  cpSync(join(root, 'dist'), join(build, 'dist'), { recursive: true });
  for (const shared of ['generated', 'mappings', 'config', 'node_modules', 'package.json'])
    symlinkSync(join(root, shared), join(build, shared));
  for (const [file, find, replace] of patches) {
    const path = join(build, 'dist', file);
    const parts = readFileSync(path, 'utf8').split(find);
    if (parts.length !== 2) throw new Error(`${name}: ${file} has "${find.slice(0, 60)}" ${parts.length - 1} times`);
    writeFileSync(path, parts.join(replace));
  }
  return build;
}
