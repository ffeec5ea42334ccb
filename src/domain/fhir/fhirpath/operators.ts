import { compareItems, distinct, equalCollections } from './equality.js';
import { membership, NONE, single, truthOf } from './functions.js';
import { Decimal, Node, NotDecidable, numberOf, toSystem, type Item, type Scope } from './items.js';
import { Temporal } from './temporal.js';
import type { Evaluator } from './compile.js';

type Combine = (left: Evaluator, right: Evaluator) => Evaluator;

const TRUE: Item[] = [true];
const FALSE: Item[] = [false];
const truth = (value: boolean | null): Item[] => (value === null ? NONE : value ? TRUE : FALSE);

function equality(negate: boolean): Combine {
  return (left, right) => (focus, scope) => {
    const equal = equalCollections(left(focus, scope), right(focus, scope), scope);
    return truth(equal === null ? null : equal !== negate);
  };
}

const WHITE = /\p{White_Space}/gu;

/** `~` where nothing needs rounding: of texts case and kind of white space do not count (FHIRPath 2.0.0 section 6.1.2). */
function equivalent(a: readonly Item[], b: readonly Item[]): boolean {
  if (a.length === 0 || b.length === 0) return a.length === b.length;
  const [x, y] = [a, b].map((items) => (items.length === 1 ? toSystem(items[0]!) : undefined));
  const isWhole = (value: unknown): boolean =>
    typeof value === 'number' || (value instanceof Decimal && Number.isInteger(value.value));
  if (isWhole(x) && isWhole(y)) return numberOf(x) === numberOf(y);
  if (typeof x === 'boolean' && typeof y === 'boolean') return x === y;
  if (typeof x !== 'string' || typeof y !== 'string') throw new NotDecidable('Equivalence of these');
  return x.toUpperCase().replace(WHITE, ' ') === y.toUpperCase().replace(WHITE, ' ');
}

function equivalence(negate: boolean): Combine {
  return (left, right) => (focus, scope) => [equivalent(left(focus, scope), right(focus, scope)) !== negate];
}

function order(holds: (difference: number) => boolean): Combine {
  return (left, right) => (focus, scope) => {
    const [a, b] = [single(left(focus, scope)), single(right(focus, scope))];
    if (a === undefined || b === undefined) return NONE;
    const difference = compareItems(a, b, scope);
    return truth(difference === null ? null : holds(difference));
  };
}

type Decide = (a: boolean | null, b: () => boolean | null) => boolean | null;

/** Three-valued logic (FHIRPath 2.0.0 section 6.5); the right side is evaluated only when it can matter. */
function logic(decide: Decide): Combine {
  return (left, right) => (focus, scope) =>
    truth(decide(truthOf(left(focus, scope)), () => truthOf(right(focus, scope))));
}

/** The same with both sides evaluated, so that an error in either is one. */
function eager(decide: Decide): Combine {
  return (left, right) => (focus, scope) => {
    const [a, b] = [truthOf(left(focus, scope)), truthOf(right(focus, scope))];
    return truth(decide(a, () => b));
  };
}

const and: Decide = (a, b) => {
  if (a === false) return false;
  const right = b();
  return right === false ? false : a === null || right === null ? null : true;
};
const or: Decide = (a, b) => {
  if (a === true) return true;
  const right = b();
  return right === true ? true : a === null || right === null ? null : false;
};
const implies: Decide = (a, b) => {
  if (a === false) return true;
  const right = b();
  if (a === true) return right;
  return right === true ? true : null;
};

/** Operators whose right side is evaluated in any case. */
export const EAGER: Readonly<Partial<Record<string, Combine>>> = {
  and: eager(and),
  or: eager(or),
  implies: eager(implies),
};

/** Sums and products; only comparison looks at eight decimals (FHIRPath 2.0.0 section 4.1.4). */
function arithmetic(
  calculate: (a: number, b: number) => number | null,
  kind: 'keep' | 'decimal' | 'integer',
  isStrict = false,
): Combine {
  return (left, right) => (focus, scope) => {
    const [first, second] = [single(left(focus, scope)), single(right(focus, scope))];
    const [a, b] = [
      first === undefined ? undefined : toSystem(first),
      second === undefined ? undefined : toSystem(second),
    ];
    const [x, y] = [numberOf(a), numberOf(b)];
    // `div` and `mod` look at what they are given even where the other side is empty.
    const isWrong = (first !== undefined && x === undefined) || (second !== undefined && y === undefined);
    if (first === undefined || second === undefined) {
      if (isStrict && isWrong) throw new NotDecidable('Numbers are needed');
      return NONE;
    }
    if (x === undefined || y === undefined) throw new NotDecidable('Numbers are needed');
    const result = calculate(x, y);
    if (result === null) return NONE;
    const isInteger = kind === 'integer' || (kind === 'keep' && typeof a === 'number' && typeof b === 'number');
    return [isInteger ? result : new Decimal(result)];
  };
}

const plus: Combine = (left, right) => {
  const sum = arithmetic((a, b) => a + b, 'keep');
  return (focus, scope) => {
    const [first, second] = [left(focus, scope), right(focus, scope)];
    const [a, b] = [single(first), single(second)];
    if (a === undefined || b === undefined) return NONE;
    const [x, y] = [toSystem(a), toSystem(b)];
    if (typeof x === 'string' && typeof y === 'string') return [x + y];
    return sum(
      () => first,
      () => second,
    )(focus, scope);
  };
};

function asText(items: readonly Item[]): string {
  const item = single(items);
  const value = item === undefined ? '' : toSystem(item);
  // A date of a resource is a text to `&`; one that was written as a date is none.
  if (value instanceof Temporal && item instanceof Node) return value.text;
  if (typeof value !== 'string') throw new NotDecidable('A text is needed');
  return value;
}

const union = (a: Item[], b: Item[], scope: Scope): Item[] => distinct([...a, ...b], scope);

/** The operators of FHIRPath 2.0.0 section 6. */
export const BINARY: Readonly<Record<string, Combine>> = {
  '=': equality(false),
  '!=': equality(true),
  '~': equivalence(false),
  '!~': equivalence(true),
  '<': order((difference) => difference < 0),
  '>': order((difference) => difference > 0),
  '<=': order((difference) => difference <= 0),
  '>=': order((difference) => difference >= 0),
  and: logic(and),
  or: logic(or),
  xor: logic((a, b) => {
    const right = b();
    return a === null || right === null ? null : a !== right;
  }),
  implies: logic(implies),
  in: (left, right) => (focus, scope) => membership(right(focus, scope), left(focus, scope), scope),
  contains: (left, right) => (focus, scope) => membership(left(focus, scope), right(focus, scope), scope),
  '|': (left, right) => (focus, scope) => union(left(focus, scope), right(focus, scope), scope),
  '+': plus,
  '-': arithmetic((a, b) => a - b, 'keep'),
  '*': arithmetic((a, b) => a * b, 'keep'),
  '/': arithmetic((a, b) => (b === 0 ? null : a / b), 'decimal'),
  div: arithmetic((a, b) => (b === 0 ? null : Math.trunc(a / b)), 'integer', true),
  mod: arithmetic((a, b) => (b === 0 ? null : a % b), 'keep', true),
  '&': (left, right) => (focus, scope) => [asText(left(focus, scope)) + asText(right(focus, scope))],
};
