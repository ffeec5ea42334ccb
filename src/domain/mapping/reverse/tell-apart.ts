import type { LeafNode, Member, Node } from '../template/intermediate.js';
import { inverseOf } from './inverse.js';
import type { Resolved } from '../expression/resolved.js';
import { idOfTarget, targetOf, type Narrowed } from './target.js';

/**
 * What says that an element of FHIR was made by a node of a template. Only what is there whenever the element is there
 * may decide: constants, and the one leaf without which the element would not have been built.
 */
export type Test =
  | { readonly kind: 'const'; readonly value: string | number | boolean }
  /** A constant of the context: the agency's namespace. */
  | { readonly kind: 'system'; readonly leaf: LeafNode }
  | { readonly kind: 'codes'; readonly codes: ReadonlySet<string>; readonly outside: boolean }
  | { readonly kind: 'affix'; readonly prefix: string; readonly suffix: string }
  | { readonly kind: 'present' }
  | { readonly kind: 'not'; readonly test: Test }
  | { readonly kind: 'object'; readonly members: readonly MemberTest[]; readonly names: ReadonlySet<string> }
  | ListTest;

export interface ListTest {
  readonly kind: 'list';
  /** Each of these is passed by an element. */
  readonly some: readonly Test[];
  /** One of these is passed by an element, where there are any. */
  readonly any: readonly Test[];
  /** Every element that the template makes passes one of these; null: nothing can be said of one of them. */
  readonly all: readonly Test[] | null;
}

export interface MemberTest {
  readonly name: string;
  readonly test: Test;
  /** True when an element in which it is absent may be one too. */
  readonly soft: boolean;
  /** A key with a text around it: absent only where a stranger did not keep it. */
  readonly isKey: boolean;
}

export interface Telling {
  /** What the conditions above say of single fields, by the id of the field. */
  readonly narrowed: ReadonlyMap<string, Narrowed>;
  /** Ids of the fields that are keys: they are there whenever the item is. */
  readonly keys: ReadonlySet<string>;
  /** Ids of the fields that a condition above found to be there. */
  readonly existing: ReadonlySet<string>;
}

export const NOTHING_TOLD: Telling = { narrowed: new Map(), keys: new Set(), existing: new Set() };

/** The test of a node; null when nothing can be said of it. */
export function testOf(node: Node, telling: Telling = NOTHING_TOLD): Test | null {
  switch (node.kind) {
    case 'const':
      return { kind: 'const', value: node.value };
    case 'leaf':
      return testOfLeaf(node, telling);
    case 'obj':
      return {
        kind: 'object',
        members: membersOf(node.members, telling),
        names: new Set(node.members.map(({ name }) => name)),
      };
    case 'arr':
      return testOfList(node.items, telling);
    case 'each': {
      const key = node.key === null ? null : targetOf(node.key);
      return testOf(node.body, {
        ...telling,
        keys: new Set([...telling.keys, ...(key === null ? [] : [idOfTarget(key)])]),
      });
    }
    case 'if': {
      const existing = new Set([...telling.existing, ...existingIn(node.criteria)]);
      return node.otherwise === null ? testOf(node.then, { ...telling, existing }) : { kind: 'present' };
    }
  }
}

function testOfList(items: readonly Node[], telling: Telling): ListTest {
  const constant = items.filter(isConstant);
  const dynamic = items.filter((item) => !isConstant(item));
  // Constants stand in a list by themselves; what follows them may be absent.
  const required = constant.length > 0 ? constant : dynamic.length === 1 ? items : [];
  const tests = (nodes: readonly Node[]): Test[] =>
    nodes.map((item) => testOf(item, telling)).filter((test) => test !== null);
  const all = tests(items);
  return {
    kind: 'list',
    some: tests(required),
    any: dynamic.length > 1 && constant.length === 0 ? all : [],
    all: all.length === items.length ? all : null,
  };
}

/** `x.exists()`, alone or in an `and`. */
function existingIn(criteria: Resolved): string[] {
  if (criteria.op === 'binary' && criteria.operator === 'and')
    return [...existingIn(criteria.left), ...existingIn(criteria.right)];
  const target = criteria.op === 'call' && criteria.fn === 'exists' ? targetOf(criteria.of) : null;
  return target === null ? [] : [idOfTarget(target)];
}

function testOfLeaf(node: LeafNode, { narrowed }: Telling): Test {
  if (node.constant) return { kind: 'system', leaf: node };
  const inverse = inverseOf(node);
  if (inverse === null) return { kind: 'present' };
  const { prefix, suffix, way } = inverse;
  if (prefix !== '' || suffix !== '') return { kind: 'affix', prefix, suffix };
  const said = way.kind === 'store' ? narrowed.get(idOfTarget(way.target)) : undefined;
  if (said !== undefined) return { kind: 'codes', ...said };
  return node.image === undefined ? { kind: 'present' } : { kind: 'codes', codes: node.image, outside: false };
}

function membersOf(members: readonly Member[], telling: Telling): MemberTest[] {
  const dynamic = members.filter(({ node }) => !isConstant(node));
  return members.flatMap(({ name, node }): MemberTest[] => {
    const test = testOf(node, telling);
    if (test === null || test.kind === 'present')
      return test === null || dynamic.length > 1 ? [] : [{ name, test, soft: false, isKey: false }];
    const id = idOfLeaf(node);
    const isKey = id !== null && telling.keys.has(id) && test.kind === 'affix';
    const stands =
      isConstant(node) || isStanding(node) || dynamic.length === 1 || (id !== null && telling.existing.has(id));
    return [{ name, test, soft: !stands, isKey }];
  });
}

/** A list that begins with a constant is there whenever the object around it is. */
const isStanding = (node: Node): boolean => node.kind === 'arr' && node.items.length > 0 && isConstant(node.items[0]!);

function idOfLeaf(node: Node): string | null {
  const inverse = node.kind === 'leaf' && !node.constant ? inverseOf(node) : null;
  return inverse === null || inverse.way.kind === 'nothing' ? null : idOfTarget(inverse.way.target);
}

export function isConstant(node: Node): boolean {
  if (node.kind === 'const') return true;
  if (node.kind === 'leaf') return node.constant;
  if (node.kind === 'obj') return node.members.every((member) => isConstant(member.node));
  return node.kind === 'arr' && node.items.every(isConstant);
}

/** `value[x]` and its like: two members of one choice are never both there. */
const CHOICE =
  /^(value|effective|onset|abatement|performed|occurrence|deceased|medication|multipleBirth|content|scheduled)[A-Z]/;

/** True when no element that one template makes passes the test of the other. */
export function areApart(a: Test, b: Test): boolean {
  if (a.kind === 'not' || b.kind === 'not') return isRefused(a, b) || isRefused(b, a);
  if (a.kind === 'object' && b.kind === 'object') {
    return a.members.some((one) =>
      b.members.some((other) => {
        // Two elements in both of which it is absent are the same: one of them must have it.
        const decides = !one.soft || !other.soft || (one.isKey && other.isKey);
        if (one.name === other.name) return decides && areApart(one.test, other.test);
        const choice = CHOICE.exec(one.name)?.[1];
        return !one.soft && !other.soft && choice !== undefined && choice === CHOICE.exec(other.name)?.[1];
      }),
    );
  }
  if (a.kind === 'list' && b.kind === 'list') return hasOwn(a, b) || hasOwn(b, a);
  if (a.kind === 'const') return isApartFrom(b, a.value);
  if (b.kind === 'const') return isApartFrom(a, b.value);
  if (a.kind === 'system' && b.kind === 'system') return textOf(a.leaf) !== textOf(b.leaf);
  if (a.kind === 'codes' && b.kind === 'codes') {
    if (a.outside && b.outside) return false;
    const [inside, other] = a.outside ? [b, a] : [a, b];
    return [...inside.codes].every((code) => other.codes.has(code) === other.outside);
  }
  if (a.kind === 'affix' && b.kind === 'affix') {
    const differ = !a.prefix.startsWith(b.prefix) && !b.prefix.startsWith(a.prefix);
    return differ || (!a.suffix.endsWith(b.suffix) && !b.suffix.endsWith(a.suffix));
  }
  return false;
}

function isApartFrom(test: Test, value: string | number | boolean): boolean {
  switch (test.kind) {
    case 'const':
      return test.value !== value;
    case 'system':
      return true;
    case 'codes':
      return test.codes.has(String(value)) === test.outside;
    case 'affix':
      return !(String(value).startsWith(test.prefix) && String(value).endsWith(test.suffix));
    case 'not':
    case 'present':
    case 'object':
    case 'list':
      return false;
  }
}

const isRefused = (a: Test, b: Test): boolean =>
  a.kind === 'not' && JSON.stringify(a.test, plain) === JSON.stringify(b, plain);

const plain = (key: string, value: unknown): unknown =>
  value instanceof Set ? [...(value as Set<string>)] : key === 'place' ? undefined : value;

/** True when a list must hold an element that the other template never makes. */
function hasOwn({ some, any }: ListTest, { all }: ListTest): boolean {
  if (all === null) return false;
  const isStrange = (test: Test): boolean => all.every((other) => areApart(test, other) || hasMore(test, other));
  return some.some(isStrange) || (any.length > 0 && any.every(isStrange));
}

/** True when it asks for a member that the other template never makes. */
const hasMore = (a: Test, b: Test): boolean =>
  a.kind === 'object' &&
  b.kind === 'object' &&
  b.names.size > 0 &&
  a.members.some(({ name, soft }) => !soft && !b.names.has(name));

/**
 * The tests of items that stand in one list, so that each element passes one of them: what is not apart by itself is
 * parted by a constant or key of one that the other never has. Only what is needed is asked.
 *
 * @returns for each item its test, or the index of the one before it that it cannot be told from
 */
export function partItems(tests: readonly (Test | null)[]): (Test | number | null)[] {
  if (tests.length < 2) return tests.map((test) => (test === null ? null : asked(test, [])));
  const added = tests.map((): MemberTest[] => []);
  const clash = tests.map((): number | null => null);
  tests.forEach((test, index) => {
    for (let before = 0; before < index; before += 1) {
      const other = tests[before] ?? null;
      if (test === null || other === null) clash[index] ??= before;
      else if (areApart(asked(test, added[index]!), asked(other, added[before]!))) continue;
      else if (test.kind === 'object' && other.kind === 'object' && part(test, other, added[index]!, added[before]!))
        continue;
      else if (!areApart(test, other)) clash[index] ??= before;
    }
  });
  return tests.map((test, index) => clash[index] ?? (test === null ? null : asked(test, added[index]!)));
}

type ObjectTest = Extract<Test, { kind: 'object' }>;

/** Constants that stand, and keys. What a leaf can be is asked only where it parts: elsewhere its codec tells more. */
const isBasic = ({ soft, isKey, test }: MemberTest): boolean =>
  isKey || (!soft && test.kind !== 'codes' && test.kind !== 'affix' && test.kind !== 'present');

/** What is asked of an element: the basic members, and what was added to part it from others. */
function asked(test: Test, added: readonly MemberTest[]): Test {
  if (test.kind !== 'object') return test;
  const own = test.members.filter(isBasic);
  return { ...test, members: [...own, ...added.filter((member) => !own.includes(member))] };
}

function part(a: ObjectTest, b: ObjectTest, addedToA: MemberTest[], addedToB: MemberTest[]): boolean {
  for (const one of a.members) {
    const other = b.members.find((member) => areApart({ ...a, members: [one] }, { ...b, members: [member] }));
    if (other === undefined) continue;
    if (!addedToA.includes(one)) addedToA.push(one);
    if (!addedToB.includes(other)) addedToB.push(other);
    return true;
  }
  return keepOut(a, b, addedToA) || keepOut(b, a, addedToB);
}

/** An element in which the other's constant or key stands is the other's, where the one has no such member. */
function keepOut(one: ObjectTest, other: ObjectTest, added: MemberTest[]): boolean {
  const own = other.members.find((member) => isBasic(member) && !one.names.has(member.name));
  if (own === undefined) return false;
  added.push({ name: own.name, test: { kind: 'not', test: own.test }, soft: false, isKey: false });
  return true;
}

/** The text of a constant leaf, as a key: two of the same text are one constant. */
export const textOf = (leaf: LeafNode): string =>
  leaf.parts
    .map((part) => (typeof part === 'string' ? part : part.op === 'system' ? `%${part.name}` : part.op))
    .join('');
