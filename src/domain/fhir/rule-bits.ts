import { newScope, Node } from './fhirpath/items.js';
import { ruleFor, type Rule } from './invariants.js';
import type { TypeInfo } from './model.js';

/** The rules of one type, and what must be there for each to say anything new. */
export interface RuleBits {
  readonly rules: readonly { readonly rule: Rule; readonly bit: number }[];
  /** Rules that are asked of every element: they fail on nothing, or may look anywhere. */
  readonly always: number;
  /** Rules of severity `error`. */
  readonly errors: number;
  /** The rules that look at an element of this name. */
  readonly of: (element: string) => number;
}

/** Beyond 31 several share the last bit: then more rules are asked than need be. */
export const bitOf = (index: number): number => 1 << Math.min(index, 30);

/** What holds wherever nothing that it reads is there need be asked only where something of that is there. */
export function ruleBitsOf(info: TypeInfo): RuleBits {
  const rules = rulesOf(info.invariants, info.name).map((rule, index) => ({ rule, bit: bitOf(index) }));
  const bits = (wanted: (rule: Rule) => boolean): number =>
    rules.reduce((all, { rule, bit }) => (wanted(rule) ? all | bit : all), 0);
  return {
    rules,
    always: bits((rule) => !isTrueOfNothing(rule, info.name)),
    errors: bits(({ severity }) => severity === 'error'),
    of: (element) => bits(({ reads }) => reads?.has(element) === true),
  };
}

/** ele-1 is not among them: the structure check says the same. */
export function rulesOf(names: readonly string[], type: string): Rule[] {
  return names.map((name) => ruleFor(name, type)).filter((rule) => rule !== null && rule.key !== 'ele-1') as Rule[];
}

const STEPS = 1000;

function isTrueOfNothing(rule: Rule, type: string): boolean {
  return rule.reads !== null && rule.holds({}, undefined, newScope(new Node({}, undefined, type), STEPS));
}
