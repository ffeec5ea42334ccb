import { isKindOf, typeInfo } from '../model.js';
import { distinct, equalItems, hashKey, includes } from './equality.js';
import {
  Ambiguous,
  Decimal,
  isPrimitiveValue,
  Node,
  NotDecidable,
  numberOf,
  Quantity,
  spend,
  toSystem,
  type Item,
  type Scope,
} from './items.js';
import { children, childrenNamed, descendants } from './navigate.js';
import { numberFunctions } from './number-functions.js';
import { textFunctions } from './text-functions.js';

/** A function whose arguments are collections; `min` and `max` count the arguments. */
export interface PlainFunction {
  readonly min: number;
  readonly max: number;
  readonly call: (input: Item[], args: Item[][], scope: Scope) => Item[];
}

export const NONE: Item[] = Object.freeze([]) as unknown as Item[];

export function truthOf(items: readonly Item[]): boolean | null {
  if (items.length === 0) return null;
  if (items.length > 1) throw new NotDecidable('More than one item where a truth value is needed');
  const item = items[0]!;
  const value = toSystem(item);
  // An element that is only an id or extensions says nothing.
  if (item instanceof Node && item.value == null) return null;
  return typeof value === 'boolean' ? value : true;
}

/**
 * A condition of an expression that is not the standard's own. Evaluators differ on what an element does there (one of
 * them keeps items whose `preferred` is false), and on values that are no Booleans: such conditions are not decided.
 */
export function criterionOf(items: readonly Item[], whole: boolean): boolean {
  const [item] = items;
  if (item === undefined) return false;
  const value = items.length === 1 ? toSystem(item) : undefined;
  if (typeof value !== 'boolean') throw new NotDecidable('A condition is a Boolean');
  if (!whole && !value && item instanceof Node)
    throw new Ambiguous('A condition compares its element, as in where(preferred = true)');
  return value;
}

/** A Boolean by its value, anything else is refused: for functions that are defined on Booleans only. */
function booleanOf(item: Item): boolean {
  const value = toSystem(item);
  if (typeof value !== 'boolean') throw new NotDecidable('A Boolean is needed');
  return value;
}

export function single(items: readonly Item[]): Item | undefined {
  if (items.length > 1) throw new NotDecidable('One item is needed');
  return items[0];
}

function integerArgument(items: readonly Item[] | undefined): number {
  const item = single(items ?? NONE);
  const value = item === undefined ? undefined : toSystem(item);
  if (typeof value !== 'number') throw new NotDecidable('An Integer is needed');
  return value;
}

/** A number of items; less than none is read differently by evaluators. */
function countOf(items: readonly Item[] | undefined): number {
  const count = integerArgument(items);
  if (count < 0) throw new Ambiguous('A number of items is not negative');
  return count;
}

export function hasValue(items: readonly Item[]): boolean {
  const [item] = items;
  if (items.length !== 1 || item === undefined) return false;
  return item instanceof Node ? isPrimitiveValue(item.value) : true;
}

const of = (call: PlainFunction['call'], min = 0, max = min): PlainFunction => ({ min, max, call });
const mathOf = (calculate: (value: number) => number, integer: boolean): PlainFunction =>
  of((input) => {
    const item = single(input);
    const value = item === undefined ? undefined : toSystem(item);
    const number = numberOf(value);
    if (item === undefined) return NONE;
    if (number === undefined) throw new NotDecidable('A number is needed');
    const result = calculate(number);
    return [integer || typeof value === 'number' ? result : new Decimal(result)];
  });

/** FHIRPath 2.0.0 sections 5.1–5.8 and the functions FHIR adds (https://hl7.org/fhir/R4/fhirpath.html#functions). */
export const FUNCTIONS: Readonly<Record<string, PlainFunction>> = {
  empty: of((input) => [input.length === 0]),
  not: of((input) => {
    const truth = truthOf(input);
    return truth === null ? NONE : [!truth];
  }),
  allTrue: of((input) => [input.every(booleanOf)]),
  anyTrue: of((input) => [input.some(booleanOf)]),
  allFalse: of((input) => [input.every((item) => !booleanOf(item))]),
  anyFalse: of((input) => [input.some((item) => !booleanOf(item))]),
  count: of((input) => [input.length]),
  distinct: of((input, _, scope) => distinct(input, scope)),
  isDistinct: of((input, _, scope) => [distinct(input, scope).length === input.length]),
  subsetOf: of((input, [other = NONE], scope) => [input.every((item) => includes(other, item, scope))], 1),
  supersetOf: of((input, [other = NONE], scope) => [other.every((item) => includes(input, item, scope))], 1),
  single: of((input) => (single(input) === undefined ? NONE : input)),
  first: of((input) => input.slice(0, 1)),
  last: of((input) => input.slice(-1)),
  tail: of((input) => input.slice(1)),
  skip: of((input, [count]) => input.slice(countOf(count)), 1),
  take: of((input, [count]) => input.slice(0, countOf(count)), 1),
  intersect: of(
    (input, [other = NONE], scope) =>
      distinct(
        input.filter((item) => includes(other, item, scope)),
        scope,
      ),
    1,
  ),
  exclude: of((input, [other = NONE], scope) => input.filter((item) => !includes(other, item, scope)), 1),
  union: of((input, [other = NONE], scope) => distinct([...input, ...other], scope), 1),
  combine: of((input, [other = NONE]) => [...input, ...other], 1),
  children: of((input, _, scope) => {
    const out: Item[] = [];
    for (const item of input) if (item instanceof Node) children(item, out, scope);
    return out;
  }),
  descendants: of((input, _, scope) => descendants(input, scope)),
  hasValue: of((input) => {
    if (input.some((item) => item instanceof Quantity)) throw new NotDecidable('A quantity that was computed');
    return [hasValue(input)];
  }),
  getValue: of((input) => {
    if (input.some((item) => item instanceof Quantity)) throw new NotDecidable('A quantity that was computed');
    const value = hasValue(input) ? toSystem(input[0]!) : undefined;
    return value === undefined ? NONE : [value];
  }),
  extension: of((input, [url = NONE], scope) => {
    const wanted = url.length === 1 ? toSystem(url[0]!) : undefined;
    if (typeof wanted !== 'string') throw new NotDecidable('One text is needed');
    const extensions: Item[] = [];
    for (const item of input) if (item instanceof Node) childrenNamed(item, 'extension', extensions, scope);
    return extensions.filter(
      (item) => (item as Node).value !== null && ((item as Node).value as { url?: unknown }).url === wanted,
    );
  }, 1),
  abs: mathOf(Math.abs, false),
  ceiling: mathOf(Math.ceil, true),
  floor: mathOf(Math.floor, true),
  truncate: mathOf(Math.trunc, true),
  ...textFunctions,
  ...numberFunctions,
};

/** Is the item of the type? `namespace` empty: FHIR's types first, then System's (FHIRPath 2.0.0 section 6.3). */
export function isOfType(item: Item, type: string): boolean {
  const [namespace, name] = type.includes('.') ? type.split('.') : ['', type];
  if (namespace !== 'System' && typeInfo(name!) !== undefined) {
    // `Quantity` without a namespace is both.
    if (!(item instanceof Node)) return namespace === '' && systemName(item) === name;
    return isKindOf(item.type, name!);
  }
  if (namespace === 'FHIR') return false;
  if (item instanceof Node) return false;
  return systemName(item) === name;
}

export function isKnownType(type: string): boolean {
  const [namespace, name] = type.includes('.') ? type.split('.') : ['', type];
  const isFhir = namespace !== 'System' && typeInfo(name!) !== undefined;
  return isFhir || (namespace !== 'FHIR' && SYSTEM_TYPES.has(name!));
}
/** A type of FHIRPath itself: `System.String`, or `String`, which FHIR does not have. */
export function isSystemType(type: string): boolean {
  const [namespace, name] = type.includes('.') ? type.split('.') : ['', type];
  return namespace === 'System' || (namespace === '' && typeInfo(name!) === undefined) || type === 'Quantity';
}
const SYSTEM_TYPES = new Set(['Boolean', 'String', 'Integer', 'Decimal', 'Date', 'DateTime', 'Time', 'Quantity']);

function systemName(item: Exclude<Item, Node>): string {
  if (typeof item === 'boolean') return 'Boolean';
  if (typeof item === 'string') return 'String';
  if (typeof item === 'number') return 'Integer';
  if (item instanceof Decimal) return 'Decimal';
  if (item instanceof Quantity) return 'Quantity';
  return item.kind === 'date' ? 'Date' : item.kind === 'time' ? 'Time' : 'DateTime';
}

/** `in` and `contains`: true, false, or nothing when nothing is looked for. */
export function membership(items: readonly Item[], wanted: readonly Item[], scope: Scope): Item[] {
  const item = single(wanted);
  if (item === undefined) return NONE;
  const key = hashKey(item);
  spend(scope, items.length);
  for (const candidate of items) {
    const other = key === undefined ? undefined : hashKey(candidate);
    if (other === undefined ? equalItems(candidate, item, scope) === true : other === key) return [true];
  }
  return [false];
}
