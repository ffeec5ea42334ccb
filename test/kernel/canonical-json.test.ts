import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/kernel/canonical-json.js';

/** RFC 8785 as it is written, for what JSON.parse gives. */
function plainly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainly).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = value as Record<string, unknown>;
  const names = Object.keys(members).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${plainly(members[name])}`).join(',')}}`;
}

describe('canonical JSON', () => {
  it('is the same whatever order members came in', () => {
    for (let round = 0; round < 3; round += 1) {
      expect(canonicalJson({ b: 1, a: 2, '10': 3, '9': 4 })).toBe('{"10":3,"9":4,"a":2,"b":1}');
      expect(canonicalJson({ a: 2, b: 1, '9': 4, '10': 3 })).toBe('{"10":3,"9":4,"a":2,"b":1}');
    }
  });

  it('takes no order of names for another that begins alike', () => {
    const named = (...names: string[]): unknown => Object.fromEntries(names.map((name, index) => [name, index]));
    const shapes = [['z'], ['z', 'b'], ['z', 'c'], ['z', 'b', 'a'], ['z', 'a', 'b'], [], ['']];
    for (let round = 0; round < 3; round += 1)
      for (const shape of shapes) expect(canonicalJson(named(...shape))).toBe(plainly(named(...shape)));
  });

  it('is right beyond the orders that are remembered', () => {
    for (let round = 0; round < 2; round += 1)
      for (let n = 0; n < 200; n += 1) {
        const value = { [`name-${n}`]: n, b: n, [`a${n}`]: { q: 1, [`p${n % 20}`]: null } };
        expect(canonicalJson(value)).toBe(plainly(value));
      }
  });

  it('leaves out members without a value, the first ones too', () => {
    expect(canonicalJson({ a: undefined, b: 1, c: undefined })).toBe('{"b":1}');
  });

  it('writes every JSON value as RFC 8785 says (law)', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 4 }), (value) => {
        const parsed = JSON.parse(JSON.stringify(value)) as unknown;
        expect(canonicalJson(parsed)).toBe(plainly(parsed));
        expect(canonicalJson(parsed)).toBe(plainly(parsed));
      }),
    );
  });
});
