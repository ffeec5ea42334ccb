import { JsonNumber } from '../../../kernel/json/value.js';

/** One step into a record: a member, or an item of a list by its place and, where it has one, by its own key. */
export type Step =
  | { readonly name: string }
  | { readonly index: number; readonly key?: { readonly name: string; readonly value: string } };

/**
 * What a value is to the measure. Keys tell things apart and metadata tell of the record itself: both are counted apart
 * from content. What is `never` shared (working notes) has no rule by design.
 */
export type CellKind = 'content' | 'key' | 'metadata' | 'never';

/** One non-empty value of a record. */
export interface Cell {
  readonly steps: readonly Step[];
  /** Path without indices, e.g. `needs[].category`, `Enrollment[].EntryDate`. */
  readonly pattern: string;
  /** Entity of the case model, or table. */
  readonly group: string;
  readonly kind: CellKind;
  readonly value: unknown;
  /** Another valid value of the same type; undefined where the type has none. Made when it is asked for. */
  readonly other: () => unknown;
  /** Labels that must be permitted for it to leave. */
  readonly mask: number;
}

/** `needs[3].category` */
export function pathOfCell({ steps }: Pick<Cell, 'steps'>): string {
  return steps.reduce(
    (path, step) => ('index' in step ? `${path}[${step.index}]` : path === '' ? step.name : `${path}.${step.name}`),
    '',
  );
}

export const isNumber = (value: unknown): boolean => typeof value === 'number' || value instanceof JsonNumber;

/** Equal as a record sees it: numbers by what is written. */
export const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (isNumber(a) && isNumber(b) && String(numberText(a)) === String(numberText(b)));

const numberText = (value: unknown): unknown => (value instanceof JsonNumber ? value.text : value);

/** A copy of the record in which one value is another; everything else is shared with the original. */
export function withValue(record: unknown, steps: readonly Step[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if ('index' in step) {
    const list = (record as readonly unknown[]).slice();
    list[step.index] = withValue(list[step.index], rest, value);
    return list;
  }
  const owner = record as Readonly<Record<string, unknown>>;
  return { ...owner, [step.name]: withValue(owner[step.name], rest, value) };
}

/** The value at the same place of another record; items of lists are found by their keys. */
export function valueAt(record: unknown, steps: readonly Step[]): unknown {
  let at = record;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null) return undefined;
    if ('name' in step) at = (at as Readonly<Record<string, unknown>>)[step.name];
    else if (!Array.isArray(at)) return undefined;
    else at = step.key === undefined ? at[step.index] : itemOf(at, step.key);
  }
  return at;
}

function itemOf(list: readonly unknown[], { name, value }: { readonly name: string; readonly value: string }): unknown {
  return list.find((item) => (item as Readonly<Record<string, unknown>> | null)?.[name] === value);
}
