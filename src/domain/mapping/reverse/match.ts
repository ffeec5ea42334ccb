import type { MapForm, Node, ObjNode } from '../template/intermediate.js';
import { inverseOf } from './inverse.js';
import { idOfTarget, narrowedBy } from './target.js';
import { NOTHING_TOLD, testOf, type MemberTest, type Telling, type Test } from './tell-apart.js';

/** What a resource must hold to be of a map: all that `match` names, and nothing that its `where` keeps out. */
export function matchOf(map: MapForm): Test & { readonly kind: 'object' } {
  const telling: Telling = { ...NOTHING_TOLD, narrowed: narrowedBy(map.where) };
  const named = map.match.map((text) => namedTest(map.template, text, telling)).filter((test) => test !== null);
  return { kind: 'object', members: [...named, ...narrowedMembers(map.template, telling)], names: new Set() };
}

/** `category[sdoh]`, `code.coding[concept]` or `identifier` as a test of the whole resource. */
function namedTest(template: Node, text: string, telling: Telling): MemberTest | null {
  const [, path = text, slice] = /^([\w.]+)(?:\[([\w-]+)\])?$/.exec(text) ?? [];
  const names = path.split('.');
  let node: Node | undefined = template;
  for (const name of names) {
    node = node?.kind === 'obj' ? node.members.find((member) => member.name === name)?.node : undefined;
  }
  if (node === undefined) return null;
  const test = slice === undefined ? whole(node, telling) : sliceTest(node, slice, telling);
  return names.reduceRight<MemberTest | null>((inner, name) => {
    if (inner === null) return test === null ? null : { name, test, soft: false, isKey: false };
    return { name, test: { kind: 'object', members: [inner], names: new Set() }, soft: false, isKey: false };
  }, null);
}

/** Members that carry a field of which `where` says what it is: they must say so, for a condition on an absent field does not hold. */
function narrowedMembers({ members }: ObjNode, telling: Telling): MemberTest[] {
  return members.flatMap(({ name, node }): MemberTest[] => {
    const test = says(node, telling) ? sayingTest(node, telling) : null;
    return test === null ? [] : [{ name, test, soft: false, isKey: false }];
  });
}

function says(node: Node, telling: Telling): boolean {
  if (node.kind === 'obj') return node.members.some((member) => says(member.node, telling));
  if (node.kind === 'arr') return node.items.some((item) => item.kind !== 'if' && says(item, telling));
  const inverse = node.kind === 'leaf' && !node.constant && !node.derived ? inverseOf(node) : null;
  return inverse?.way.kind === 'store' && inverse.prefix === '' && telling.narrowed.has(idOfTarget(inverse.way.target));
}

/** The test of an element that says it; of a list, what each of its items that say it must be. */
function sayingTest(node: Node, telling: Telling): Test | null {
  const test = testOf(node, telling);
  if (node.kind === 'arr' && test?.kind === 'list') {
    const saying = node.items.filter((item) => says(item, telling)).map((item) => sayingTest(item, telling));
    return { ...test, some: saying.filter((item) => item !== null), any: [] };
  }
  if (node.kind !== 'obj' || test?.kind !== 'object') return test;
  const inside = narrowedMembers(node, telling);
  const said = new Set(inside.map(({ name }) => name));
  return { ...test, members: [...test.members.filter(({ name }) => !said.has(name)), ...inside] };
}

function whole(node: Node, telling: Telling): Test | null {
  const test = testOf(node, telling);
  return test?.kind === 'list' && test.some.length + test.any.length === 0 ? { kind: 'present' } : test;
}

function sliceTest(node: Node, slice: string, telling: Telling): Test | null {
  const item = node.kind === 'arr' ? node.items.find((candidate) => sliceOf(candidate) === slice) : undefined;
  const test = item === undefined ? null : testOf(item, telling);
  return test === null ? null : { kind: 'list', some: [test], any: [], all: [test] };
}

function sliceOf(node: Node): string | undefined {
  if (node.kind === 'obj') return node.slice;
  if (node.kind === 'each') return sliceOf(node.body);
  return node.kind === 'if' ? sliceOf(node.then) : undefined;
}
