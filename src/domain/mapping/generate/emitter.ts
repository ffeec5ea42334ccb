import type { LabelMask } from '../../labels/labels.js';
import type { CodeMap } from '../code-map.js';
import type { PackForm } from '../read-pack.js';
import { carriersOf } from '../reverse/carried.js';
import type { MapForm } from '../template/intermediate.js';
import type { LeafMark } from '../trace/traced.js';
import type { HelperName } from './helpers.js';

/** What the generation of one module collects besides the bodies of its maps. */
export interface Emitter {
  readonly pack: PackForm;
  readonly mapByName: ReadonlyMap<string, MapForm>;
  readonly helpers: Set<HelperName>;
  /** Functions of code maps, of `where` and of joins. */
  readonly hoisted: string[];
  /** Names of hoisted functions by their text. */
  readonly hoistedNames: Map<string, string>;
  readonly tables: Map<string, string>;
  /** Fields of the state of one run that are filled when first asked for. */
  readonly cached: string[];
  /** References that are one for the whole run (to its person), by their text: names in `cached`. */
  readonly references: Map<string, string>;
  /** Maps of several resources to which others refer: what keeps their ids during a run, fields in `cached`. */
  readonly idsOf: ReadonlyMap<string, string>;
  /** Namespaces of the agency, by their last part: fields of `s.names`, worked out once a context. */
  readonly namespaces: Map<string, string>;
  /** Marks of the leaves of a trace build; null in the build that runs every day. */
  readonly marks: LeafMark[] | null;
  next: number;
}

export function createEmitter(pack: PackForm, trace = false): Emitter {
  const mapByName = new Map(pack.maps.map((map) => [map.name, map]));
  const idsOf = referredMaps(pack);
  const marks = trace ? [] : null;
  return {
    pack,
    mapByName,
    helpers: new Set(),
    hoisted: [],
    hoistedNames: new Map(),
    tables: new Map(),
    cached: [...idsOf.values()],
    references: new Map(),
    idsOf,
    namespaces: new Map(),
    marks,
    next: 0,
  };
}

function referredMaps(pack: PackForm): ReadonlyMap<string, string> {
  const ways = pack.maps.flatMap((map) => carriersOf(map.template).map(({ inverse }) => inverse.way));
  const referred = new Set(ways.flatMap((way) => (way.kind === 'ref' ? [way.map] : [])));
  const several = pack.maps.filter(({ name, source }) => source.kind === 'each' && referred.has(name));
  return new Map(several.map(({ name }, index) => [name, `ids${index + 1}`]));
}

/** JavaScript for the id of the resource that a map makes of a key; asked for once a run where others refer to it. */
export function idText(emitter: Emitter, map: MapForm, key: string): string {
  const start = `${quote(map.resourceType)}, ${quote(map.name)}, ${map.keyedWithinRecord}, ${key}`;
  const ids = emitter.idsOf.get(map.name);
  return ids === undefined
    ? `${use(emitter, 'idOf')}(s, ${start})`
    : `${use(emitter, 'keptId')}(s, (s.${ids} ??= new Map()), ${start})`;
}

/** Strings enter generated code through JSON.stringify only: nothing that a file says can end a literal. */
export function quote(value: string | number | boolean): string {
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  const text = JSON.stringify(value);
  if (!SEPARATORS.test(text)) return text;
  return text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
/** Letters of ASCII that stand in a literal as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;
const SEPARATORS = /[\u2028\u2029]/;

export function freshName(emitter: Emitter, prefix: string): string {
  emitter.next += 1;
  return `${prefix}${emitter.next}`;
}

/** Name of a function outside the maps; one text is one function. */
export function hoist(emitter: Emitter, prefix: string, text: string): string {
  const identity = `${prefix}${text}`;
  const known = emitter.hoistedNames.get(identity);
  if (known !== undefined) return known;
  const name = freshName(emitter, prefix);
  emitter.hoistedNames.set(identity, name);
  emitter.hoisted.push(`function ${name}${text}`);
  return name;
}

/** Name of a constant outside the maps; one text is one constant. */
export function hoistConstant(emitter: Emitter, literal: string): string {
  const known = emitter.hoistedNames.get(literal);
  if (known !== undefined) return known;
  const name = freshName(emitter, 'K');
  emitter.hoistedNames.set(literal, name);
  emitter.hoisted.push(`const ${name} = fixed(${literal});`);
  return name;
}

export function use(emitter: Emitter, helper: HelperName): HelperName {
  emitter.helpers.add(helper);
  return helper;
}

/** Name of the function that translates by a column of a code map. */
export function tableFunction(emitter: Emitter, table: CodeMap, column: string): string {
  const known = emitter.tables.get(`${table.name}\n${column}`);
  if (known !== undefined) return known;
  const name = freshName(emitter, `code_${table.name.replace(/\W/g, '_')}_`);
  emitter.tables.set(`${table.name}\n${column}`, name);
  const cases = [...table.rows].flatMap(([code, row]) => {
    const value = row.columns.get(column);
    return value === undefined
      ? [`case ${quote(code)}: return undefined;`]
      : [`case ${quote(code)}: return ${quote(value)};`];
  });
  const other = table.unmapped.policy === 'code' ? table.unmapped.row.columns.get(column) : undefined;
  const unmapped = table.unmapped.policy === 'copy' ? 'code' : other === undefined ? null : quote(other);
  // What is no code at all is no unmapped code: a coarse one in its place would come back as a code that nobody said.
  const fallback = unmapped === null ? 'undefined' : `/^\\S+$/.test(code) ? ${unmapped} : undefined`;
  emitter.hoisted.push(
    `function ${name}(code) {\n  if (code == null) return undefined;\n  switch (typeof code === "string" ? code : String(code)) {\n    ${cases.join('\n    ')}\n    default: return ${fallback};\n  }\n}`,
  );
  return name;
}

/** Where the statements of one map go, and what is known to be permitted at this point. */
export interface Block {
  readonly lines: string[];
  readonly depth: number;
  /** Labels that an enclosing check found permitted. */
  readonly granted: LabelMask;
  /** Permission flags of the map's function, by mask. */
  readonly flags: Map<LabelMask, string>;
  /** The key of the map, which was found to be there: its JavaScript, and its path where the record has one of it. */
  readonly key?: { readonly text: string; readonly path: string | null } | undefined;
  /** Variables that hold a value already, by its JavaScript and its labels: amounts name their currency twice. */
  readonly held?: Held | undefined;
  /** In a trace build: JavaScript for the place in the record of the items that are gone through here, by variable. */
  readonly at?: ReadonlyMap<string, string> | undefined;
}

/** What variables of one block hold; those of the blocks around it can be read in it. */
interface Held {
  readonly own: Map<string, string>;
  readonly outer: Held | null;
}

export function write(block: Block, line: string): void {
  block.lines.push(`${'  '.repeat(block.depth)}${line}`);
}

export function inner(block: Block, granted: LabelMask = block.granted): Block {
  const { lines, depth, flags, key, held, at } = block;
  const own: Held | undefined = held && { own: new Map(), outer: held };
  return { lines, depth: depth + 1, granted, flags, key, held: own, at };
}

/** The flag that says whether these labels are permitted; null when that is known already. */
export function flagOf(block: Block, mask: LabelMask): string | null {
  const needed = mask & ~block.granted;
  if (needed === 0) return null;
  const known = block.flags.get(needed);
  if (known !== undefined) return known;
  const name = `may${block.flags.size + 1}`;
  block.flags.set(needed, name);
  return name;
}
