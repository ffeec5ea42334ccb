/** What was found out about a value that never changes. */
export interface Fixed {
  /** Objects and lists within one another, itself included. */
  readonly levels: number;
  /** Its JSON, once it was written. */
  text: string | null;
  /** Whatever a validator found it to be a valid one of, and how many elements it counted there. */
  validAs: object | null;
  elements: number;
}

const known = new WeakMap<object, Fixed>();

/**
 * Freezes a piece of JSON that is said again and again, with all that is in it, and remembers it: what is found out
 * about it once stays true, so that it is neither written nor validated a second time.
 *
 * @returns objects and lists within one another; 0 for a text, a number and the like
 */
export function fix(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const before = known.get(value);
  if (before !== undefined) return before.levels;
  const levels = 1 + Math.max(0, ...Object.values(Object.freeze(value)).map(fix));
  known.set(value, { levels, text: null, validAs: null, elements: 0 });
  return levels;
}

/** Undefined for what may still change. */
export function fixedOf(value: object): Fixed | undefined {
  return known.get(value);
}
