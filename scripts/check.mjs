// npm run check: types (gateway, then console), lint, layers, unused code, mappings, tests. Stops at nothing, fails if any fails.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

await ensure({ build: true });
const bin = (path) => [process.execPath, join(root, 'node_modules', path)];
const steps = [
  ['types', [...bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit']],
  ['types', [...bin('typescript/bin/tsc'), '-p', 'console/tsconfig.json', '--noEmit']],
  ['format', [...bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['lint', [...bin('eslint/bin/eslint.js'), '--max-warnings', '0', 'src', 'test', 'console']],
  ['layers', [...bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'src']],
  ['unused', [...bin('knip/bin/knip.js')]],
  ['tests', [process.execPath, join(root, 'scripts/test.mjs')]],
].filter(([name]) => process.argv.length < 3 || process.argv.includes(name));

const failed = [];
for (const [name, [command, ...args]] of steps) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? '\nAll checks passed.\n' : `\nFailed: ${failed.join(', ')}\n`);
process.exit(failed.length === 0 ? 0 : 1);
