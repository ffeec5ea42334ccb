/**
 * JSON Canonicalization Scheme (RFC 8785) for what Relais itself produces: object members sorted by UTF-16 code
 * units, no white space, ECMAScript number form. Members whose value is undefined are left out.
 *
 * @throws TypeError for values that JSON cannot carry (functions, bigint, NaN, Infinity)
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('Not a JSON number');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`Not a JSON value: ${typeof value}`);
}
