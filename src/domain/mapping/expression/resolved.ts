import type { LabelMask } from '../../labels/labels.js';
import type { CodeMap } from '../code-map.js';
import type { SourceNode, ValueType } from '../source-model.js';

/** A name that expressions may begin with: the record, an item of `each`, a joined row, an item inside `where`. */
export interface Alias {
  readonly name: string;
  /** Name of the variable in generated code; unique within a map. */
  readonly variable: string;
  /** What it stands for, one at a time. */
  readonly node: SourceNode;
  /** Pattern of the source path, e.g. `needs[]`; the empty text for the whole record. */
  readonly path: string;
  /** False when it may be absent (a joined row, an optional entity). */
  readonly definite: boolean;
  /** Labels that choosing this item reads (`where` of `each`, the columns that a join compares). */
  readonly mask: LabelMask;
}

/** What is known of an expression before it runs. */
interface Known {
  readonly type: ValueType | 'object';
  readonly many: boolean;
  /** True when it always has a value. */
  readonly definite: boolean;
  /** OR of the labels of every source path that it reads. */
  readonly mask: LabelMask;
  /** Patterns of the source paths that it reads. */
  readonly reads: ReadonlySet<string>;
}

/** An expression whose names are bound and whose types and labels are known. Both directions are generated from it. */
export type Resolved = Known &
  (
    | { readonly op: 'literal'; readonly value: string | number | boolean }
    | { readonly op: 'alias'; readonly alias: Alias }
    | { readonly op: 'member'; readonly of: Resolved; readonly name: string; readonly node: SourceNode }
    | { readonly op: 'system'; readonly name: string }
    | { readonly op: 'call'; readonly fn: FunctionName; readonly of: Resolved; readonly args: readonly Resolved[] }
    | { readonly op: 'where'; readonly of: Resolved; readonly item: Alias; readonly criteria: Resolved }
    | { readonly op: 'iif'; readonly criteria: Resolved; readonly then: Resolved; readonly otherwise: Resolved | null }
    | { readonly op: 'translate'; readonly of: Resolved; readonly table: CodeMap; readonly column: string }
    | { readonly op: 'ref'; readonly of: Resolved; readonly map: string }
    | { readonly op: 'binary'; readonly operator: BinaryOperator; readonly left: Resolved; readonly right: Resolved }
  );

export type BinaryOperator = '=' | '!=' | 'and' | 'or' | '&' | '+' | '<' | '>' | '<=' | '>=';
export const BINARY_OPERATORS: readonly string[] = ['=', '!=', 'and', 'or', '&', '+', '<', '>', '<=', '>='];

/** Functions of one value or one list, with the types that they take and give (FHIRPath 2.0.0 section 5). */
export const FUNCTIONS = {
  exists: { on: 'any', args: [], gives: 'boolean' },
  empty: { on: 'any', args: [], gives: 'boolean' },
  not: { on: 'one', args: [], gives: 'boolean' },
  count: { on: 'many', args: [], gives: 'integer' },
  first: { on: 'many', args: [], gives: 'same' },
  last: { on: 'many', args: [], gives: 'same' },
  join: { on: 'many', args: ['string'], gives: 'string' },
  upper: { on: 'one', args: [], gives: 'string' },
  lower: { on: 'one', args: [], gives: 'string' },
  trim: { on: 'one', args: [], gives: 'string' },
  startsWith: { on: 'one', args: ['string'], gives: 'boolean' },
  endsWith: { on: 'one', args: ['string'], gives: 'boolean' },
  contains: { on: 'one', args: ['string'], gives: 'boolean' },
  substring: { on: 'one', args: ['integer', 'integer?'], gives: 'string' },
  toString: { on: 'one', args: [], gives: 'string' },
  toInteger: { on: 'one', args: [], gives: 'integer' },
  toDecimal: { on: 'one', args: [], gives: 'decimal' },
  toDate: { on: 'one', args: [], gives: 'date' },
  toCode: { on: 'one', args: [], gives: 'code' },
  toDateTime: { on: 'one', args: ['string?'], gives: 'date' },
} as const;
export type FunctionName = keyof typeof FUNCTIONS;

/** All that may be written after a point, for suggestions. */
export const FUNCTION_NAMES: readonly string[] = [
  ...Object.keys(FUNCTIONS),
  'where',
  'translate',
  'ref',
  'iif',
  'system',
];

/** True when the expression reads nothing of the source: its value is a constant of the pack and its context. */
export function isConstant(expression: Resolved): boolean {
  return expression.reads.size === 0;
}
