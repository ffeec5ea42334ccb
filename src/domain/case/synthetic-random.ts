import { JsonNumber } from '../../kernel/json/value.js';
import type { Decimal } from './values.js';

/** A stream of choices that a seed fixes: the same seed gives the same stream on every machine. */
export interface Random {
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item;
  several<Item>(items: readonly Item[], min: number, max: number): Item[];
  digits(count: number): string;
  /** YYYY-MM-DD between the first and the last day of the two years. */
  date(firstYear: number, lastYear: number): string;
  /** An amount with two decimals, kept as written. */
  amount(min: number, max: number): Decimal;
}

/** Mulberry32, a 32-bit generator of Tommy Ettinger (public domain). Not for secrets. */
export function seededRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const pick = <Item>(items: readonly Item[]): Item => items[integer(0, items.length - 1)] as Item;
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    integer,
    pick,
    chance: (probability) => next() < probability,
    several: (items, min, max) => {
      const left = [...items];
      const count = Math.min(integer(min, max), left.length);
      return Array.from({ length: count }, () => left.splice(integer(0, left.length - 1), 1)).flat();
    },
    digits: (count) => Array.from({ length: count }, () => String(integer(0, 9))).join(''),
    date: (firstYear, lastYear) => `${integer(firstYear, lastYear)}-${two(integer(1, 12))}-${two(integer(1, 28))}`,
    amount: (min, max) => decimalOf(`${integer(min, max)}.${two(integer(0, 99))}`),
  };
}

/** A decimal of a record from its digits: a plain number where nothing would be lost. */
export function decimalOf(text: string): Decimal {
  const value = Number(text);
  return String(value) === text ? value : new JsonNumber(text);
}
