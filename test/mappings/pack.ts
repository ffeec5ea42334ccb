import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildMappings } from '../../src/adapters/mapping/build-mappings.js';
import { loadCompiledMapping } from '../../src/adapters/mapping/load-mapping.js';
import type { MappingContext } from '../../src/domain/mapping/mapping.js';
import { DATA_LABELS, maskOf, NEVER } from '../../src/domain/labels/labels.js';

export const root = resolve(import.meta.dirname, '../..');

/** Everything that any agreement could ever permit. */
export const ALL_BUT_NEVER = maskOf(DATA_LABELS.filter((label) => label !== NEVER));

/** Builds the shipped maps into a folder of their own, so that tests never race with another build. */
export async function buildElsewhere(): Promise<{ readonly folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'relais-maps-'));
  await symlink(join(root, 'mappings'), join(folder, 'mappings'));
  await buildMappings({ root: folder });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

export async function loadPack<Name extends 'case' | 'hmis'>(name: Name) {
  const { folder, remove } = await buildElsewhere();
  try {
    return await loadCompiledMapping(folder, name);
  } finally {
    await remove();
  }
}

/** Ids as a recipient would get them: UUIDs made from the key. */
export const context: MappingContext = {
  resourceId(type, key) {
    const hex = createHash('sha256').update(`${type}\n${key}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  },
  identifierBase: 'https://relais.example/organizations/agency',
};
