import type { Resource } from 'fhir/r4.js';
import { isSame } from './cell.js';

/** The way to one leaf of a resource. */
export type Way = readonly (string | number)[];

/** One leaf that is not the same in two bundles: where it is in the first and where in the second. */
export interface Difference {
  /** `Type/id` in the bundle in which the leaf is. */
  readonly resource: string;
  readonly way: Way;
}

export interface Differences {
  /** Leaves of the first bundle that are gone or say something else. */
  readonly before: readonly Difference[];
  /** Leaves of the second bundle that are new or say something else. */
  readonly after: readonly Difference[];
}

export const nameOf = ({ resourceType, id }: Resource): string => `${resourceType}/${id}`;

/** Which leaves differ between what two records became. Resources are told apart by their ids, which follow the keys. */
export function differencesOf(before: readonly Resource[], after: readonly Resource[]): Differences {
  const found: { before: Difference[]; after: Difference[] } = { before: [], after: [] };
  const later = new Map(after.map((resource) => [nameOf(resource), resource]));
  const earlier = new Map(before.map((resource) => [nameOf(resource), resource]));
  const gone = before.filter((resource) => !later.has(nameOf(resource)));
  const come = after.filter((resource) => !earlier.has(nameOf(resource)));
  for (const resource of before) {
    const other = later.get(nameOf(resource));
    if (other !== undefined) compare(resource, other, nameOf(resource), [], found);
  }
  // What became another resource kept most of what it said: only what is new there differs.
  const [goneLeaves, comeLeaves] = [gone.flatMap(leavesOf), come.flatMap(leavesOf)];
  const told = (leaves: readonly Leaf[]): Set<string> => new Set(leaves.map(({ value }) => String(value)));
  const [goneTold, comeTold] = [told(goneLeaves), told(comeLeaves)];
  found.before.push(...goneLeaves.filter(({ value }) => !comeTold.has(String(value))));
  found.after.push(...comeLeaves.filter(({ value }) => !goneTold.has(String(value))));
  return found;
}

interface Leaf extends Difference {
  readonly value: unknown;
}

function leavesOf(resource: Resource): Leaf[] {
  const leaves: Leaf[] = [];
  const name = nameOf(resource);
  visit(resource, [], (way, value) => leaves.push({ resource: name, way, value }));
  return leaves;
}

function visit(value: unknown, way: Way, see: (way: Way, value: unknown) => void): void {
  if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...way, index], see));
  else if (isTree(value)) for (const name of Object.keys(value)) visit(value[name], [...way, name], see);
  else if (value !== undefined) see(way, value);
}

const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function compare(
  a: unknown,
  b: unknown,
  resource: string,
  way: Way,
  found: { before: Difference[]; after: Difference[] },
): void {
  if (a === b) return;
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let index = 0; index < Math.max(a.length, b.length); index += 1)
      compare(a[index], b[index], resource, [...way, index], found);
    return;
  }
  if (isTree(a) && isTree(b)) {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
      compare(a[name], b[name], resource, [...way, name], found);
    return;
  }
  if (isSame(a, b)) return;
  visit(a, way, (at) => found.before.push({ resource, way: at }));
  visit(b, way, (at) => found.after.push({ resource, way: at }));
}

/** The resources without some of their leaves; what is empty then is not there. */
export function without(resources: readonly Resource[], leaves: readonly Difference[]): Resource[] {
  const byResource = new Map<string, Set<string>>();
  for (const { resource, way } of leaves) {
    const ways = byResource.get(resource) ?? new Set();
    byResource.set(resource, ways.add(way.join('\n')));
  }
  return resources.map((resource) => {
    const ways = byResource.get(nameOf(resource));
    return ways === undefined ? resource : (pruned(resource, '', ways) as Resource);
  });
}

function pruned(value: unknown, at: string, ways: ReadonlySet<string>): unknown {
  if (ways.has(at)) return undefined;
  const below = (name: string | number): string => (at === '' ? String(name) : `${at}\n${name}`);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => pruned(item, below(index), ways)).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isTree(value)) return value;
  const members = Object.entries(value)
    .map(([name, member]) => [name, pruned(member, below(name), ways)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}
