import type { LabelMask } from '../../labels/labels.js';
import type { SourceNode } from '../source-model.js';
import type { Alias, Resolved } from '../expression/resolved.js';
import { targetOf } from '../reverse/target.js';
import type { ConstNode, Join, LeafNode, MapForm, Node } from '../template/intermediate.js';
import type { LeafMark } from '../trace/traced.js';
import { quote, type Block, type Emitter } from './emitter.js';
import { property, valueOf } from './expression.js';

/**
 * What a trace build adds to generated code: each leaf value is wrapped with the number of its leaf and with the places
 * of the record that it was read from. Without `marks` every function here gives back what it was given.
 */
export function traced(emitter: Emitter, block: Block, node: ConstNode | LeafNode, value: string): string {
  if (emitter.marks === null) return value;
  const expressions = node.kind === 'const' ? [] : node.parts.filter((part) => typeof part !== 'string');
  return wrapped(emitter, block, { ...node.place, ...kindOf(node) }, expressions, value);
}

/** The logical id of the resource, computed from its key. */
export function tracedId(emitter: Emitter, block: Block, map: MapForm, value: string): string {
  return wrapped(emitter, block, { ...map.place, kind: 'computed' }, [map.key], value);
}

function wrapped(
  { marks }: Emitter,
  block: Block,
  mark: LeafMark,
  expressions: readonly Resolved[],
  value: string,
): string {
  if (marks === null) return value;
  const sources = new Set(expressions.flatMap((expression) => sourcesOf(block, expression)));
  return `R.traced(${value}, ${marks.push(mark) - 1}, () => [${[...sources].join(', ')}])`;
}

function kindOf(node: ConstNode | LeafNode): Pick<LeafMark, 'kind' | 'codes'> {
  if (node.kind === 'const' || node.constant) return { kind: 'constant' };
  const dynamic = node.parts.filter((part) => typeof part !== 'string');
  const only = dynamic.length === 1 ? dynamic[0]! : null;
  if (only === null) return { kind: 'computed' };
  if (only.op === 'translate') return { kind: 'code', codes: only.table.name };
  if (only.op === 'ref') return { kind: 'reference' };
  return { kind: targetOf(only) === null ? 'computed' : 'value' };
}

/** Remembers where the items of a list stand, while their code is generated. */
export function itemPlace(emitter: Emitter, block: Block, of: Resolved, item: Alias, index: string): Block {
  if (emitter.marks === null) return block;
  const list = of.op === 'where' ? of.of : of;
  // Of a filtered list the place in the whole list is told.
  const at = of.op === 'where' ? `${valueOf(emitter, list)}.indexOf(${item.variable})` : index;
  const target = targetOf(list);
  const path = target === null ? null : placeText(block, target.alias, target.names);
  const place = path === null ? quote(item.path) : `${path} + "[" + ${at} + "]"`;
  return withPlace(block, item, place);
}

/** Remembers where a joined row stands in its table. */
export function joinPlace(emitter: Emitter, block: Block, { alias, table }: Join): Block {
  if (emitter.marks === null) return block;
  const rows = property('record', table, true);
  // A condition may ask for a row that is not there.
  const at = `(${alias.variable} === undefined ? "" : ${rows}.indexOf(${alias.variable}))`;
  return withPlace(block, alias, `${quote(`${table}[`)} + ${at} + "]"`);
}

const withPlace = (block: Block, { variable }: Alias, place: string): Block => ({
  ...block,
  at: new Map([...(block.at ?? []), [variable, place]]),
});

/** JavaScript for a place of the record: `"needs[" + i + "]" + ".category"`. */
function placeText(block: Block, { variable, path }: Alias, names: readonly string[]): string {
  const own = block.at?.get(variable);
  if (own === undefined) return quote([path, ...names].filter(Boolean).join('.'));
  return names.length === 0 ? own : `${own} + ${quote(`.${names.join('.')}`)}`;
}

/** JavaScript for every place that an expression reads. */
function sourcesOf(block: Block, expression: Resolved): string[] {
  const target = targetOf(expression);
  if (target !== null) {
    const isRecord = target.alias.path === '' && target.names.length === 0;
    return isRecord ? [] : [placeText(block, target.alias, target.names)];
  }
  const all = (...parts: readonly Resolved[]): string[] => parts.flatMap((part) => sourcesOf(block, part));
  switch (expression.op) {
    case 'member':
    case 'translate':
    case 'ref':
      return all(expression.of);
    case 'where':
      return all(expression.of, expression.criteria);
    case 'call':
      return all(expression.of, ...expression.args);
    case 'binary':
      return all(expression.left, expression.right);
    case 'iif':
      return all(
        expression.criteria,
        expression.then,
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      );
    case 'alias':
    case 'literal':
    case 'system':
      return [];
  }
}

/** Patterns of the source paths that the leaves of a template read. */
export function readsOf(node: Node): string[] {
  switch (node.kind) {
    case 'const':
      return [];
    case 'leaf':
      return node.parts.flatMap((part) => (typeof part === 'string' ? [] : [...part.reads]));
    case 'obj':
      return node.members.flatMap((member) => readsOf(member.node));
    case 'arr':
      return node.items.flatMap(readsOf);
    case 'each':
      return readsOf(node.body);
    case 'if':
      return [...readsOf(node.then), ...(node.otherwise === null ? [] : readsOf(node.otherwise))];
  }
}

/** Pattern and labels of every field of a source model. */
export function masksOf(node: SourceNode, path: string): [string, LabelMask][] {
  const own = node.many ? `${path}[]` : path;
  if (node.kind === 'value') return [[own, node.mask ?? 0]];
  return [...node.members].flatMap(([name, member]) => masksOf(member, own === '' ? name : `${own}.${name}`));
}
