import type { Resource } from 'fhir/r4.js';
import { TracedValue, type LeafMark, type TracedElement, type TracedResource, type WrappedResource } from './traced.js';

/** The resource as every build makes it, and for each of its elements where it came from. */
export function unwrap({ map, labels, resource }: WrappedResource, marks: readonly LeafMark[]): TracedResource {
  const elements: TracedElement[] = [];
  const plain = (value: unknown, path: string): unknown => {
    if (value instanceof TracedValue) {
      elements.push({ path, sources: value.sources, ...marks[value.leaf]! });
      return value.value;
    }
    if (Array.isArray(value)) return value.map((item, index) => plain(item, `${path}[${index}]`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, plain(member, `${path}.${elementName(name)}`)]),
    );
  };
  const type = (resource as { readonly resourceType: string }).resourceType;
  return { map, labels, resource: plain(resource, type) as Resource, elements };
}

/** What JSON writes as `_birthDate` stands below `birthDate` (FHIR R4, JSON representation of primitive elements). */
const elementName = (name: string): string => name.replace(/^_/, '');
