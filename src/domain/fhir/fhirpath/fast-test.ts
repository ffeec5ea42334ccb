import { typeInfo, type ElementInfo } from '../model.js';
import { parseExpression, type Expression } from './parse.js';

/**
 * A truth value straight from the JSON: 1 true, 0 false, -1 empty. No Node and no array is made, so that a rule on a
 * valid element costs nanoseconds. Only forms whose types are known beforehand; the general evaluator does the rest,
 * and the tests hold both to the same answers.
 */
export type FastTest = (value: Members) => Truth;
type Truth = 1 | 0 | -1;
type Members = Readonly<Record<string, unknown>>;
type OnElement = (value: unknown, sibling: unknown) => boolean;
type Some = (value: Members, accept: OnElement) => boolean;

interface Path {
  readonly some: Some;
  /** Types that the elements at the end may have. */
  readonly types: readonly string[];
  /** At most one element at the end, whatever the resource. */
  readonly isSingle: boolean;
}

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;
const EXISTS: OnElement = () => true;
const not = (truth: Truth): Truth => (truth === -1 ? -1 : truth === 1 ? 0 : 1);

/** @param type the type that the rule is about; undefined when the expression needs the general evaluator */
export function fastTest(source: string, type: string): FastTest | undefined {
  return compile(parseExpression(source), type);
}

function compile(e: Expression, type: string): FastTest | undefined {
  if (e.kind === 'boolean') return () => (e.value ? 1 : 0);
  if (e.kind === 'call') return compileCall(e, type);
  if (e.kind !== 'binary') return undefined;
  if (e.operator === 'in') return compileIn(e.left, e.right, type);
  if (e.operator === '=' || e.operator === '!=') {
    const comparison = compileComparison(e.left, e.right, type) ?? compileTruths(e.left, e.right, type);
    if (comparison === undefined) return undefined;
    return e.operator === '=' ? comparison : (value) => not(comparison(value));
  }
  const left = compile(e.left, type);
  const right = left && compile(e.right, type);
  if (left === undefined || right === undefined) return undefined;
  switch (e.operator) {
    case 'and':
      return (value) => {
        const a = left(value);
        if (a === 0) return 0;
        const b = right(value);
        return b === 0 ? 0 : a === -1 || b === -1 ? -1 : 1;
      };
    case 'or':
      return (value) => {
        const a = left(value);
        if (a === 1) return 1;
        const b = right(value);
        return b === 1 ? 1 : a === -1 || b === -1 ? -1 : 0;
      };
    case 'implies':
      return (value) => {
        const a = left(value);
        if (a === 0) return 1;
        const b = right(value);
        return a === 1 ? b : b === 1 ? 1 : -1;
      };
    case 'xor':
      return (value) => {
        const a = left(value);
        const b = right(value);
        return a === -1 || b === -1 ? -1 : a !== b ? 1 : 0;
      };
    default:
      return undefined;
  }
}

function compileCall(e: Extract<Expression, { kind: 'call' }>, type: string): FastTest | undefined {
  const { name, target, args } = e;
  if (name === 'not' && target !== null && args.length === 0) {
    const inner = compile(target, type);
    return inner && ((value) => not(inner(value)));
  }
  if (target === null || args.length > 0) return undefined;
  const path = compilePath(target, type);
  if (path === undefined) return undefined;
  const { some } = path;
  if (name === 'exists') return (value) => (some(value, EXISTS) ? 1 : 0);
  if (name === 'empty') return (value) => (some(value, EXISTS) ? 0 : 1);
  if (name === 'hasValue' && path.isSingle) return (value) => (some(value, isPrimitive) ? 1 : 0);
  return undefined;
}

const isPrimitive: OnElement = (value) =>
  typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' || isNumberAsWritten(value);

function isNumberAsWritten(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) !== Object.prototype;
}

/** `status = 'active'`, `actual = true`: one text or truth value against a constant. */
function compileComparison(left: Expression, right: Expression, type: string): FastTest | undefined {
  const path = compilePath(left, type);
  if (path === undefined || !path.isSingle || path.types.length !== 1) return undefined;
  const isText = right.kind === 'string' && TEXT_TYPES.has(path.types[0]!);
  const isTruth = right.kind === 'boolean' && path.types[0] === 'boolean';
  if (!isText && !isTruth) return undefined;
  const wanted = right.kind === 'boolean' ? right.value : right.kind === 'string' ? right.text : '';
  return oneOf(path, new Set<unknown>([wanted]));
}

function compileIn(left: Expression, right: Expression, type: string): FastTest | undefined {
  const path = compilePath(left, type);
  const wanted = new Set<unknown>();
  const collect = (e: Expression): boolean => {
    if (e.kind === 'string') wanted.add(e.text);
    return e.kind === 'string' || (e.kind === 'binary' && e.operator === '|' && collect(e.left) && collect(e.right));
  };
  if (path === undefined || !path.isSingle || path.types.length !== 1) return undefined;
  return TEXT_TYPES.has(path.types[0]!) && collect(right) ? oneOf(path, wanted) : undefined;
}

const TEXT_TYPES = new Set(['string', 'code', 'uri', 'url', 'canonical', 'id', 'oid', 'uuid', 'markdown']);

function oneOf({ some }: Path, wanted: ReadonlySet<unknown>): FastTest {
  const accept: OnElement = (value) => wanted.has(value);
  return (value) => (some(value, accept) ? 1 : some(value, EXISTS) ? 0 : -1);
}

/** `a.exists() = b.exists()` and the like. */
function compileTruths(left: Expression, right: Expression, type: string): FastTest | undefined {
  const [a, b] = [compile(left, type), compile(right, type)];
  if (a === undefined || b === undefined) return undefined;
  return (value) => {
    const x = a(value);
    const y = b(value);
    return x === -1 || y === -1 ? -1 : x === y ? 1 : 0;
  };
}

/** `a.b.c`, with `where(…)` on the way. */
function compilePath(e: Expression, type: string): Path | undefined {
  if (e.kind === 'member') {
    if (e.target === null) return e.name === type ? { some: self, types: [type], isSingle: true } : step(e.name, type);
    const before = compilePath(e.target, type);
    if (before?.types.length !== 1) return undefined;
    const after = step(e.name, before.types[0]!);
    if (after === undefined) return undefined;
    if (before.some === self) return after;
    const some: Some = (value, accept) =>
      before.some(value, (element) => isMembers(element) && after.some(element, accept));
    return { some, types: after.types, isSingle: before.isSingle && after.isSingle };
  }
  if (e.kind !== 'call' || e.name !== 'where' || e.target === null || e.args.length !== 1) return undefined;
  const path = compilePath(e.target, type);
  const test = path?.types.length === 1 ? compile(e.args[0]!, path.types[0]!) : undefined;
  if (path === undefined || test === undefined) return undefined;
  const some: Some = (value, accept) =>
    path.some(value, (element, sibling) => isMembers(element) && test(element) === 1 && accept(element, sibling));
  return { some, types: path.types, isSingle: path.isSingle };
}

const self: Some = (value, accept) => accept(value, undefined);

function step(name: string, type: string): Path | undefined {
  const element = typeInfo(type)?.byName.get(name);
  if (element === undefined) return undefined;
  const types = element.types.map((choice) => choice.name);
  // What a resource within a resource holds depends on its own type.
  if (type === 'Resource' || typeInfo(type)?.kind === 'primitive') return undefined;
  return { some: someOf(element), types, isSingle: element.max === 1 };
}

function someOf(element: ElementInfo): Some {
  const keys = element.types.map(({ key }) => [key, `_${key}`] as const);
  const one = (value: Members, key: string, siblingKey: string, accept: OnElement): boolean => {
    const member = value[key];
    const sibling = value[siblingKey];
    if (!Array.isArray(member) && !Array.isArray(sibling)) {
      const isThere = (member !== undefined && member !== null) || isMembers(sibling);
      return isThere && accept(member, sibling);
    }
    const members = Array.isArray(member) ? (member as unknown[]) : [];
    const siblings = Array.isArray(sibling) ? (sibling as unknown[]) : [];
    const length = Math.max(members.length, siblings.length);
    for (let index = 0; index < length; index += 1) {
      const isThere = (members[index] !== undefined && members[index] !== null) || isMembers(siblings[index]);
      if (isThere && accept(members[index], siblings[index])) return true;
    }
    return false;
  };
  const [first] = keys;
  if (keys.length === 1) return (value, accept) => one(value, first![0], first![1], accept);
  if (keys.length <= 4) return (value, accept) => keys.some(([key, sibling]) => one(value, key, sibling, accept));
  // Extension.value[x] has fifty names, and an extension two members: those are fewer to ask.
  const byName = new Map(keys.flatMap((pair) => [[pair[0], pair] as const, [pair[1], pair] as const]));
  return (value, accept) => {
    for (const name in value) {
      const pair = byName.get(name);
      if (pair !== undefined && one(value, pair[0], pair[1], accept)) return true;
    }
    return false;
  };
}
