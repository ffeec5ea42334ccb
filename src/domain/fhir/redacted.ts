import type { Resource } from 'fhir/r4.js';
import { isMembers, type Members } from './members.js';
import { isResourceType, typeInfo, type ElementInfo, type TypeInfo } from './model.js';

/** Why there is no value: something stands here, and it is not said (https://hl7.org/fhir/R4/extension-data-absent-reason.html). */
export const DATA_ABSENT_REASON = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
const masked = () => ({ extension: [{ url: DATA_ABSENT_REASON, valueCode: 'masked' }] });

/** One required element of a resource or of an element within it. */
export interface RequiredElement {
  /** JSON member name; for a choice the member that is written when it is masked. */
  readonly key: string;
  readonly type: string;
  readonly isArray: boolean;
  /** False when nothing but a value can stand here: a code of a required value set, XML attributes, resources. */
  readonly canBeMasked: boolean;
}

/** The elements that must be present in a type (`Observation`, `Patient.contact`), in the standard's order. */
export function requiredElements(type: string): RequiredElement[] {
  const info = typeInfo(type);
  return info === undefined ? [] : info.elements.filter(({ min }) => min > 0).map(describe);
}

function describe(element: ElementInfo): RequiredElement {
  const type = element.types[0]!;
  const kind = typeInfo(type.name)?.kind;
  // An extension on the element itself would leave it without what it must have within.
  const needsMore = kind !== 'primitive' && requiredElements(type.name).length > 0;
  const canBeMasked =
    element.binding === undefined &&
    kind !== 'resource' &&
    !type.isAttribute &&
    type.name !== 'xhtml' &&
    !needsMore &&
    type.name !== 'Extension';
  return { key: type.key, type: type.name, isArray: element.max > 1, canBeMasked };
}

/**
 * Puts data-absent-reason `masked` where a required element is missing, at any depth; a contained or nested element
 * that cannot be masked is dropped when it may be absent, and else its parent.
 *
 * @returns the resource itself when nothing was missing; null when it cannot exist without what was removed
 */
export function maskRequired<R extends Resource>(resource: R): R | null {
  const members = resource as unknown as Members;
  if (!isResourceType(resource.resourceType)) return null;
  return maskObject(members, resource.resourceType) as R | null;
}

/** What is looked at in an object of a type, worked out once: most members are primitives, and most elements may be absent. */
interface Shape {
  readonly kind: TypeInfo['kind'];
  /** Types of the members that are objects, by JSON member name. */
  readonly inner: ReadonlyMap<string, string>;
  readonly required: readonly ElementInfo[];
}

const shapes = new Map<string, Shape>();

function shapeOf(type: string): Shape | undefined {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const info = typeInfo(type);
  if (info === undefined) return undefined;
  const inner = new Map<string, string>();
  for (const [key, { type: chosen }] of info.byKey)
    if (typeInfo(chosen.name)?.kind !== 'primitive') inner.set(key, chosen.name);
  const shape = { kind: info.kind, inner, required: info.elements.filter(({ min }) => min > 0) };
  shapes.set(type, shape);
  return shape;
}

const typeOf = (type: string, value: Members): string => (type === 'Resource' ? String(value.resourceType) : type);

/**
 * @param keep what is left of an object: itself, another one, or null
 * @returns the member itself where all of it is left; undefined where nothing is
 */
function keepMember(member: unknown, keep: (item: Members) => Members | null): unknown {
  if (!Array.isArray(member)) return isMembers(member) ? (keep(member) ?? undefined) : member;
  const items = member as readonly unknown[];
  let left: unknown[] | undefined;
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    const kept = isMembers(item) ? keep(item) : item;
    if (kept !== item) left ??= items.slice(0, index);
    if (kept !== null && kept !== undefined) left?.push(kept);
  }
  return left === undefined ? member : left.length === 0 ? undefined : left;
}

function maskObject(value: Members, type: string): Members | null {
  const shape = shapeOf(type);
  if (shape === undefined) return value;
  let changed: Record<string, unknown> | undefined;
  for (const key in value) {
    const inner = shape.inner.get(key);
    if (inner === undefined) continue;
    const member = value[key];
    const kept = keepMember(member, (item) => maskObject(item, typeOf(inner, item)));
    if (kept === member) continue;
    changed ??= { ...value };
    if (kept === undefined) delete changed[key];
    else changed[key] = kept;
  }
  return addMissing(changed ?? value, shape);
}

function addMissing(value: Members, { required }: Shape): Members | null {
  let filled: Record<string, unknown> | undefined;
  for (const element of required) {
    if (element.types.some(({ key }) => isThere(value, key))) continue;
    const { key, type, isArray, canBeMasked } = describe(element);
    if (!canBeMasked) return null;
    filled ??= { ...value };
    const isPrimitive = typeInfo(type)?.kind === 'primitive';
    delete filled[key];
    filled[isPrimitive ? `_${key}` : key] = isArray ? [masked()] : masked();
  }
  return filled ?? value;
}

function isThere(value: Members, key: string): boolean {
  const isGiven = (member: unknown) =>
    member !== undefined && member !== null && !(Array.isArray(member) && member.length === 0);
  return isGiven(value[key]) || isGiven(value[`_${key}`]);
}

const RELATIVE = /^([A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/**
 * Removes references to resources that are not in the set. Absolute URLs, urns, fragments of the resource itself and
 * logical references (identifier only) stay. A required reference is masked instead; a resource or element that cannot
 * do without goes, and what pointed to it is looked at again until nothing changes. An observation about somebody else
 * (`focus` names a person) goes with that person: without `focus` it would be about its subject
 * (https://hl7.org/fhir/R4/observation-definitions.html#Observation.focus). Doing it twice changes nothing.
 *
 * @param resources with `id`, and with all that is required (maskRequired); two of one type have different ids
 * @returns the resources that remain, in their order; unchanged ones are the same objects
 */
export function dropDanglingReferences<R extends Resource>(resources: readonly R[]): R[] {
  let current = [...resources];
  for (;;) {
    const present = new Set(current.map(({ resourceType, id }) => `${resourceType}/${id}`));
    const next = current
      .map((resource) => {
        const members = resource as unknown as Members;
        const kept = withoutDangling(members, resource.resourceType, present, isLocal(resource));
        return kept === null || kept === members ? (kept as R | null) : maskRequired(kept as unknown as R);
      })
      .filter((resource) => resource !== null);
    const isStable = next.length === current.length && next.every((resource, index) => resource === current[index]);
    if (isStable) return next;
    current = next;
  }
}

/** Fragments that resolve within the resource: `#` and the ids of what it contains. */
function isLocal(resource: Resource): (fragment: string) => boolean {
  const { contained } = resource as { contained?: readonly Resource[] };
  const ids = new Set((Array.isArray(contained) ? contained : []).map(({ id }) => `#${id}`));
  return (fragment) => fragment === '#' || ids.has(fragment);
}

const PERSON = /^(?:RelatedPerson|Patient|Practitioner|PractitionerRole|Group)\//;
const namesPerson = (item: unknown): boolean => isMembers(item) && PERSON.test(String(item['reference']));

/** @returns null when the object is a dangling Reference, nothing but one, or would speak of somebody else without it */
function withoutDangling(
  value: Members,
  type: string,
  present: ReadonlySet<string>,
  isLocalFragment: (fragment: string) => boolean,
): Members | null {
  const shape = shapeOf(type);
  if (shape === undefined) return value;
  if (type === 'Reference' && typeof value.reference === 'string') {
    const { reference } = value;
    const literal = RELATIVE.exec(reference)?.[1];
    const dangles = reference.startsWith('#')
      ? !isLocalFragment(reference)
      : literal !== undefined && !present.has(literal);
    if (dangles) return null;
  }
  let changed: Record<string, unknown> | undefined;
  for (const key in value) {
    const inner = shape.inner.get(key);
    if (inner === undefined) continue;
    const member = value[key];
    const kept = keepMember(member, (item) => withoutDangling(item, typeOf(inner, item), present, isLocalFragment));
    if (kept === member) continue;
    if (type === 'Observation' && key === 'focus' && kept === undefined && [member].flat().some(namesPerson))
      return null;
    changed ??= { ...value };
    if (kept === undefined) delete changed[key];
    else changed[key] = kept;
  }
  if (changed === undefined) return value;
  const isEmpty = Object.keys(changed).every((key) => key === 'id' || key === 'resourceType');
  // An extension without its value, an element without anything: they go too.
  const isHollow =
    type === 'Extension' && !Object.keys(changed).some((key) => key.startsWith('value') || key === 'extension');
  return (isEmpty && shape.kind !== 'resource') || isHollow ? null : changed;
}
