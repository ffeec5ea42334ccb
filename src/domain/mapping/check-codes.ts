import { codesOf, type ElementInfo } from '../fhir/model.js';
import { nearest, type Report } from './finding.js';
import type { ConstNode, LeafNode, Node, ObjNode } from './template/intermediate.js';

/**
 * Codes against the value sets that R4 requires (https://hl7.org/fhir/R4/terminologies.html#required): constants and
 * everything that a code map can give. A value that can be anything is no code of a required value set.
 */
export function checkCode(
  node: LeafNode | ConstNode,
  element: ElementInfo | undefined,
  path: string,
  report: Report,
): void {
  const systems = element?.binding === undefined ? undefined : codesOf(element.binding);
  if (systems === undefined) return;
  checkAgainst(node, new Set([...systems.values()].flatMap((codes) => [...codes])), path, report);
}

function checkAgainst(node: LeafNode | ConstNode, allowed: ReadonlySet<string>, path: string, report: Report): void {
  const given = givenBy(node);
  if (given === null) {
    report(node.place, `${path} requires a code of its value set, and this can be anything: use translate(…).`);
    return;
  }
  for (const code of given) {
    if (!allowed.has(code))
      report(node.place, `${code} is not in the value set that ${path} requires.`, nearest(code, allowed));
  }
}

/** All that a node can be; null when that is no closed list. */
function givenBy(node: LeafNode | ConstNode): readonly string[] | null {
  if (node.kind === 'const') return [String(node.value)];
  return node.image === undefined ? null : [...node.image];
}

/**
 * A CodeableConcept or Coding with a required binding: one coding at least is of a system of the value set, and the
 * codes of such a coding are its codes. Further codings of other systems may stand beside it.
 */
export function checkCoding(node: ObjNode, element: ElementInfo | undefined, path: string, report: Report): void {
  const systems = element?.binding === undefined ? undefined : codesOf(element.binding);
  if (systems === undefined) return;
  const isConcept = node.members.some(({ name }) => name === 'coding' || name === 'text');
  const list = memberOf(node, 'coding');
  const codings = isConcept ? (list?.kind === 'arr' ? list.items : []).flatMap(objectsIn) : [node];
  const bound = codings.filter((coding) => systemsOf(coding)?.some((system) => systems.has(system)) === true);
  if (bound.length === 0 && node.unread.size === 0 && memberOf(node, 'extension') === undefined) {
    const system = codings.map((coding) => memberOf(coding, 'system')).find((found) => found !== undefined);
    const said = system?.kind === 'const' ? String(system.value) : undefined;
    report(
      system?.place ?? node.place,
      said === undefined
        ? `${path} requires a coding with the system and a code of its value set.`
        : `${path} requires a coding of its value set, and none is of its code system.`,
      nearest(said ?? '', systems.keys()) ?? systems.keys().next().value,
    );
  }
  for (const coding of bound) {
    const code = memberOf(coding, 'code');
    const allowed = systemsOf(coding)!.flatMap((system) => [...(systems.get(system) ?? [])]);
    if (code?.kind === 'leaf' || code?.kind === 'const') checkAgainst(code, new Set(allowed), path, report);
    else if (code === undefined) report(coding.place, `${path} requires a code, and this coding has none.`);
  }
}

function systemsOf(coding: ObjNode): readonly string[] | null {
  const system = memberOf(coding, 'system');
  return system?.kind === 'const' || system?.kind === 'leaf' ? givenBy(system) : null;
}

const memberOf = (node: ObjNode, name: string): Node | undefined =>
  node.members.find((member) => member.name === name)?.node;

function objectsIn(node: Node): ObjNode[] {
  if (node.kind === 'obj') return [node];
  if (node.kind === 'each') return objectsIn(node.body);
  if (node.kind !== 'if') return [];
  return [...objectsIn(node.then), ...(node.otherwise === null ? [] : objectsIn(node.otherwise))];
}
