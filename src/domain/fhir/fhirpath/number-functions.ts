import type { PlainFunction } from './functions.js';
import { Decimal, NotDecidable, numberOf, Quantity, toSystem, type Item, type SystemValue } from './items.js';
import { Temporal } from './temporal.js';

const EMPTY: Item[] = [];
const DECIMAL = /^[+-]?\d+(?:\.\d+)?$/;
const TRUE = new Set(['true', 't', 'yes', 'y', '1', '1.0']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0', '0.0']);

/** The one value that is converted; quantities, dates and what is no primitive are left to a full evaluator. */
function oneValue(input: readonly Item[]): SystemValue | undefined {
  const [item] = input;
  if (item === undefined) return undefined;
  const value = input.length === 1 ? toSystem(item) : undefined;
  if (value === undefined || value instanceof Quantity || value instanceof Temporal)
    throw new NotDecidable('One primitive is needed');
  return value;
}

function toDecimal(value: SystemValue): Item | undefined {
  if (typeof value === 'boolean') return new Decimal(value ? 1 : 0);
  if (typeof value === 'string') return DECIMAL.test(value) ? new Decimal(Number(value)) : undefined;
  return value;
}

function toBoolean(value: SystemValue): Item | undefined {
  const number = numberOf(value);
  if (number !== undefined) return number === 1 ? true : number === 0 ? false : undefined;
  if (typeof value !== 'string') return value;
  const text = value.toLowerCase();
  return TRUE.has(text) ? true : FALSE.has(text) ? false : undefined;
}

type Conversion = (value: SystemValue) => Item | undefined;
const none = (call: PlainFunction['call']): PlainFunction => ({ min: 0, max: 0, call });

const to = (convert: Conversion): PlainFunction =>
  none((input) => {
    const value = oneValue(input);
    const converted = value === undefined ? undefined : convert(value);
    return converted === undefined ? EMPTY : [converted];
  });

const converts = (convert: Conversion): PlainFunction =>
  none((input) => {
    const value = oneValue(input);
    return value === undefined ? EMPTY : [convert(value) !== undefined];
  });

/** A function of one number and of what stands between its brackets. */
function ofNumber(args: 0 | 1, calculate: (value: number, argument: number) => number | undefined): PlainFunction {
  const one = (items: readonly Item[] | undefined): number => {
    const number = items?.length === 1 ? numberOf(toSystem(items[0]!)) : undefined;
    if (number === undefined) throw new NotDecidable('One number is needed');
    return number;
  };
  return {
    min: args,
    max: args,
    call: (input, [argument]) => {
      if (args === 1 && one(argument) === undefined) return EMPTY;
      if (input.length === 0) return EMPTY;
      const result = calculate(one(input), args === 1 ? one(argument) : 0);
      if (result !== undefined && !Number.isFinite(result)) throw new NotDecidable('No number');
      return result === undefined ? EMPTY : [new Decimal(result)];
    },
  };
}

/** Conversions of FHIRPath 2.0.0 section 5.5 and mathematics of section 5.7, with the numbers of ECMAScript. */
export const numberFunctions: Readonly<Record<string, PlainFunction>> = {
  toDecimal: to(toDecimal),
  convertsToDecimal: converts(toDecimal),
  toBoolean: to(toBoolean),
  convertsToBoolean: converts(toBoolean),
  exp: ofNumber(0, Math.exp),
  ln: ofNumber(0, Math.log),
  sqrt: ofNumber(0, (value) => (value < 0 ? undefined : Math.sqrt(value))),
  log: ofNumber(1, (value, base) => Math.log(value) / Math.log(base)),
  power: ofNumber(1, (value, exponent) => {
    const result = Math.pow(value, exponent);
    return Number.isNaN(result) ? undefined : result;
  }),
};
