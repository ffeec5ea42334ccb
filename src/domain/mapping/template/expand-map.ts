import type { Report } from '../finding.js';
import { substitute } from './substitute.js';
import { entryOf, textOf, type MapTree, type Tree } from './yaml-tree.js';

/** Keys before those of a map: one file, several maps. */
export const SEVERAL_KEYS = ['for', 'in'] as const;

/** What the marks stand for: texts, and lists or mappings where the mark is all that stands there. */
interface Given {
  readonly variable: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly trees: ReadonlyMap<string, Tree>;
}

/**
 * A map file whose first keys are `for` and `in` is several maps: one for each item of the list, made while compiling.
 * Marks of other names are left to the `for` constructs of the template.
 *
 * @returns the file's maps; the file itself where it says no `for`
 */
export function expandMap(tree: Tree, report: Report): Tree[] {
  const loop = tree.kind === 'map' ? entryOf(tree, 'for') : undefined;
  if (tree.kind !== 'map' || loop === undefined) return [tree];
  const variable = textOf(loop.value);
  const list = entryOf(tree, 'in')?.value;
  if (variable === undefined || list?.kind !== 'list' || list.items.length === 0) {
    report(loop.keyPlace, 'for needs the name of its variable, and beside it a list under in.');
    return [];
  }
  const body: MapTree = { ...tree, entries: tree.entries.filter(({ key }) => key !== 'for' && key !== 'in') };
  return list.items.map((item) => ({
    ...replace(body, givenBy(item, variable, report), report),
    // What is wrong with one of them is told where that one is named.
    place: item.place,
  }));
}

function givenBy(item: Tree, variable: string, report: Report): Given {
  const named: (readonly [string, Tree])[] =
    item.kind === 'scalar'
      ? [[variable, item]]
      : item.kind === 'map'
        ? item.entries.map(({ key, value }) => [`${variable}.${key}`, value])
        : [];
  if (item.kind === 'list') report(item.place, 'An item of in is a text or a mapping.');
  const texts = named.flatMap(([name, tree]) => (tree.kind === 'scalar' ? [[name, String(tree.value)] as const] : []));
  return { variable, texts: new Map(texts), trees: new Map(named.filter(([, tree]) => tree.kind !== 'scalar')) };
}

function replace(tree: Tree, given: Given, report: Report): Tree {
  if (tree.kind === 'list') return { ...tree, items: tree.items.map((item) => replace(item, given, report)) };
  if (tree.kind === 'map') {
    const entries = tree.entries.map((entry) => ({ ...entry, value: replace(entry.value, given, report) }));
    return { ...tree, entries };
  }
  if (typeof tree.value !== 'string' || !tree.value.includes('$(')) return tree;
  const { variable, texts, trees } = given;
  const whole = /^\$\(([^)]*)\)$/.exec(tree.value)?.[1];
  const instead = whole === undefined ? undefined : trees.get(whole);
  if (instead !== undefined) return instead;
  const isLeft = (name: string): boolean => name !== variable && !name.startsWith(`${variable}.`);
  const { text, placeAt } = substitute(tree, texts, report, isLeft);
  return { ...tree, value: text, placeAt };
}
