import { typeInfo, typeNames } from '../model.js';

/**
 * What of FHIRPath the `fhirpath` package may be asked to evaluate: everything else is refused before it runs. Left out
 * with reason: `trace` (prints content), `matches`, `matchesFull`, `replaceMatches` (regular expressions: 94 s on 31
 * characters), `replace`, `aggregate`, `defineVariable` and `repeat` of anything but a path (results that double with
 * every step), `now`, `today`, `timeOfDay` (no two answers are alike), `resolve`, `memberOf`, `%terminologies`, `%factory`
 * and the like (they ask others), object construction, `encode` and the like beyond a few (they lengthen).
 */
export const ADMITTED_NODES: ReadonlySet<string> = new Set([
  'EntireExpression',
  'TermExpression',
  'InvocationTerm',
  'LiteralTerm',
  'ParenthesizedTerm',
  'ExternalConstantTerm',
  'ExternalConstant',
  'Identifier',
  'MemberInvocation',
  'FunctionInvocation',
  'Functn',
  'ParamList',
  'ThisInvocation',
  'IndexInvocation',
  'InvocationExpression',
  'IndexerExpression',
  'PolarityExpression',
  'MultiplicativeExpression',
  'AdditiveExpression',
  'TypeExpression',
  'TypeSpecifier',
  'QualifiedIdentifier',
  'UnionExpression',
  'InequalityExpression',
  'EqualityExpression',
  'MembershipExpression',
  'AndExpression',
  'OrExpression',
  'XorExpression',
  'ImpliesExpression',
  'StringLiteral',
  'BooleanLiteral',
  'NumberLiteral',
  'LongNumberLiteral',
  'QuantityLiteral',
  'Quantity',
  'Unit',
  'DateTimePrecision',
  'PluralDateTimePrecision',
  'DateLiteral',
  'DateTimeLiteral',
  'TimeLiteral',
  'NullLiteral',
  'SortDirectionArgument',
  'SortArgument',
]);

const none = [0, 0] as const;
const one = [1, 1] as const;
const maybe = [0, 1] as const;

/** Functions with the least and the most of their arguments. */
export const ADMITTED_FUNCTIONS: ReadonlyMap<string, readonly [min: number, max: number]> = new Map(
  Object.entries<readonly [number, number]>({
    empty: none,
    not: none,
    exists: maybe,
    all: one,
    allTrue: none,
    anyTrue: none,
    allFalse: none,
    anyFalse: none,
    subsetOf: one,
    supersetOf: one,
    isDistinct: none,
    distinct: none,
    count: none,
    where: one,
    extension: one,
    select: one,
    coalesce: [1, 20],
    sort: [0, 20],
    sum: none,
    min: none,
    max: none,
    avg: none,
    repeat: one,
    single: none,
    first: none,
    last: none,
    tail: none,
    take: one,
    skip: one,
    type: none,
    ofType: one,
    is: one,
    as: one,
    combine: one,
    union: one,
    intersect: one,
    exclude: one,
    iif: [2, 3],
    toInteger: none,
    toLong: none,
    toDecimal: none,
    toString: none,
    toDate: none,
    toDateTime: none,
    toTime: none,
    toBoolean: none,
    toQuantity: maybe,
    hasValue: none,
    getValue: none,
    convertsToBoolean: none,
    convertsToInteger: none,
    convertsToLong: none,
    convertsToDecimal: none,
    convertsToString: none,
    convertsToDate: none,
    convertsToDateTime: none,
    convertsToTime: none,
    convertsToQuantity: none,
    indexOf: one,
    lastIndexOf: one,
    substring: [1, 2],
    startsWith: one,
    endsWith: one,
    contains: one,
    upper: none,
    lower: none,
    length: none,
    toChars: none,
    join: maybe,
    split: one,
    trim: none,
    encode: one,
    decode: one,
    escape: one,
    unescape: one,
    abs: none,
    ceiling: none,
    exp: none,
    floor: none,
    ln: none,
    log: one,
    power: one,
    round: maybe,
    sqrt: none,
    truncate: none,
    lowBoundary: maybe,
    highBoundary: maybe,
    comparable: one,
    yearOf: none,
    monthOf: none,
    dayOf: none,
    hourOf: none,
    minuteOf: none,
    secondOf: none,
    millisecondOf: none,
    timezoneOffsetOf: none,
    dateOf: none,
    timeOf: none,
    children: none,
    descendants: none,
  }),
);

/** Functions whose result is longer than what they are given; so many of them may stand in one expression. */
export const LENGTHENING: ReadonlySet<string> = new Set(['encode', 'escape', 'join']);
export const MOST_LENGTHENING = 6;

/** `%resource` and the constants of the standard (https://hl7.org/fhir/R4/fhirpath.html#vars). */
export const ADMITTED_ENVIRONMENT: ReadonlySet<string> = new Set(['resource', 'rootResource', 'context', 'ucum']);

let names: ReadonlySet<string> | undefined;

/**
 * Names that can follow a point: elements of R4 and its types (a path may begin with one). So nothing of JavaScript can be
 * named: neither `constructor` nor the `length` of a text that is no call.
 */
export function isElementName(name: string): boolean {
  names ??= new Set(
    (['resource', 'complex', 'nested', 'primitive'] as const).flatMap(typeNames).flatMap((type) => {
      const elements = typeInfo(type)!.elements;
      return [type, ...elements.flatMap(({ name: own, types }) => [own, ...types.map(({ key }) => key)])];
    }),
  );
  // What `type()` gives has the first two; the last is a member of the JSON.
  if (name === 'namespace' || name === 'baseType' || name === 'resourceType') return true;
  return names.has(name) && !(name in Object.prototype);
}
