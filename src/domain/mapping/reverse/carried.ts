import type { Resolved } from '../expression/resolved.js';
import type { LeafNode, MapForm, Node } from '../template/intermediate.js';
import { inverseOf, type Inverse } from './inverse.js';
import { idOfTarget, pathOfTarget } from './target.js';

export interface Carrier {
  readonly leaf: LeafNode;
  readonly inverse: Inverse;
}

/** Checks and generation ask for the carriers of a template, each for its own: found once. */
const known = new WeakMap<Node, readonly Carrier[]>();

/** Every leaf of a template that goes back. */
export function carriersOf(template: Node): readonly Carrier[] {
  let carriers = known.get(template);
  if (carriers === undefined) known.set(template, (carriers = find(template)));
  return carriers;
}

function find(node: Node): readonly Carrier[] {
  switch (node.kind) {
    case 'const':
      return [];
    case 'leaf': {
      const inverse = node.constant || node.derived ? null : inverseOf(node);
      return inverse === null ? [] : [{ leaf: node, inverse }];
    }
    case 'obj':
      return node.members.flatMap((member) => find(member.node));
    case 'arr':
      return node.items.flatMap(find);
    case 'each':
      return find(node.body);
    case 'if':
      return [...find(node.then), ...(node.otherwise === null ? [] : find(node.otherwise))];
  }
}

/** Ids of the fields that a map carries exactly, with how often it does. */
export function writersOf(map: MapForm): Map<string, number> {
  const writers = new Map<string, number>();
  for (const { inverse } of carriersOf(map.template)) {
    if (inverse.way.kind !== 'store' && inverse.way.kind !== 'ref') continue;
    const id = idOfTarget(inverse.way.target);
    writers.set(id, (writers.get(id) ?? 0) + 1);
  }
  return writers;
}

/** One step from a resource to the leaf that holds its key. */
export type KeyStep = { readonly name: string } | { readonly item: Node };

/** The way to the leaf from which a resource's business key is read; null when the template has none. */
export function keyStepsOf({
  template,
  key,
}: MapForm): { readonly steps: readonly KeyStep[]; readonly leaf: LeafNode } | null {
  return stepsTo(template, key);
}

function stepsTo(node: Node, key: Resolved): ReturnType<typeof keyStepsOf> {
  if (node.kind === 'leaf') return isKey(node, key) ? { steps: [], leaf: node } : null;
  if (node.kind === 'obj') {
    for (const { name, node: member } of node.members) {
      const found = stepsTo(member, key);
      if (found !== null) return { leaf: found.leaf, steps: [{ name }, ...found.steps] };
    }
  }
  if (node.kind === 'arr') {
    for (const item of node.items) {
      const found = item.kind === 'each' || item.kind === 'if' ? null : stepsTo(item, key);
      if (found !== null) return { leaf: found.leaf, steps: [{ item }, ...found.steps] };
    }
  }
  return null;
}

function isKey(leaf: LeafNode, key: Resolved): boolean {
  const inverse = leaf.constant || leaf.derived ? null : inverseOf(leaf);
  if (inverse === null || inverse.way.kind !== 'store') return false;
  const path = [...key.reads].at(-1);
  return pathOfTarget(inverse.way.target) === path;
}
