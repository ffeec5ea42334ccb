import { isKindOf, typeInfo } from './model.js';

/**
 * The name of an element of `type` that is nearest to a misspelt one, as it would be written in JSON.
 *
 * @returns undefined when nothing is near: more than a third of the letters differ
 */
export function nearest(type: string, misspelt: string): string | undefined {
  const info = typeInfo(type);
  if (info === undefined || misspelt.length > 64) return undefined;
  const names = [...info.byKey.keys(), ...info.byName.keys()];
  if (isKindOf(type, 'Resource')) names.push('resourceType');
  const wanted = misspelt.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(misspelt.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(wanted, name.toLowerCase(), least);
    if (distance < least && name !== misspelt) [best, least] = [name, distance];
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours; `limit` when there are at least as many. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) cost = Math.min(cost, beforeLast[column - 2]! + 1);
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return Math.min(last[b.length]!, limit);
}
