import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import { buildMappings } from '../../src/adapters/mapping/build-mappings.js';
import { loadCompiledMapping } from '../../src/adapters/mapping/load-mapping.js';
import type { MappingContext } from '../../src/domain/mapping/mapping.js';
import { DATA_LABELS, maskOf, NEVER } from '../../src/domain/labels/labels.js';

export const root = resolve(import.meta.dirname, '../..');

/** Everything that any agreement could ever permit. */
export const ALL_BUT_NEVER = maskOf(DATA_LABELS.filter((label) => label !== NEVER));

/**
 * The folder where the shipped maps are built once for all the tests of a run, by whichever asks first: a build takes
 * seconds, and every module is written whole. Nobody changes what is in it.
 */
export async function builtMappings(): Promise<string> {
  const folder = inject('mappingsFolder');
  const done = join(folder, 'generated', 'whole');
  if (!existsSync(done)) {
    await buildMappings({ root: folder });
    await writeFile(done, '');
  }
  return folder;
}

export const loadPack = async <Name extends 'case' | 'hmis'>(name: Name) =>
  loadCompiledMapping(await builtMappings(), name);

/** Ids as a recipient would get them: UUIDs made from the key. */
export const context: MappingContext = {
  resourceId(type, key) {
    const hex = createHash('sha256').update(`${type}\n${key}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  },
  identifierBase: 'https://relais.example/organizations/agency',
};
