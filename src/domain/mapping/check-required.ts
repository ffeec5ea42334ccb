import { typeInfo, type TypeInfo } from '../fhir/model.js';
import type { Report } from './finding.js';
import type { LeafNode, Member, Node, ObjNode } from './template/intermediate.js';

/**
 * Elements that R4 requires (min 1). A template must have a node for each, in every object that it can make: without
 * one, nothing that it makes is valid. Whether the node has a value is the data's affair (what is missing is masked on
 * the way out), unless the template itself takes it away while the object stands: an `if` without `else`, or a code
 * map that omits codes which the source has.
 */
export function checkRequired(node: ObjNode, type: TypeInfo, report: Report): void {
  for (const element of type.elements) {
    if (element.min === 0) continue;
    const keys = new Set(element.types.flatMap(({ key, isAttribute }) => (isAttribute ? [key] : [key, `_${key}`])));
    if ([...node.unread].some((name) => keys.has(name))) continue;
    const members = node.members.filter(({ name }) => keys.has(name));
    const name = element.isChoice ? `${element.name}[x]` : element.name;
    if (members.length === 0)
      report(node.place, `${type.name}.${name} is required by R4, and this template never makes it.`);
    else if (members.every(({ node: member }) => isTakenAway(member)) && stands(node, members))
      report(
        members[0]!.place,
        `${type.name}.${name} is required by R4, and this is left out at times: ${reasonOf(members[0]!.node)}`,
      );
  }
  checkExtension(node, type, report);
}

const isTakenAway = (node: Node): boolean =>
  (node.kind === 'if' && node.otherwise === null) || (node.kind === 'leaf' && omits(node));

const reasonOf = (node: Node): string =>
  node.kind === 'if' ? 'give the condition an else.' : 'give the code map a code for what it does not translate.';

/** True when a code map drops what the source has. */
function omits({ parts }: LeafNode): boolean {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only === undefined || typeof only === 'string' || only.op !== 'translate') return false;
  const { of, table, column } = only;
  if (table.unmapped.policy !== 'omit') return false;
  const codes = of.op === 'member' && of.node.kind === 'value' ? of.node.codes : undefined;
  return codes === undefined || codes.some((code) => table.rows.get(code)?.columns.has(column) !== true);
}

/** True when something else of the object follows other data: it may be there without the required element. */
function stands({ members }: ObjNode, required: readonly Member[]): boolean {
  return members.some((member) => !required.includes(member) && isDynamic(member.node));
}

function isDynamic(node: Node): boolean {
  switch (node.kind) {
    case 'const':
      return false;
    case 'leaf':
      return !node.constant;
    case 'obj':
      return node.members.some((member) => isDynamic(member.node));
    case 'arr':
      return node.items.some(isDynamic);
    case 'each':
    case 'if':
      return true;
  }
}

/** `valueString`, `_valueString` and so on; read once. */
let valueNames: ReadonlySet<string> | undefined;

/** Rule ext-1: an extension has a value or extensions, one of both. */
function checkExtension(node: ObjNode, type: TypeInfo, report: Report): void {
  if (type.name !== 'Extension' || node.unread.size > 0) return;
  valueNames ??= new Set(
    typeInfo('Extension')!
      .byName.get('value')!
      .types.flatMap(({ key }) => [key, `_${key}`]),
  );
  const hasValue = node.members.some(({ name }) => valueNames!.has(name));
  const hasExtensions = node.members.some(({ name }) => name === 'extension');
  if (hasValue === hasExtensions)
    report(
      node.place,
      `An extension has value[x] or extension: ${hasValue ? 'one of both, not both' : 'this has neither'}.`,
    );
}
