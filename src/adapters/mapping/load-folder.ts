import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RelaisError } from '../../kernel/errors.js';
import { compilePack, versionOf } from '../../domain/mapping/compile-pack.js';
import type { Finding } from '../../domain/mapping/finding.js';
import type { CompiledMapping } from '../../domain/mapping/mapping.js';
import { notValid, sha256, writeWhole } from './build-mappings.js';
import { placed } from './check-folder.js';
import { importBuilt } from './load-mapping.js';
import { readFolder, type FolderOptions } from './read-folder.js';

export interface LoadOptions extends FolderOptions {
  /** Where built modules are kept: by default `<dir>.built`, beside the folder. */
  readonly out?: string;
  /** False: only what was built before is loaded, and it must be of these files. */
  readonly build: boolean;
}

/**
 * Loads every pack of a folder. A pack is compiled to a module file, once for each version of its files and model, and
 * imported from there: nothing is evaluated from text.
 *
 * @returns the mappings by the names of the packs
 * @throws RelaisError 422 `mapping.no-pack`; 500 `mapping.not-valid` (its violations are all findings at
 *   `file:line:column`), `mapping.not-built` and `mapping.out-of-date` when `build` is false
 */
export async function loadFolder(
  dir: string,
  { out = besides(dir), build, ...options }: LoadOptions,
): Promise<Record<string, CompiledMapping<unknown>>> {
  const { packs, findings } = await readFolder(dir, options);
  const wrong: Finding[] = [...findings];
  const built: { readonly name: string; readonly version: string; readonly code: string | null }[] = [];
  for (const { source, modelOf } of packs) {
    const { name } = source;
    const version = versionOf(source, sha256, modelOf);
    const isBuilt = (await builtVersion(join(out, `${name}.mjs`))) === version;
    const result = isBuilt || !build ? { code: null } : compilePack(source, sha256, modelOf);
    if ('findings' in result) wrong.push(...result.findings);
    else built.push({ name, version, code: result.code });
  }
  if (wrong.length > 0) throw notValid('The mappings cannot be built', placed(dir, wrong));
  const loaded: Record<string, CompiledMapping<unknown>> = {};
  for (const { name, version, code } of built) {
    if (code !== null) await writeModule(out, name, code);
    loaded[name] = await importBuilt<unknown>(join(out, `${name}.mjs`), name, version, 'build the mappings first');
  }
  return loaded;
}

function besides(dir: string): string {
  const path = resolve(dir);
  return join(dirname(path), `${basename(path)}.built`);
}

/** The version that a module file says it is of, without running it; undefined when there is none. */
async function builtVersion(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new RelaisError('mapping.not-built', 500, 'exception', 'A built mapping cannot be read.', { cause: error });
  });
  return /^export const version = "([0-9a-f]{64})";$/m.exec(text)?.[1];
}

/** What is built belongs to no version control. */
async function writeModule(out: string, name: string, code: string): Promise<void> {
  await mkdir(out, { recursive: true });
  await writeFile(join(out, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await writeWhole(join(out, `${name}.mjs`), code);
}
