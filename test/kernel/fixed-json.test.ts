import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fix, fixedOf } from '../../src/kernel/json/fixed.js';
import type { JsonValue } from '../../src/kernel/json/value.js';
import { writeJson } from '../../src/kernel/json/write.js';

describe('what is fixed', () => {
  it('cannot be changed, however deep, so that nothing found out about it goes stale', () => {
    const value = { coding: [{ system: 'urn:s', code: 'c' }], text: 't' };
    expect(fix(value)).toBe(3);
    for (const one of [value, value.coding, value.coding[0]!]) expect(Object.isFrozen(one)).toBe(true);
    expect(writeJson(value)).toBe('{"coding":[{"system":"urn:s","code":"c"}],"text":"t"}');
    expect(() => (value.coding[0]!.code = 'd')).toThrow(TypeError);
    expect(() => value.coding.push({ system: 'urn:s', code: 'd' })).toThrow(TypeError);
    expect(() => Object.assign(value, { more: 1 })).toThrow(TypeError);
    expect(writeJson([value])).toBe(`[${writeJson(value)}]`);
  });

  it('is so only where it was asked for: all else is looked at each time', () => {
    const value = { a: [1], frozen: Object.freeze({ b: [2] }) };
    writeJson(value);
    value.a.push(3);
    value.frozen.b.push(4);
    expect(fixedOf(value.frozen)).toBeUndefined();
    expect(writeJson(value)).toBe('{"a":[1,3],"frozen":{"b":[2,4]}}');
  });

  it('is written as anything else is, wherever it stands and however often', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), fc.boolean(), (one, other, first) => {
        const fixed = JSON.parse(one) as JsonValue;
        const around = (part: JsonValue): JsonValue => [part, { a: part, b: JSON.parse(other) as JsonValue, c: part }];
        if (first) writeJson(fixed);
        const text = JSON.stringify(around(JSON.parse(one) as JsonValue));
        fix(fixed);
        expect(writeJson(around(fixed))).toBe(text);
        expect(writeJson(around(fixed))).toBe(text);
      }),
    );
  });
});

describe('the names that the writer keeps', () => {
  it('are few and short, and others are written as well', () => {
    const long = 'n'.repeat(10_000);
    const many = Object.fromEntries(
      Array.from({ length: 6000 }, (_, index) => [`name-${index}`, { [`x${index}`]: '"' }]),
    );
    for (const value of [many, { [long]: { [long]: 'a' } }, { __proto__: null, a: 'b' }, { '': { '': '' } }])
      for (let time = 0; time < 2; time += 1) expect(writeJson(value)).toBe(JSON.stringify(value));
  });
});
