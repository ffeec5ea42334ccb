import { textOf, type Test } from '../reverse/tell-apart.js';
import type { LeafNode } from '../template/intermediate.js';
import { freshName, quote, type Emitter } from './emitter.js';
import { property, valueOf } from './expression.js';
import { share, type Shared } from './share.js';

/** What the generation of the way back collects for a whole module. */
export interface ReverseEmitter {
  readonly emitter: Emitter;
  /** Constants of the context by their text: fields of `own` in the state of a run. */
  readonly systems: Map<string, { readonly field: string; readonly value: string }>;
  readonly codeSets: Map<string, string>;
  /** Sets of names of members, by these names. */
  readonly nameSets: Map<string, string>;
  /** Functions that serve several places, by their text without constants. */
  readonly shared: Map<string, string>;
  /** What compares a part of a template in which nothing is read, by what it says. */
  readonly constants: Map<string, { readonly same: Shared; readonly look: Shared }>;
  /** What takes values out of shells, by the form and the constants of the shell. */
  readonly shells: Map<string, ShellTaker>;
  /** Lists of the record whose items have a key: path → name of the key. */
  readonly keys: Map<string, string>;
}

/** A function for a shell around one expression, and the place of the value below it. */
interface ShellTaker {
  readonly shared: Shared;
  readonly below: string;
}

export function createReverseEmitter(emitter: Emitter): ReverseEmitter {
  return {
    emitter,
    systems: new Map(),
    codeSets: new Map(),
    nameSets: new Map(),
    shared: new Map(),
    constants: new Map(),
    shells: new Map(),
    keys: new Map(),
  };
}

/** What a text stands for, made when it is first asked for. */
export function kept<Value>(known: Map<string, Value>, text: string, make: () => Value): Value {
  let value = known.get(text);
  if (value === undefined) known.set(text, (value = make()));
  return value;
}

/** JavaScript for a constant that the context decides; all of them are worked out once for each context. */
export function systemField({ emitter, systems }: ReverseEmitter, leaf: LeafNode): string {
  const text = textOf(leaf);
  const known = systems.get(text) ?? {
    field: `sys${systems.size + 1}`,
    value: leaf.parts.map((part) => (typeof part === 'string' ? quote(part) : valueOf(emitter, part))).join(' + '),
  };
  systems.set(text, known);
  return `s.own.${known.field}`;
}

/** Name of the function that says whether a value is one of these codes. */
export function codeSet({ emitter, codeSets }: ReverseEmitter, codes: ReadonlySet<string>): string {
  const sorted = [...codes].sort();
  const identity = JSON.stringify(sorted);
  const known = codeSets.get(identity);
  if (known !== undefined) return known;
  const name = freshName(emitter, 'is');
  codeSets.set(identity, name);
  emitter.hoisted.push(
    `function ${name}(code) {\n  switch (code) {\n    ${sorted.map((code) => `case ${quote(code)}:`).join(' ')} return true;\n    default: return false;\n  }\n}`,
  );
  return name;
}

/** Name of the set of these names of members: what a sweep passes over. */
export function nameSet({ emitter, nameSets }: ReverseEmitter, names: readonly string[]): string {
  const text = `[${[...names].sort().map(quote).join(', ')}]`;
  const known = nameSets.get(text);
  if (known !== undefined) return known;
  const name = freshName(emitter, 'NAMES');
  nameSets.set(text, name);
  emitter.hoisted.push(`const ${name} = new Set(${text});`);
  return name;
}

/** JavaScript for a test of a value: `value` is a variable or a member expression. */
export function testText(reverse: ReverseEmitter, test: Test, value: string): string {
  switch (test.kind) {
    case 'const':
      return `${value} === ${quote(test.value)}`;
    case 'system':
      return `${value} === ${systemField(reverse, test.leaf)}`;
    case 'codes': {
      const isOne = `${codeSet(reverse, test.codes)}(${value})`;
      return test.outside ? `(typeof ${value} === "string" && !${isOne})` : isOne;
    }
    case 'affix': {
      const tests = [
        `typeof ${value} === "string"`,
        ...(test.prefix === '' ? [] : [`${value}.startsWith(${quote(test.prefix)})`]),
        ...(test.suffix === '' ? [] : [`${value}.endsWith(${quote(test.suffix)})`]),
      ];
      return tests.join(' && ');
    }
    case 'present':
      return `${value} !== undefined`;
    case 'object': {
      // A short code tells elements apart sooner than the long system that all of them have.
      const members = [...test.members].sort((a, b) => costOf(a.test) - costOf(b.test));
      const parts = members.map(({ name, test: inner, soft }) => {
        const member = property(value, name, !value.includes('.'));
        const text = testText(reverse, inner, member);
        return soft ? `(${member} === undefined || ${text})` : text;
      });
      return parts.length === 0 ? 'true' : parts.join(' && ');
    }
    case 'not':
      return `!(${testText(reverse, test.test, value)})`;
    case 'list': {
      const parts = [...test.some.map((one) => [one]), ...(test.any.length > 0 ? [test.any] : [])].map((tests) =>
        someCall(reverse, tests, value),
      );
      return parts.length === 0 ? `Array.isArray(${value})` : parts.join(' && ');
    }
  }
}

/** How much there is to compare, roughly. */
function costOf(test: Test): number {
  if (test.kind === 'const') return String(test.value).length;
  if (test.kind === 'list') return 1000;
  return test.kind === 'object' ? 500 : 100;
}

/** Members that values have which are no objects of JSON: texts and lists a length, numbers kept as written a text. */
const OF_OTHERS = new Set(['length', 'text']);

/** JavaScript that lets the constants of an object be compared: what has them is an object, so null alone is kept out. */
export const guardBy = (names: readonly string[], value: string): string =>
  names.some((name) => !OF_OTHERS.has(name)) ? `${value} != null` : `isObject(${value})`;

/** The same for a test: only what must be there tells. */
export function guardOf(test: Test & { readonly kind: 'object' }, value: string): string {
  const hard = test.members.filter(({ soft, test: { kind } }) => !soft && (kind === 'const' || kind === 'system'));
  return guardBy(
    hard.map(({ name }) => name),
    value,
  );
}

/** A call of a function that finds an element which passes one of the tests. */
function someCall(reverse: ReverseEmitter, tests: readonly Test[], value: string): string {
  const conditions = tests.map((test) => {
    const guard = test.kind === 'object' ? `${guardOf(test, 'e')} && ` : '';
    return `(${guard}${testText(reverse, test, 'e')})`;
  });
  const { name, args } = share(
    reverse,
    'some',
    's, list',
    `  if (!Array.isArray(list)) return false;\n  look(s, list.length);\n  for (let i = 0; i < list.length; i++) {\n    const e = list[i];\n    if (${conditions.join(' || ')}) return true;\n  }\n  return false;`,
  );
  return `${name}(s, ${value}${args})`;
}
