import {
  codesOf,
  isResourceType,
  typeInfo,
  typeNames,
  type ElementInfo,
  type TypeInfo,
  type TypeRef,
} from '../fhir/model.js';
import { nearest, type Report } from './finding.js';
import type { ConstNode, LeafNode, MapForm, Member, Node, ObjNode } from './template/intermediate.js';
import { CONSTRUCTS } from './template/read-template.js';

/**
 * Checks a template against the R4 StructureDefinitions: names of elements and types, choice types, lists where lists
 * belong, kinds of values, and codes of required bindings (https://hl7.org/fhir/R4/terminologies.html#required).
 */
export function checkTarget(map: MapForm, report: Report): void {
  if (!isResourceType(map.resourceType)) {
    report(map.place, `R4 has no resource ${map.resourceType}.`, nearest(map.resourceType, typeNames('resource')));
    return;
  }
  checkObject(map.template, typeInfo(map.resourceType)!, report);
  for (const match of map.match) checkMatch(map, match, report);
}

function checkObject(node: ObjNode, type: TypeInfo, report: Report): void {
  const chosen = new Map<string, string>();
  for (const member of node.members) {
    if (member.name === 'resourceType') continue;
    const found = elementOf(member, type, report);
    if (found === null) continue;
    const { element, ref, sibling } = found;
    const other = chosen.get(element.name);
    if (element.isChoice && !sibling && other !== undefined && member.node.kind !== 'if') {
      report(member.place, `${type.name}.${element.name}[x] is ${other} or ${member.name}, never both.`);
    }
    if (!sibling) chosen.set(element.name, member.name);
    checkMember(member.node, element, ref, sibling, `${type.name}.${element.name}`, report);
  }
}

function elementOf(member: Member, type: TypeInfo, report: Report) {
  const sibling = member.name.startsWith('_');
  const key = sibling ? member.name.slice(1) : member.name;
  const found = type.byKey.get(key);
  if (found === undefined) {
    const choice = type.byName.get(key);
    const suggestion = choice?.types[0]?.key ?? nearest(member.name, [...type.byKey.keys(), ...CONSTRUCTS]);
    report(member.place, `${type.name} has no element ${member.name}.`, suggestion);
    return null;
  }
  const info = typeInfo(found.type.name);
  if (sibling && (info?.kind !== 'primitive' || found.type.isAttribute)) {
    report(member.place, `${member.name} is for primitive elements only.`, key);
    return null;
  }
  return { element: found.element, ref: found.type, sibling };
}

function checkMember(
  node: Node,
  element: ElementInfo,
  ref: TypeRef,
  sibling: boolean,
  path: string,
  report: Report,
): void {
  if (element.max > 1) {
    if (node.kind === 'arr') for (const item of node.items) checkValue(item, element, ref, sibling, path, report);
    else if (!isList(node)) report(node.place, `${path} repeats in R4: write a list.`);
    else checkValue(node, element, ref, sibling, path, report);
  } else if (node.kind === 'arr') report(node.place, `${path} does not repeat in R4: write no list.`);
  else if (isList(node)) report(node.place, `${path} does not repeat in R4, and this is a list.`);
  else checkValue(node, element, ref, sibling, path, report);
}

/** A leaf that is a list of the source by itself. */
function isList(node: Node): boolean {
  return node.kind === 'leaf' && node.parts.length === 1 && typeof node.parts[0] !== 'string' && node.parts[0]!.many;
}

function checkValue(
  node: Node,
  element: ElementInfo,
  ref: TypeRef,
  sibling: boolean,
  path: string,
  report: Report,
): void {
  if (node.kind === 'each') checkValue(node.body, element, ref, sibling, path, report);
  else if (node.kind === 'if') {
    checkValue(node.then, element, ref, sibling, path, report);
    if (node.otherwise !== null) checkValue(node.otherwise, element, ref, sibling, path, report);
  } else if (node.kind === 'arr') report(node.place, `${path} is no list of lists.`);
  else if (sibling) checkAs(node, 'Element', path, report);
  else checkAs(node, ref.name, path, report, element);
}

function checkAs(
  node: ObjNode | LeafNode | ConstNode,
  typeName: string,
  path: string,
  report: Report,
  element?: ElementInfo,
): void {
  const named = typeName === 'Resource' && node.kind === 'obj' ? resourceTypeOf(node) : typeName;
  const type = typeInfo(named);
  if (type === undefined) {
    report(node.place, `R4 has no type ${named}.`, nearest(named, typeNames('resource')));
    return;
  }
  if (type.kind === 'primitive') {
    if (node.kind === 'obj') report(node.place, `${path} is a ${type.name}: write a value, no mapping.`);
    else checkPrimitive(node, type.name, path, report, element);
  } else if (node.kind === 'obj') {
    checkObject(node, type, report);
    if (type.name === 'CodeableConcept' || type.name === 'Coding') checkCoding(node, element, path, report);
  } else report(node.place, `${path} is a ${type.name}: write a mapping, no value.`);
}

function resourceTypeOf(node: ObjNode): string {
  const type = node.members.find(({ name }) => name === 'resourceType')?.node;
  return type?.kind === 'const' ? String(type.value) : 'Resource';
}

const NUMERIC = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);

function checkPrimitive(
  node: LeafNode | ConstNode,
  type: string,
  path: string,
  report: Report,
  element?: ElementInfo,
): void {
  const wanted = type === 'boolean' ? 'boolean' : NUMERIC.has(type) ? 'number' : 'string';
  const given = node.kind === 'const' ? typeof node.value : valueKindOf(node);
  if (given !== wanted) report(node.place, `${path} is a ${type}, and this is a ${given}.`);
  checkCodes(node, element, path, report);
}

function valueKindOf(node: LeafNode): string {
  const only = node.parts[0];
  if (node.parts.length !== 1 || only === undefined || typeof only === 'string') return 'string';
  if (only.type === 'object') return 'entity';
  if (only.type === 'boolean') return 'boolean';
  return only.type === 'integer' || only.type === 'decimal' ? 'number' : 'string';
}

/** Constants and everything that a code map can give must be codes of the required value set. */
function checkCodes(node: LeafNode | ConstNode, element: ElementInfo | undefined, path: string, report: Report): void {
  const systems = element?.binding === undefined ? undefined : codesOf(element.binding);
  if (systems === undefined) return;
  const allowed = new Set([...systems.values()].flatMap((codes) => [...codes]));
  const given = node.kind === 'const' ? [String(node.value)] : [...(node.image ?? [])];
  for (const code of given) {
    if (!allowed.has(code))
      report(node.place, `${code} is not in the value set that ${path} requires.`, nearest(code, allowed));
  }
}

/** A coded element with a required binding: each constant coding of a bound system must be one of its codes. */
function checkCoding(node: ObjNode, element: ElementInfo | undefined, path: string, report: Report): void {
  const systems = element?.binding === undefined ? undefined : codesOf(element.binding);
  if (systems === undefined) return;
  const list = node.members.find(({ name }) => name === 'coding')?.node;
  const codings = list?.kind === 'arr' ? list.items : [node];
  for (const coding of codings) {
    if (coding.kind !== 'obj') continue;
    const system = coding.members.find(({ name }) => name === 'system')?.node;
    const code = coding.members.find(({ name }) => name === 'code')?.node;
    const allowed = system?.kind === 'const' ? systems.get(String(system.value)) : undefined;
    if (allowed === undefined || (code?.kind !== 'leaf' && code?.kind !== 'const')) continue;
    for (const given of code.kind === 'const' ? [String(code.value)] : (code.image ?? [])) {
      if (!allowed.has(given))
        report(code.place, `${given} is not in the value set that ${path} requires.`, nearest(given, allowed));
    }
  }
}

/** `element`, `element[slice]` or `code.coding[slice]`: what `match` names must be in the template. */
function checkMatch(map: MapForm, match: string, report: Report): void {
  const [, path, slice] = /^([\w.]+)(?:\[([\w-]+)\])?$/.exec(match) ?? [];
  let node: Node = map.template;
  for (const name of (path ?? match).split('.')) {
    const members: readonly Member[] = node.kind === 'obj' ? node.members : [];
    const member = members.find((candidate) => candidate.name === name);
    if (member === undefined) {
      const suggestion = nearest(
        name,
        members.map((known) => known.name),
      );
      report(map.place, `match names ${match}, which the template does not have.`, suggestion);
      return;
    }
    node = member.node;
  }
  if (slice === undefined) return;
  const slices = node.kind === 'arr' ? node.items.flatMap(sliceOf) : [];
  if (!slices.includes(slice)) {
    report(node.place, `match names the slice ${slice}, which is not there.`, nearest(slice, slices));
  }
}

function sliceOf(node: Node): string[] {
  if (node.kind === 'obj') return node.slice === undefined ? [] : [node.slice];
  if (node.kind === 'each') return sliceOf(node.body);
  return node.kind === 'if' ? sliceOf(node.then) : [];
}
