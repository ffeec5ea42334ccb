// npm run mutants [-- NAME …]: takes safeguards of the access links, the reminders and the guests out of a copy of the sources, one at a
// time, and says which test was red. Its last line is {"mutants":n,"survived":[…]}; it exits 1 when one survived.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';
import { OPERATED_GUEST_MUTANTS } from './mutants/guests.mjs';
import { MUTANTS } from './mutants/links.mjs';
import { REMINDER_MUTANTS } from './mutants/reminders.mjs';

await ensure({ build: true });
const wanted = process.argv.slice(2);
const chosen = [...MUTANTS, ...REMINDER_MUTANTS, ...OPERATED_GUEST_MUTANTS].filter(
  ([name]) => wanted.length === 0 || wanted.includes(name),
);
const copy = mkdtempSync(join(tmpdir(), 'relais-mutants-'));
const survived = [];
try {
  const parts = ['config', 'console', 'dist', 'generated', 'mappings', 'scripts', 'src', 'test'];
  for (const part of [...parts, 'package.json', 'tsconfig.json', 'vitest.config.ts']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const [name, safeguard, place, instead, file, tests, ...second] of chosen) {
    const undo = [change(place, instead), ...(second.length === 0 ? [] : [change(second[0], second[1])])];
    const red = redTests(file, tests);
    for (const back of undo.reverse()) back();
    if (red.length === 0) survived.push(name);
    process.stdout.write(`| ${safeguard} | \`${name}\` | ${red[0] ?? 'SURVIVED'} |\n`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify({ mutants: chosen.length, survived })}\n`);
process.exit(survived.length === 0 ? 0 : 1);

/** Replaces what stands once after a mark. @returns what puts it back */
function change([file, after, text], instead) {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  const from = source.indexOf(after);
  const at = from === -1 ? -1 : source.indexOf(text, from);
  if (at === -1) throw new Error(`${file} has no longer: ${text}`);
  writeFileSync(path, source.slice(0, at) + instead + source.slice(at + text.length));
  return () => writeFileSync(path, source);
}

/** Names of tests that failed; a run that could not begin is an error and no proof. */
function redTests(file, tests) {
  const args = ['node_modules/vitest/vitest.mjs', 'run', file, '-t', tests, '--reporter=json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const start = stdout.indexOf('{"numTotalTestSuites"');
  if (start === -1) throw new Error(`No result of ${file}: ${stderr.slice(-2000)}`);
  const { testResults } = JSON.parse(stdout.slice(start));
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const ran = results.filter(({ status }) => status === 'passed' || status === 'failed');
  if (ran.length === 0) throw new Error(`No test of ${file} is named like: ${tests}`);
  return results.filter(({ status }) => status === 'failed').map(({ title }) => title);
}
