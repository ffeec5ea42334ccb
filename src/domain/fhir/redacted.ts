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

function maskObject(value: Members, type: string): Members | null {
  const info = typeInfo(type);
  if (info === undefined) return value;
  let changed: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const found = info.byKey.get(key);
    const kind = found === undefined ? undefined : typeInfo(found.type.name)?.kind;
    if (found === undefined || kind === 'primitive') continue;
    const member = value[key];
    const kept = maskMember(member, found.type.name);
    if (kept === member) continue;
    changed ??= { ...value };
    if (kept === undefined) delete changed[key];
    else changed[key] = kept;
  }
  return addMissing(changed ?? value, info);
}

function maskMember(member: unknown, type: string): unknown {
  if (Array.isArray(member)) {
    const kept = member.map((item: unknown) => maskMember(item, type)).filter((item) => item !== undefined);
    const isSame = kept.length === member.length && kept.every((item, index) => item === member[index]);
    return isSame ? member : kept.length === 0 ? undefined : kept;
  }
  if (!isMembers(member)) return member;
  const actual = type === 'Resource' ? String(member.resourceType) : type;
  return maskObject(member, actual) ?? undefined;
}

function addMissing(value: Members, info: TypeInfo): Members | null {
  let filled: Record<string, unknown> | undefined;
  for (const element of info.elements) {
    if (element.min === 0 || element.types.some(({ key }) => isThere(value, key))) continue;
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
 * @param resources with `id`; two of one type have different ids
 * @returns the resources that remain, in their order; unchanged ones are the same objects
 */
export function dropDanglingReferences<R extends Resource>(resources: readonly R[]): R[] {
  let current = [...resources];
  for (;;) {
    const present = new Set(current.map(({ resourceType, id }) => `${resourceType}/${id}`));
    const next = current
      .map((resource) => {
        const kept = withoutDangling(resource as unknown as Members, resource.resourceType, present, isLocal(resource));
        return kept === null ? null : maskRequired(kept as unknown as R);
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
  const info = typeInfo(type);
  if (info === undefined) return value;
  if (type === 'Reference' && typeof value.reference === 'string') {
    const { reference } = value;
    const literal = RELATIVE.exec(reference)?.[1];
    const dangles = reference.startsWith('#')
      ? !isLocalFragment(reference)
      : literal !== undefined && !present.has(literal);
    if (dangles) return null;
  }
  let changed: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const found = info.byKey.get(key);
    if (found === undefined || typeInfo(found.type.name)?.kind === 'primitive') continue;
    const clean = (item: unknown): unknown => {
      if (!isMembers(item)) return item;
      const actual = found.type.name === 'Resource' ? String(item.resourceType) : found.type.name;
      return withoutDangling(item, actual, present, isLocalFragment) ?? undefined;
    };
    const member = value[key];
    const items: unknown[] = Array.isArray(member) ? member : [member];
    const kept = items.map(clean).filter((item) => item !== undefined);
    if (kept.length === items.length && kept.every((item, index) => item === items[index])) continue;
    if (type === 'Observation' && key === 'focus' && kept.length === 0 && items.some(namesPerson)) return null;
    changed ??= { ...value };
    if (kept.length === 0) delete changed[key];
    else changed[key] = Array.isArray(member) ? kept : kept[0];
  }
  if (changed === undefined) return value;
  const isEmpty = Object.keys(changed).every((key) => key === 'id' || key === 'resourceType');
  // An extension without its value, an element without anything: they go too.
  const isHollow =
    type === 'Extension' && !Object.keys(changed).some((key) => key.startsWith('value') || key === 'extension');
  return (isEmpty && info.kind !== 'resource') || isHollow ? null : changed;
}
