import { DATA_LABELS, maskOf, type LabelMask } from '../../labels/labels.js';
import { placeOf, resolveExpression, type RefTarget, type Scope } from '../expression/resolve.js';
import type { Alias, Resolved } from '../expression/resolved.js';
import { nearest, type Place, type Report } from '../finding.js';
import type { SourceNode } from '../source-model.js';
import type { Join, MapForm } from './intermediate.js';
import { itemOf, readBare, readTemplate, type Reading } from './read-template.js';
import { entryOf, textOf, type MapTree, type Tree } from './yaml-tree.js';

export const MAP_KEYS = ['map', 'about', 'from', 'to', 'labels', 'match', 'unmapped', 'fhir'] as const;
export const FROM_KEYS = ['one', 'each', 'as', 'key', 'where', 'join'] as const;
export const JOIN_KEYS = ['table', 'key', 'canBe', 'on'] as const;
export const UNMAPPED = ['preserve', 'report', 'error'] as const;

/** What can be known of a map before any other map is read: enough for references to point to it. */
export interface MapHeader extends RefTarget {
  readonly resourceType: string;
  readonly as: string;
  readonly tree: MapTree;
  readonly from: MapTree;
  readonly of: Resolved;
}

/**
 * First pass: name, source and key of a map.
 *
 * @param scope the record and the record's members, as `from` names them
 */
export function readHeader(tree: Tree, scope: Scope, report: Report): MapHeader | null {
  if (tree.kind !== 'map') {
    report(tree.place, 'A map file is a mapping that begins with map:.');
    return null;
  }
  checkKeys(tree, MAP_KEYS, 'a map', report);
  const map = textOf(entryOf(tree, 'map')?.value);
  const resourceType = textOf(entryOf(tree, 'to')?.value);
  const from = entryOf(tree, 'from')?.value;
  if (map === undefined || resourceType === undefined || from?.kind !== 'map') {
    report(tree.place, 'A map needs map (its name), from (its source), to (a resource type) and fhir.');
    return null;
  }
  checkKeys(from, FROM_KEYS, 'from', report);
  const as = textOf(entryOf(from, 'as')?.value);
  const path = entryOf(from, 'each') ?? entryOf(from, 'one');
  if (as === undefined || path === undefined) {
    report(from.place, 'from needs each or one (a source path) and as (the name of its item).');
    return null;
  }
  const of = readBare(path.value, scope, { scope, values: new Map(), report });
  if (of === null) return null;
  const single = path.key === 'one';
  if (single === of.many)
    report(path.keyPlace, single ? 'This source path is a list: use each.' : 'This source path is no list: use one.');
  const key = entryOf(from, 'key');
  if (key === undefined && !single) report(from.place, 'each needs a key: the field that tells its items apart.');
  if (single === of.many || (key === undefined && !single)) return null;
  return { map, resourceType, path: placeOf(of).path, single, key: fieldNamed(textOf(key?.value)), as, tree, from, of };
}

/** A field whose name is no FHIRPath name stands in backticks: `visit-id`. */
const fieldNamed = (text: string | undefined): string | null => text?.replace(/^`(.*)`$/, '$1') ?? null;

/**
 * Second pass: everything else.
 *
 * @param globals aliases of the record's single entities
 */
export function readMap(header: MapHeader, scope: Scope, globals: readonly Alias[], report: Report): MapForm | null {
  const { tree, from, of, single, resourceType } = header;
  const alias = aliasOf(header, scope, report);
  if (alias === null) return null;
  const values: Reading['values'] = new Map();
  const withItem = extend(scope, [alias]);
  const where = readBare(entryOf(from, 'where')?.value, withItem, { scope: withItem, values, report });
  const chosen: Alias = {
    ...alias,
    mask: alias.mask | (where?.mask ?? 0) | readLabels(entryOf(tree, 'labels')?.value, report),
  };
  const itemScope = extend(scope, [chosen]);
  const key = readKey(header, chosen, itemScope, report);
  const joins = readJoins(entryOf(from, 'join')?.value, itemScope, report);
  const templateScope = extend(
    itemScope,
    joins.map((join) => join.alias),
  );
  const template = entryOf(tree, 'fhir')?.value;
  if (template?.kind !== 'map') {
    report(tree.place, 'A map needs its template under fhir.');
    return null;
  }
  const form = readTemplate(template, { scope: templateScope, values, report });
  const match = readMatch(entryOf(tree, 'match')?.value, tree, report);
  if (key === null) return null;
  return {
    name: header.map,
    resourceType,
    alias: chosen,
    source: { kind: single ? 'one' : 'each', of },
    where,
    key,
    keyedWithinRecord: !single || header.key === null,
    joins,
    globals: globals.filter(({ name }) => name !== header.as),
    match: match.map(({ text }) => text),
    unmapped: readUnmapped(tree, report),
    template: form,
    place: tree.place,
    places: {
      type: entryOf(tree, 'to')!.value.place,
      match: match.map(({ place }) => place),
      key: entryOf(from, 'key')?.value.place ?? from.place,
    },
  };
}

function aliasOf({ from, of, as, single }: MapHeader, scope: Scope, report: Report): Alias | null {
  if (!single) return itemOf(of, as, scope, from.place, report);
  const { node, path } = placeOf(of);
  if (node === null) {
    report(from.place, 'one takes a path of the source.');
    return null;
  }
  return {
    name: as,
    variable: scope.nextVariable(as),
    node: { ...node, required: true } as SourceNode,
    path,
    definite: true,
    mask: 0,
  };
}

function readKey({ from, key }: MapHeader, alias: Alias, scope: Scope, report: Report): Resolved | null {
  if (key !== null)
    return readBare(entryOf(from, 'key')?.value, { ...scope, item: alias }, { scope, values: new Map(), report });
  if (scope.recordKey === null) report(from.place, 'from needs a key: the pack says no key of the record.');
  return scope.recordKey;
}

function extend(scope: Scope, aliases: readonly Alias[]): Scope {
  return { ...scope, aliases: new Map([...scope.aliases, ...aliases.map((alias) => [alias.name, alias] as const)]) };
}

/** Joins come in order: a later one may compare columns of an earlier one. */
function readJoins(tree: Tree | undefined, scope: Scope, report: Report): Join[] {
  if (tree === undefined) return [];
  if (tree.kind !== 'map') {
    report(tree.place, 'join is a mapping from a name to a table.');
    return [];
  }
  const joins: Join[] = [];
  for (const { key: name, value } of tree.entries) {
    const join = readJoin(
      name,
      value,
      extend(
        scope,
        joins.map(({ alias }) => alias),
      ),
      report,
    );
    if (join !== null) joins.push(join);
  }
  return joins;
}

function readJoin(name: string, tree: Tree, scope: Scope, report: Report): Join | null {
  if (tree.kind !== 'map') {
    report(tree.place, 'A join is a mapping with table, key and on.');
    return null;
  }
  checkKeys(tree, JOIN_KEYS, 'a join', report);
  const table = textOf(entryOf(tree, 'table')?.value);
  const key = textOf(entryOf(tree, 'key')?.value);
  const on = entryOf(tree, 'on')?.value;
  const canBe = entryOf(tree, 'canBe')?.value;
  if (table === undefined || key === undefined || on?.kind !== 'map') {
    report(tree.place, 'A join is a mapping with table, key and on.');
    return null;
  }
  if (canBe !== undefined && textOf(canBe) !== 'absent')
    report(canBe.place, 'canBe is absent, or is not there.', 'absent');
  const node = scope.model.root.members.get(table);
  if (node?.kind !== 'object' || !node.many) {
    report(
      entryOf(tree, 'table')!.value.place,
      `The source has no table ${table}.`,
      nearest(table, scope.model.root.members.keys()),
    );
    return null;
  }
  if (!node.members.has(key)) {
    report(
      entryOf(tree, 'key')!.value.place,
      `The table ${table} has no column ${key}.`,
      nearest(key, node.members.keys()),
    );
    return null;
  }
  const columns = on.entries.map(({ key: column, keyPlace, value }) => {
    if (!node.members.has(column))
      report(keyPlace, `The table ${table} has no column ${column}.`, nearest(column, node.members.keys()));
    const text = textOf(value);
    if (text === undefined || value.kind !== 'scalar') return null;
    const resolved = resolveExpression(text, scope, (offset) => value.placeAt(offset), report);
    return resolved === null ? null : { column, value: resolved };
  });
  const usable = columns.filter((column) => column !== null);
  const maskOfColumn = (column: string): number => {
    const member = node.members.get(column);
    return member?.kind === 'value' ? (member.mask ?? 0) : 0;
  };
  const mask = usable.reduce((sum, { column, value }) => sum | value.mask | maskOfColumn(column), 0);
  const canBeAbsent = canBe !== undefined;
  const single = { ...node, many: false, required: false } as SourceNode;
  // The row that a join finds may always be missing in real data; canBe says whether that is expected.
  const alias: Alias = {
    name,
    variable: scope.nextVariable(name),
    node: single,
    path: `${table}[]`,
    definite: false,
    mask,
  };
  return { alias, table, on: usable, key, canBeAbsent, place: tree.place };
}

interface Match {
  readonly text: string;
  readonly place: Place;
}

function readMatch(tree: Tree | undefined, map: MapTree, report: Report): Match[] {
  if (tree === undefined) {
    report(map.place, 'A map needs match: the elements or slices that say whose resource it is on the way back.');
    return [];
  }
  if (tree.kind !== 'list') {
    report(tree.place, 'match is a list of elements and slices, as in [ "category[sdoh]" ].');
    return [];
  }
  return tree.items.flatMap((item) => {
    const text = textOf(item);
    if (text === undefined) report(item.place, 'match names elements and slices, as in [ "category[sdoh]" ].');
    return text === undefined ? [] : [{ text, place: item.place }];
  });
}

/** Labels of everything that a map makes, besides those of what it reads: where the choice of rows itself tells. */
function readLabels(tree: Tree | undefined, report: Report): LabelMask {
  if (tree === undefined) return 0;
  if (tree.kind !== 'list') report(tree.place, 'labels is a list, as in [ health ].');
  let mask = 0;
  for (const item of tree.kind === 'list' ? tree.items : []) {
    const label = DATA_LABELS.find((known) => known === textOf(item));
    if (label === undefined)
      report(item.place, 'There is no such data label.', nearest(textOf(item) ?? '', DATA_LABELS));
    else mask |= maskOf([label]);
  }
  return mask;
}

function readUnmapped(tree: MapTree, report: Report): MapForm['unmapped'] {
  const value = entryOf(tree, 'unmapped')?.value;
  const text = textOf(value);
  const known = UNMAPPED.find((policy) => policy === text);
  if (value !== undefined && known === undefined) {
    report(value.place, `unmapped is one of ${UNMAPPED.join(', ')}.`, nearest(text ?? '', UNMAPPED));
  }
  return known ?? 'preserve';
}

export function checkKeys(tree: MapTree, known: readonly string[], what: string, report: Report): void {
  for (const { key, keyPlace } of tree.entries) {
    if (!known.includes(key)) report(keyPlace, `Unknown key ${key} in ${what}.`, nearest(key, known));
  }
}
