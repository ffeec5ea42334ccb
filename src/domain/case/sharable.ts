import type { JsonNumber } from '../../kernel/json/value.js';

/**
 * A record of which parts were taken out: every member may be absent, what is there is as it was. This is what a
 * mapping reads.
 */
export type Sharable<Value> = Value extends string | number | boolean | null | JsonNumber
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Sharable<Item>[]
    : { readonly [Name in keyof Value]?: Sharable<Value[Name]> };
