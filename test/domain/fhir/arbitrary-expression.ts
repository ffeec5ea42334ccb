import fc from 'fast-check';

const TYPES =
  'string String System.String FHIR.string code uri boolean Boolean System.Boolean FHIR.boolean integer Integer System.Integer decimal Decimal date Date dateTime DateTime System.DateTime time Time instant Quantity System.Quantity FHIR.Quantity HumanName Patient Resource DomainResource Element BackboneElement CodeableConcept Period Extension positiveInt id'.split(
    ' ',
  );
const LITERALS = [
  ...["'a'", "'Ana'", "''", "'1'", "'true'", "' '", "'A'", "'é'", "'\\u00e9'", "'o\\'n'", "'1.5'", "'2020-01-01'"],
  ...["'ab\\ncd'", "'😀x'", '0', '1', '2', '-1', '1.0', '1.50', '0.1', '0.2', '100000000000', '3.14159265358979'],
  ...['2147483648', 'true', 'false', '{}', '@2020', '@2020-01', '@2020-01-02', '@2020-01-02T', '@2020-01-02T03:04'],
  ...['@2020-01-02T03:04:05Z', '@2020-01-02T03:04:05.000+01:00', '@1980-02-29', '@2020-02-30', '@T10:11', '@T10:11:12'],
  ...["1 'mg'", '1 day', '2 days', "2 'd'", "1 'wk'", '7 days', '1 year', "1.10 'mg'", '$this', '$index', '%resource'],
  ...['%context', '%ucum', '%rootResource', '(1 | 2 | 1)', "('a' | 'b')", '(1 | 1.0)'],
];
const ON_NOTHING =
  'empty not exists allTrue anyTrue allFalse anyFalse count distinct isDistinct single first last tail children descendants hasValue getValue abs ceiling floor truncate upper lower trim length toChars toString toInteger convertsToInteger convertsToString join toBoolean toDecimal convertsToDecimal convertsToBoolean exp ln sqrt'.split(
    ' ',
  );
const ON_COLLECTION =
  'subsetOf supersetOf intersect exclude union combine skip take indexOf lastIndexOf startsWith endsWith contains split join substring extension power log'.split(
    ' ',
  );
const ON_EACH = ['where', 'select', 'all', 'exists', 'repeat'];
const OPERATORS = '= != < > <= >= and or xor implies in contains | + - * / div mod & ~ !~'.split(' ');

/** Names of all members of a JSON value, as a path would name them. */
export function namesIn(value: unknown, names = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) namesIn(item, names);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      const name = key.replace(/^_/, '');
      // A choice is named without its type.
      names.add(/^(value|effective|deceased|multipleBirth|onset)(?=[A-Z])/.exec(name)?.[0] ?? name);
      namesIn(member, names);
    }
  }
  return names;
}

/** Expressions over a resource, from everything that is compiled, sensible or not. */
export function arbitraryExpression(resource: { readonly resourceType: string }): fc.Arbitrary<string> {
  const name = fc.constantFrom(
    ...[...namesIn(resource)].map((one) => (one === 'div' ? '`div`' : one)),
    resource.resourceType,
    'DomainResource',
    'HumanName',
    'contact',
  );
  const literal = fc.constantFrom(...LITERALS);
  const bracketed = (text: string): string => (/^[\w.$%()]+$/.test(text) ? text : `(${text})`);
  return fc.letrec<{ path: string; whole: string; part: string }>((tie) => ({
    path: fc.oneof(
      { depthSize: 'small' },
      name,
      fc.tuple(tie('path'), name).map(([of, member]) => `${of}.${member}`),
      fc.tuple(tie('whole'), name).map(([of, member]) => `${bracketed(of)}.${member}`),
    ),
    part: fc.oneof({ depthSize: 'small' }, literal, tie('path'), tie('whole').map(bracketed)),
    whole: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      literal,
      tie('path'),
      fc.tuple(tie('part'), fc.constantFrom(...ON_NOTHING)).map(([of, call]) => `${of}.${call}()`),
      fc.tuple(tie('part'), fc.constantFrom(...ON_COLLECTION), tie('whole')).map(([a, f, b]) => `${a}.${f}(${b})`),
      fc.tuple(tie('part'), fc.constantFrom(...ON_EACH), tie('whole')).map(([a, f, b]) => `${a}.${f}(${b})`),
      fc.tuple(tie('part'), tie('whole'), tie('whole')).map(([a, b, c]) => `${a}.substring(${b}, ${c})`),
      fc.tuple(tie('part'), tie('whole'), tie('whole')).map(([a, b, c]) => `${a}.replace(${b}, ${c})`),
      fc.tuple(tie('part'), tie('whole'), tie('whole')).map(([a, b, c]) => `${a}.iif(${b}, ${c})`),
      fc.tuple(tie('whole'), tie('whole'), tie('whole')).map(([a, b, c]) => `iif(${a}, ${b}, ${c})`),
      fc
        .tuple(tie('part'), fc.constantFrom('is', 'as', 'ofType'), fc.constantFrom(...TYPES))
        .map(([a, f, type]) => `${a}.${f}(${type})`),
      fc
        .tuple(tie('part'), fc.constantFrom('is', 'as'), fc.constantFrom(...TYPES))
        .map(([a, operator, type]) => `(${a} ${operator} ${type})`),
      fc.tuple(tie('part'), tie('whole')).map(([of, at]) => `${of}[${at}]`),
      fc.tuple(fc.constantFrom('-', '+'), tie('part')).map(([sign, of]) => `(${sign}${of})`),
      fc.tuple(tie('part'), fc.constantFrom(...OPERATORS), tie('part')).map(([a, o, b]) => `(${a} ${o} ${b})`),
    ),
  })).whole;
}
