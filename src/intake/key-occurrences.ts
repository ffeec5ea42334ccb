/**
 * Counts how often a key was met, in memory that hardly grows: 16 bytes for each key, so that a file of millions of rows
 * fits. Keys are remembered by 64 bits of hash; two of five million meet by accident once in a million such files, and
 * then only one row is reported as a duplicate and kept all the same.
 *
 * @returns 1 for a key that is new, 2 for its second time, and so on
 */
export function createKeyOccurrences(): (key: string) => number {
  let slots = new Uint32Array(2 * 4096);
  let used = 0;
  const repeated = new Map<string, number>();
  const put = (high: number, low: number): boolean => {
    const mask = slots.length / 2 - 1;
    // The last bit of `low` is always set.
    for (let at = (low >>> 1) & mask; ; at = (at + 1) & mask) {
      const [a, b] = [slots[2 * at]!, slots[2 * at + 1]!];
      if (a === high && b === low) return false;
      if (a === 0 && b === 0) {
        slots[2 * at] = high;
        slots[2 * at + 1] = low;
        return true;
      }
    }
  };
  const grow = (): void => {
    const before = slots;
    slots = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) {
      if (before[at] !== 0 || before[at + 1] !== 0) put(before[at]!, before[at + 1]!);
    }
  };
  return (key) => {
    const [high, low] = hash(key);
    if (put(high, low)) {
      used += 1;
      if (used * 4 > slots.length) grow();
      return 1;
    }
    const count = (repeated.get(key) ?? 1) + 1;
    repeated.set(key, count);
    return count;
  };
}

/** Two multiplicative hashes with a final mix (the constants of MurmurHash3's finalizer); never zero. */
function hash(key: string): [number, number] {
  let high = 0x9e3779b9;
  let low = 0x7f4a7c15;
  for (let at = 0; at < key.length; at++) {
    const unit = key.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x85ebca6b);
    low = Math.imul(low ^ unit, 0xc2b2ae35);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  high = Math.imul(high ^ (low >>> 16), 0xc2b2ae35);
  low = Math.imul(low ^ (high >>> 13), 0x85ebca6b);
  return [(high ^ (low >>> 15)) >>> 0, ((low ^ (high >>> 16)) | 1) >>> 0];
}
