/** A resource of a bundle with the item of the record that it is. */
export interface Named {
  /** Empty where it is nobody's. */
  readonly map: string;
  readonly key: string;
  readonly r: Readonly<Record<string, unknown>>;
}

/** Under which names the resources of one bundle can be referred to. */
export interface Names {
  /** By id: the first of its id. Most resources have no other name, and theirs need not be put together. */
  readonly byId: Map<string, Named>;
  /** By a whole name, where the id does not say it: another of the same id, a fullUrl that does not end in type and id. */
  byName: Map<string, Named> | undefined;
  readonly conflicts: { map: string; key: string; path: string }[];
}

/**
 * Remembers a resource under `Type/id` and under its fullUrl (https://hl7.org/fhir/R4/bundle.html#references). Names of
 * two items are reported; the first keeps the name.
 */
export function nameResource(names: Names, item: Named, fullUrl: string | undefined): void {
  const { id, resourceType } = item.r;
  if (typeof id !== 'string' || typeof resourceType !== 'string') {
    if (fullUrl !== undefined) add(names, fullUrl, item, resolveReference(names, fullUrl));
    return;
  }
  const first = names.byId.get(id);
  if (first === undefined) names.byId.set(id, item);
  else if (first.r['resourceType'] === resourceType) tell(names, first, item);
  else add(names, `${resourceType}/${id}`, item, names.byName?.get(`${resourceType}/${id}`));
  if (fullUrl === undefined) return;
  // What the id says already needs no name of its own, unless somebody else has that.
  if (!endsWith(fullUrl, resourceType, id)) add(names, fullUrl, item, resolveReference(names, fullUrl));
  else if (first !== undefined || names.byName !== undefined) add(names, fullUrl, item, names.byName?.get(fullUrl));
}

function add(names: Names, name: string, item: Named, known: Named | undefined): void {
  if (known === undefined) (names.byName ??= new Map()).set(name, item);
  else tell(names, known, item);
}

function tell({ conflicts }: Names, known: Named, { map, key }: Named): void {
  if (known.map !== map || known.key !== key) conflicts.push({ map, key, path: 'id' });
}

/** `Type/id` alone or at the end of a URL, with or without a version (https://hl7.org/fhir/R4/references.html#literal). */
const REFERENCE = /(?:^|[^A-Za-z])([A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/;

/** The resource of the bundle that a reference names; undefined for one that is not in it. */
export function resolveReference({ byId, byName }: Names, reference: unknown): Named | undefined {
  if (typeof reference !== 'string') return undefined;
  const whole = byName?.get(reference);
  if (whole !== undefined) return whole;
  const id = reference.slice(reference.lastIndexOf('/') + 1);
  const found = byId.get(id);
  if (found !== undefined && endsWith(reference, found.r['resourceType'], id)) return found;
  const [, type = '', ownId = ''] = REFERENCE.exec(reference) ?? [];
  const one = byId.get(ownId);
  return one?.r['resourceType'] === type ? one : byName?.get(`${type}/${ownId}`);
}

/** True for `Type/id` and for a URL that ends in it. */
function endsWith(reference: string, type: unknown, id: string): boolean {
  if (typeof type !== 'string') return false;
  const start = reference.length - id.length - 1 - type.length;
  return (
    (start === 0 || (start > 0 && reference.charCodeAt(start - 1) === SLASH)) &&
    reference.charCodeAt(start + type.length) === SLASH &&
    reference.startsWith(type, start) &&
    reference.endsWith(id)
  );
}
const SLASH = 0x2f;
