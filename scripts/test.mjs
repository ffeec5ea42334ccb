// npm test [-- vitest arguments]: installs and builds what is missing, runs every test, and ends with one line
// `N passed, N failed, N skipped`. DATABASE_URL and REDIS_URL make the same tests run on those servers.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ensure, root } from './ensure.mjs';

await ensure({ build: true });
const folder = mkdtempSync(join(tmpdir(), 'relais-test-'));
const report = join(folder, 'report.json');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const args = [
  vitest,
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
];
const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
const code = await new Promise((resolve) => child.on('close', (status) => resolve(status ?? 1)));

let counts;
try {
  const results = JSON.parse(readFileSync(report, 'utf8'));
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } = results;
  for (const name of failedNames(results.testResults)) process.stdout.write(`FAILED ${name}\n`);
  // A file that could not even be loaded has no tests to count, and is a failure all the same.
  const failed = numFailedTests === 0 && (numFailedTestSuites > 0 || code !== 0) ? 1 : numFailedTests;
  counts = { passed: numPassedTests, failed, skipped: numPendingTests + (numTodoTests ?? 0) };
} catch {
  counts = { passed: 0, failed: 1, skipped: 0 };
}
rmSync(folder, { recursive: true, force: true });

/** The failed tests by name and first line of their error, again at the end: a long log is often read from there. */
function failedNames(files) {
  return files.flatMap(({ name: file, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    const first = (text) => String(text ?? '').split('\n', 1)[0];
    if (failed.length === 0 && status === 'failed') return [`${relative(root, file)}: ${first(message)}`];
    return failed.map((test) => `${relative(root, file)} > ${test.fullName}: ${first(test.failureMessages[0])}`);
  });
}

process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : code);
