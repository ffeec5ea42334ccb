import { jsonError, type JsonRule } from './error.js';
import { endOfNumber, isWellFormed, NUMBER, RESERVED } from './parse-plain.js';
import { JsonNumber, type JsonValue } from './value.js';

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', n: '\n', r: '\r', t: '\t' };
const HEX = /^[0-9a-fA-F]{4}$/;

/** An object or array that is still open; `name` is the member that the next value belongs to. */
interface Frame {
  readonly array: JsonValue[] | undefined;
  readonly object: Record<string, JsonValue> | undefined;
  name: string;
}

/**
 * The parser that decides: RFC 8259 with the rules of `readJson`. It keeps its own stack of open objects and arrays,
 * so depth costs memory that the limit bounds, never the process's stack.
 */
export function parseStrict(text: string, maxDepth: number): JsonValue {
  let at = 0;
  const open: Frame[] = [];
  let top: Frame | undefined;

  const fail = (rule: JsonRule, where = at): never => {
    throw jsonError(at >= text.length && rule === 'syntax' ? 'unexpected-end' : rule, text, where);
  };
  const skipSpace = (): void => {
    for (; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    }
  };
  const word = (expected: string, value: JsonValue): JsonValue => {
    if (!text.startsWith(expected, at)) fail('syntax');
    at += expected.length;
    return value;
  };
  const number = (): JsonValue => {
    const end = endOfNumber(text, at);
    const written = text.slice(at, end);
    if (!NUMBER.test(written)) fail('syntax');
    at = end;
    const value = Number(written);
    return String(value) === written ? value : new JsonNumber(written);
  };
  const string = (): string => {
    const opening = at;
    at += 1;
    let value = '';
    let start = at;
    for (;;) {
      const unit = text.charCodeAt(at);
      if (unit === 0x22) break;
      if (unit === 0x5c) {
        value += text.slice(start, at) + escape();
        start = at;
      } else if (unit < 0x20) fail('control-character');
      else if (Number.isNaN(unit)) fail('unexpected-end');
      else at += 1;
    }
    value += text.slice(start, at);
    at += 1;
    if (!isWellFormed(value)) fail('lone-surrogate', opening);
    return value;
  };
  const escape = (): string => {
    const letter = text[at + 1] ?? '';
    const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (plain !== undefined) {
      at += 2;
      return plain;
    }
    if (letter === 'b' || letter === 'f') fail('control-character');
    const digits = text.slice(at + 2, at + 6);
    if (letter !== 'u' || !HEX.test(digits)) fail('syntax');
    const unit = parseInt(digits, 16);
    if (unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) fail('control-character');
    at += 6;
    return String.fromCharCode(unit);
  };
  const enter = (frame: Frame): void => {
    if (open.length >= maxDepth) fail('too-deep');
    open.push(frame);
    top = frame;
    at += 1;
    skipSpace();
  };
  const memberName = (object: Record<string, JsonValue>): string => {
    if (text.charCodeAt(at) !== 0x22) fail('syntax');
    const opening = at;
    const name = string();
    if (RESERVED.has(name)) fail('forbidden-name', opening);
    if (Object.hasOwn(object, name)) fail('duplicate-name', opening);
    skipSpace();
    if (text.charCodeAt(at) !== 0x3a) fail('syntax');
    at += 1;
    skipSpace();
    return name;
  };
  /** A value without members, or undefined after opening an object or array that has some. */
  const begin = (): JsonValue | undefined => {
    switch (text.charCodeAt(at)) {
      case 0x7b: {
        const object: Record<string, JsonValue> = {};
        if (open.length >= maxDepth) fail('too-deep');
        const frame: Frame = { array: undefined, object, name: '' };
        enter(frame);
        if (text.charCodeAt(at) === 0x7d) return close();
        frame.name = memberName(object);
        return undefined;
      }
      case 0x5b: {
        const array: JsonValue[] = [];
        enter({ array, object: undefined, name: '' });
        return text.charCodeAt(at) === 0x5d ? close() : undefined;
      }
      case 0x22:
        return string();
      case 0x74:
        return word('true', true);
      case 0x66:
        return word('false', false);
      case 0x6e:
        return word('null', null);
      default: {
        const unit = text.charCodeAt(at);
        if (unit !== 0x2d && !(unit >= 0x30 && unit <= 0x39)) fail('syntax');
        return number();
      }
    }
  };
  const close = (): JsonValue => {
    const frame = open.pop();
    top = open.at(-1);
    at += 1;
    return frame?.array ?? frame?.object ?? null;
  };

  skipSpace();
  for (;;) {
    let value = begin();
    while (value !== undefined) {
      skipSpace();
      if (top === undefined) {
        if (at < text.length) fail('trailing-text');
        return value;
      }
      if (top.array !== undefined) top.array.push(value);
      else if (top.object !== undefined) top.object[top.name] = value;
      const unit = text.charCodeAt(at);
      if (unit === 0x2c) {
        at += 1;
        skipSpace();
        if (top.object !== undefined) top.name = memberName(top.object);
        break;
      }
      if (unit !== (top.array === undefined ? 0x7d : 0x5d)) fail('syntax');
      value = close();
    }
  }
}
