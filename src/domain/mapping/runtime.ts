import { RelaisError } from '../../kernel/errors.js';
import { fix } from '../../kernel/json/fixed.js';
import { JsonNumber } from '../../kernel/json/value.js';
import { nameResource, resolveReference } from './named-resources.js';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** A bundle holds one record: what is larger is no answer of a partner, and reading it would block the process. */
export const MAX_ENTRIES = 5000;
/**
 * Values, objects and lists of a bundle. Reading is one piece of work that nothing else of the process can interrupt:
 * this keeps it below a tenth of a second, whatever the bundle is made of (about 3 MB of JSON, some 100 usual cases).
 */
const MAX_ELEMENTS = 200_000;
/** What stands for an item of a list that a rule covers, and all that is below it: a usual bundle has 2,100 elements and 370 items. */
export const ELEMENTS_OF_ITEM = 5;
/** Items of lists that are looked at to tell whose a resource is; several maps may ask about each of them. */
const MAX_LOOKS = 5 * MAX_ELEMENTS;
/** Members of one object; FHIR's own types have less than a tenth of that. */
export const MAX_MEMBERS = 1000;
/** Elements that no rule covers, and conflicts: more of them is no bundle of this agency, and nobody would read the list. */
const MAX_KEPT = 10_000;
/** Levels below an element that no rule covers; FHIR's own types are far shallower. */
export const MAX_DEPTH = 50;

/** What may still be looked at of a bundle: counted where it is looked at, so that nothing is gone through for its size. */
interface Budget {
  /** Values, objects and lists; five for an item of a list that a rule covers. */
  left: number;
}

type Resource = Readonly<Record<string, unknown>>;

interface Entry {
  /** A text, where it is what FHIR says. */
  readonly fullUrl?: unknown;
  readonly resource?: Resource;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

/** What has values below it. */
const isNode = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof JsonNumber);

const isNumber = (value: unknown): boolean => typeof value === 'number' || value instanceof JsonNumber;

/**
 * Looks at a whole bundle level by level, without recursion, and no further than the limits.
 *
 * @throws RelaisError 422 `mapping.too-large`, `mapping.too-deep`
 */
function assertBounded(roots: readonly object[]): void {
  const run = { left: MAX_ELEMENTS };
  let level: readonly object[] = roots;
  for (let depth = 0; level.length > 0; depth += 1) {
    // What rules cover is not deep, and below it stands no more than MAX_DEPTH.
    if (depth > 2 * MAX_DEPTH) refuse('too-deep', `A resource of more than ${2 * MAX_DEPTH} levels is not read.`);
    level = levelBelow(run, level);
  }
}

/** Objects and lists in those of one level; all that stands there is taken from what may be looked at. */
function levelBelow(run: Budget, level: readonly object[]): object[] {
  const next: object[] = [];
  for (const node of level) {
    run.left -= Array.isArray(node) ? addItems(node, next) : addMembers(node, next);
    if (run.left < 0) refuseSize();
  }
  return next;
}

function addItems(items: readonly unknown[], next: object[]): number {
  if (items.length > MAX_ELEMENTS) refuseSize();
  for (const item of items) if (isNode(item)) next.push(item);
  return items.length;
}

function addMembers(node: object, next: object[]): number {
  let count = 0;
  for (const name in node) {
    if ((count += 1) > MAX_MEMBERS) refuseSize();
    const member = (node as Record<string, unknown>)[name];
    if (isNode(member)) next.push(member);
  }
  return count;
}

function refuseSize(): never {
  const items = MAX_ELEMENTS / ELEMENTS_OF_ITEM;
  const most = `${items} items in its lists, ${MAX_ELEMENTS} elements, or ${MAX_MEMBERS} in one object`;
  refuse('too-large', `A bundle of more than ${most} is not read.`);
}

function refuse(code: string, message: string): never {
  throw new RelaisError(`mapping.${code}`, 422, code === 'too-large' ? 'too-long' : 'invalid', message);
}

function entriesOf(bundle: unknown): readonly Entry[] {
  if (!isObject(bundle) || bundle['resourceType'] !== 'Bundle') refuse('no-bundle', 'This is not a FHIR Bundle.');
  const { entry = [] } = bundle;
  if (!Array.isArray(entry)) refuse('no-bundle', 'Bundle.entry is a list.');
  if (entry.length > MAX_ENTRIES) refuse('too-large', `A bundle of more than ${MAX_ENTRIES} entries is not read.`);
  const list: readonly unknown[] = entry;
  for (let index = 0; index < list.length; index += 1) {
    const one = list[index];
    const resource = isObject(one) ? one['resource'] : undefined;
    if (!isObject(one) || (resource !== undefined && !isObject(resource)))
      refuse('no-bundle', 'Each entry of a Bundle holds one resource.');
  }
  return list as readonly Entry[];
}

/** What a generated module is given when it is loaded: it imports nothing by itself. */
export const mappingRuntime = {
  /** What maps always say: one frozen object for all resources, written and validated once. */
  fix,

  /**
   * A decimal as it was written (FHIR R4 decimal: precision is kept, so 0.10 stays 0.10); undefined for what is no
   * decimal.
   */
  decimal(text: string): number | JsonNumber | undefined {
    if (typeof text !== 'string' || !NUMBER.test(text)) return undefined;
    const value = Number(text);
    return String(value) === text ? value : new JsonNumber(text);
  },

  isNumber: (value: unknown): boolean => value instanceof JsonNumber,

  /** Equal as FHIR and the record see it: numbers by their text, lists item by item. */
  same(a: unknown, b: unknown): boolean {
    if (a === b) return true;
    if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => item === b[i]);
    return isNumber(a) && isNumber(b) && String(a) === String(b);
  },

  /** The local time without the zone that the map put there. */
  localTime(value: string, zone: string): string {
    if (zone === '' || !value.includes('T') || !value.endsWith(zone)) return value;
    return value.slice(0, -zone.length).replace('T', ' ');
  },

  /** The budget of one bundle. */
  elements: MAX_ELEMENTS,
  looks: MAX_LOOKS,

  /**
   * The entries of a bundle as they are; some may have no resource. Their size is not looked at.
   *
   * @throws RelaisError 422 `mapping.no-bundle`, `mapping.too-large`
   */
  entriesOf,

  /**
   * Looks at all of a bundle: for what is kept beside a record, of which the way back does not look at everything.
   *
   * @throws RelaisError 422 `mapping.no-bundle`, `mapping.too-large`, `mapping.too-deep`
   */
  assertReadable(bundle: unknown): void {
    assertBounded(entriesOf(bundle).flatMap(({ resource }) => (resource === undefined ? [] : [resource])));
  },

  /** @throws RelaisError 422 `mapping.too-large` */
  refuseSize,

  /** The key of a resource that holds no identifier of ours: its own id, or the UUID under which it came. */
  keyOf(resource: Resource, fullUrl: string | undefined): string | undefined {
    const { id } = resource;
    if (typeof id === 'string' && /^[A-Za-z0-9.-]{1,64}$/.test(id)) return id;
    return /^urn:uuid:([0-9a-fA-F-]{36})$/.exec(fullUrl ?? '')?.[1];
  },

  strangerKey(resource: Resource, fullUrl: string | undefined, index: number): string {
    const { id } = resource;
    return typeof id === 'string' ? id : (fullUrl ?? String(index));
  },

  nameResource,
  resolveReference,

  /**
   * What is kept aside is looked into once, no deeper than allowed, without recursion.
   *
   * @throws RelaisError 422 `mapping.too-deep`, `mapping.too-large`
   */
  assertShallow(run: Budget, value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    let level: readonly object[] = [value];
    for (let depth = 0; level.length > 0; depth += 1) {
      if (depth >= MAX_DEPTH) refuse('too-deep', `An element of more than ${MAX_DEPTH} levels is not read.`);
      level = levelBelow(run, level);
    }
  },

  /** @throws RelaisError 422 `mapping.too-large` */
  assertFew({ residue, conflicts }: { readonly residue: readonly unknown[]; readonly conflicts: readonly unknown[] }) {
    if (residue.length + conflicts.length >= MAX_KEPT)
      refuse('too-large', `More than ${MAX_KEPT} elements of the bundle have no rule or contradict one another.`);
  },

  refuseUnmapped(map: string, path: string): never {
    refuse('unmapped', `The map ${map} takes nothing that it has no rule for: ${path}.`);
  },

  /** @throws RelaisError 422 `mapping.several-persons`: what one person's record says of another helps nobody. */
  refusePersons(): never {
    refuse('several-persons', 'This bundle is about more than one person.');
  },
};
export type MappingRuntime = typeof mappingRuntime;
