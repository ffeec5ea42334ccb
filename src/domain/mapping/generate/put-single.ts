import { isConstant, partItems, testOf } from '../reverse/tell-apart.js';
import type { LeafNode, Node, ObjNode } from '../template/intermediate.js';
import { freshName, inner, quote, write, type Block } from './emitter.js';
import { property } from './expression.js';
import { guardBy, kept, nameSet, systemField, type ReverseEmitter } from './reverse-emitter.js';
import { constantText as textOfConstants } from './same-text.js';
import { share } from './share.js';

/**
 * Most of a resource are shells around one expression: `{ coding: [{ system: …, code: "{{ … }}" }] }`,
 * `[{ text: "{{ … }}" }]`, `{ url: …, valueCode: "{{ … }}" }`. A function takes the value out of all shells of one form
 * and keeps what is strange in them.
 */
export interface Single {
  readonly leaf: LeafNode;
  /** JavaScript for the value in the shell, or undefined. */
  readonly value: string;
  /** JavaScript for the place of that value, for as long as no other shell was opened. */
  readonly path: string;
}

/** Writes the comparison of a part in which nothing is read. */
export type PutConstant = (block: Block, node: Node, value: string, place: string) => void;

/** What is collected while the function of a form is generated. */
interface Form {
  readonly reverse: ReverseEmitter;
  readonly putConstant: PutConstant;
  /** Lists so far: the index of each is a field of the run. */
  lists: number;
  /** The place of the value below the shell. */
  below: string;
}

/**
 * @param verified members of the shell whose constants were compared already
 * @returns null for what is no shell of one expression, and where the place cannot be passed
 */
export function takeSingle(
  reverse: ReverseEmitter,
  putConstant: PutConstant,
  node: Node,
  verified: ReadonlySet<string>,
  meta: string,
  value: string,
  path: string,
): Single | null {
  const leaf = node.kind === 'leaf' ? null : onlyLeaf(node);
  const place = leaf === null ? null : placeOf(path);
  if (place === null || leaf === null) return null;
  const { shared, below } = kept(reverse.shells, `${[...verified].join()} ${textOfConstants(node)}`, () => {
    const form: Form = { reverse, putConstant, lists: 0, below: '""' };
    const block: Block = { lines: [], depth: 1, granted: 0, flags: new Map() };
    writeShell(form, block, node, verified, 'v', NOWHERE);
    const body = `  let x;\n${block.lines.join('\n')}\n  return x;`;
    return { shared: share(reverse, 'one', 's, m, key, path, i, j, k, v', body), below: form.below };
  });
  const args = `s, ${meta}, key, ${place.template}, ${place.indexes.join(', ')}, ${value}${shared.args}`;
  return { leaf, value: `${shared.name}(${args})`, path: joined(path, below) };
}

/** `"a[" + i1 + "].b"` as `"a[*].b"` and three indexes: a place is put together only where something is kept. */
function placeOf(path: string): { readonly template: string; readonly indexes: readonly string[] } | null {
  const parts = path.split(' + ');
  const indexes = parts.filter((_, at) => at % 2 === 1);
  const isPlain = parts.every((part, at) => (at % 2 === 0 ? /^"[^"*]*"$/ : /^i\d+$/).test(part));
  if (!isPlain || indexes.length > 3) return null;
  const template = parts.map((part, at) => (at % 2 === 0 ? part.slice(1, -1) : '*')).join('');
  return { template: `"${template}"`, indexes: [...indexes, '0', '0', '0'].slice(0, 3) };
}

/** The one expression in a node; null when there are more, or conditions, or whole lists. */
function onlyLeaf(node: Node): LeafNode | null {
  switch (node.kind) {
    case 'leaf':
      return node.constant || (node.parts.length === 1 && typeof node.parts[0] !== 'string' && node.parts[0]!.many)
        ? null
        : node;
    case 'obj': {
      const dynamic = node.members.filter((member) => !isConstant(member.node));
      return dynamic.length === 1 ? onlyLeaf(dynamic[0]!.node) : null;
    }
    case 'arr': {
      const only = node.items.length === 1 ? node.items[0]! : null;
      return only?.kind === 'obj' && constantsAsked(only) !== null ? onlyLeaf(only) : null;
    }
    case 'const':
    case 'each':
    case 'if':
      return null;
  }
}

/** The constants by which the only item of a list is known; null when more than constants is asked. */
function constantsAsked(item: ObjNode): ReadonlySet<string> | null {
  const [test] = partItems([testOf(item)]);
  if (test === null || typeof test !== 'object' || test.kind !== 'object') return null;
  const areConstants = test.members.every(
    ({ soft, test: one }) => !soft && (one.kind === 'const' || one.kind === 'system'),
  );
  return areConstants ? new Set(test.members.map(({ name }) => name)) : null;
}

/** Where a value is, counted from the shell: with the variables of the function, and with the fields of the run. */
interface Where {
  readonly path: string;
  readonly below: string;
}

const NOWHERE: Where = { path: '""', below: '""' };
const NONE: ReadonlySet<string> = new Set();

function writeShell(
  form: Form,
  block: Block,
  node: Node,
  verified: ReadonlySet<string>,
  value: string,
  at: Where,
): void {
  if (isConstant(node)) {
    if (node.kind === 'obj' || node.kind === 'arr') form.putConstant(block, node, value, placed(at));
    else write(block, `if (${value} !== ${constantText(form, node)}) ${foreign(value, at)}`);
  } else if (node.kind === 'leaf') {
    form.below = at.below;
    write(block, `x = ${value};`);
  } else if (node.kind === 'obj' && verified.size > 0) {
    writeMembers(form, block, node, verified, value, at);
  } else if (node.kind === 'obj') {
    write(block, `if (!isObject(${value})) ${foreign(value, at)} else {`);
    writeMembers(form, inner(block), node, verified, value, at);
    write(block, '}');
  } else if (node.kind === 'arr') writeList(form, block, node.items[0] as ObjNode, value, at);
}

function writeMembers(
  form: Form,
  block: Block,
  node: ObjNode,
  verified: ReadonlySet<string>,
  value: string,
  at: Where,
): void {
  const { reverse } = form;
  const count = freshName(reverse.emitter, 'n');
  write(block, `let ${count} = ${verified.size};`);
  for (const { name, node: member } of node.members) {
    if (verified.has(name)) continue;
    const variable = freshName(reverse.emitter, 'm');
    write(block, `const ${variable} = ${property(value, name, true)};`);
    write(block, `if (${variable} !== undefined) {`);
    write(inner(block), `${count}++;`);
    writeShell(form, inner(block), member, NONE, variable, under(at, `.${name}`));
    write(block, '}');
  }
  const known = nameSet(
    reverse,
    node.members.map(({ name }) => name),
  );
  write(block, `if (sizeOf(${value}) !== ${count}) sweep(s, m, key, ${placed(under(at, '.'))}, ${value}, ${known});`);
}

/** The first item that has the constants is the shell; all others are strange. */
function writeList(form: Form, block: Block, item: ObjNode, value: string, at: Where): void {
  const { emitter } = form.reverse;
  const [index, element, seen] = [freshName(emitter, 'i'), freshName(emitter, 'e'), freshName(emitter, 'seen')];
  const field = `s.i${form.lists}`;
  form.lists += 1;
  const asked = constantsAsked(item)!;
  const tests = item.members
    .filter(({ name }) => asked.has(name))
    .map(({ name, node }) => `${property(element, name, true)} === ${constantText(form, node)}`);
  const guard = asked.size === 0 ? [] : [guardBy([...asked], element)];
  const list = under(at, '[');
  const place: Where = { path: `${list.path} + ${index} + "]"`, below: `${list.below} + ${field} + "]"` };
  write(block, `if (!Array.isArray(${value})) ${foreign(value, at)} else {`);
  write(inner(block), `spend(s, ${value}.length);`);
  write(inner(block), `let ${seen} = false;`);
  write(inner(block), `for (let ${index} = 0; ${index} < ${value}.length; ${index}++) {`);
  const body = inner(inner(block));
  write(body, `const ${element} = ${value}[${index}];`);
  write(body, `if (${[`!${seen}`, ...guard, ...tests].join(' && ')}) {`);
  write(inner(body), `${seen} = true; ${field} = ${index};`);
  writeShell(form, inner(body), item, asked, element, place);
  write(body, `} else ${foreign(element, place)}`);
  write(inner(block), '}');
  write(block, '}');
}

const joined = (path: string, text: string): string => `${path} + ${text}`.replace(/" \+ "/g, '');

const under = ({ path, below }: Where, name: string): Where => ({
  path: joined(path, quote(name)),
  below: joined(below, quote(name)),
});

/** The place of the shell, and what is below it. */
const placed = ({ path }: Where): string => `placeOf(path, i, j, k) + ${path}`;

const foreign = (value: string, at: Where): string => `foreign(s, m, key, ${placed(at)}, ${value});`;

const constantText = ({ reverse }: Form, node: Node): string =>
  node.kind === 'const' ? quote(node.value) : systemField(reverse, node as LeafNode);
