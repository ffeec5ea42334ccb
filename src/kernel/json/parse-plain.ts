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
 * A number whose ECMAScript form is not its text is given to `JSON.parse` as a string that begins with U+0001. No other
 * string can: the document has no such escape, and the character itself is refused. They become `JsonNumber` afterwards.
 *
 * @returns undefined when anything is in doubt, errors included: the strict parser then decides
 */
export function parsePlain(text: string, maxDepth: number): { readonly value: JsonValue } | undefined {
  if (maxDepth > DEEPEST || !isPlainText(text)) return undefined;
  const kept: number[] = [];
  const names = countNames(text, maxDepth, kept);
  if (names === undefined) return undefined;
  let value: JsonValue;
  try {
    value = JSON.parse(kept.length === 0 ? text : withMarks(text, kept)) as JsonValue;
  } catch {
    return undefined;
  }
  const whole: JsonValue[] = [value];
  const members = kept.length === 0 ? countMembers(whole) : takeMarks(whole);
  return members === names ? { value: whole[0]! } : undefined;
}

/** What is counted here goes as deep as the document on the process's stack; deeper ones are read by the strict parser. */
const DEEPEST = 500;

const MARK = 0x01;
const MARK_ESCAPED = '"\\u0001';

/** @param kept starts and ends of numbers, by turns */
function withMarks(text: string, kept: readonly number[]): string {
  let marked = '';
  let from = 0;
  for (let index = 0; index < kept.length; index += 2) {
    const [start, end] = [kept[index]!, kept[index + 1]!];
    marked += `${text.slice(from, start)}${MARK_ESCAPED}${text.slice(start, end)}"`;
    from = end;
  }
  return marked + text.slice(from);
}

/**
 * Puts numbers where their marks are.
 *
 * @param node an object or list
 * @returns how many members there are below it; NaN for a name that has a mark or is reserved
 */
function takeMarks(node: object): number {
  let members = 0;
  if (Array.isArray(node)) {
    const list = node as JsonValue[];
    for (let index = 0; index < list.length; index += 1) {
      const item = list[index]!;
      if (typeof item === 'string') {
        if (item.charCodeAt(0) === MARK) list[index] = new JsonNumber(item.slice(1));
      } else if (typeof item === 'object' && item !== null) members += takeMarks(item);
    }
    return members;
  }
  const record = node as Record<string, JsonValue>;
  for (const name in record) {
    if (name.charCodeAt(0) === MARK || isReserved(name)) return NaN;
    members += 1;
    const member = record[name]!;
    if (typeof member === 'string') {
      if (member.charCodeAt(0) === MARK) record[name] = new JsonNumber(member.slice(1));
    } else if (typeof member === 'object' && member !== null) members += takeMarks(member);
  }
  return members;
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
 * Names in the text (colons outside strings), or undefined for nesting over the limit or for what is no number.
 *
 * @param kept takes start and end of each number that is kept as text
 */
function countNames(text: string, maxDepth: number, kept: number[]): number | undefined {
  let names = 0;
  let depth = 0;
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
      if (!isShortInteger(text, at, end) && !isEcmaScriptForm(text, at, end)) {
        if (!NUMBER.test(text.slice(at, end))) return undefined;
        kept.push(at, end);
      }
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

/** @returns how many members there are below an object or list; NaN for a reserved name */
function countMembers(node: object): number {
  let members = 0;
  if (Array.isArray(node)) {
    const list = node as readonly JsonValue[];
    for (let index = 0; index < list.length; index += 1) {
      const item = list[index];
      if (typeof item === 'object' && item !== null) members += countMembers(item);
    }
    return members;
  }
  for (const name in node) {
    if (isReserved(name)) return NaN;
    members += 1;
    const member = (node as Record<string, JsonValue>)[name];
    if (typeof member === 'object' && member !== null) members += countMembers(member);
  }
  return members;
}
