import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RelaisError } from '../../kernel/errors.js';
import type { ModelOf, PackSource } from '../../domain/mapping/compile-pack.js';
import { createReport, nearest, type Finding } from '../../domain/mapping/finding.js';
import { readModel, type ModelSource } from '../../domain/mapping/models/model-source.js';
import type { PackFile } from '../../domain/mapping/read-pack.js';
import { entryOf, readYaml, textOf } from '../../domain/mapping/template/yaml-tree.js';
import { placesIn } from './schema-places.js';

/** A model, or the text of a JSON file that holds one, so that what is wrong in it can be placed. */
export type GivenModel = ModelSource | { readonly file: string; readonly text: string };

export interface FolderOptions {
  /** The model of each pack, by the name that `pack.yaml` gives it. */
  readonly models: Readonly<Record<string, GivenModel>>;
  /** Labels of every property that has none. Without them, what has no label cannot be read. */
  readonly defaultLabels?: readonly string[];
}

/** One pack of a folder, ready to be checked or compiled. */
export interface FolderPack {
  readonly source: PackSource;
  readonly modelOf: ModelOf;
}

/**
 * Reads the packs of a folder: the folder itself when it has a `pack.yaml`, else each folder in it that has one. The code
 * maps of all are in `codes/`. Paths of findings begin with the folder as it was given.
 *
 * @throws RelaisError 422 `mapping.no-pack` when there is none
 */
export async function readFolder(
  dir: string,
  { models, defaultLabels = [] }: FolderOptions,
): Promise<{ readonly packs: readonly FolderPack[]; readonly findings: readonly Finding[] }> {
  const { report, findings } = createReport();
  const codes = (await filesIn(dir, 'codes')).map((file) => file);
  const packs: FolderPack[] = [];
  const names = new Set<string>();
  for (const folder of await packFolders(dir)) {
    const files = await filesIn(dir, folder);
    const pack = files.find(({ path }) => isNamed(path, 'pack.yaml'))!;
    const labels = files.find(({ path }) => isNamed(path, 'labels.yaml')) ?? null;
    const tree = readYaml(pack.path, pack.text, () => undefined);
    const entry = tree?.kind === 'map' ? entryOf(tree, 'pack') : undefined;
    const name = textOf(entry?.value);
    const place = entry?.value.place ?? { file: pack.path, line: 1, column: 1 };
    if (name === undefined || !/^[A-Za-z0-9][\w-]{0,63}$/.test(name)) {
      report(place, 'pack is the name of the pack: letters, digits, - and _.');
      continue;
    }
    if (names.has(name)) report(place, `Another pack is called ${name} already.`);
    names.add(name);
    const given = Object.hasOwn(models, name) ? models[name] : undefined;
    if (given === undefined) {
      report(place, `No model is given for the pack ${name}.`, nearest(name, Object.keys(models)));
      continue;
    }
    const maps = files.filter(({ path }) => path.endsWith('.map.yaml'));
    packs.push({ source: { name, pack, maps, codes, labels }, modelOf: modelOf(name, given, defaultLabels) });
  }
  for (const name of Object.keys(models)) {
    if (!names.has(name))
      report({ file: `models.${name}`, line: 1, column: 1 }, `There is no pack ${name}.`, nearest(name, names));
  }
  return { packs, findings };
}

function modelOf(name: string, given: GivenModel, defaultLabels: readonly string[]): ModelOf {
  if (typeof given === 'object' && 'file' in given && typeof given.text === 'string') {
    const { file, text } = given as { file: string; text: string };
    const { value, placeOf, findings } = placesIn(file, text);
    return (pack) => {
      const reading = readModel(pack, { name, source: value as ModelSource, defaultLabels, placeOf });
      return findings.length > 0 ? { ...reading, findings } : reading;
    };
  }
  const placeOf = () => ({ file: `models.${name}`, line: 1, column: 1 });
  return (pack) => readModel(pack, { name, source: given, defaultLabels, placeOf });
}

const isNamed = (path: string, name: string): boolean => path === name || path.endsWith(`/${name}`);

/** Folders with a `pack.yaml`, by name; the empty text for the folder itself. */
async function packFolders(dir: string): Promise<string[]> {
  if (await isFile(join(dir, 'pack.yaml'))) return [''];
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const folders = entries.flatMap((entry) => (entry.isFile() ? [] : [entry.name])).sort();
  const found: string[] = [];
  for (const folder of folders) if (await isFile(join(dir, folder, 'pack.yaml'))) found.push(folder);
  if (found.length > 0) return found;
  throw new RelaisError('mapping.no-pack', 422, 'not-found', 'Neither this folder nor one in it has a pack.yaml.');
}

const isFile = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

async function filesIn(dir: string, folder: string): Promise<PackFile[]> {
  const names = await readdir(join(dir, folder)).catch(() => []);
  const files = names.filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (name) => ({
      path: folder === '' ? name : `${folder}/${name}`,
      text: await readFile(join(dir, folder, name), 'utf8'),
    })),
  );
}
