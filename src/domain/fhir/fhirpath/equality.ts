import { JsonNumber } from '../../../kernel/json/value.js';
import { Node, NotDecidable, numberOf, Quantity, sameUnit, spend, toSystem, type Item, type Scope } from './items.js';
import { compareTemporal, Temporal } from './temporal.js';

/** `=` on two items (FHIRPath 2.0.0 section 6.1.1). @returns null when it cannot be said (dates of unequal precision) */
export function equalItems(a: Item, b: Item, scope: Scope): boolean | null {
  const equal = equalValues(a, b, scope);
  // Elements are equal with their ids and extensions only.
  return equal === true && a instanceof Node && b instanceof Node ? sameJson(a.sibling, b.sibling, scope) : equal;
}

function equalValues(a: Item, b: Item, scope: Scope): boolean | null {
  spend(scope, 1);
  const left = toSystem(a);
  const right = toSystem(b);
  if (left === undefined || right === undefined || left instanceof Quantity || right instanceof Quantity) {
    if (left instanceof Quantity && right instanceof Quantity) {
      if (a instanceof Node && b instanceof Node) return sameJson(a.value, b.value, scope);
      if (!sameUnit(left.unit, right.unit)) throw new NotDecidable('Units differ');
      return rounded(left.value) === rounded(right.value);
    }
    if (numberOf(left) !== undefined || numberOf(right) !== undefined) throw new NotDecidable('A number as a quantity');
    if (!(a instanceof Node) || !(b instanceof Node)) return false;
    return sameJson(a.value, b.value, scope);
  }
  if (left instanceof Temporal && right instanceof Temporal) {
    if ((left.kind === 'time') !== (right.kind === 'time')) return false;
    const order = compareDates(left, right, scope);
    return order === null ? null : order === 0;
  }
  const [x, y] = [numberOf(left), numberOf(right)];
  if (left instanceof Temporal || right instanceof Temporal) {
    if (x !== undefined || y !== undefined) throw new NotDecidable('A number and a date');
    return false;
  }
  return x !== undefined && y !== undefined ? rounded(x) === rounded(y) : left === right;
}

/** Eight decimals count (FHIRPath 2.0.0 section 4.1.4). */
const rounded = (value: number): number => Math.round(value / 1e-8) * 1e-8;

function compareDates(a: Temporal, b: Temporal, scope: Scope): number | null {
  const bothHaveTime = a.parts.length > 3 && b.parts.length > 3 && a.kind !== 'time' && b.kind !== 'time';
  if (bothHaveTime && (a.zoneMinutes === undefined) !== (b.zoneMinutes === undefined)) {
    scope.undecided = true;
    throw new NotDecidable('One of the times has no zone');
  }
  const order = compareTemporal(a, b);
  if (order === null) scope.undecided = true;
  return order;
}

function sameJson(a: unknown, b: unknown, scope: Scope): boolean {
  spend(scope, 1);
  if (a === b) return true;
  const isNumeric = (value: unknown) => typeof value === 'number' || value instanceof JsonNumber;
  if (isNumeric(a) && isNumeric(b)) return Number(a) === Number(b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key], scope))
  );
}

export function equalCollections(a: readonly Item[], b: readonly Item[], scope: Scope): boolean | null {
  if (a.length === 0 || b.length === 0) return null;
  if (a.length !== b.length) return false;
  let undecided = false;
  for (let index = 0; index < a.length; index += 1) {
    const equal = equalItems(a[index]!, b[index]!, scope);
    if (equal === false) return false;
    if (equal === null) undecided = true;
  }
  return undecided ? null : true;
}

/** `<`, `>`, `<=`, `>=` need an order. @returns null when open; throws NotDecidable when the two cannot be compared */
export function compareItems(a: Item, b: Item, scope: Scope): number | null {
  const left = toSystem(a);
  const right = toSystem(b);
  const [x, y] = [numberOf(left), numberOf(right)];
  if (x !== undefined && y !== undefined) return rounded(x) - rounded(y);
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (left instanceof Temporal && right instanceof Temporal && (left.kind === 'time') === (right.kind === 'time')) {
    return compareDates(left, right, scope);
  }
  if (left instanceof Quantity && right instanceof Quantity && sameUnit(left.unit, right.unit)) {
    return rounded(left.value) - rounded(right.value);
  }
  scope.undecided = true;
  throw new NotDecidable('No order between these');
}

/** A key under which equal items fall together; undefined when equality needs more than a key. */
export function hashKey(item: Item): string | undefined {
  if (item instanceof Node && item.sibling !== undefined) return undefined;
  const value = toSystem(item);
  if (typeof value === 'string') return `s${value}`;
  const number = numberOf(value);
  if (number !== undefined) return `n${rounded(number)}`;
  return typeof value === 'boolean' ? `b${value}` : undefined;
}

/** Items without their repetitions; linear for text and numbers. */
export function distinct(items: readonly Item[], scope: Scope): Item[] {
  const keys = items.map(hashKey);
  const kept: Item[] = [];
  if (keys.every((key) => key !== undefined)) {
    spend(scope, items.length);
    const seen = new Set<string>();
    return items.filter((_, index) => seen.size < seen.add(keys[index]!).size);
  }
  return items.filter((item) => {
    spend(scope, 1);
    if (kept.some((other) => equalItems(other, item, scope) === true)) return false;
    kept.push(item);
    return true;
  });
}

export function includes(items: readonly Item[], wanted: Item, scope: Scope): boolean {
  return items.some((item) => equalItems(item, wanted, scope) === true);
}
