import type { ArrNode, EachNode, IfNode, LeafNode, Node, ObjNode } from '../template/intermediate.js';
import { flagOf, freshName, inner, quote, write, type Block, type Emitter } from './emitter.js';
import { truthOf, valueOf } from './expression.js';
import { constantOf, fewItems, isSettled, literalOf, twoOf, type Emitted, type Part } from './literal.js';
import { itemPlace, traced } from './trace.js';

export function emitNode(emitter: Emitter, block: Block, node: Node): Emitted {
  if ((node.kind === 'obj' || node.kind === 'arr') && isConstantNode(node))
    return { value: constantOf(emitter, constantLiteral(emitter, block, node)), present: null };
  switch (node.kind) {
    case 'const':
      return { value: traced(emitter, block, node, quote(node.value)), present: null };
    case 'leaf':
      return emitLeaf(emitter, block, node);
    case 'obj':
      return emitObject(emitter, block, node);
    case 'arr':
      return emitArray(emitter, block, node);
    case 'if':
      return emitIf(emitter, block, node);
    case 'each':
      throw new TypeError('each stands in a list');
  }
}

/** Of a node in which no field of the record is read. */
function constantLiteral(emitter: Emitter, block: Block, node: Node): string {
  if (node.kind === 'arr') return `[${node.items.map((item) => constantLiteral(emitter, block, item)).join(', ')}]`;
  if (node.kind !== 'obj') return emitNode(emitter, block, node).value;
  const members = node.members.map(({ name, node: of }) => `${quote(name)}: ${constantLiteral(emitter, block, of)}`);
  return `{ ${members.join(', ')} }`;
}

function emitLeaf(emitter: Emitter, block: Block, node: LeafNode): Emitted {
  const { parts } = node;
  const flag = flagOf(block, node.mask);
  const affixed = emitAffixed(emitter, block, node, flag);
  if (affixed !== null) return affixed;
  const single = parts.length === 1 ? parts[0]! : null;
  const definite = parts.every((part) => typeof part === 'string' || (part.definite && !part.many));
  const value =
    single === null || typeof single === 'string'
      ? concatenated(emitter, node)
      : single.many
        ? listOf(emitter, single)
        : valueOf(emitter, single);
  const text = traced(emitter, block, node, value);
  if (node.constant) return { value: text, present: null };
  if ((definite || isKey(emitter, block, single)) && flag === null) return { value: text, present: true };
  const name = hold(emitter, block, flag, node.mask & ~block.granted, text);
  return { value: name, present: `${name} != null` };
}

/** The variable that holds a value, if its labels are permitted. */
function hold(emitter: Emitter, block: Block, flag: string | null, needed: number, text: string): string {
  const identity = `${needed} ${text}`;
  const known = heldBy(block, identity);
  if (known !== undefined) return known;
  const name = freshName(emitter, 'v');
  block.held?.own.set(identity, name);
  if (flag === null) write(block, `const ${name} = ${text};`);
  else {
    write(block, `let ${name};`);
    write(block, `if (${flag} && (${name} = ${text}) != null) labels |= ${needed};`);
  }
  return name;
}

function heldBy({ held }: Block, identity: string): string | undefined {
  let name: string | undefined;
  for (let at = held ?? null; at !== null && name === undefined; at = at.outer) name = at.own.get(identity);
  return name;
}

/** The key was asked for before anything was made: it is there. */
function isKey(emitter: Emitter, { key }: Block, part: LeafNode['parts'][number] | null): boolean {
  if (key === undefined || part === null || typeof part === 'string' || part.op !== 'member' || part.many) return false;
  return (
    valueOf(emitter, part) === key.text || (key.path !== null && part.reads.size === 1 && part.reads.has(key.path))
  );
}

/** One value with a text around it: the value tells whether the text is there, and is looked up once. */
function emitAffixed(emitter: Emitter, block: Block, node: LeafNode, flag: string | null): Emitted | null {
  const values = node.parts.filter((part) => typeof part !== 'string');
  const [only] = values;
  if (node.constant || values.length !== 1 || node.parts.length === 1 || only === undefined) return null;
  if (only.many || only.definite || only.type === 'boolean') return null;
  const name = hold(emitter, block, flag, node.mask & ~block.granted, valueOf(emitter, only));
  const text = node.parts.map((part) => (typeof part === 'string' ? quote(part) : name));
  const value = `(${(typeof node.parts[0] === 'string' ? text : ['""', ...text]).join(' + ')})`;
  return { value: traced(emitter, block, node, value), present: `${name} != null` };
}

function listOf(emitter: Emitter, single: Exclude<LeafNode['parts'][number], string>): string {
  emitter.helpers.add('some');
  return `some(${valueOf(emitter, single)})`;
}

/** Text and expressions in one string; absent as soon as one of its expressions is. */
function concatenated(emitter: Emitter, { parts }: LeafNode): string {
  const pieces = parts.map((part) => {
    if (typeof part === 'string') return quote(part);
    const value = valueOf(emitter, part);
    return part.definite && part.type === 'string' ? value : part.definite ? `String(${value})` : null;
  });
  if (pieces.every((piece) => piece !== null)) return `(${pieces.join(' + ')})`;
  emitter.helpers.add('plus');
  return parts
    .map((part) => (typeof part === 'string' ? quote(part) : valueOf(emitter, part)))
    .reduce((left, right) => `plus(${left}, ${right})`, '""');
}

function emitObject(emitter: Emitter, block: Block, node: ObjNode): Emitted {
  const parts = node.members.map(({ name, node: member }) => ({ name, emitted: emitNode(emitter, block, member) }));
  const conditions = parts.map(({ emitted }) => emitted.present).filter((present) => present !== null);
  if (conditions.includes(true)) {
    if (parts.every(isSettled)) return { value: literalOf(parts), present: true };
    const name = freshName(emitter, 'o');
    assemble(block, parts, `let ${name}`, name);
    return { value: name, present: true };
  }
  const condition = conditions.join(' || ');
  // A shell around one value is made where it is used: whoever uses it has asked whether the value is there.
  if (conditions.length === 1) return { value: literalOf(parts), present: condition };
  const both = twoOf(parts);
  if (both !== null) return { value: both, present: `(${condition})` };
  const name = freshName(emitter, 'o');
  write(block, `let ${name};`);
  write(block, `if (${condition}) {`);
  assemble(inner(block), parts, '', name);
  write(block, '}');
  return { value: name, present: `${name} !== undefined` };
}

/** Members that may be absent, of which one literal holds all that stand at the beginning when they are there. */
const LEADING = 2;

/**
 * One object literal for all that is settled up to the first member that may be absent, then the rest in order. Where
 * the first members that may be absent are there, which is the rule, they stand in a literal with what follows them:
 * a member that is added to an object afterwards costs several times as much.
 *
 * @param declaration `let o1` where the variable is not declared yet, else the empty text
 */
export function assemble(block: Block, parts: readonly Part[], declaration: string, name: string): void {
  const opens = parts.flatMap((part, index) => (isSettled(part) ? [] : [index]));
  const settled = opens.length === 0 ? parts.length : opens[0]!;
  const leading = opens.length < LEADING ? parts.length : (opens[LEADING] ?? parts.length);
  if (opens.length < LEADING || leading - settled < LEADING) {
    write(block, `${declaration === '' ? name : declaration} = ${literalOf(parts.slice(0, settled))};`);
    for (const part of parts.slice(settled)) write(block, setting(part, name));
    return;
  }
  const conditions = opens.slice(0, LEADING).map((index) => String(parts[index]!.emitted.present));
  if (declaration !== '') write(block, `${declaration};`);
  write(block, `if (${conditions.join(' && ')}) ${name} = ${literalOf(parts.slice(0, leading))};`);
  write(block, 'else {');
  write(inner(block), `${name} = ${literalOf(parts.slice(0, settled))};`);
  for (const part of parts.slice(settled, leading)) write(inner(block), setting(part, name));
  write(block, '}');
  for (const part of parts.slice(leading)) write(block, setting(part, name));
}

function setting(part: Part, name: string): string {
  const set = `${name}[${quote(part.name)}] = ${part.emitted.value};`.replace(/\["([A-Za-z_]\w*)"\] =/, '.$1 =');
  return isSettled(part) ? set : `if (${String(part.emitted.present)}) ${set}`;
}

function emitArray(emitter: Emitter, block: Block, node: ArrNode): Emitted {
  const { items } = node;
  const only = items.length === 1 ? items[0]! : null;
  if (only !== null && only.kind !== 'each') {
    const emitted = emitNode(emitter, block, only);
    if (isManyLeaf(only)) return emitted;
    return { value: `[${emitted.value}]`, present: emitted.present };
  }
  return emitItems(emitter, block, items);
}

const isManyLeaf = (node: Node): boolean =>
  node.kind === 'leaf' && node.parts.length === 1 && typeof node.parts[0] !== 'string' && node.parts[0]!.many;

function emitItems(emitter: Emitter, block: Block, items: readonly Node[]): Emitted {
  const name = freshName(emitter, 'l');
  const { settled, constants, always } = emitSettled(emitter, block, items);
  const rest = items.slice(settled.length);
  if (rest.length === 0) return { value: `[${settled.join(', ')}]`, present: true };
  if (
    rest.every((item) => item.kind !== 'each' && !isManyLeaf(item) && !isConstantNode(item)) &&
    rest.length + Math.min(1, settled.length) <= 2
  ) {
    const few = rest.map((item) => emitNode(emitter, block, item));
    return fewItems(few, settled, always);
  }
  const lazy = settled.length === 0;
  write(block, lazy ? `let ${name};` : `const ${name} = [${settled.join(', ')}];`);
  const add: Add = lazy
    ? (value) => {
        const item = freshName(emitter, 'o');
        return `const ${item} = ${value}; if (${name} === undefined) ${name} = [${item}]; else ${name}.push(${item});`;
      }
    : (value) => `${name}.push(${value});`;
  for (const item of rest) {
    if (item.kind === 'each') emitEach(emitter, block, item, add);
    else emitItem(emitter, block, item, add, name, lazy);
  }
  // Constant items after the first open one follow the data that is in the list by then.
  if (lazy) return { value: name, present: `${name} !== undefined` };
  return { value: name, present: always ? true : `${name}.length > ${constants}`, standing: true };
}

/** Statements that add an item: its text is written once, however the list begins. */
type Add = (value: string) => string;

/** The items up to the first that may be absent: they stand in the list's literal. */
function emitSettled(emitter: Emitter, block: Block, items: readonly Node[]) {
  const settled: string[] = [];
  let constants = 0;
  let always = false;
  for (const item of items) {
    if (!isSettledItem(emitter, block, item)) break;
    const emitted = emitNode(emitter, block, item);
    if (emitted.present === null) constants += 1;
    else always = true;
    settled.push(emitted.value);
  }
  return { settled, constants, always };
}

/** True when the item is there for every record that gets as far as this block. */
function isSettledItem(emitter: Emitter, block: Block, node: Node): boolean {
  if (node.kind === 'each' || node.kind === 'if' || isManyLeaf(node)) return false;
  if (isConstantNode(node)) return true;
  if (node.kind === 'leaf') {
    const permitted = (node.mask & ~block.granted) === 0;
    if (permitted && node.parts.length === 1 && isKey(emitter, block, node.parts[0]!)) return true;
    return permitted && node.parts.every((part) => typeof part === 'string' || (part.definite && !part.many));
  }
  if (node.kind === 'obj')
    return node.members.some(({ node: member }) => !isConstantNode(member) && isSettledItem(emitter, block, member));
  return node.kind === 'arr' && node.items.some((item) => !isConstantNode(item) && isSettledItem(emitter, block, item));
}

function emitItem(emitter: Emitter, block: Block, item: Node, add: Add, name: string, lazy: boolean): void {
  const emitted = emitNode(emitter, block, item);
  if (isManyLeaf(item)) {
    const spread = lazy
      ? `${name} = ${name} === undefined ? ${emitted.value} : ${name}.concat(${emitted.value});`
      : `${name}.push(...${emitted.value});`;
    write(block, `if (${String(emitted.present)}) { ${spread} }`);
  } else if (typeof emitted.present === 'string') write(block, `if (${emitted.present}) { ${add(emitted.value)} }`);
  else if (emitted.present === true || !lazy) write(block, `{ ${add(emitted.value)} }`);
  else write(block, `if (${name} !== undefined) ${name}.push(${emitted.value});`);
}

function isConstantNode(node: Node): boolean {
  if (node.kind === 'const') return true;
  if (node.kind === 'leaf') return node.constant;
  if (node.kind === 'obj') return node.members.every((member) => isConstantNode(member.node));
  return node.kind === 'arr' && node.items.every(isConstantNode);
}

function emitEach(emitter: Emitter, block: Block, node: EachNode, add: Add): void {
  const { item, of, where } = node;
  const list = freshName(emitter, 'list');
  const index = freshName(emitter, 'i');
  const flag = flagOf(block, item.mask);
  const needed = item.mask & ~block.granted;
  write(
    block,
    `const ${list} = ${flag === null ? '' : `${flag} ? `}${valueOf(emitter, of)}${flag === null ? '' : ' : undefined'};`,
  );
  write(block, `if (${list} != null) for (let ${index} = 0; ${index} < ${list}.length; ${index}++) {`);
  const body = itemPlace(emitter, inner(block, block.granted | item.mask), of, item, index);
  write(body, `const ${item.variable} = ${list}[${index}];`);
  if (where !== null) write(body, `if (!${truthOf(emitter, where)}) continue;`);
  const emitted = emitNode(emitter, body, node.body);
  const label = needed === 0 ? '' : ` labels |= ${needed};`;
  // An item of which nothing is read is not counted out either: constants alone would betray how many there are.
  if (emitted.present === true) write(body, `${add(emitted.value)}${label}`);
  else if (emitted.present !== null) write(body, `if (${emitted.present}) { ${add(emitted.value)}${label} }`);
  write(block, '}');
}

function emitIf(emitter: Emitter, block: Block, node: IfNode): Emitted {
  const name = freshName(emitter, 'v');
  const { mask } = node.criteria;
  const flag = flagOf(block, mask);
  const needed = mask & ~block.granted;
  write(block, `let ${name};`);
  if (flag !== null) write(block, `if (${flag}) {`);
  const granted = flag === null ? block : inner(block, block.granted | mask);
  const branch = (body: Node): void => {
    const within = inner(granted);
    const emitted = emitNode(emitter, within, body);
    const set = `${name} = ${emitted.value};`;
    write(within, typeof emitted.present === 'string' ? `if (${emitted.present}) ${set}` : set);
  };
  write(granted, `if (${truthOf(emitter, node.criteria)}) {`);
  branch(node.then);
  if (node.otherwise !== null) {
    write(granted, '} else {');
    branch(node.otherwise);
  }
  write(granted, '}');
  if (flag !== null) {
    write(granted, `if (${name} !== undefined) labels |= ${needed};`);
    write(block, '}');
  }
  return { value: name, present: `${name} !== undefined` };
}
