// One run: a seed, its plan, its report. See docs/faults.md.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { KINDS, makePlan } from './plan.mjs';
import { play } from './play.mjs';
import { addResult } from './results.mjs';
import { tryMutants } from './mutants.mjs';
import { createDesk } from './world/desk.mjs';
import { startWorld } from './world/start-world.mjs';

const USAGE = `npm run faults -- [--seed S] [--injections N] [--partner URL] [--results FILE] [--only KIND,…]
npm run faults -- --mutants | --mutant NAME | --kinds
`;

/** @param {readonly string[]} args @param {string} root of the repository, with its build */
export async function run(args, root) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      injections: { type: 'string', default: '200' },
      partner: { type: 'string' },
      results: { type: 'string' },
      only: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      mutant: { type: 'string' },
      kinds: { type: 'boolean', default: false },
    },
  });
  const say = (text) => void process.stdout.write(`${text}\n`);
  const wanted = Number(values.injections);
  if (!Number.isInteger(wanted) || wanted < 1) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (values.kinds) {
    for (const { kind, lane, weight } of KINDS) say(`${kind}  (${lane}, ${weight})`);
    return 0;
  }
  // On the way out PostgreSQL and Redis are ended; gateways, workers and the partner end with the channel to this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
  if (values.mutants || values.mutant !== undefined) return tryMutants({ root, only: values.mutant, say });

  const beganAt = Date.now();
  const world = await startWorld({
    root,
    build: root,
    say,
    ...(values.partner !== undefined && { partnerUrl: values.partner }),
  });
  let failed = true;
  try {
    const desk = await createDesk(world);
    const only = values.only?.split(',');
    const plan = makePlan({ seed: values.seed, injections: wanted, have: { redis: world.redis !== null }, only });
    say(`seed ${values.seed}: ${plan.length} injections; logs in ${world.folder} (kept when it fails)`);
    const played = await play({ world, desk, plan, say });
    const result = report({
      ...played,
      world,
      desk,
      plan,
      seed: values.seed,
      wanted,
      say,
      tookMs: Date.now() - beganAt,
    });
    if (values.results !== undefined) addResult(values.results, { seed: values.seed, ...result }, say);
    say(JSON.stringify(result.line));
    failed = result.failed;
    return failed ? 1 : 0;
  } finally {
    world.partner.keep();
    await world.stop();
    if (!failed) rmSync(world.folder, { recursive: true, force: true });
  }
}

function report({ injections, missed, failures, found, recovery, acks, world, desk, plan, seed, wanted, say, tookMs }) {
  const histogram = {};
  for (const { kind } of injections) histogram[kind] = (histogram[kind] ?? 0) + 1;
  say('\nfired, by kind');
  for (const { kind } of KINDS) say(`  ${String(histogram[kind] ?? 0).padStart(4)}  ${kind}`);
  const statuses = {};
  for (const { status } of world.client.log) statuses[status] = (statuses[status] ?? 0) + 1;
  say(
    `\n${desk.submissions.length} transfers asked for, ${world.partner.ledger.filter(({ type }) => type === 'effect').length} effects; answers by status ${JSON.stringify(statuses)}`,
  );
  const unasked = world.client.log.filter(({ status, retryAfter }) => status === 503 && retryAfter === null).length;
  say(
    `503 without Retry-After: ${unasked}; acknowledged while Redis was away: ${acks.count}, p99 ${acks.p99Ms} ms (otherwise ${acks.usualMs} ms)`,
  );
  say(
    `slowest recovery: ${recovery.ms} ms after ${recovery.kind} (${recovery.transferId ?? '–'}); took ${Math.round(tookMs / 1_000)} s`,
  );
  const broken = [...new Set([...desk.broken, ...world.crashes])];
  const problems = [
    ...Object.entries(found).flatMap(([name, list]) => list.map((text) => `${name}: ${text}`)),
    ...broken.map((text) => `broken: ${text}`),
    ...failures.map((text) => `harness: ${text}`),
    ...missed.map((id) => `not fired: ${id}`),
  ];
  for (const problem of problems.slice(0, 60)) say(`  ${problem}`);
  const count = Object.fromEntries(Object.entries(found).map(([name, list]) => [name, list.length]));
  const line = {
    injections: injections.length,
    kinds: Object.keys(histogram).length,
    ...count,
    maxRecoveryMs: recovery.ms,
  };
  const failed = Object.values(count).some((each) => each > 0) || broken.length > 0 || injections.length < wanted;
  if (failed) {
    const file = join(world.folder, 'plan.json');
    writeFileSync(
      file,
      JSON.stringify(
        { seed, plan: plan.map(({ id, seed: own }) => ({ id, seed: own })), injections, problems },
        null,
        1,
      ),
    );
    say(`replay with --seed ${seed} --injections ${wanted}; plan and what fired: ${file}`);
  }
  return { line, histogram, broken, failed, tookMs };
}
