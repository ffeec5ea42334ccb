import { HASH_BYTES, nodeHash, type Hash } from './hash.js';

/**
 * Is this leaf the one with this number in the tree with this root? RFC 9162 section 2.1.3.2. Nothing is trusted but the
 * root and the size, which come from a signed checkpoint.
 *
 * @param proof from the leaf up
 */
export function checkInclusion(
  claim: { readonly leaf: Hash; readonly seq: number; readonly size: number; readonly root: Hash },
  proof: readonly Hash[],
): boolean {
  const { leaf, seq, size, root } = claim;
  if (!isCount(seq) || !isCount(size) || seq >= size) return false;
  if (![leaf, root, ...proof].every(isHash)) return false;
  let first = seq;
  let last = size - 1;
  let hash = leaf;
  for (const step of proof) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      hash = nodeHash(step, hash);
      while (first % 2 === 0 && first !== 0) [first, last] = [half(first), half(last)];
    } else hash = nodeHash(hash, step);
    [first, last] = [half(first), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/**
 * Does the newer tree begin with the older one? RFC 9162 section 2.1.4.2. Every tree begins with the empty one, and with
 * itself; neither needs a proof.
 */
export function checkConsistency(
  older: { readonly size: number; readonly root: Hash },
  newer: { readonly size: number; readonly root: Hash },
  proof: readonly Hash[],
): boolean {
  if (!isCount(older.size) || !isCount(newer.size) || older.size > newer.size) return false;
  if (![older.root, newer.root, ...proof].every(isHash)) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root);
  if (older.size === 0) return proof.length === 0;
  // An older tree that is a perfect subtree stands in the newer one as it is.
  const path = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof;
  const start = path[0];
  if (start === undefined) return false;
  let first = older.size - 1;
  let last = newer.size - 1;
  while (first % 2 === 1) [first, last] = [half(first), half(last)];
  let [oldHash, newHash] = [start, start];
  for (const step of path.slice(1)) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      oldHash = nodeHash(step, oldHash);
      newHash = nodeHash(step, newHash);
      while (first % 2 === 0 && first !== 0) [first, last] = [half(first), half(last)];
    } else newHash = nodeHash(newHash, step);
    [first, last] = [half(first), half(last)];
  }
  return last === 0 && oldHash.equals(older.root) && newHash.equals(newer.root);
}

const half = (value: number): number => Math.floor(value / 2);
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isHash = (value: Hash): boolean => value.length === HASH_BYTES;

function isPowerOfTwo(size: number): boolean {
  let rest = size;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}
