import type { JsonValue } from './value.js';

const QUOTE = 0x22;
const COLON = 0x3a;

/**
 * The fast path: one linear scan proves that `JSON.parse` would read the document exactly as the strict parser does,
 * then lets it. Proven are: every number is its own ECMAScript form, nesting within the limit, no escape but those of
 * quote, backslash, slash, \n, \r, \t, no lone surrogate, no reserved name, and (by counting names before and members
 * after) no two members of one name.
 *
 * @returns undefined when anything is in doubt, errors included: the strict parser then decides
 */
export function parsePlain(text: string, maxDepth: number): { readonly value: JsonValue } | undefined {
  if (!isPlainText(text)) return undefined;
  const names = countNames(text, maxDepth);
  if (names === undefined) return undefined;
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  return countMembers(value) === names ? { value } : undefined;
}

const RARE_ESCAPE = /\\[^"\\/nrt]/;
const RESERVED = /__proto__|constructor|prototype/;

function isPlainText(text: string): boolean {
  return !RARE_ESCAPE.test(text) && !RESERVED.test(text) && isWellFormed(text);
}

/** No lone surrogate (ECMAScript 2024, in Node since 20). */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/** Names in the text (colons outside strings), or undefined for nesting over the limit or a number to keep as text. */
function countNames(text: string, maxDepth: number): number | undefined {
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
      if (!isEcmaScriptForm(text, at, end)) return undefined;
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

function isEcmaScriptForm(text: string, start: number, end: number): boolean {
  const written = text.slice(start, end);
  return String(Number(written)) === written;
}

function countMembers(root: JsonValue): number {
  let members = 0;
  const open: object[] = [];
  if (typeof root === 'object' && root !== null) open.push(root);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (Array.isArray(node)) {
      for (const item of node as readonly JsonValue[]) if (typeof item === 'object' && item !== null) open.push(item);
      continue;
    }
    for (const name in node) {
      members += 1;
      const member = (node as Record<string, JsonValue>)[name];
      if (typeof member === 'object' && member !== null) open.push(member);
    }
  }
  return members;
}
