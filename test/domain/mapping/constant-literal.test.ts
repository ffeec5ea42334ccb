import { describe, expect, it } from 'vitest';
import type { Emitter } from '../../../src/domain/mapping/generate/emitter.js';
import { constantOf } from '../../../src/domain/mapping/generate/literal.js';

describe('a literal in which nothing is read', () => {
  const emitter = (marks: null | [] = null): Emitter =>
    ({ hoisted: [], hoistedNames: new Map(), next: 0, marks }) as unknown as Emitter;

  it.each(['{ "coding": [{ "system": "urn:s", "code": "[{{{" }] }', '{ "url": "a\\"s.b", "valueBoolean": true }'])(
    'is one fixed constant of the module for each text: %s',
    (literal) => {
      const one = emitter();
      expect(constantOf(one, literal)).toBe('K1');
      expect(constantOf(one, literal)).toBe('K1');
      expect(one.hoisted).toEqual([`const K1 = fixed(${literal});`]);
    },
  );

  it('stays where it is when the context decides a part of it', () => {
    for (const value of ['s.names.n1', 'true1', 'code_kind_1(v2)']) {
      const literal = `{ "identifier": [{ "system": ${value} }] }`;
      expect(constantOf(emitter(), literal)).toBe(literal);
    }
  });

  it('stays where it is in a trace build, which tells of each of its texts', () => {
    expect(constantOf(emitter([]), '{ "system": "urn:s" }')).toBe('{ "system": "urn:s" }');
  });
});
