import type { ArrNode, IfNode, Node } from '../template/intermediate.js';

/** A list of values that only their place tells apart: each is there only when the one before it is. */
export function isPositional({ items }: ArrNode): boolean {
  if (items.length < 2) return false;
  return items.every((item, index) => {
    const leaf = item.kind === 'if' ? item.then : item;
    if (leaf.kind !== 'leaf' || leaf.constant) return false;
    if (index === 0) return item.kind === 'leaf';
    return item.kind === 'if' && item.otherwise === null && asksFor(item, items[index - 1]!);
  });
}

function asksFor({ criteria }: IfNode, before: Node): boolean {
  const leaf = before.kind === 'if' ? before.then : before;
  const part = leaf.kind === 'leaf' ? leaf.parts[0] : undefined;
  if (part === undefined || typeof part === 'string' || criteria.op !== 'call' || criteria.fn !== 'exists')
    return false;
  return [...criteria.of.reads].join() === [...part.reads].join();
}
