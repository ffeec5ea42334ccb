// npm run bench -- <name>: runs bench/<name>.mjs on the built code. The last line of its output is JSON.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensure, root } from './ensure.mjs';

const [name, ...rest] = process.argv.slice(2);
const file = join(root, 'bench', `${name}.mjs`);
if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(file)) {
  const names = readdirSync(join(root, 'bench'))
    .filter((entry) => entry.endsWith('.mjs'))
    .map((entry) => entry.replace('.mjs', ''));
  process.stderr.write(`npm run bench -- <name>, where <name> is one of: ${names.join(', ')}\n`);
  process.exit(2);
}
await ensure({ build: true });
const { run } = await import(pathToFileURL(file).href);
process.exit(await run(rest));
