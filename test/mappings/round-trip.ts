import type { Resource } from 'fhir/r4.js';
import type { MappedResource } from '../../src/domain/mapping/mapping.js';
import { JsonNumber } from '../../src/kernel/json/value.js';

export type Plain = Record<string, unknown>;

/** How often a law is tried; continuous integration asks for RELAIS_PROPERTY_RUNS=1000 in its second pass. */
export const RUNS = Number(process.env['RELAIS_PROPERTY_RUNS'] ?? 30);

export interface TestBundle {
  readonly resourceType: 'Bundle';
  readonly type: 'collection';
  readonly entry: { fullUrl: string; resource: Resource }[];
}

export const bundleOf = (mapped: readonly MappedResource[]): TestBundle => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: mapped.map(({ resource }) => ({
    fullUrl: `https://relais.example/fhir/${resource.resourceType}/${resource.id}`,
    resource,
  })),
});

/**
 * What the rules of the case pack cover of a record. Not covered, and why:
 * - `schemaVersion` and `about` stay at home (docs/canonical-profiles.md); working notes can never leave;
 * - an empty list, an entity in which nothing is: FHIR has no way to say either;
 * - the order of treatments: medicines and other treatments are two resource types (sorted here by their key);
 * - a homeless person's addresses other than the postal one: the map keeps them from leaving.
 */
export function coveredOf(record: Plain): Plain {
  const { schemaVersion: _, workingNotes: __, ...rest } = record;
  const person = rest['person'] as Plain;
  const addresses = rest['addresses'] as Plain[] | undefined;
  const kept = person['noFixedAddress'] === true ? addresses?.filter(({ use }) => use === 'postal') : addresses;
  const covered = (withoutEmpty({ ...rest, addresses: kept }) ?? {}) as Plain;
  const health = covered['health'] as Plain | undefined;
  const treatments = health?.['treatments'] as Plain[] | undefined;
  treatments?.sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
  return covered;
}

/** Without what is said about fields, and without what is empty. */
function withoutEmpty(value: unknown): unknown {
  if (value === undefined || value === null || typeof value !== 'object' || value instanceof JsonNumber) return value;
  if (Array.isArray(value)) {
    const items = value.map(withoutEmpty).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  const members = Object.entries(value)
    .filter(([name]) => name !== 'about')
    .map(([name, member]) => [name, withoutEmpty(member)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/** Every list of items sorted by key: a bundle from elsewhere has its resources in another order. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = value.map(sorted);
    const keyOf = (item: unknown): string => (item as { id: string }).id;
    const isKeyed = items.every((item) => typeof item === 'object' && item !== null && 'id' in item);
    return isKeyed ? items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) : items;
  }
  if (value === null || typeof value !== 'object' || value instanceof JsonNumber) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, sorted(member)]));
}

/** The bundle as a partner sends it back: ids of its own, references that follow them, another order. */
export function fromStranger(bundle: TestBundle, seed: number): TestBundle {
  const names = new Map<string, string>();
  bundle.entry.forEach(({ resource }, index) => {
    const tail = (seed * 100_000 + index).toString(16).padStart(12, '0');
    names.set(`${resource.resourceType}/${resource.id}`, `urn:uuid:00000000-0000-4000-8000-${tail}`);
  });
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (value === null || typeof value !== 'object' || value instanceof JsonNumber) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        name === 'reference' ? (names.get(member as string) ?? member) : rewrite(member),
      ]),
    );
  };
  const entry = bundle.entry.map(({ resource }, index) => {
    const { id: _, ...rest } = rewrite(resource) as Plain;
    const own = index % 2 === 0 ? {} : { id: `theirs-${seed}-${index}` };
    return {
      fullUrl: names.get(`${resource.resourceType}/${resource.id}`)!,
      resource: { ...rest, ...own } as unknown as Resource,
    };
  });
  entry.sort((a, b) => (hash(a.fullUrl, seed) < hash(b.fullUrl, seed) ? -1 : 1));
  return { ...bundle, entry };
}

const hash = (text: string, seed: number): number =>
  [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0) + seed) % 1_000_003, 7);
