import { resolveExpression, placeOf, type Scope } from '../expression/resolve.js';
import type { Alias, Resolved } from '../expression/resolved.js';
import { nearest, type Place, type Report } from '../finding.js';
import type { SourceNode } from '../source-model.js';
import type { ArrNode, EachNode, LeafNode, Member, Node, ObjNode } from './intermediate.js';
import { constOf, readLeaf } from './leaf.js';
import { substitute, type Substitutions } from './substitute.js';
import { entryOf, type ListTree, type MapTree, type ScalarTree, type Tree } from './yaml-tree.js';

/** Keys that are constructs of the format, not FHIR elements. `for` is one only when it names a variable (Task has a `for`). */
export const CONSTRUCTS = [
  'each',
  'as',
  'key',
  'where',
  'if',
  'else',
  'for',
  'in',
  'slice',
  'get',
  'put',
  'reads',
] as const;
const ITEM = new Set(['each', 'as', 'key', 'where', 'for', 'in']);

export interface Reading {
  readonly scope: Scope;
  readonly values: Substitutions;
  readonly report: Report;
}

/** Reads the `fhir:` part of a map. */
export function readTemplate(tree: MapTree, reading: Reading): ObjNode {
  return readObject(tree, reading);
}

function readNode(tree: Tree, reading: Reading): Node | null {
  if (tree.kind === 'scalar') return readScalar(tree, reading);
  if (tree.kind === 'list') return readList(tree, reading);
  if (entryOf(tree, 'each') !== undefined || isFor(tree)) {
    reading.report(tree.place, 'each and for … in make items, so they stand in a list.');
    return null;
  }
  return readGuarded(tree, reading);
}

function readScalar(tree: ScalarTree, { scope, values, report }: Reading): Node | null {
  if (tree.value === null) {
    report(tree.place, 'An element without a value.');
    return null;
  }
  if (typeof tree.value !== 'string') return constOf(tree, tree.value);
  const text = substitute(tree, values, report);
  if (text.text.includes('{{')) return readLeaf(text, scope, report, { derived: false, reads: [] });
  return constOf(tree, text.text);
}

function readList(tree: ListTree, reading: Reading): ArrNode {
  if (tree.items.length === 0) reading.report(tree.place, 'An empty list: leave the element out.');
  const items = tree.items.flatMap((item) => readItem(item, reading));
  return { kind: 'arr', items, place: tree.place };
}

/** An item of a list: one node, or as many as a compile-time `for` makes. */
function readItem(tree: Tree, reading: Reading): Node[] {
  if (tree.kind !== 'map') {
    const node = readNode(tree, reading);
    return node === null ? [] : [node];
  }
  if (isFor(tree)) return readFor(tree, reading);
  const node = entryOf(tree, 'each') === undefined ? readGuarded(tree, reading) : readEach(tree, reading);
  return node === null ? [] : [node];
}

function isFor(tree: MapTree): boolean {
  return entryOf(tree, 'for')?.value.kind === 'scalar';
}

function readFor(tree: MapTree, reading: Reading): Node[] {
  const variable = String((entryOf(tree, 'for')?.value as ScalarTree).value);
  const list = entryOf(tree, 'in')?.value;
  if (list?.kind !== 'list') {
    reading.report(tree.place, 'for needs a list under in.');
    return [];
  }
  const body: MapTree = { ...tree, entries: tree.entries.filter(({ key }) => key !== 'for' && key !== 'in') };
  return list.items.flatMap((item) => {
    const values = new Map(reading.values);
    if (item.kind === 'scalar') values.set(variable, String(item.value));
    else if (item.kind === 'map') {
      for (const { key, value } of item.entries) {
        if (value.kind === 'scalar') values.set(`${variable}.${key}`, String(value.value));
      }
    } else reading.report(item.place, 'An item of in is a text or a mapping of texts.');
    return readItem(body, { ...reading, values });
  });
}

/** A bare expression: `if`, `where`, `each`, `key` are expressions by themselves and take no braces. */
export function readBare(tree: Tree | undefined, scope: Scope, { values, report }: Reading): Resolved | null {
  if (tree?.kind !== 'scalar' || typeof tree.value !== 'string') {
    if (tree !== undefined) report(tree.place, 'An expression is a text.');
    return null;
  }
  const { text, placeAt } = substitute(tree, values, report);
  if (text.includes('{{')) {
    report(tree.place, 'This key takes an expression as it is, without {{ and }}.');
    return null;
  }
  return resolveExpression(text, scope, placeAt, report);
}

function readEach(tree: MapTree, reading: Reading): EachNode | null {
  const { scope, report } = reading;
  const of = readBare(entryOf(tree, 'each')?.value, scope, reading);
  const name = entryOf(tree, 'as')?.value;
  if (name?.kind !== 'scalar' || typeof name.value !== 'string') {
    report(tree.place, 'each needs a name for its item under as.');
    return null;
  }
  if (of === null) return null;
  const item = itemOf(of, name.value, scope, tree.place, report);
  if (item === null) return null;
  const inner: Reading = { ...reading, scope: { ...scope, aliases: new Map([...scope.aliases, [item.name, item]]) } };
  const where = readBare(entryOf(tree, 'where')?.value, inner.scope, inner);
  const itemMask = item.mask | (where?.mask ?? 0);
  const chosen: Alias = { ...item, mask: itemMask };
  const chosenScope: Scope = { ...scope, aliases: new Map([...scope.aliases, [chosen.name, chosen]]) };
  const key = readBare(entryOf(tree, 'key')?.value, { ...chosenScope, item: chosen }, inner);
  const rest: MapTree = { ...tree, entries: tree.entries.filter(({ key: word }) => !ITEM.has(word)) };
  const body = readGuarded(rest, { ...reading, scope: chosenScope });
  return body === null ? null : { kind: 'each', of, item: chosen, key, where, body, place: tree.place };
}

/** The item of a list as something that expressions can name. */
export function itemOf(of: Resolved, name: string, scope: Scope, place: Place, report: Report): Alias | null {
  const { node, path } = placeOf(of);
  if (node === null || !of.many) {
    report(place, 'each goes through a list of the source, and this is none.');
    return null;
  }
  const single = { ...node, many: false, required: true } as SourceNode;
  return {
    name,
    variable: scope.nextVariable(name),
    node: single,
    path,
    definite: true,
    mask: of.op === 'where' ? of.mask : 0,
  };
}

function readGuarded(tree: MapTree, reading: Reading): Node | null {
  const criteria = entryOf(tree, 'if');
  if (criteria === undefined) return readBody(tree, reading);
  const resolved = readBare(criteria.value, reading.scope, reading);
  const rest: MapTree = { ...tree, entries: tree.entries.filter(({ key }) => key !== 'if' && key !== 'else') };
  const then = readBody(rest, reading);
  const other = entryOf(tree, 'else');
  const otherwise = other === undefined ? null : readNode(other.value, reading);
  if (resolved === null || then === null) return null;
  return { kind: 'if', criteria: resolved, then, otherwise, place: criteria.keyPlace };
}

function readBody(tree: MapTree, reading: Reading): Node | null {
  return entryOf(tree, 'get') === undefined ? readObject(tree, reading) : readLeafObject(tree, reading);
}

function readLeafObject(tree: MapTree, { scope, values, report }: Reading): LeafNode | null {
  for (const { key, keyPlace } of tree.entries) {
    if (!['get', 'put', 'reads'].includes(key))
      report(keyPlace, `A leaf has no ${key}.`, nearest(key, ['get', 'put', 'reads']));
  }
  const get = entryOf(tree, 'get')!.value;
  const put = entryOf(tree, 'put');
  if (get.kind !== 'scalar' || typeof get.value !== 'string') {
    report(get.place, 'get is a text with {{ … }}.');
    return null;
  }
  const direction = put?.value.kind === 'scalar' ? put.value.value : undefined;
  if (put !== undefined && direction !== 'derived') {
    report(put.value.place, 'put is derived: the leaf is computed, and another one carries its value.', 'derived');
  }
  const reads = readDeclared(entryOf(tree, 'reads')?.value, { scope, values, report });
  return readLeaf(substitute(get, values, report), scope, report, { derived: direction === 'derived', reads });
}

function readDeclared(tree: Tree | undefined, reading: Reading): Resolved[] {
  if (tree === undefined) return [];
  const items = tree.kind === 'list' ? tree.items : [tree];
  return items.map((item) => readBare(item, reading.scope, reading)).filter((resolved) => resolved !== null);
}

function readObject(tree: MapTree, reading: Reading): ObjNode {
  const slice = entryOf(tree, 'slice')?.value;
  if (slice !== undefined && slice.kind !== 'scalar') reading.report(slice.place, 'The name of a slice is a text.');
  const unread = new Set<string>();
  const members = tree.entries
    .filter(({ key, value }) => key !== 'slice' && !(key === 'for' && value.kind === 'scalar'))
    .map(({ key, keyPlace, value }): Member | null => {
      const node = readNode(value, reading);
      if (node === null) unread.add(key);
      return node === null ? null : { name: key, node, place: keyPlace };
    })
    .filter((member) => member !== null);
  const name = slice?.kind === 'scalar' ? substitute(slice, reading.values, reading.report).text : undefined;
  return { kind: 'obj', members, unread, slice: name, place: tree.place };
}
