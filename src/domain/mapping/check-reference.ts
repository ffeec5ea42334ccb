import { isResourceType, typeNames, type TypeRef } from '../fhir/model.js';
import { readReference } from '../fhir/references.js';
import { article } from './check-constant.js';
import { nearest, type Report } from './finding.js';
import type { Node, ObjNode } from './template/intermediate.js';

/** Resource types of the pack's maps by name: what `ref()` points to. */
export type MapTypes = ReadonlyMap<string, string>;

/** Whether a Reference leads to a type that the element allows (https://hl7.org/fhir/R4/references.html). */
export function checkReference(
  node: ObjNode,
  { targets }: TypeRef,
  path: string,
  maps: MapTypes,
  report: Report,
): void {
  const allowed = targets === undefined ? null : new Set(targets);
  for (const { name, node: member } of node.members) {
    if (name !== 'reference' && name !== 'type') continue;
    for (const { value, places } of valuesOf(member, maps)) {
      const { type, isUnknownType } = name === 'type' ? { type: value, isUnknownType: false } : readReference(value);
      if (isUnknownType || (type !== undefined && !isResourceType(type)))
        report(
          places,
          `R4 has no resource that ${path} could name so.`,
          nearest(type ?? value.split('/')[0]!, typeNames('resource')),
        );
      else if (allowed !== null && type !== undefined && !allowed.has(type))
        report(places, `${path} refers to ${[...allowed].join(', ')}, and this is ${article(type)}.`);
    }
  }
}

interface Value {
  readonly value: string;
  readonly places: Node['place'];
}

/** Every constant, and every `Type/…` that a ref() of the leaf makes. */
function valuesOf(node: Node, maps: MapTypes): Value[] {
  if (node.kind === 'const') return [{ value: String(node.value), places: node.place }];
  if (node.kind === 'if')
    return [node.then, ...(node.otherwise === null ? [] : [node.otherwise])].flatMap((one) => valuesOf(one, maps));
  if (node.kind !== 'leaf' || node.parts.length !== 1) return [];
  const only = node.parts[0]!;
  const resourceType = typeof only !== 'string' && only.op === 'ref' ? maps.get(only.map) : undefined;
  return resourceType === undefined ? [] : [{ value: `${resourceType}/1`, places: node.place }];
}
