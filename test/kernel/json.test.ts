import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RelaisError } from '../../src/kernel/errors.js';
import { JsonNumber, readJson, writeJson, type JsonValue } from '../../src/kernel/json.js';
import { parsePlain } from '../../src/kernel/json/parse-plain.js';
import { parseStrict } from '../../src/kernel/json/parse-strict.js';

function refusal(text: string | Buffer, limits = {}): RelaisError {
  try {
    readJson(text, limits);
  } catch (error) {
    if (error instanceof RelaisError) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

describe('numbers stay as written', () => {
  it.each([
    '0.10',
    '1e400',
    '-1e400',
    '12345678901234567890',
    '-0',
    '1.0',
    '1E3',
    '1e3',
    '0.30000000000000004000',
    '1e-400',
  ])('%s comes back as it was', (text) => {
    const value = readJson(`[${text}]`) as readonly JsonValue[];
    expect(value[0]).toBeInstanceOf(JsonNumber);
    expect((value[0] as JsonNumber).text).toBe(text);
    expect(writeJson(value)).toBe(`[${text}]`);
  });

  it.each(['0', '-1', '12.5', '1e+21', '9007199254740991', '0.000001'])('%s is a plain number', (text) => {
    expect(readJson(text)).toBe(Number(text));
    expect(writeJson(readJson(text))).toBe(text);
  });
});

describe('what is refused', () => {
  const SECRET = 'S3CRET';
  it.each([
    ['', 'unexpected-end', '1:1'],
    ['  ', 'unexpected-end', '1:3'],
    ['{"a":1', 'unexpected-end', '1:7'],
    [`{"${SECRET}":1,\n"${SECRET}":2}`, 'duplicate-name', '2:1'],
    [`{"a":{"${SECRET}":1,"\\u0053\\u0033CRET":2}}`, 'duplicate-name', '1:18'],
    ['{"__proto__":1}', 'forbidden-name', '1:2'],
    ['{"\\u005f_proto__":{"x":1}}', 'forbidden-name', '1:2'],
    ['{"a":{"constructor":{"prototype":{}}}}', 'forbidden-name', '1:7'],
    ['{"prototype":1}', 'forbidden-name', '1:2'],
    [`["${SECRET}"] x`, 'trailing-text', '1:12'],
    ['1 2', 'trailing-text', '1:3'],
    ['{"a":1}{"a":1}', 'trailing-text', '1:8'],
    ['["\ud800"]', 'lone-surrogate', '1:2'],
    ['["\\ud800"]', 'lone-surrogate', '1:2'],
    ['["\\udc00\\ud800"]', 'lone-surrogate', '1:2'],
    ['["a\u0000"]', 'control-character', '1:4'],
    ['["a\\u0000"]', 'control-character', '1:4'],
    ['["\\b"]', 'control-character', '1:3'],
    ['["\\f"]', 'control-character', '1:3'],
    ['["\\u001b[31m"]', 'control-character', '1:3'],
    ['["line\nbreak"]', 'control-character', '1:7'],
    [`{"a":${SECRET}}`, 'syntax', '1:6'],
    ['[01]', 'syntax', '1:2'],
    ['[1.]', 'syntax', '1:2'],
    ['[.5]', 'syntax', '1:2'],
    ['[+1]', 'syntax', '1:2'],
    ['[-]', 'syntax', '1:2'],
    ['[1,]', 'syntax', '1:4'],
    ['[,1]', 'syntax', '1:2'],
    ['{"a":1,}', 'syntax', '1:8'],
    ['{"a" 1}', 'syntax', '1:6'],
    ["{'a':1}", 'syntax', '1:2'],
    ['[1}', 'syntax', '1:3'],
    ['[NaN]', 'syntax', '1:2'],
    ['["\\x41"]', 'syntax', '1:3'],
    ['["\\u12"]', 'syntax', '1:3'],
    ['\ufeff{}', 'syntax', '1:1'],
    ['[1] // note', 'trailing-text', '1:5'],
  ])('%j → %s at %s', (text, rule, place) => {
    const error = refusal(text);
    expect({ code: error.code, status: error.status }).toEqual({ code: `json.${rule}`, status: 400 });
    expect(error.violations).toEqual([{ path: place, rule: `json.${rule}`, message: error.message }]);
    expect(error.message).not.toContain(SECRET);
  });

  it('bytes that are not UTF-8', () => {
    expect(refusal(Buffer.from([0x22, 0xc3, 0x28, 0x22])).code).toBe('json.not-utf8');
    expect(refusal(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])).code).toBe('json.not-utf8');
    expect(readJson(Buffer.from('{"é":"😀"}'))).toEqual({ é: '😀' });
  });

  it('nesting over 64, and 20 KB of brackets within 50 ms', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(readJson(nested(64))).toBeInstanceOf(Array);
    expect(refusal(nested(65)).code).toBe('json.too-deep');
    expect(refusal('{"a":'.repeat(65) + '1' + '}'.repeat(65)).code).toBe('json.too-deep');
    expect(refusal(nested(3), { maxDepth: 2 }).code).toBe('json.too-deep');
    readJson('[0.10]');
    const start = performance.now();
    expect(refusal('['.repeat(20_000)).code).toBe('json.too-deep');
    expect(refusal('{"a":['.repeat(4_000)).code).toBe('json.too-deep');
    expect(performance.now() - start).toBeLessThan(50);
  });

  it('a great depth does not overflow the stack where the limit allows it', () => {
    const deep = 50_000;
    let value = readJson('['.repeat(deep) + '0.10' + ']'.repeat(deep), { maxDepth: deep });
    for (let level = 0; level < deep; level += 1) value = (value as readonly JsonValue[])[0] ?? null;
    expect((value as JsonNumber).text).toBe('0.10');
  });

  it('pollutes no prototype', () => {
    for (const text of ['{"__proto__":{"polluted":1}}', '{"a":{"__proto__":[]}}']) refusal(text);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(readJson('{"toString":1,"hasOwnProperty":0.10}'))).toBe(Object.prototype);
  });
});

describe('laws', () => {
  it('what was written is read back, and the writer agrees with JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        if (!isReadable(text)) return;
        expect(writeJson(readJson(text))).toBe(text);
        expect(JSON.stringify(parseStrict(text, 64))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('the fast path never decides otherwise than the strict parser', () => {
    const token = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"b"',
        '"a\\"b"',
        '"\\\\"',
        '"\\u0041"',
        '"\\n"',
        '"__proto__"',
        '"é😀"',
        '"\ud800"',
      ],
      ...[
        '0',
        '-0',
        '1',
        '1.0',
        '0.1',
        '0.10',
        '1e3',
        '-',
        'true',
        'null',
        'nul',
        ' ',
        '\n',
        '"',
        '\\',
        '1e400',
        '12345678901234567890',
      ],
    );
    const soup = fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join(''));
    const members = fc.array(
      fc.tuple(fc.constantFrom('"a"', '"b"', '"c"', '"\\u0061"'), fc.constantFrom('1', '[]', '{}', '"x"', '0.10')),
    );
    const object = members.map((list) => `{${list.map(([name, value]) => `${name}:${value}`).join(',')}}`);
    fc.assert(
      fc.property(fc.oneof(soup, object, fc.json()), (text) => {
        const plain = parsePlain(text, 8);
        if (plain === undefined) return;
        expect(parseStrict(text, 8)).toEqual(plain.value);
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes the fast path for ordinary documents', () => {
    expect(parsePlain('{"a":[1,2.5,{"b":"c \\"d\\" \\\\"}],"e":null}', 64)).toBeDefined();
  });

  it('keeps numbers as written on the fast path too, and nothing passes for one', () => {
    expect(parsePlain('{"a":[0.10,{"b":1e400}],"c":-0}', 64)?.value).toEqual({
      a: [new JsonNumber('0.10'), { b: new JsonNumber('1e400') }],
      c: new JsonNumber('-0'),
    });
    expect(parsePlain('1.0', 64)?.value).toEqual(new JsonNumber('1.0'));
    // A number where a name belongs, and what is no number.
    for (const text of ['{1.0:1}', '{"a":1.0,1.0:1}', '["\\u00011.0",1.0]', '["\u00011.0",1.0]', '[01.0]', '[1.0.0]'])
      expect(parsePlain(text, 64)).toBeUndefined();
    expect(readJson('["\\u0041",1.0]')).toEqual(['A', new JsonNumber('1.0')]);
    expect(parsePlain('["1.0",1,"-0",2.50,[],{"a":"0.10","b":3}]', 64)?.value).toEqual([
      '1.0',
      1,
      '-0',
      new JsonNumber('2.50'),
      [],
      { a: '0.10', b: 3 },
    ]);
  });

  it('puts no number of a document where another stands, whatever order the engine gives members', () => {
    // The engine puts names that are indexes first: `1` is met before `b`.
    expect(readJson('{"b":1.0,"1":1}')).toEqual({ 1: 1, b: new JsonNumber('1.0') });
    expect(parsePlain('{"b":1,"1":1}', 64)).toBeDefined();
    const number = fc.constantFrom('0', '1', '1.0', '-0', '0.10', '1e3', '12', '1e400', '9007199254740993', '-2.5');
    const { document } = fc.letrec<{ document: string }>((tie) => ({
      document: fc.oneof(
        { maxDepth: 4 },
        number,
        number.map((text) => JSON.stringify(text)),
        fc.array(tie('document'), { maxLength: 4 }).map((items) => `[${items.join(' , ')}]`),
        fc
          .uniqueArray(fc.tuple(fc.constantFrom('a', '1', 'b', '10', '0', '-1', '1.0', ''), tie('document')), {
            selector: ([name]) => name,
            maxLength: 5,
          })
          .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
      ),
    }));
    let quick = 0;
    fc.assert(
      fc.property(document, (text) => {
        const plain = parsePlain(text, 64);
        if (plain !== undefined) quick += 1;
        expect(readJson(text)).toEqual(parseStrict(text, 64));
        if (plain !== undefined) expect(plain.value).toEqual(parseStrict(text, 64));
      }),
      { numRuns: 3_000 },
    );
    expect(quick).toBeGreaterThan(1_500);
  });

  it('the writer says what it would say member by member, wherever numbers are kept as text', () => {
    const kept = fc.constantFrom('0.10', '1e400', '-0', '12345678901234567890');
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        kept.map((text) => new JsonNumber(text)),
        fc.constantFrom<unknown>('\u007f', 'a\u007fb', '"\u007f"', -0, 0, 'é"\\', null, true, 1.5),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('a', 'b', '\u007f'), tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(value, (document) => {
        const before = JSON.stringify(document);
        expect(writeJson(document as JsonValue)).toBe(memberByMember(document));
        expect(JSON.stringify(document)).toBe(before);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a number written any way comes back as that text', () => {
    const number = fc.stringMatching(/^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?$/);
    fc.assert(fc.property(number, (text) => writeJson(readJson(`{"n":${text}}`)) === `{"n":${text}}`));
  });

  it('refuses to write what JSON cannot carry', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, new Date(0), new Map()]) {
      expect(() => writeJson({ value } as unknown as JsonValue)).toThrow(TypeError);
    }
    expect(writeJson({ a: undefined, b: [1] } as unknown as JsonValue)).toBe('{"b":[1]}');
  });
});

function isReadable(text: string): boolean {
  return !/__proto__|constructor|prototype|\\u00[01]|\\ud|\\[bf]/.test(text);
}

function memberByMember(value: unknown): string {
  if (value instanceof JsonNumber) return value.text;
  if (Object.is(value, -0)) return '-0';
  if (Array.isArray(value)) return `[${value.map(memberByMember).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}:${memberByMember(inner)}`);
  return `{${members.join(',')}}`;
}
