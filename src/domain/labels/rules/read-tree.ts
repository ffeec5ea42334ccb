import { nearest, type Report } from '../../mapping/finding.js';
import { entryOf, type MapTree, type ScalarTree, type Tree } from '../../mapping/template/yaml-tree.js';
import { CATEGORIES, maskOf, SENSITIVITIES, type LabelMask } from '../labels.js';

/** What every reader of a rule file needs: each reports what it does not understand where it stands, and goes on. */

const LABELS: readonly string[] = [...CATEGORIES, ...SENSITIVITIES];

/** The document as a mapping, its keys checked. */
export function asMap(tree: Tree | undefined, keys: readonly string[] | null, report: Report): MapTree | null {
  if (tree === undefined) return null;
  if (tree.kind !== 'map') {
    report(tree.place, keys === null ? 'This is a mapping.' : `This is a mapping with the keys ${keys.join(', ')}.`);
    return null;
  }
  if (keys !== null) {
    for (const { key, keyPlace } of tree.entries) {
      if (!keys.includes(key)) report(keyPlace, `Unknown key ${key}.`, nearest(key, keys));
    }
  }
  return tree;
}

export function asList(tree: Tree | undefined, report: Report): readonly Tree[] {
  if (tree === undefined) return [];
  if (tree.kind === 'list') return tree.items;
  report(tree.place, 'This is a list.');
  return [];
}

export function member(tree: MapTree, key: string): Tree | undefined {
  return entryOf(tree, key)?.value;
}

/** The member that must be there. */
export function needed(tree: MapTree, key: string, report: Report): Tree | undefined {
  const found = member(tree, key);
  if (found === undefined) report(tree.place, `The key ${key} is missing.`);
  return found;
}

/** A list of scalars as texts, with the place of each. */
export function scalars(tree: Tree | undefined, report: Report): readonly ScalarTree[] {
  return asList(tree, report).filter((item): item is ScalarTree => {
    if (item.kind === 'scalar' && item.value !== null) return true;
    report(item.place, 'This is a text.');
    return false;
  });
}

/** The mask of a list of labels. An empty list protects nothing and is a mistake. */
export function readLabels(tree: Tree | undefined, report: Report): LabelMask {
  const known: string[] = [];
  for (const item of scalars(tree, report)) {
    const label = String(item.value);
    if (LABELS.includes(label)) known.push(label);
    else report(item.place, `There is no label ${label}.`, nearest(label, LABELS));
  }
  if (tree?.kind === 'list' && tree.items.length === 0) report(tree.place, 'No label stands here.');
  return maskOf(known);
}

export function textAt(tree: MapTree, key: string, report: Report): string | undefined {
  const found = member(tree, key);
  if (found === undefined) return undefined;
  if (found.kind === 'scalar' && typeof found.value === 'string') return found.value;
  report(found.place, `${key} is a text.`);
  return undefined;
}
