import { Decimal, Node, NotDecidable, Quantity, toSystem, type Item } from './items.js';
import type { PlainFunction } from './functions.js';
import { Temporal } from './temporal.js';

const EMPTY: Item[] = [];
const MAX_LENGTH = 1_000_000;

function textOf(items: readonly Item[] | undefined): string | undefined {
  if (items === undefined || items.length === 0) return undefined;
  if (items.length > 1) throw new NotDecidable('One text is needed');
  const value = toSystem(items[0]!);
  // A date of a resource is a text here; one that was written as a date is none.
  if (value instanceof Temporal && items[0] instanceof Node) return value.text;
  if (typeof value !== 'string') throw new NotDecidable('A text is needed');
  return value;
}

function integerOf(items: readonly Item[] | undefined): number | undefined {
  if (items === undefined || items.length === 0) return undefined;
  const value = items.length === 1 ? toSystem(items[0]!) : undefined;
  if (typeof value !== 'number') throw new NotDecidable('An Integer is needed');
  return value;
}

/** A function of one text and up to two more; nothing in gives nothing out. */
function onText(count: number, apply: (text: string, first: string, second: string) => Item[]): PlainFunction {
  return {
    min: count,
    max: count,
    call: (input, [a, b]) => {
      const [text, first, second] = [textOf(input), textOf(a), textOf(b)];
      if (text === undefined || (count > 0 && first === undefined) || (count > 1 && second === undefined)) return EMPTY;
      return apply(text, first ?? '', second ?? '');
    },
  };
}

function toText(input: readonly Item[]): string | undefined {
  if (input.length > 1) throw new NotDecidable('One item is needed');
  const [item] = input;
  const value = item === undefined ? undefined : toSystem(item);
  if (value === undefined) {
    if (item instanceof Node && item.value != null) throw new NotDecidable('A primitive is needed');
    return undefined;
  }
  if (value instanceof Temporal) return value.text;
  if (value instanceof Quantity) return `${value.text} ${value.unit}`;
  return value instanceof Decimal ? value.text : String(value);
}

const INTEGER = /^[+-]?\d+$/;
function toInteger(input: readonly Item[]): Item[] {
  if (input.length > 1) throw new NotDecidable('One item is needed');
  const value = input.length === 0 ? undefined : toSystem(input[0]!);
  if (typeof value === 'number') return [value];
  if (typeof value === 'boolean') return [value ? 1 : 0];
  return typeof value === 'string' && INTEGER.test(value) ? [Number(value)] : EMPTY;
}

/** FHIRPath 2.0.0 sections 5.5 and 5.6. Regular expressions are not among them (they may take for ever). */
export const textFunctions: Readonly<Record<string, PlainFunction>> = {
  indexOf: onText(1, (text, part) => [text.indexOf(part)]),
  lastIndexOf: onText(1, (text, part) => [text.lastIndexOf(part)]),
  startsWith: onText(1, (text, part) => [text.startsWith(part)]),
  endsWith: onText(1, (text, part) => [text.endsWith(part)]),
  contains: onText(1, (text, part) => [text.includes(part)]),
  upper: onText(0, (text) => [text.toUpperCase()]),
  lower: onText(0, (text) => [text.toLowerCase()]),
  trim: onText(0, (text) => [text.trim()]),
  length: onText(0, (text) => [text.length]),
  toChars: onText(0, (text) => text.split('')),
  replace: onText(2, (text, pattern, replacement) => {
    if (replacement.includes('$') || text === '') throw new NotDecidable('Evaluators differ');
    if (text.length * (replacement.length + 1) > MAX_LENGTH) throw new NotDecidable('The result is too long');
    const replaced = text.split(pattern).join(replacement);
    return [pattern === '' ? replacement + replaced + replacement : replaced];
  }),
  split: {
    min: 1,
    max: 1,
    call: (input, [separator]) => {
      const [text, between] = [textOf(input), textOf(separator)];
      if (between === undefined) throw new NotDecidable('One text is needed');
      return text === undefined ? EMPTY : text.split(between);
    },
  },
  join: {
    min: 0,
    max: 1,
    call: (input, [separator]) => {
      const between = textOf(separator);
      const texts = input.map((item) => textOf([item]));
      return input.length === 0 ? EMPTY : [texts.join(between ?? '')];
    },
  },
  substring: {
    min: 1,
    max: 2,
    call: (input, [start, length]) => {
      const text = textOf(input);
      const from = integerOf(start);
      const count = integerOf(length);
      if (text === undefined || from === undefined || from < 0 || from >= text.length) return EMPTY;
      return [count === undefined ? text.slice(from) : text.slice(from, from + Math.max(0, count))];
    },
  },
  toString: {
    min: 0,
    max: 0,
    call: (input: Item[]): Item[] => {
      const text = toText(input);
      return text === undefined ? EMPTY : [text];
    },
  },
  toInteger: { min: 0, max: 0, call: toInteger },
  convertsToInteger: {
    min: 0,
    max: 0,
    call: (input) => (input.length === 0 ? EMPTY : [toInteger(input).length > 0]),
  },
  convertsToString: {
    min: 0,
    max: 0,
    call: (input) => (input.length === 0 ? EMPTY : [toText(input) !== undefined]),
  },
};
