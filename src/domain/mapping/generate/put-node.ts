import { settingsOf, idOfTarget, pathOfTarget } from '../reverse/target.js';
import {
  areApart,
  isConstant,
  NOTHING_TOLD,
  partItems,
  testOf,
  type Telling,
  type Test,
} from '../reverse/tell-apart.js';
import { narrowedBy } from '../reverse/target.js';
import type { ArrNode, EachNode, IfNode, Node, ObjNode } from '../template/intermediate.js';
import { flagOf, freshName, inner, quote, write, type Block } from './emitter.js';
import { property } from './expression.js';
import { outline } from './outline.js';
import { isPositional } from '../reverse/positional.js';
import { putLeaf, solveText } from './put-leaf.js';
import { takeSingle, type PutConstant } from './put-single.js';
import { createScope, placeText, readText, store, writeLate, type Putting, type Scope } from './put-scope.js';
import { constantText, sameText } from './same-text.js';
import { share } from './share.js';
import { guardOf, kept, nameSet, testText } from './reverse-emitter.js';

/** Puts what a node made back: `value` is a variable that is not undefined, `path` a JavaScript text for its place. */
export function putNode(putting: Putting, scope: Scope, block: Block, node: Node, value: string, path: string): void {
  if ((node.kind === 'obj' || node.kind === 'arr') && isConstant(node)) {
    putConstant(putting, block, node, putting.meta, value, path);
    return;
  }
  if (!putSingle(putting, scope, block, node, NOTHING, value, path)) putAny(putting, scope, block, node, value, path);
}

const NOTHING: ReadonlySet<string> = new Set();

/** Puts a shell around one expression, see put-single.ts. @returns false for what is none */
function putSingle(
  putting: Putting,
  scope: Scope,
  block: Block,
  node: Node,
  verified: ReadonlySet<string>,
  value: string,
  path: string,
): boolean {
  const { reverse, meta } = putting;
  const constants: PutConstant = (within, part, of, place) => putConstant(putting, within, part, 'm', of, place);
  const single = takeSingle(reverse, constants, node, verified, meta, value, path);
  if (single === null) return false;
  const taken = freshName(reverse.emitter, 'x');
  write(block, `const ${taken} = ${single.value};`);
  write(block, `if (${taken} !== undefined) {`);
  putLeaf(putting, scope, inner(block), single.leaf, taken, single.path);
  write(block, '}');
  return true;
}

/**
 * A part of the template in which nothing is read: compared as a whole; looked into only where it differs.
 *
 * @param place JavaScript for the place of the value
 */
function putConstant(putting: Putting, block: Block, node: Node, meta: string, value: string, place: string): void {
  const { reverse } = putting;
  const { same, look } = kept(reverse.constants, constantText(node), () => {
    const lines: string[] = [];
    const body: Block = { lines, depth: 1, granted: 0, flags: new Map() };
    putAny({ ...putting, meta: 'm' }, createScope(null, []), body, node, 'v', 'path');
    return {
      same: share(reverse, 'same', 's, v', `  return ${sameText(reverse, node, 'v')};`),
      look: share(reverse, 'look', 's, m, key, path, v', lines.join('\n')),
    };
  });
  const differs = `!${same.name}(s, ${value}${same.args})`;
  write(block, `if (${differs}) ${look.name}(s, ${meta}, key, ${place}, ${value}${look.args});`);
}

function putAny(putting: Putting, scope: Scope, block: Block, node: Node, value: string, path: string): void {
  switch (node.kind) {
    case 'const':
      write(block, `if (${value} !== ${quote(node.value)}) ${foreign(putting, value, path)}`);
      return;
    case 'leaf':
      putLeaf(putting, scope, block, node, value, path);
      return;
    case 'obj':
      write(block, `if (!isObject(${value})) ${foreign(putting, value, path)} else {`);
      putMembers(putting, scope, inner(block), node, value, path, []);
      write(block, '}');
      return;
    case 'arr':
      putList(putting, scope, block, node, value, path);
      return;
    case 'if':
      putIf(putting, scope, block, node, value, path);
      return;
    case 'each':
      throw new TypeError('each stands in a list');
  }
}

const foreign = ({ meta }: Putting, value: string, path: string): string =>
  `foreign(s, ${meta}, key, ${path}, ${value});`;

/** `"a" + "b"` as one text: paths are put together only where something is kept. */
const below = (path: string, name: string): string => `${path} + ${quote(name)}`.replace(/" \+ "/g, '');

/** Fewer members than this are looked for to the end: leaving costs a comparison for each that is there. */
const LEAST_TO_LEAVE = 4;

/**
 * The members that the template has, then a sweep for those that it has not: counted on the way, named only when the
 * count says that there is one.
 */
export function putMembers(
  putting: Putting,
  scope: Scope,
  block: Block,
  node: ObjNode,
  value: string,
  path: string,
  others: readonly string[],
  verified: ReadonlySet<string> = new Set(),
): void {
  const { emitter } = putting.reverse;
  const count = freshName(emitter, 'n');
  const names = [...others, ...node.members.map(({ name }) => name)];
  const size = freshName(emitter, 'n');
  write(block, `let ${count} = ${verified.size};`);
  for (const name of others) write(block, `if (${property(value, name, true)} !== undefined) ${count}++;`);
  write(block, `const ${size} = sizeOf(${value});`);
  const asked = node.members.filter(({ name }) => !verified.has(name));
  // Of many members most are absent: once all that are there were met, the others need not be looked for.
  const label = asked.length < LEAST_TO_LEAVE ? null : `$${block.depth}`;
  if (label !== null) write(block, `${label}: {`);
  const body = label === null ? block : inner(block);
  for (const { name, node: member } of asked) {
    const variable = freshName(emitter, 'm');
    write(body, `const ${variable} = ${property(value, name, true)};`);
    write(body, `if (${variable} !== undefined) {`);
    write(inner(body), `${count}++;`);
    outline(emitter, inner(body), (within) =>
      putNode(putting, scope, within, member, variable, path === '""' ? quote(name) : below(path, `.${name}`)),
    );
    if (label !== null) write(inner(body), `if (${count} === ${size}) break ${label};`);
    write(body, '}');
  }
  if (label !== null) write(block, '}');
  const at = path === '""' ? path : below(path, '.');
  const known = nameSet(putting.reverse, names);
  write(block, `if (${size} !== ${count}) sweep(s, ${putting.meta}, key, ${at}, ${value}, ${known});`);
}

/** Items of a list that came already, as bits of small integers. */
const WORD = 30;

function putList(putting: Putting, scope: Scope, block: Block, node: ArrNode, value: string, path: string): void {
  const only = node.items.length === 1 ? node.items[0]! : null;
  if (only?.kind === 'leaf' && only.parts.length === 1 && typeof only.parts[0] !== 'string' && only.parts[0]!.many) {
    putLeaf(putting, scope, block, only, value, path);
    return;
  }
  const { emitter } = putting.reverse;
  const [index, element] = [freshName(emitter, 'i'), freshName(emitter, 'e')];
  const single = node.items.filter((item) => item.kind !== 'each');
  const seen = freshName(emitter, 'seen');
  write(block, `if (!Array.isArray(${value})) ${foreign(putting, value, path)} else {`);
  const within = inner(block);
  write(within, `spend(s, ${value}.length);`);
  for (let word = 0; word * WORD < single.length; word += 1) write(within, `let ${seen}_${word} = 0;`);
  write(within, `for (let ${index} = 0; ${index} < ${value}.length; ${index}++) {`);
  const body = inner(within);
  const at = `${below(path, '[')} + ${index} + "]"`;
  write(body, `const ${element} = ${value}[${index}];`);
  const branches = branchesOf(putting, node, element);
  branches.forEach(({ item, condition, position, verified }, order) => {
    const number = item.kind === 'each' ? -1 : single.indexOf(item);
    const word = `${seen}_${Math.floor(number / WORD)}`;
    const bit = number < 0 ? null : 2 ** (number % WORD);
    const tests = [
      ...(position === null ? [] : [`${index} === ${position}`]),
      ...(bit === null ? [] : [`(${word} & ${bit}) === 0`]),
      ...(condition === 'true' ? [] : [condition]),
    ];
    write(body, `${order === 0 ? '' : '} else '}if (${tests.length === 0 ? 'true' : tests.join(' && ')}) {`);
    if (bit !== null) write(inner(body), `${word} |= ${bit};`);
    outline(emitter, inner(body), (own) => {
      if (item.kind === 'each') putEach(putting, scope, own, item, element, at, verified);
      else if (item.kind === 'obj' && verified !== null) putVerified(putting, scope, own, item, element, at, verified);
      else if (item.kind !== 'const') putNode(putting, scope, own, item, element, at);
    });
  });
  write(body, `${branches.length === 0 ? '' : '} else '}${foreign(putting, element, at)}`);
  write(within, '}');
  write(block, '}');
}

/** An item of which constants were compared to tell it from others: it is known to be an object. */
function putVerified(
  putting: Putting,
  scope: Scope,
  block: Block,
  node: ObjNode,
  value: string,
  path: string,
  verified: ReadonlySet<string>,
): void {
  if (!putSingle(putting, scope, block, node, verified, value, path))
    putMembers(putting, scope, block, node, value, path, [], verified);
}

interface Branch {
  readonly item: Node;
  readonly condition: string;
  readonly position: number | null;
  /** Members whose constants the condition compared; null when it did not look at an object. */
  readonly verified: ReadonlySet<string> | null;
}

/** The items of a list in the order in which they are asked: whatever has a key of its own first. */
function branchesOf({ reverse, map }: Putting, node: ArrNode, element: string): Branch[] {
  if (isPositional(node)) {
    return node.items.map((item, position) => ({ item, condition: 'true', position, verified: null }));
  }
  const telling: Telling = { ...NOTHING_TOLD, narrowed: narrowedBy(map.where) };
  const parted = partItems(node.items.map((item) => testOf(item, telling)));
  const branches = node.items.map((item, index) => {
    const test = parted[index] ?? null;
    return { item, test: typeof test === 'number' ? null : test };
  });
  const hardness = ({ test }: { test: Test | null }): number =>
    test?.kind === 'object' ? test.members.filter(({ soft }) => !soft).length : 1;
  branches.sort((a, b) => Math.sign(hardness(b)) - Math.sign(hardness(a)));
  return branches.map(({ item, test }) => {
    const guard = test?.kind === 'object' && test.members.length > 0 ? `${guardOf(test, element)} && ` : '';
    const condition = test === null ? 'true' : `${guard}${testText(reverse, test, element)}`;
    const compared =
      test?.kind === 'object' && guard !== ''
        ? test.members.filter(({ soft, test: one }) => !soft && (one.kind === 'const' || one.kind === 'system'))
        : null;
    return {
      item,
      position: null,
      condition,
      verified: compared === null ? null : new Set(compared.map(({ name }) => name)),
    };
  });
}

function putEach(
  putting: Putting,
  scope: Scope,
  block: Block,
  node: EachNode,
  element: string,
  path: string,
  verified: ReadonlySet<string> | null,
): void {
  const { item } = node;
  const flag = flagOf(block, item.mask);
  let at = block;
  if (flag !== null) {
    write(block, `if (!${flag}) refuse(s, ${quote(putting.map.name)}, ${quote(item.path)}); else {`);
    at = inner(block, block.granted | item.mask);
  }
  const isValue = item.node.kind === 'value';
  const own = createScope(scope, [item.variable]);
  const lines: string[] = [];
  const body: Block = { ...at, lines };
  if (node.body.kind === 'obj' && verified !== null)
    putVerified(putting, own, body, node.body, element, path, verified);
  else putNode(putting, own, body, node.body, element, path);
  write(at, isValue ? `let ${item.variable};` : `const ${item.variable} = {};`);
  if (own.declared.length > 0) write(at, `let ${own.declared.join(', ')};`);
  at.lines.push(...lines);
  writeLate(putting, at, own, solveText(putting));
  for (const { target, value } of node.where === null ? [] : settingsOf(node.where)) {
    if (target.alias.variable === item.variable && !putting.carried.has(idOfTarget(target)))
      write(at, `${placeText(putting, target)} = ${quote(value)};`);
  }
  const list = listText(putting, node);
  if (list === null) return;
  const key = node.key?.op === 'member' ? node.key.name : null;
  const guard = isValue ? `${item.variable} !== undefined` : `hasAny(${item.variable})`;
  write(at, `if (${guard}) {`);
  if (key === null) write(inner(at), `(${list} ??= []).push(${item.variable});`);
  else {
    putting.reverse.keys.set(item.path.replace(/\[\]$/, ''), key);
    const where = quote(item.path.replace(/\[\]$/, ''));
    // What comes without its key is no item of ours: no later bundle could name it, and the record would not be valid.
    const own = property(item.variable, key, true);
    const add = `addItem(s, (${list} ??= []), ${quote(key)}, ${item.variable}, ${where}, ${quote(putting.map.name)}, key);`;
    write(inner(at), `if (${own} === undefined) ${foreign(putting, element, path)} else ${add}`);
  }
  write(at, '}');
  if (flag !== null) write(block, '}');
}

/** The list that an `each` goes through, as a place. */
function listText(putting: Putting, { of }: EachNode): string | null {
  if (of.op !== 'member') return null;
  const names: string[] = [];
  let at: typeof of.of = of;
  while (at.op === 'member') {
    names.unshift(at.name);
    at = at.of;
  }
  if (at.op !== 'alias') return null;
  return placeText(putting, { alias: at.alias, names, node: of.node });
}

function putIf(putting: Putting, scope: Scope, block: Block, node: IfNode, value: string, path: string): void {
  const flag = flagOf(block, node.criteria.mask);
  let at = block;
  if (flag !== null) {
    write(block, `if (!${flag}) refuse(s, ${quote(putting.map.name)}, ${path}); else {`);
    at = inner(block, block.granted | node.criteria.mask);
  }
  const test = node.otherwise === null ? null : testOf(node.then);
  const other = node.otherwise === null ? null : testOf(node.otherwise);
  const apart = test !== null && other !== null && areApart(test, other);
  if (node.otherwise !== null && apart) {
    write(at, `if (${testText(putting.reverse, test, value)}) {`);
    putThen(putting, scope, inner(at), node, value, path);
    write(at, '} else {');
    putNode(putting, scope, inner(at), node.otherwise, value, path);
    write(at, '}');
  } else putThen(putting, scope, at, node, value, path);
  if (flag !== null) write(block, '}');
}

/** What is there says that the condition held, where no other leaf says it. */
function putThen(putting: Putting, scope: Scope, block: Block, node: IfNode, value: string, path: string): void {
  putNode(putting, scope, block, node.then, value, path);
  for (const { target, value: said } of settingsOf(node.criteria)) {
    if (pathOfTarget(target) === putting.recordKeyPath) continue;
    // What carries the field exactly may say it too, before or after: presence says it where nothing else does.
    if (putting.carried.has(idOfTarget(target)))
      write(block, `if (${readText(putting, target)} === undefined) ${placeText(putting, target)} = ${quote(said)};`);
    else store(putting, block, target, quote(said));
  }
}
