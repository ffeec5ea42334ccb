import { canonicalJson } from '../../../kernel/canonical-json.js';
import { JsonNumber } from '../../../kernel/json/value.js';
import { isPlain, type Difference, type Plain, type Step } from './kept.js';

/** The name of the key by which items of a list are told apart; undefined where they have none. */
export type KeyOf = (list: readonly Step[]) => string | undefined;

const noKeys: KeyOf = () => undefined;

/**
 * What has to be done to `made` to get `given`, in the order in which `apply` does it. Exact for every pair of JSON
 * values; that it be small is an aim only. Linear in their size: items of lists are found by their text.
 */
export function compare(made: unknown, given: unknown, keyOf: KeyOf = noKeys): Difference[] {
  const found: Difference[] = [];
  compareAt(made, given, [], keyOf, found);
  return found;
}

function compareAt(made: unknown, given: unknown, at: readonly Step[], keyOf: KeyOf, found: Difference[]): void {
  if (isSame(made, given)) return;
  if (isPlain(made) && isPlain(given)) compareMembers(made, given, at, keyOf, found);
  else if (Array.isArray(made) && Array.isArray(given)) compareItems(made, given, at, keyOf, found);
  else found.push({ at, act: 'replace', value: given });
}

function compareMembers(made: Plain, given: Plain, at: readonly Step[], keyOf: KeyOf, found: Difference[]): void {
  for (const name of Object.keys(made)) {
    if (memberOf(made, name) !== undefined && memberOf(given, name) === undefined)
      found.push({ at: [...at, name], act: 'remove' });
  }
  for (const name of Object.keys(given)) {
    const value = given[name];
    const before = memberOf(made, name);
    if (value === undefined) continue;
    if (before === undefined) found.push({ at: [...at, name], act: 'add', value });
    else compareAt(before, value, [...at, name], keyOf, found);
  }
}

function compareItems(
  made: readonly unknown[],
  given: readonly unknown[],
  at: readonly Step[],
  keyOf: KeyOf,
  found: Difference[],
): void {
  const name = keyOf(at);
  const keyed = name !== undefined && hasKeys(made, name) && hasKeys(given, name);
  const partner = keyed ? partnersByKey(made, given, name) : partners(made, given);
  const taken = partner.filter((index) => index >= 0);
  const stepOf = (index: number): Step =>
    keyed ? { name: name, is: (given[index] as Plain)[name] as string, index } : index;
  if (keyed) {
    const left = new Set(taken);
    made.forEach((item, index) => {
      if (!left.has(index))
        found.push({ at: [...at, { name, is: (item as Plain)[name] as string, index }], act: 'remove' });
    });
    if (taken.some((index, position) => index < (taken[position - 1] ?? -1)))
      found.push({ at, act: 'arrange', value: { by: name, keys: taken.map((index) => (made[index] as Plain)[name]) } });
  } else if (taken.length < made.length || taken.some((index, position) => index !== position)) {
    found.push({ at, act: 'arrange', value: taken });
  }
  given.forEach((value, index) => {
    if (partner[index]! < 0) found.push({ at: [...at, stepOf(index)], act: 'insert', value });
  });
  given.forEach((value, index) => {
    if (partner[index]! >= 0) compareAt(made[partner[index]!], value, [...at, stepOf(index)], keyOf, found);
  });
}

/** For each given item the index of the made one that it is; -1 for what is new. Equal ones first, then alike ones. */
function partners(made: readonly unknown[], given: readonly unknown[]): number[] {
  const partner = given.map(() => -1);
  const left = new Set(made.keys());
  for (const signOf of [textOf, likenessOf]) {
    const queues = new Map<string, number[]>();
    for (const index of left) {
      const sign = signOf(made[index]);
      if (sign !== null) (queues.get(sign) ?? queues.set(sign, []).get(sign)!).push(index);
    }
    for (const queue of queues.values()) queue.reverse();
    given.forEach((item, index) => {
      const sign = partner[index]! < 0 ? signOf(item) : null;
      const found = sign === null ? undefined : queues.get(sign)?.pop();
      if (found === undefined) return;
      partner[index] = found;
      left.delete(found);
    });
  }
  given.forEach((item, index) => {
    const isNeither =
      isPlain(item) && isPlain(made[index]) && likenessOf(item) === null && likenessOf(made[index]) === null;
    if (partner[index]! >= 0 || !left.has(index) || !isNeither) return;
    partner[index] = index;
    left.delete(index);
  });
  return partner;
}

function partnersByKey(made: readonly unknown[], given: readonly unknown[], name: string): number[] {
  const byKey = new Map(made.map((item, index) => [(item as Plain)[name], index]));
  return given.map((item) => byKey.get((item as Plain)[name]) ?? -1);
}

const textOf = (item: unknown): string => canonicalJson(item);

/** What FHIR tells items of a list apart by: two of one likeness are taken for one item that was changed. */
function likenessOf(item: unknown): string | null {
  if (!isPlain(item)) return null;
  const marks = ['id', 'url', 'linkId', 'system', 'resourceType'].map((name) => {
    const mark = memberOf(item, name);
    return typeof mark === 'string' ? mark : null;
  });
  return marks.every((mark) => mark === null) ? null : JSON.stringify(marks);
}

function hasKeys(items: readonly unknown[], name: string): boolean {
  const keys = items.map((item) => (isPlain(item) ? memberOf(item, name) : undefined));
  return keys.every((key) => typeof key === 'string') && new Set(keys).size === keys.length;
}

const memberOf = (value: Plain, name: string): unknown => (Object.hasOwn(value, name) ? value[name] : undefined);

/** Equal as JSON: members in any order, items in theirs, numbers as written. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return String(a) === String(b);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  if (!isPlain(a) || !isPlain(b)) return false;
  let count = 0;
  for (const name in a) {
    if (a[name] === undefined) continue;
    count += 1;
    if (!isSame(a[name], memberOf(b, name))) return false;
  }
  for (const name in b) if (b[name] !== undefined) count -= 1;
  return count === 0;
}

const isNumber = (value: unknown): value is number | JsonNumber =>
  typeof value === 'number' || value instanceof JsonNumber;
