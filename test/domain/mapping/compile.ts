import { createHash } from 'node:crypto';
import { compilePack, type PackName } from '../../../src/domain/mapping/compile-pack.js';
import { formatFinding, type Finding } from '../../../src/domain/mapping/finding.js';
import type { MappedResource, MappingContext, Reversed } from '../../../src/domain/mapping/mapping.js';
import { mappingRuntime } from '../../../src/domain/mapping/runtime.js';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
export const EVERYTHING = 0x3fffffff;

/** Ids that a reader of a test can follow. */
export const context: MappingContext = {
  resourceId: (type, key) => `${type}:${key}`,
  identifierBase: 'https://agency.example',
};

export interface Files {
  /** The one map of the pack, or several by file name. */
  readonly maps: string | Readonly<Record<string, string>>;
  readonly codes?: string | readonly string[];
  readonly labels?: string;
  /** False (the default here): the pack only leaves, so that any expression may stand in it. */
  readonly twoWay?: boolean;
}

function codeFilesOf({ codes = [] }: Files) {
  if (typeof codes === 'string') return [{ path: 'codes.yaml', text: codes }];
  return codes.map((text, index) => ({ path: `codes-${index + 1}.yaml`, text }));
}

function sourceOf(name: PackName, files: Files) {
  const maps = typeof files.maps === 'string' ? { one: files.maps } : files.maps;
  const record = name === 'case' ? '{ as: case, key: person.id }' : '{ as: export }';
  return {
    name,
    pack: {
      path: 'pack.yaml',
      text: `pack: ${name}\nrecord: ${record}\noneWay: ${files.twoWay !== true}\nmaps: [${Object.keys(maps).join(', ')}]\n`,
    },
    maps: Object.entries(maps).map(([file, text]) => ({ path: `${file}.map.yaml`, text })),
    codes: codeFilesOf(files),
    labels: files.labels === undefined ? null : { path: 'labels.yaml', text: files.labels },
  };
}

/** What a pack's files are compiled to, as text. */
export function codeOf(name: PackName, files: Files): string {
  const result = compilePack(sourceOf(name, files), sha256);
  if ('findings' in result) throw new Error(result.findings.map((finding) => formatFinding(finding)).join('\n'));
  return result.code;
}

export function findingsOf(name: PackName, files: Files): readonly Finding[] {
  const result = compilePack(sourceOf(name, files), sha256);
  return 'findings' in result ? result.findings : [];
}

export interface Both {
  readonly toFhir: (record: unknown, permitted: number, context: MappingContext) => MappedResource[];
  readonly fromFhir: (bundle: unknown, permitted: number, context: MappingContext) => Reversed<Record<string, unknown>>;
}
interface Built extends Both {
  link(runtime: unknown): void;
}

export const bundle = (...resources: readonly unknown[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});

/** Compiles and loads what a template makes of a record. */
export const load = async (name: PackName, files: Files): Promise<Both['toFhir']> =>
  (await loadBoth(name, files)).toFhir;

/** Compiles and loads both directions. */
export async function loadBoth(name: PackName, files: Files): Promise<Both> {
  const address = `data:text/javascript;charset=utf-8,${encodeURIComponent(codeOf(name, files))}`;
  const built = (await import(/* @vite-ignore */ address)) as Built;
  built.link(mappingRuntime);
  return built;
}

export async function run(name: PackName, files: Files, record: unknown, permitted = EVERYTHING): Promise<unknown[]> {
  const toFhir = await load(name, files);
  return toFhir(record, permitted, context).map(({ resource }) => resource);
}
