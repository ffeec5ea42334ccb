import { fixedOf } from './fixed.js';
import { JsonNumber, type JsonValue } from './value.js';

/**
 * Writes what `readJson` read: numbers kept as text come out as that text, members in their order, no white space.
 * Members whose value is undefined are left out. What is fixed (`fix`) is written once and for all.
 *
 * @throws TypeError for what JSON cannot carry (functions, symbols, bigint, NaN, Infinity, dates and other instances)
 */
export function writeJson(value: JsonValue): string {
  const out: Out = { text: '' };
  writeValue(out, value, START);
  return out.text;
}

/** One text to which everything is added: engines keep it as a chain of pieces, so pieces should be few and long. */
interface Out {
  text: string;
}

/** A name of members, with the marks that can stand around it: a piece of the text each. */
interface Name {
  readonly name: string;
  /** `{"name":`, and the same with the quote that opens a text after it. */
  readonly first: string;
  readonly firstText: string;
  /** `,"name":` */
  readonly more: string;
  readonly moreText: string;
  /** After a text, whose closing quote comes first: `","name":` */
  readonly afterText: string;
  readonly textAfterText: string;
  /** What came after it the last time: objects of one kind have the same members in the same order. */
  next: Name | null;
}

const names = new Map<string, Name>();
/** Names come with documents: no more and no longer ones are kept than documents of one kind have. */
const MOST_NAMES = 4096;
const LONGEST_NAME = 64;

/** Stands before the first member of a document. */
const START = makeName('');

function nameAfter(before: Name, key: string): Name {
  const { next } = before;
  if (next !== null && next.name === key) return next;
  let name = names.get(key);
  if (name === undefined) {
    name = makeName(key);
    if (key.length > LONGEST_NAME || names.size >= MOST_NAMES) return name;
    names.set(key, name);
  }
  before.next = name;
  return name;
}

function makeName(key: string): Name {
  const text = `${JSON.stringify(key)}:`;
  return {
    // As engines keep the names of members: two such are compared by where they are, not letter by letter.
    name: Object.keys({ [key]: 0 })[0]!,
    first: `{${text}`,
    firstText: `{${text}"`,
    more: `,${text}`,
    moreText: `,${text}"`,
    afterText: `",${text}`,
    textAfterText: `",${text}"`,
    next: null,
  };
}

/** RFC 8259 section 7, and surrogates, of which `JSON.stringify` tells the lone ones (ECMAScript 25.5.2.3). */
const ASKS_FOR_ESCAPES = /["\\\u0000-\u001f\ud800-\udfff]/;

function writeValue(out: Out, value: unknown, before: Name): void {
  if (typeof value === 'object' && value !== null) writeNode(out, value, before);
  else if (typeof value === 'string') out.text += ASKS_FOR_ESCAPES.test(value) ? JSON.stringify(value) : `"${value}"`;
  else out.text += scalarText(value);
}

function scalarText(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'number') throw new TypeError('Not a JSON value');
  if (!Number.isFinite(value)) throw new TypeError('Not a JSON number');
  return Object.is(value, -0) ? '-0' : String(value);
}

/** @param before the name before it: where the names that follow it are looked for first */
function writeNode(out: Out, value: object, before: Name): void {
  const fixed = fixedOf(value);
  if (fixed === undefined) writeFresh(out, value, before);
  else out.text += fixed.text ??= freshText(value, before);
}

function freshText(value: object, before: Name): string {
  const out: Out = { text: '' };
  writeFresh(out, value, before);
  return out.text;
}

function writeFresh(out: Out, value: object, before: Name): void {
  if (Array.isArray(value)) writeList(out, value, before);
  else if (isRecord(value)) writeRecord(out, value, before);
  else if (value instanceof JsonNumber) out.text += value.text;
  else throw new TypeError('Not a JSON value');
}

function writeList(out: Out, list: readonly unknown[], before: Name): void {
  for (let index = 0; index < list.length; index += 1) {
    out.text += index === 0 ? '[' : ',';
    writeValue(out, list[index], before);
  }
  out.text += list.length === 0 ? '[]' : ']';
}

function writeRecord(out: Out, record: Readonly<Record<string, unknown>>, before: Name): void {
  let isFirst = true;
  let isAfterText = false;
  let name = before;
  for (const key in record) {
    const member = record[key];
    if (member === undefined) continue;
    name = nameAfter(name, key);
    if (typeof member === 'string' && !ASKS_FOR_ESCAPES.test(member)) {
      out.text += isAfterText ? name.textAfterText : isFirst ? name.firstText : name.moreText;
      out.text += member;
      isAfterText = true;
    } else {
      out.text += isAfterText ? name.afterText : isFirst ? name.first : name.more;
      isAfterText = false;
      writeValue(out, member, name);
    }
    isFirst = false;
  }
  out.text += isAfterText ? '"}' : isFirst ? '{}' : '}';
}

function isRecord(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
