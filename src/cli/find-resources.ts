import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RelaisError } from '../kernel/errors.js';

export interface ResourceFile {
  readonly path: string;
  /** One resource a line (https://hl7.org/fhir/R4/nd-json.html). */
  readonly isLines: boolean;
  /** Named on the command line, not found in a folder: it must be a resource. */
  readonly isNamed: boolean;
}

/**
 * The files that paths of a command line stand for: a file is itself, a folder is every `.json` and `.ndjson` below it,
 * in the order of their names.
 *
 * @throws RelaisError `cli.no-file`
 */
export async function findResources(paths: readonly string[]): Promise<ResourceFile[]> {
  const found: ResourceFile[] = [];
  for (const path of paths) {
    const kind = await stat(path).catch(() => null);
    if (kind === null)
      throw new RelaisError('cli.no-file', 404, 'not-found', `There is no file that can be read at ${path}.`);
    if (kind.isDirectory()) found.push(...(await filesBelow(path)));
    else found.push({ path, isLines: isLines(path), isNamed: true });
  }
  return found;
}

const isLines = (name: string): boolean => name.toLowerCase().endsWith('.ndjson');

/** Links to folders are not followed, so that a folder which holds itself ends. */
async function filesBelow(folder: string): Promise<ResourceFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: ResourceFile[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else if (/\.(nd)?json$/i.test(entry.name)) found.push({ path, isLines: isLines(entry.name), isNamed: false });
  }
  return found;
}
