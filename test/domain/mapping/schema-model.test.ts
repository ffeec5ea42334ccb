import { describe, expect, it } from 'vitest';
import { createReport } from '../../../src/domain/mapping/finding.js';
import { schemaSourceModel } from '../../../src/domain/mapping/models/schema-model.js';
import { caseSourceModel } from '../../../src/domain/mapping/models/case-model.js';
import type { SourceNode } from '../../../src/domain/mapping/source-model.js';
import { caseJsonSchema } from '../../../src/domain/case/json-schema.js';
import { labelsOf, maskOf } from '../../../src/domain/labels/labels.js';

function read(schema: unknown, defaultLabels = 0) {
  const { report, findings } = createReport();
  const placeOf = (pointer: string) => ({ file: pointer, line: 1, column: 1 });
  const { root } = schemaSourceModel({ name: 'test', schema, defaultLabels, placeOf }, report);
  return { fields: told(root), findings: findings.map(({ file, message }) => [file, message]) };
}

/** `type*`, its codes and labels, or the reason why it cannot be read. */
function told(node: SourceNode): unknown {
  const star = node.many ? '*' : '';
  if (node.kind === 'object') {
    const members = Object.fromEntries([...node.members].map(([name, member]) => [name, told(member)]));
    return node.many ? [members] : members;
  }
  if (node.unreadable !== undefined) return `no: ${node.unreadable}`;
  const codes = node.codes === undefined ? '' : `(${node.codes.join('|')})`;
  const labels = node.mask === undefined ? '' : ` ${labelsOf(node.mask).join(' ')}`;
  return `${node.type}${codes}${star}${labels}`;
}

const one = (schema: unknown, definitions: object = {}): unknown =>
  (read({ properties: { x: schema }, ...definitions }).fields as { x: unknown }).x;

describe('a JSON Schema as a source of maps', () => {
  it.each<[unknown, unknown]>([
    [{ type: 'string' }, 'string'],
    [{ type: 'string', format: 'date' }, 'date'],
    [{ type: 'string', format: 'date-time' }, 'date'],
    [{ type: 'integer' }, 'integer'],
    [{ type: 'number' }, 'decimal'],
    [{ type: ['integer', 'number'] }, 'decimal'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: ['string', 'null'] }, 'string'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string'],
    [{ enum: ['a', 'b'] }, 'code(a|b)'],
    [{ enum: ['a', null] }, 'code(a)'],
    [{ const: 'a' }, 'code(a)'],
    [{ enum: [1, 2] }, 'integer'],
    [{ type: 'number', const: 1 }, 'integer'],
    [{ oneOf: [{ const: 'a', title: 'A' }, { const: 'b' }] }, 'code(a|b)'],
    [{ anyOf: [{ enum: ['a'] }, { type: 'string' }] }, 'string'],
    [{ allOf: [{ type: 'string' }, { enum: ['a', 'b'] }], enum: ['b', 'c'] }, 'code(b)'],
    [{ type: 'array', items: { type: 'string' } }, 'string*'],
    [{ type: 'array', items: { enum: ['a'] } }, 'code(a)*'],
    [{ type: 'array', items: { properties: { y: { type: 'string' } } } }, [{ y: 'string' }]],
    [{ type: 'object', properties: { y: { type: 'boolean' } } }, { y: 'boolean' }],
    [{ type: 'object' }, {}],
    [{ type: ['string', 'integer'] }, 'no: its values may be of several types'],
    [{}, 'no: its schema gives it no type'],
    [true, 'no: its schema gives it no type'],
    [{ type: 'array', items: { type: 'array', items: { type: 'string' } } }, 'no: it is a list of lists'],
    [{ type: 'array', prefixItems: [{ type: 'string' }] }, 'no: its items differ by their place in the list'],
    [{ type: 'array', items: [{ type: 'string' }] }, 'no: its items differ by their place in the list'],
    [{ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, 'no: it may be a list or not'],
    [{ oneOf: [{ type: 'string' }, { type: 'object' }] }, 'no: it may be an object or a value'],
  ])('%j', (schema, expected) => {
    expect(one(schema)).toEqual(expected);
  });

  it('follows references within the schema, what stands beside them included', () => {
    const definitions = { $defs: { 'a/b c': { type: 'string', 'x-relais-labels': ['health'] } } };
    expect(one({ $ref: '#/$defs/a~1b%20c', 'x-relais-labels': ['notes'] }, definitions)).toBe('string health notes');
    const draft7 = { definitions: { a: { properties: { y: { type: 'string' } } } } };
    expect(one({ allOf: [{ $ref: '#/definitions/a' }, { properties: { z: { type: 'integer' } } }] }, draft7)).toEqual({
      y: 'string',
      z: 'integer',
    });
    const named = { $id: 'https://a.example/s', $defs: { a: { type: 'string' } } };
    expect(one({ $ref: 'https://a.example/s#/$defs/a' }, named)).toBe('string');
  });

  it.each([
    [
      { $ref: 'https://other.example/schema' },
      'Only references within the schema are followed, as in #/$defs/address.',
    ],
    [{ $ref: '#/$defs/none' }, 'This reference leads nowhere.'],
    [{ $ref: '#/constructor' }, 'This reference leads nowhere.'],
    [{ $ref: '#/%' }, 'This reference leads nowhere.'],
    [{ type: 'string', 'x-relais-labels': ['helth'] }, 'There is no data label helth.'],
    [{ type: 'string', 'x-relais-labels': 'health' }, 'Labels are a list, as in ["identity"].'],
  ])('reports %j at its place', (schema, message) => {
    const { findings } = read({ properties: { x: schema } });
    expect(findings).toEqual([[expect.stringMatching(/^\/properties\/x/), expect.stringContaining(message) as string]]);
  });

  it('stops where a schema refers to itself, and says so of that property only', () => {
    const tree = { properties: { name: { type: 'string' }, child: { $ref: '#/$defs/tree' } } };
    expect(one({ $ref: '#/$defs/tree' }, { $defs: { tree } })).toEqual({
      name: 'string',
      child: 'no: its schema refers to one that it stands in',
    });
    expect(read({ properties: { again: { $ref: '#' } } }).fields).toEqual({
      again: 'no: its schema refers to one that it stands in',
    });
    const twice = { $defs: { a: { type: 'string' } } };
    expect(one({ anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/a' }] }, twice)).toBe('string');
    const loop = { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } };
    expect(one({ $ref: '#/$defs/a' }, loop)).toBe('no: its schema refers to one that it stands in');
  });

  it('ends on a schema that unfolds without end', () => {
    const definitions: Record<string, unknown> = { d40: { type: 'string' } };
    for (let level = 0; level < 40; level += 1) {
      const next = { $ref: `#/$defs/d${level + 1}` };
      definitions[`d${level}`] = { properties: { a: next, b: next } };
    }
    const { findings } = read({ properties: { x: { $ref: '#/$defs/d0' } }, $defs: definitions });
    expect(findings.at(-1)?.[1]).toContain('more than 20000 properties');
  });

  it('holds labels of objects and lists for everything in them, and default labels for the rest', () => {
    const schema = {
      properties: {
        a: { 'x-relais-labels': ['health'], properties: { b: { type: 'string', 'x-relais-labels': ['hiv'] } } },
        c: { type: 'array', 'x-relais-labels': ['notes'], items: { type: 'string' } },
        d: { type: 'string' },
      },
    };
    expect(read(schema).fields).toEqual({ a: { b: 'string health hiv' }, c: 'string* notes', d: 'string' });
    expect(read(schema, maskOf(['identity'])).fields).toEqual({
      a: { b: 'string health hiv' },
      c: 'string* notes',
      d: 'string identity',
    });
  });

  it.each(['a.b', '__proto__', 'constructor', "a'b", 'a[0]', 'f()', '', 'a\nb'])(
    'does not let a map read a property called %j',
    (name) => {
      const schema = { properties: JSON.parse(`{${JSON.stringify(name)}: {"type":"string"}}`) as object };
      expect(Object.values(read(schema).fields as object)).toEqual(['no: its name cannot be written in a path']);
    },
  );

  it('gives the case model the fields and labels that the gateway itself uses', () => {
    const withoutAbout = (fields: unknown): unknown => {
      if (Array.isArray(fields)) return fields.map(withoutAbout);
      if (typeof fields !== 'object' || fields === null) return fields;
      return Object.fromEntries(
        Object.entries(fields).flatMap(([name, inner]) => (name === 'about' ? [] : [[name, withoutAbout(inner)]])),
      );
    };
    // Maps take a date as the text that it is.
    const asText = (fields: unknown): unknown => JSON.parse(JSON.stringify(fields).replaceAll('"date', '"string'));
    expect(asText(withoutAbout(read(caseJsonSchema()).fields))).toEqual(asText(told(caseSourceModel().root)));
  });
});
