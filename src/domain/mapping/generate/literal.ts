import { hoistConstant, quote, type Emitter } from './emitter.js';

/**
 * A node as code: statements were written to the block, `value` is an expression for it.
 *
 * `present` tells whether any data is in it: a JavaScript condition, `true` when there always is, null for constants,
 * which follow the data around them. `standing` values may be used even when no data is in them (lists that begin with
 * constant items).
 */
export interface Emitted {
  readonly value: string;
  readonly present: string | true | null;
  readonly standing?: boolean;
}

/** A member of an object. */
export interface Part {
  readonly name: string;
  readonly emitted: Emitted;
}

/** True when the member is there whenever the object is. */
export function isSettled({ emitted }: Part): boolean {
  return emitted.present === null || emitted.present === true || emitted.standing === true;
}

export const literalOf = (parts: readonly Part[]): string =>
  `{ ${parts.map(({ name, emitted }) => `${quote(name)}: ${emitted.value}`).join(', ')} }`;

/**
 * A literal in which nothing is read is made once for the module, and frozen when the module is linked: it is neither
 * built nor validated nor written a second time (`fix` in the JSON kernel).
 */
export function constantOf(emitter: Emitter, literal: string): string {
  const readsNothing = !/[A-Za-z$_]/.test(literal.replace(CONSTANT, ''));
  return readsNothing && emitter.marks === null ? hoistConstant(emitter, literal) : literal;
}
const CONSTANT = /"(?:[^"\\]|\\.)*"|\b(?:true|false)\b/g;

/**
 * Start and end, amount and currency: what depends on two values is one of three literals, which costs less than to
 * store member by member.
 */
export function twoOf(parts: readonly Part[]): string | null {
  const conditions = parts.filter(({ emitted }) => typeof emitted.present === 'string').map(conditionOf);
  const [one, other, ...more] = [...new Set(conditions)];
  if (one === undefined || other === undefined || more.length > 0 || !parts.every(isShort)) return null;
  const literal = (...wanted: readonly string[]): string =>
    literalOf(parts.filter((part) => isSettled(part) || wanted.includes(conditionOf(part))));
  return `(${one} ? ${other} ? ${literal(one, other)} : ${literal(one)} : ${literal(other)})`;
}

const conditionOf = ({ emitted }: Part): string => String(emitted.present);

/** A variable or a constant: writing it twice makes the module no larger. */
const isShort = ({ emitted }: Part): boolean => /^(?:\w+|"[^"]*")$/.test(emitted.value);

/** One or two items that may be absent: a literal for each case, for a list that grows takes room for sixteen. */
export function fewItems(items: readonly Emitted[], settled: readonly string[], always: boolean): Emitted {
  const [first, second] = items;
  const list = (...more: readonly string[]): string => `[${[...settled, ...more].join(', ')}]`;
  if (settled.length > 0) {
    const value = `(${conditionIn(first!)} ? ${list(first!.value)} : ${list()})`;
    return { value, present: always ? true : conditionIn(first!), standing: true };
  }
  const [one, other] = [conditionIn(first!), conditionIn(second!)];
  const value = `(${one} ? ${other} ? ${list(first!.value, second!.value)} : ${list(first!.value)} : ${list(second!.value)})`;
  return { value, present: `(${one} || ${other})` };
}

const conditionIn = ({ present }: Emitted): string => (typeof present === 'string' ? present : 'true');
