import { isSame, pathOfCell, type Cell } from '../coverage/cell.js';
import type { TracedElement, TracedResource } from '../trace/traced.js';

/** Where a field of the record that came back stands in the bundle, and the line of the map that says so. */
export interface ReturnedField {
  /** Place in the record, e.g. `needs[0].category`. */
  readonly path: string;
  /** Place of the resource in the bundle. */
  readonly entry: number;
  /** FHIRPath location in that resource. */
  readonly element: string;
  readonly map: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * The elements of a bundle that say what came back. The record is mapped forward once more, with its trace; an element of
 * the bundle is named where it stands at the same place of the same resource (told by its identifiers) and says the same.
 * What a partner ordered differently has no line here rather than a wrong one.
 *
 * @param cells of the record that came back
 */
export function traceBack(made: readonly TracedResource[], bundle: unknown, cells: readonly Cell[]): ReturnedField[] {
  const texts = new Map(cells.map((cell) => [pathOfCell(cell), String(cell.value)]));
  const { entry = [] } = bundle as { readonly entry?: readonly { readonly resource?: Plain }[] };
  const places = new Map<string, number>();
  entry.forEach(({ resource }, index) => {
    for (const name of namesOf(resource)) if (!places.has(name)) places.set(name, index);
  });
  return made.flatMap((traced) => {
    const own = traced.resource as unknown as Plain;
    const at = namesOf(own)
      .map((name) => places.get(name))
      .find((place) => place !== undefined);
    return at === undefined ? [] : fieldsOf(traced, entry[at]!.resource!, at, texts);
  });
}

/** Identifiers of a resource, with its type. */
function namesOf(resource: Plain | undefined): string[] {
  const { resourceType, identifier } = resource ?? {};
  const identifiers = Array.isArray(identifier) ? (identifier as Plain[]) : [];
  return identifiers
    .filter(({ system, value }) => typeof system === 'string' && typeof value === 'string')
    .map(({ system, value }) => JSON.stringify([resourceType, system, value]));
}

function fieldsOf(
  { map, resource, elements }: TracedResource,
  found: Plain,
  entry: number,
  texts: ReadonlyMap<string, string>,
): ReturnedField[] {
  return elements.flatMap((element) => {
    const [path, ...others] = element.sources;
    // What is computed from one field carries it where it says it word for word (a number or a yes as a code).
    const isWritten =
      element.kind === 'computed' &&
      path !== undefined &&
      others.length === 0 &&
      texts.get(path) === valueAt(resource as unknown as Plain, element.path);
    const carries = element.kind === 'value' || element.kind === 'code' || element.kind === 'reference' || isWritten;
    if (!carries || path === undefined || !says(element, resource as unknown as Plain, found)) return [];
    const { file, line, column } = element;
    return [{ path, entry, element: element.path, map, file, line, column }];
  });
}

/** References lead to ids, which the sender of the bundle chose: that there is one is all that can be compared. */
function says({ path, kind }: TracedElement, made: Plain, found: Plain): boolean {
  const theirs = valueAt(found, path);
  return kind === 'reference' ? theirs !== undefined : isSame(theirs, valueAt(made, path));
}

/** The value at a FHIRPath location that begins with the resource's type. */
function valueAt(resource: Plain, path: string): unknown {
  const steps = [...path.matchAll(/\.([A-Za-z]+)|\[(\d+)\]/g)];
  return steps.reduce<unknown>((at, [, name, index], step) => {
    if (typeof at !== 'object' || at === null) return undefined;
    if (name === undefined) return (at as readonly unknown[])[Number(index)];
    const { [name]: own, [`_${name}`]: beside } = at as Plain;
    // What a primitive holds stands beside it, under a name of its own (FHIR R4, JSON representation).
    return step < steps.length - 1 && typeof own !== 'object' ? beside : own;
  }, resource);
}
