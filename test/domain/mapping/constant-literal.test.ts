import { describe, expect, it } from 'vitest';
import type { Emitter } from '../../../src/domain/mapping/generate/emitter.js';
import { constantOf } from '../../../src/domain/mapping/generate/literal.js';

const CONCEPT = '{ "coding": [{ "system": "urn:s", "code": "[{{{" }] }';

describe('a literal in which nothing is read', () => {
  const emitter = (): Emitter => ({ hoisted: [], hoistedNames: new Map(), next: 0 }) as unknown as Emitter;

  it('is made by one function for each text where it is deep', () => {
    const one = emitter();
    expect(constantOf(one, CONCEPT)).toBe('constant1()');
    expect(constantOf(one, CONCEPT)).toBe('constant1()');
    expect(one.hoisted).toEqual([`function constant1() { return ${CONCEPT}; }`]);
  });

  it('stays where it is when it is flat, whatever its texts hold', () => {
    const flat = '{ "system": "{[{[", "value": "a\\"{[{" }';
    expect(constantOf(emitter(), flat)).toBe(flat);
  });

  it('stays where it is when the context decides a part of it, or a function makes one', () => {
    for (const value of ['s.names.n1', 'constant1()']) {
      const literal = `{ "identifier": [{ "system": ${value} }] }`;
      expect(constantOf(emitter(), literal)).toBe(literal);
    }
  });
});
