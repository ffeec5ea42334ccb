import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackName, PackSource } from '../../domain/mapping/compile-pack.js';
import type { PackFile } from '../../domain/mapping/read-pack.js';

/** Reads every file that a pack is made from: `mappings/<pack>/*` and the code maps of all packs. */
export async function readPackFiles(root: string, name: PackName): Promise<PackSource> {
  const folder = await filesIn(root, `mappings/${name}`);
  const codes = await filesIn(root, 'mappings/codes');
  const pack = folder.find(({ path }) => path.endsWith('/pack.yaml')) ?? {
    path: `mappings/${name}/pack.yaml`,
    text: '',
  };
  return {
    name,
    pack,
    maps: folder.filter(({ path }) => path.endsWith('.map.yaml')),
    codes: codes.filter(({ path }) => path.endsWith('.yaml')),
    labels: folder.find(({ path }) => path.endsWith('/labels.yaml')) ?? null,
  };
}

async function filesIn(root: string, folder: string): Promise<PackFile[]> {
  const names = await readdir(join(root, folder)).catch(() => []);
  const files = names.filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (name) => ({ path: `${folder}/${name}`, text: await readFile(join(root, folder, name), 'utf8') })),
  );
}

/** File name → text of everything that a pack is made from. */
export async function packTexts(root: string, name: PackName): Promise<Record<string, string>> {
  const { pack, maps, codes, labels } = await readPackFiles(root, name);
  const files = [pack, ...maps, ...codes, ...(labels === null ? [] : [labels])];
  return Object.fromEntries(files.map(({ path, text }) => [path, text]));
}
