import { JsonNumber, type JsonValue } from './value.js';

/**
 * Writes what `readJson` read: numbers kept as text come out as that text, members in their order, no white space.
 * Members whose value is undefined are left out.
 *
 * @throws TypeError for what JSON cannot carry (functions, symbols, bigint, NaN, Infinity, dates and other instances)
 */
export function writeJson(value: JsonValue): string {
  const kept: string[] = [];
  const plain = plainOf(value, kept);
  if (plain === undefined) return write(value);
  const text = JSON.stringify(plain);
  return kept.length === 0 ? text : (putBack(text, kept) ?? write(value));
}

/**
 * Stands for a number that is kept as text while `JSON.stringify` writes the rest: a text of one character that JSON does
 * not escape and documents hardly ever hold, so that looking for it is looking for one rare byte.
 */
const STAND_IN = '\u007f';

/** Undefined when the character is in the document too: what stands where cannot be told then. */
function putBack(text: string, kept: readonly string[]): string | undefined {
  let whole = '';
  let from = 0;
  let at = text.indexOf(STAND_IN);
  for (const number of kept) {
    if (at === -1 || text[at - 1] !== '"' || text[at + 1] !== '"') return undefined;
    whole += text.slice(from, at - 1) + number;
    from = at + 2;
    at = text.indexOf(STAND_IN, from);
  }
  return at === -1 ? whole + text.slice(from) : undefined;
}

/**
 * The value with every number that `JSON.stringify` would write otherwise replaced by the stand-in, in the order in
 * which it is written. Only what holds such a number is copied.
 *
 * @param kept takes the texts of those numbers
 * @returns undefined for what is no plain JSON
 */
function plainOf(value: unknown, kept: string[]): unknown {
  if (typeof value === 'object' && value !== null) return plainObject(value, kept);
  if (isPlainScalar(value)) return value;
  if (!Object.is(value, -0)) return undefined;
  kept.push('-0');
  return STAND_IN;
}

/** What `JSON.stringify` writes as it is; texts are asked before, for most values are texts. */
function isPlainScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && (value !== 0 || !Object.is(value, -0));
  return typeof value === 'string' || typeof value === 'boolean' || value === null;
}

/** One function for lists and objects, since the calls are most of what it costs to look at a small document. */
function plainObject(value: object, kept: string[]): unknown {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    let items: unknown[] | undefined;
    for (let index = 0; index < list.length; index += 1) {
      const item = list[index];
      if (typeof item === 'string') continue;
      const plain = typeof item === 'object' && item !== null ? plainObject(item, kept) : plainOf(item, kept);
      if (plain === undefined) return undefined;
      if (plain !== item) (items ??= list.slice())[index] = plain;
    }
    return items ?? list;
  }
  if (!isRecord(value)) {
    if (!(value instanceof JsonNumber)) return undefined;
    kept.push(value.text);
    return STAND_IN;
  }
  let copy: Record<string, unknown> | undefined;
  for (const name in value) {
    const member = value[name];
    if (typeof member === 'string' || member === undefined) continue;
    const plain = typeof member === 'object' && member !== null ? plainObject(member, kept) : plainOf(member, kept);
    if (plain === undefined) return undefined;
    if (plain !== member) (copy ??= { ...value })[name] = plain;
  }
  return copy ?? value;
}

function write(value: unknown): string {
  if (value instanceof JsonNumber) return value.text;
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return writeNumber(value);
  if (Array.isArray(value)) return `[${Array.from(value, write).join(',')}]`;
  if (typeof value !== 'object' || !isRecord(value)) throw new TypeError('Not a JSON value');
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${write(member)}`);
  }
  return `{${members.join(',')}}`;
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('Not a JSON number');
  return Object.is(value, -0) ? '-0' : String(value);
}

function isRecord(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
