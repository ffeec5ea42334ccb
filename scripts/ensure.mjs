// Makes a fresh clone ready with nothing but Node and npm: installs the locked dependencies when they are missing or
// older than the lock file, and builds when a source is newer than the build. Plain Node, so that it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const TSC = join(root, 'node_modules/typescript/bin/tsc');
const COPIED = /\.(sql|json|html|css|svg|js)$/;

/**
 * @param {{ build?: boolean, types?: boolean, quiet?: boolean }} options `types`: the declarations of the library too,
 *   which nothing here runs on and which take as long as all the rest
 */
export async function ensure({ build = true, types = false, quiet = false } = {}) {
  const say = (text) => quiet || process.stderr.write(`${text}\n`);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 20)) {
    process.stderr.write(`Relais needs Node 20.20 or newer; this is ${process.versions.node}.\n`);
    process.exit(3);
  }
  install(say);
  if (build) {
    await buildIfStale(say);
    buildConsoleIfStale(say);
  }
  if (types) declare();
}

function declare() {
  const stamp = join(root, 'dist', '.types');
  if (existsSync(stamp)) return;
  run(process.execPath, [TSC, '-p', 'tsconfig.types.json', '--noCheck'], 'The types of the library could not be made.');
  writeFileSync(stamp, '');
}

function install(say) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const modules = join(root, 'node_modules');
  // A link leads to somebody else's packages: `npm ci` would empty them.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const stamp = join(modules, '.relais-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing the locked dependencies (once) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'The dependencies could not be installed.');
  writeFileSync(stamp, lock);
}

async function buildIfStale(say) {
  const fingerprint = fingerprintOf([
    'src',
    'mappings',
    'tsconfig.json',
    'tsconfig.build.json',
    'tsconfig.types.json',
    'package-lock.json',
  ]);
  const stamp = join(root, 'dist', '.fingerprint');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  say('Building …');
  // Not incremental over deleted sources: what has no source has no build.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run(process.execPath, [TSC, '-p', 'tsconfig.build.json', '--noCheck'], 'The build failed.');
  for (const file of filesUnder('src')) {
    if (!COPIED.test(file)) continue;
    const target = join(root, 'dist', relative('src', file));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, file), target);
  }
  const { buildMappings } = await import(pathToFileURL(join(root, 'dist/adapters/mapping/build-mappings.js')).href);
  await buildMappings({ root });
  writeFileSync(stamp, fingerprint);
}

/** Apart from the rest: a change of the gateway does not build the console, nor the other way round. */
function buildConsoleIfStale(say) {
  const fingerprint = fingerprintOf(['console', 'package-lock.json']);
  const stamp = join(root, 'generated', 'console', '.fingerprint');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  say('Building the console …');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const config = join(root, 'console/vite.config.ts');
  run(process.execPath, [vite, 'build', '--config', config, '--logLevel', 'error'], 'The console could not be built.');
  writeFileSync(stamp, fingerprint);
}

function run(command, args, failure) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (result.status !== 0) {
    process.stderr.write(`${failure}\n`);
    process.exit(3);
  }
}

function fingerprintOf(paths) {
  const hash = createHash('sha256').update(process.versions.node);
  for (const path of paths) {
    for (const file of filesUnder(path)) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
