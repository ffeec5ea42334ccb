import { isResourceType, typeInfo, typeNames, type ElementInfo, type TypeInfo, type TypeRef } from '../fhir/model.js';
import { checkCode, checkCoding } from './check-codes.js';
import { article, checkPrimitive } from './check-constant.js';
import { checkMatch } from './check-match.js';
import { checkReference, type MapTypes } from './check-reference.js';
import { checkRequired } from './check-required.js';
import { nearest, type Report } from './finding.js';
import type { ConstNode, LeafNode, MapForm, Member, Node, ObjNode } from './template/intermediate.js';
import { CONSTRUCTS } from './template/read-template.js';

/**
 * Checks a template against the R4 StructureDefinitions: names of elements and types, choice types, lists where lists
 * belong, required elements, kinds and forms of values, targets of references, and codes of required bindings
 * (https://hl7.org/fhir/R4/terminologies.html#required).
 *
 * @param maps resource types of the pack's maps, to which references may point
 */
export function checkTarget(map: MapForm, maps: MapTypes, report: Report): void {
  if (!isResourceType(map.resourceType)) {
    report(
      map.places.type,
      `R4 has no resource ${map.resourceType}.`,
      nearest(map.resourceType, typeNames('resource')),
    );
    return;
  }
  checkObject(map.template, typeInfo(map.resourceType)!, { maps, report });
  map.match.forEach((match, index) => checkMatch(map, match, map.places.match[index]!, report));
}

interface Checking {
  readonly maps: MapTypes;
  readonly report: Report;
}

/** One element of a type, in the type that the member's name chooses. */
interface Slot {
  readonly element: ElementInfo;
  readonly ref: TypeRef;
  /** The `_name` beside a primitive. */
  readonly sibling: boolean;
  /** `Condition.note`, for messages. */
  readonly path: string;
}

function checkObject(node: ObjNode, type: TypeInfo, checking: Checking): void {
  const { report } = checking;
  const chosen = new Map<string, Member>();
  for (const member of node.members) {
    if (member.name === 'resourceType') continue;
    const slot = slotOf(member, type, report);
    if (slot === null) continue;
    const { element, sibling } = slot;
    const other = chosen.get(element.name);
    // Two conditions may exclude one another; a value that always stands excludes nothing.
    const conditional = member.node.kind === 'if' && other?.node.kind === 'if';
    if (element.isChoice && !sibling && other !== undefined && !conditional) {
      report(member.place, `${type.name}.${element.name}[x] is ${other.name} or ${member.name}, never both.`);
    }
    if (!sibling) chosen.set(element.name, member);
    checkMember(member.node, slot, checking);
  }
  checkRequired(node, type, report);
}

function slotOf(member: Member, type: TypeInfo, report: Report): Slot | null {
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
  return { element: found.element, ref: found.type, sibling, path: `${type.name}.${found.element.name}` };
}

function checkMember(node: Node, slot: Slot, checking: Checking): void {
  const { report } = checking;
  const { path } = slot;
  if (slot.element.max > 1) {
    if (node.kind === 'arr') checkItems(node.items, slot, checking);
    else if (!isList(node)) report(node.place, `${path} repeats in R4: write a list.`);
    else checkValue(node, slot, checking);
  } else if (node.kind === 'arr') report(node.place, `${path} does not repeat in R4: write no list.`);
  else if (isList(node)) report(node.place, `${path} does not repeat in R4, and this is a list.`);
  else checkValue(node, slot, checking);
}

function checkItems(items: readonly Node[], slot: Slot, checking: Checking): void {
  const { report } = checking;
  for (const item of items) {
    if (isList(item)) report(item.place, `${slot.path} is no list of lists: write this list without brackets.`);
    else checkValue(item, slot, checking);
  }
}

/** A leaf that is a list of the source by itself. */
function isList(node: Node): boolean {
  return node.kind === 'leaf' && node.parts.length === 1 && typeof node.parts[0] !== 'string' && node.parts[0]!.many;
}

function checkValue(node: Node, slot: Slot, checking: Checking): void {
  if (node.kind === 'each') checkValue(node.body, slot, checking);
  else if (node.kind === 'if') {
    checkValue(node.then, slot, checking);
    if (node.otherwise !== null) checkValue(node.otherwise, slot, checking);
  } else if (node.kind === 'arr') checking.report(node.place, `${slot.path} is no list of lists.`);
  else if (slot.sibling) checkAs(node, 'Element', slot, checking);
  else checkAs(node, slot.ref.name, slot, checking);
}

function checkAs(node: ObjNode | LeafNode | ConstNode, typeName: string, slot: Slot, checking: Checking): void {
  const { report } = checking;
  const { element, path } = slot;
  const named = typeName === 'Resource' && node.kind === 'obj' ? resourceTypeOf(node) : typeName;
  const type = typeInfo(named);
  if (type === undefined || named === 'Resource') {
    report(node.place, `R4 has no resource ${named}: write resourceType.`, nearest(named, typeNames('resource')));
    return;
  }
  if (type.kind === 'primitive') {
    if (node.kind === 'obj') report(node.place, `${path} is ${article(type.name)}: write a value, no mapping.`);
    else {
      checkPrimitive(node, type.name, path, report);
      checkCode(node, element, path, report);
    }
    return;
  }
  if (node.kind !== 'obj') {
    report(node.place, `${path} is ${article(type.name)}: write a mapping, no value.`);
    return;
  }
  checkObject(node, type, checking);
  if (slot.sibling) return;
  if (type.name === 'CodeableConcept' || type.name === 'Coding') checkCoding(node, element, path, report);
  if (type.name === 'Reference') checkReference(node, slot.ref, path, checking.maps, report);
}

function resourceTypeOf(node: ObjNode): string {
  const type = node.members.find(({ name }) => name === 'resourceType')?.node;
  return type?.kind === 'const' ? String(type.value) : 'Resource';
}
