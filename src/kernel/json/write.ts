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
 * Stands for a number that is kept as text while `JSON.stringify` writes the rest. Its own text does not overlap itself,
 * and holds nothing of what stands beside a number.
 */
const STAND_IN = 7.2390518173649e-299;
const STAND_IN_TEXT = String(STAND_IN);

/** Undefined when the stand-in is in the document too: there are then more of them than there are numbers. */
function putBack(text: string, kept: readonly string[]): string | undefined {
  const parts = text.split(STAND_IN_TEXT);
  if (parts.length !== kept.length + 1) return undefined;
  let whole = parts[0]!;
  for (let index = 0; index < kept.length; index += 1) whole += kept[index]! + parts[index + 1]!;
  return whole;
}

/**
 * The value with every number that `JSON.stringify` would write otherwise replaced by the stand-in, in the order in
 * which it is written. Only what holds such a number is copied.
 *
 * @param kept takes the texts of those numbers
 * @returns undefined for what is no plain JSON
 */
function plainOf(value: unknown, kept: string[]): unknown {
  if (typeof value === 'string' || value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return undefined;
    if (value !== 0 || !Object.is(value, -0)) return value;
    kept.push('-0');
    return STAND_IN;
  }
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return plainList(value, kept);
  if (isRecord(value)) return plainRecord(value, kept);
  if (!(value instanceof JsonNumber)) return undefined;
  kept.push(value.text);
  return STAND_IN;
}

function plainList(list: readonly unknown[], kept: string[]): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    if (typeof item === 'string') continue;
    const plain = plainOf(item, kept);
    if (plain === undefined) return undefined;
    if (plain !== item) (copy ??= list.slice())[index] = plain;
  }
  return copy ?? list;
}

function plainRecord(record: Record<string, unknown>, kept: string[]): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const name in record) {
    const member = record[name];
    if (member === undefined || typeof member === 'string') continue;
    const plain = plainOf(member, kept);
    if (plain === undefined) return undefined;
    if (plain !== member) (copy ??= { ...record })[name] = plain;
  }
  return copy ?? record;
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
