import { JsonNumber, type JsonValue } from './value.js';

const QUOTE = 0x22;
const COLON = 0x3a;

/** RFC 8259 section 6. */
export const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * The fast path: one linear scan proves that `JSON.parse` would read the document exactly as the strict parser does,
 * then lets it. Proven are: nesting within the limit, no escape but those of quote, backslash, slash, \n, \r, \t, no
 * lone surrogate, no reserved name, and (by counting names before and members after) no two members of one name.
 *
 * The scan tells numbers whose ECMAScript form is not their text by their place among all numbers, and the count of the
 * members, which meets numbers in the order of the text, puts a `JsonNumber` there.
 *
 * @returns undefined when anything is in doubt, errors included: the strict parser then decides
 */
export function parsePlain(text: string, maxDepth: number): { readonly value: JsonValue } | undefined {
  if (maxDepth > DEEPEST || !isPlainText(text)) return undefined;
  const kept: Kept = { text, places: [], met: 0, put: 0 };
  const names = countNames(text, maxDepth, kept.places);
  if (names === undefined) return undefined;
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  const whole: JsonValue[] = [value];
  return countMembers(whole, kept) === names ? { value: whole[0]! } : undefined;
}

/** What is counted here goes as deep as the document on the process's stack; deeper ones are read by the strict parser. */
const DEEPEST = 500;

/** The numbers that are kept as written, and how far the values have been looked through for where they stand. */
interface Kept {
  readonly text: string;
  /** By turns: how many numbers stand before it, its start, its end. */
  readonly places: number[];
  /** Numbers met among the values. */
  met: number;
  /** How much of `places` is done. */
  put: number;
}

const RARE_ESCAPE = /\\[^"\\/nrt]/;

function isPlainText(text: string): boolean {
  return (!text.includes('\\') || !RARE_ESCAPE.test(text)) && isWellFormed(text);
}

/** Names that a document may not use; told by their length first, since every name is asked about. */
export const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const isReserved = (name: string): boolean => (name.length === 9 || name.length === 11) && RESERVED.has(name);

/** No lone surrogate (ECMAScript 2024, in Node since 20). */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/**
 * Names in the text (colons outside strings), or undefined for nesting over the limit.
 *
 * @param places takes each number that is kept as text, as `Kept` says
 */
function countNames(text: string, maxDepth: number, places: number[]): number | undefined {
  let names = 0;
  let depth = 0;
  let numbers = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      at = endOfString(text, at);
      if (at === -1) return undefined;
    } else if (unit === COLON) names += 1;
    else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > maxDepth) return undefined;
    } else if (unit === 0x7d || unit === 0x5d) depth -= 1;
    else if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) {
      const end = endOfNumber(text, at);
      if (!isShortInteger(text, at, end) && !isEcmaScriptForm(text, at, end)) places.push(numbers, at, end);
      numbers += 1;
      at = end - 1;
    }
  }
  return names;
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, start, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, start: number, quote: number): boolean {
  let backslashes = 0;
  while (quote - 1 - backslashes > start && text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes += 1;
  return backslashes % 2 === 1;
}

export function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end += 1) {
    const unit = text.charCodeAt(end);
    const isDigit = unit >= 0x30 && unit <= 0x39;
    if (!isDigit && unit !== 0x2e && unit !== 0x2d && unit !== 0x2b && (unit | 0x20) !== 0x65) break;
  }
  return end;
}

/** Digits alone, few enough to be exact, and no leading zero: most numbers of a record. */
function isShortInteger(text: string, start: number, end: number): boolean {
  if (end - start > 15 || (text.charCodeAt(start) === 0x30 && end - start > 1)) return false;
  for (let at = start; at < end; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x30 || unit > 0x39) return false;
  }
  return true;
}

function isEcmaScriptForm(text: string, start: number, end: number): boolean {
  const written = text.slice(start, end);
  return String(Number(written)) === written;
}

/**
 * Puts the numbers that are kept as written where they stand.
 *
 * @param node an object or list
 * @returns how many members there are below it; NaN for a reserved name, and for one that the engine may have moved
 */
function countMembers(node: object, kept: Kept): number {
  let members = 0;
  if (Array.isArray(node)) {
    const list = node as JsonValue[];
    for (let index = 0; index < list.length; index += 1) {
      const item = list[index]!;
      if (typeof item === 'number') {
        if (isNextKept(kept)) list[index] = takeNext(kept);
      } else if (typeof item === 'object' && item !== null) members += countMembers(item, kept);
    }
    return members;
  }
  const record = node as Record<string, JsonValue>;
  for (const name in record) {
    if (isReserved(name) || (kept.places.length > 0 && isLikeIndex(name))) return NaN;
    members += 1;
    const member = record[name]!;
    if (typeof member === 'number') {
      if (isNextKept(kept)) record[name] = takeNext(kept);
    } else if (typeof member === 'object' && member !== null) members += countMembers(member, kept);
  }
  return members;
}

/** Names such as `10` come before the others, whatever the order of the text. */
function isLikeIndex(name: string): boolean {
  const unit = name.charCodeAt(0);
  return unit >= 0x30 && unit <= 0x39;
}

/** Of the number that is met now. */
function isNextKept(kept: Kept): boolean {
  kept.met += 1;
  return kept.put < kept.places.length && kept.places[kept.put] === kept.met - 1;
}

function takeNext(kept: Kept): JsonNumber {
  const { text, places, put } = kept;
  kept.put += 3;
  return new JsonNumber(text.slice(places[put + 1], places[put + 2]));
}
