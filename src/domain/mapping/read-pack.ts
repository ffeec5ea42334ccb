import { readCodeMap, type CodeMap } from './code-map.js';
import { checkTarget } from './check-target.js';
import { resolveExpression, type Scope } from './expression/resolve.js';
import type { Alias } from './expression/resolved.js';
import { checkReverse } from './reverse/check-reverse.js';
import { createReport, nearest, type Finding, type Report } from './finding.js';
import type { SourceModel } from './source-model.js';
import type { MapForm } from './template/intermediate.js';
import { expandMap } from './template/expand-map.js';
import { checkKeys, readHeader, readMap, type MapHeader } from './template/read-map.js';
import { entryOf, readYaml, textOf, type MapTree } from './template/yaml-tree.js';

/** The text of one file of a pack; the path is relative to the repository root, with `/`. */
export interface PackFile {
  readonly path: string;
  readonly text: string;
}

/** A pack's files: `pack.yaml` (which maps, in which order), `*.map.yaml`, and the code maps of all packs. */
export interface PackFiles {
  readonly pack: PackFile;
  readonly maps: readonly PackFile[];
  readonly codes: readonly PackFile[];
}

/** A pack read and bound: ready to be generated from when there are no findings. */
export interface PackForm {
  readonly name: string;
  readonly model: SourceModel;
  readonly recordAlias: Alias;
  readonly recordKey: Scope['recordKey'];
  /** A pack that only ever leaves: nothing is derived for the way back, and nothing of it is checked. */
  readonly oneWay: boolean;
  /** In the order in which their resources leave. */
  readonly maps: readonly MapForm[];
}

export const PACK_KEYS = ['pack', 'about', 'record', 'oneWay', 'maps'] as const;
export const RECORD_KEYS = ['as', 'key'] as const;

/** Reads a whole pack. Never throws for what the files say: every mistake is a finding at its character. */
export function readPack(
  files: PackFiles,
  model: SourceModel,
): { readonly form: PackForm | null; readonly findings: Finding[] } {
  const { report, findings } = createReport();
  const tables = readTables(files.codes, report);
  const tree = readYaml(files.pack.path, files.pack.text, report);
  const form = tree?.kind === 'map' ? readForm(tree, files, model, tables, report) : null;
  if (tree !== null && tree.kind !== 'map') report(tree.place, 'pack.yaml is a mapping that begins with pack:.');
  findings.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column));
  return { form: findings.length > 0 ? null : form, findings };
}

interface TableReading {
  readonly text: string;
  readonly table: CodeMap | null;
  readonly findings: readonly Finding[];
}
/** All packs have the same code maps: each file is read once for as long as its text stays the same. */
const lastRead = new Map<string, TableReading>();

function readTable({ path, text }: PackFile): TableReading {
  const known = lastRead.get(path);
  if (known?.text === text) return known;
  const { report, findings } = createReport();
  const tree = readYaml(path, text, report);
  const reading = { text, table: tree === null ? null : readCodeMap(tree, report), findings };
  lastRead.set(path, reading);
  return reading;
}

function readTables(codes: readonly PackFile[], report: Report): Map<string, CodeMap> {
  const tables = new Map<string, CodeMap>();
  for (const file of codes) {
    const { table, findings } = readTable(file);
    for (const { suggestion, message, ...place } of findings) report(place, message, suggestion);
    if (table === null) continue;
    if (tables.has(table.name)) report(table.place, `Another file is called ${table.name} already.`);
    tables.set(table.name, table);
  }
  return tables;
}

function readForm(
  tree: MapTree,
  files: PackFiles,
  model: SourceModel,
  tables: ReadonlyMap<string, CodeMap>,
  report: Report,
): PackForm | null {
  checkKeys(tree, PACK_KEYS, 'a pack', report);
  const name = textOf(entryOf(tree, 'pack')?.value);
  const record = entryOf(tree, 'record')?.value;
  if (name === undefined || record?.kind !== 'map') {
    report(tree.place, 'A pack needs pack (its name), record (the name and key of its record) and maps.');
    return null;
  }
  checkKeys(record, RECORD_KEYS, 'record', report);
  const scope = rootScope(record, model, tables, report);
  if (scope === null) return null;
  const headers = orderOf(tree, files, report)
    .map(({ path, text }) => readYaml(path, text, report))
    .filter((map) => map !== null)
    .flatMap((map) => expandMap(map, report))
    .map((map) => readHeader(map, { ...scope, item: scope.aliases.values().next().value! }, report))
    .filter((header) => header !== null);
  refuseRepeated(headers, report);
  const globals = headers.filter(({ single }) => single).map((header) => globalOf(header));
  const targets = new Map(headers.map((header) => [header.map, header]));
  const mapScope = (): Scope => ({
    ...scope,
    targets,
    aliases: new Map([...scope.aliases, ...globals.map((alias) => [alias.name, alias] as const)]),
    nextVariable: variables(),
  });
  const maps = headers.map((header) => readMap(header, mapScope(), globals, report)).filter((map) => map !== null);
  const mapTypes = new Map(headers.map((header) => [header.map, header.resourceType]));
  for (const map of maps) checkTarget(map, mapTypes, report);
  const oneWay = readOneWay(tree, report);
  const recordAlias = scope.aliases.values().next().value!;
  if (!oneWay) checkReverse(maps, scope.recordKey, report);
  return { name, model, recordAlias, recordKey: scope.recordKey, oneWay, maps };
}

function readOneWay(tree: MapTree, report: Report): boolean {
  const value = entryOf(tree, 'oneWay')?.value;
  if (value === undefined) return false;
  if (value.kind !== 'scalar' || typeof value.value !== 'boolean') report(value.place, 'oneWay is true or false.');
  return value.kind === 'scalar' && value.value === true;
}

function rootScope(
  record: MapTree,
  model: SourceModel,
  tables: ReadonlyMap<string, CodeMap>,
  report: Report,
): Scope | null {
  const as = textOf(entryOf(record, 'as')?.value);
  if (as === undefined) {
    report(record.place, 'record needs as: the name of the whole record.');
    return null;
  }
  const root: Alias = { name: as, variable: 'record', node: model.root, path: '', definite: true, mask: 0 };
  const scope: Scope = {
    model,
    aliases: new Map([[as, root]]),
    item: null,
    tables,
    targets: new Map(),
    recordKey: null,
    nextVariable: variables(),
  };
  const key = entryOf(record, 'key')?.value;
  const text = textOf(key);
  if (key?.kind !== 'scalar' || text === undefined) return scope;
  return { ...scope, recordKey: resolveExpression(text, { ...scope, item: root }, (at) => key.placeAt(at), report) };
}

/** The record's one entity of a kind can be named in every map: `person.ref()`. */
function globalOf({ of, as }: MapHeader): Alias {
  const node = of.op === 'member' || of.op === 'alias' ? (of.op === 'member' ? of.node : of.alias.node) : null;
  const path = [...of.reads].at(-1) ?? '';
  return { name: as, variable: `one_${as.replace(/\W/g, '_')}`, node: node!, path, definite: of.definite, mask: 0 };
}

function orderOf(tree: MapTree, files: PackFiles, report: Report): PackFile[] {
  const list = entryOf(tree, 'maps')?.value;
  const byName = new Map(files.maps.map((file) => [fileName(file), file]));
  if (list?.kind !== 'list') {
    report(tree.place, 'A pack lists its maps under maps, in the order in which their resources leave.');
    return [];
  }
  const listed = new Set<string>();
  const order = list.items.flatMap((item) => {
    const name = textOf(item) ?? '';
    const file = byName.get(name);
    listed.add(name);
    if (file === undefined) report(item.place, `There is no file ${name}.map.yaml.`, nearest(name, byName.keys()));
    return file ?? [];
  });
  for (const [name, { path }] of byName) {
    if (!listed.has(name))
      report({ file: path, line: 1, column: 1 }, `pack.yaml does not list ${name}, so this map would never run.`);
  }
  return order;
}

const fileName = ({ path }: PackFile): string => /([^/]+)\.map\.yaml$/.exec(path)?.[1] ?? path;

function refuseRepeated(headers: readonly MapHeader[], report: Report): void {
  const seen = new Set<string>();
  for (const { map, tree } of headers) {
    if (seen.has(map)) report(entryOf(tree, 'map')!.value.place, `Another map is called ${map} already.`);
    seen.add(map);
  }
}

function variables(): (name: string) => string {
  let next = 0;
  return (name) => `a${(next += 1)}_${name.replace(/\W/g, '_')}`;
}
