import type { LabelMask } from '../../labels/labels.js';
import { maskOf, NEVER } from '../../labels/labels.js';
import type { Resolved } from '../expression/resolved.js';
import type { PackForm } from '../read-pack.js';
import type { Join, MapForm, Node } from '../template/intermediate.js';
import {
  createEmitter,
  flagOf,
  freshName,
  idText,
  inner,
  quote,
  use,
  write,
  type Block,
  type Emitter,
} from './emitter.js';
import { property, stepsOf, truthOf, valueOf } from './expression.js';
import { helperTexts } from './helpers.js';
import type { Emitted } from './literal.js';
import { assemble, emitNode } from './node.js';
import { generateReverse } from './reverse-module.js';
import { shareFunctions } from './share-functions.js';
import { itemPlace, joinPlace, masksOf, readsOf, tracedId } from './trace.js';

/** Changes with what generated modules do: part of their digest, so that an old build never meets a new loader. */
export const MODULE_FORMAT = 7;

/**
 * Generates the ES module of a pack: one function per map, straight-line code, no imports, no `eval`. It exports
 * `name`, `version`, `link(runtime)`, `toFhir(record, permitted, context)` and, unless the pack is one-way,
 * `fromFhir(bundle, permitted, context)`, `identify(context)` and `source`.
 *
 * @param version SHA-256 (hex) of the files and of the source model's labels
 */
export function generateModule(pack: PackForm, version: string): string {
  return moduleText(createEmitter(pack), pack, version);
}

/**
 * Generates the trace build of a pack: the functions of the way out, whose leaf values are wrapped with the number of
 * their leaf and the places of the record that they came from. It exports besides `marks`, what each number stands for,
 * and `reads`, the patterns of the paths that some leaf reads, and `masks`, the labels of every path of the source.
 */
export function generateTraceModule(pack: PackForm, version: string): string {
  const emitter = createEmitter(pack, true);
  const text = moduleText(emitter, pack, version);
  const reads = [...new Set(pack.maps.flatMap(({ template }) => readsOf(template)))].sort();
  const tables = { marks: emitter.marks, reads, masks: Object.fromEntries(masksOf(pack.model.root, '')) };
  const texts = Object.entries(tables).map(([name, table]) => `export const ${name} = ${literal(table)};\n`);
  return [text, ...texts].join('');
}

const literal = (value: unknown): string => JSON.stringify(value).replace(/[\u2028\u2029]/g, ' ');

function moduleText(emitter: Emitter, pack: PackForm, version: string): string {
  const functions = pack.maps.map((map, index) => mapFunction(emitter, map, `map${index + 1}`));
  const recordKey = pack.recordKey === null ? null : valueOf(emitter, pack.recordKey);
  const never = maskOf([NEVER]);
  // A trace tells of the way out: nobody asks a trace build for the way back.
  const reverse = pack.oneWay || emitter.marks !== null ? '' : `${generateReverse(emitter, pack)}\n`;
  const namespaces = [...emitter.namespaces].map(([name, field]) => `, ${field}: base + ${quote(`/${name}`)}`);
  return shareFunctions(`// Generated from mappings/${pack.name} by scripts/build.mjs; do not edit.
export const name = ${quote(pack.name)};
export const version = ${quote(version)};
let R;
export function link(runtime) { R = runtime; for (const value of constants) R.fix(value); }
const constants = [];
function fixed(value) { constants.push(value); return value; }
export function toFhir(record, permitted, ctx) {
  const out = [];
  const key = ctx.recordKey ?? ${recordKey ?? 'undefined'};
  const within = key == null ? '' : \`\${String(key).length}:\${key}\`;
  const s = { out, record, ctx, names: namesOf(ctx), within, no: ~(permitted & ~${never})${emitter.cached.map((name) => `, ${name}: undefined`).join('')} };
${pack.maps.map((_, index) => `  map${index + 1}(s);`).join('\n')}
  return out;
}
let names;
function namesOf(ctx) {
  const base = ctx.identifierBase;
  if (names === undefined || names.base !== base) names = { base${namespaces.join('')} };
  return names;
}
${functions.join('\n')}
${reverse}${emitter.hoisted.join('\n')}
${helperTexts(emitter.helpers).join('\n')}
`);
}

function mapFunction(emitter: Emitter, map: MapForm, name: string): string {
  const base = map.key.mask | map.alias.mask;
  const flags = new Map<LabelMask, string>();
  const top: Block = { lines: [], depth: 1, granted: base, flags };
  const isList = map.source.kind === 'each';
  const block = isList ? itemPlace(emitter, inner(top), map.source.of, map.alias, 'i') : top;
  const { variable } = map.alias;
  if (isList) {
    write(top, `const list = ${valueOf(emitter, map.source.of)};`);
    write(top, 'if (list == null) return;');
    write(top, 'for (let i = 0; i < list.length; i++) {');
    write(block, `const ${variable} = list[i];`);
  } else {
    write(top, `const ${variable} = ${valueOf(emitter, map.source.of)};`);
    write(top, `if (${variable} == null) return;`);
  }
  const leave = isList ? 'continue' : 'return';
  if (map.where !== null) write(block, `if (!${truthOf(emitter, map.where)}) ${leave};`);
  for (const join of map.joins) emitJoin(emitter, block, join);
  const placed = map.joins.reduce((within, join) => joinPlace(emitter, within, join), block);
  const keyName = freshName(emitter, 'key');
  write(block, `const ${keyName} = ${valueOf(emitter, map.key)};`);
  // A row without its key is nobody's resource.
  if (!map.key.definite) write(block, `if (${keyName} == null) ${leave};`);
  write(block, `let labels = ${base};`);
  const path = map.key.op === 'member' && map.key.reads.size === 1 ? [...map.key.reads][0]! : null;
  const key = { text: valueOf(emitter, map.key), path: path?.includes('[]') === true ? null : path };
  emitResource(emitter, { ...placed, key, held: { own: new Map(), outer: null } }, map, keyName);
  if (isList) write(top, '}');
  const globals = map.globals.map((alias) => `  const ${alias.variable} = ${globalPath(alias.path)};`);
  const checks = [...flags].map(([mask, flag]) => `  const ${flag} = (s.no & ${mask}) === 0;`);
  return [
    `// ${map.name} → ${map.resourceType} (${map.place.file})`.replace(/[\r\n\u2028\u2029]/g, ' '),
    `function ${name}(s) {`,
    `  if ((s.no & ${base}) !== 0) return;`,
    '  const record = s.record;',
    ...globals.filter((line) => used(line, top.lines)),
    ...checks,
    ...top.lines,
    '}',
  ].join('\n');
}

const used = (declaration: string, lines: readonly string[]): boolean => {
  const variable = /const (\w+) =/.exec(declaration)![1]!;
  return lines.some((line) => new RegExp(`\\b${variable}\\b`).test(line));
};

const globalPath = (path: string): string =>
  stepsOf(path).reduce((of, name, index) => property(of, name, index === 0), 'record');

/** The resource leaves when something besides its keys and references to the record's person is in it. */
function emitResource(emitter: Emitter, block: Block, map: MapForm, keyName: string): void {
  const known = new Set([...map.key.reads, ...(emitter.pack.recordKey?.reads ?? []), map.alias.path]);
  const members = map.template.members.map(({ name, node }) => ({
    name,
    emitted: emitNode(emitter, block, node),
    isContent: hasContent(node, known),
  }));
  const contents = members.filter(({ isContent }) => isContent).map(({ emitted }) => emitted.present);
  const type: Emitted = { value: quote(map.resourceType), present: null };
  const ownId = idText(emitter, map, keyName);
  const id: Emitted = { value: tracedId(emitter, block, map, ownId), present: null };
  const parts = [{ name: 'resourceType', emitted: type }, { name: 'id', emitted: id }, ...members];
  const always = contents.includes(true);
  const body = always ? block : inner(block);
  if (!always) write(block, `if (${contents.filter((present) => present !== null).join(' || ') || 'false'}) {`);
  const name = freshName(emitter, 'r');
  assemble(body, parts, `let ${name}`, name);
  const from = emitter.marks === null ? '' : `, map: ${quote(map.name)}`;
  write(body, `s.out.push({ resource: ${name}, labels${from} });`);
  if (!always) write(block, '}');
}

function hasContent(node: Node, known: ReadonlySet<string>): boolean {
  switch (node.kind) {
    case 'const':
      return false;
    case 'leaf':
      return node.parts.some((part) => typeof part !== 'string' && [...part.reads].some((path) => !known.has(path)));
    case 'obj':
      return node.members.some((member) => hasContent(member.node, known));
    case 'arr':
      return node.items.some((item) => hasContent(item, known));
    case 'each':
      return true;
    case 'if':
      return true;
  }
}

/** A row of another table by equal columns, through an index that the run makes once. The first of equal rows is taken. */
function emitJoin(emitter: Emitter, block: Block, { alias, table, on }: Join): void {
  const index = freshName(emitter, 'index');
  emitter.cached.push(index);
  const columns = on.map(({ column }) => `(${property('row', column, true)} || undefined)`);
  emitter.hoisted.push(
    `function ${index}(rows) {
  const index = new Map();
  if (rows == null) return index;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const key = ${paired(emitter, columns)};
    if (key != null && !index.has(key)) index.set(key, row);
  }
  return index;
}`,
  );
  const values = on.map(({ value }: { value: Resolved }) => valueOf(emitter, value));
  const flag = flagOf(block, alias.mask);
  const row = `(s.${index} ??= ${index}(${property('record', table, true)})).get(${paired(emitter, values)})`;
  write(block, `const ${alias.variable} = ${flag === null ? row : `${flag} ? ${row} : undefined`};`);
}

function paired(emitter: Emitter, values: readonly string[]): string {
  return values.reduce((left, right) => `${use(emitter, 'pair')}(${left}, ${right})`);
}
