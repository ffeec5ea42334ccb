import type { MappingContext, CompiledMapping, Identified, MappedResource } from '../mapping.js';
import { isPlain, type Plain } from './kept.js';

export interface Entry {
  /** Entry of the Bundle: `fullUrl`, `resource` and what else there is. */
  readonly entry: Plain;
  /** Null for what is nobody's. */
  readonly identified: Identified | null;
  /** Counts the resources of one key. */
  readonly nth: number;
  /** Equal for the same resource of two bundles. */
  readonly name: string;
}

/** What names an entry by: `fullUrl` and the resource's `id`, as far as they are texts. */
export interface Names {
  readonly fullUrl: unknown;
  readonly id: unknown;
}

/** Entries of the Bundle that Relais makes of a record for its own organization: urn:uuid, as FHIR R4 has it for new ids. The resources are in it, not copies. */
export const madeEntries = (mapped: readonly MappedResource[]): Plain[] =>
  mapped.map(({ resource }) => ({ fullUrl: `urn:uuid:${resource.id}`, resource: resource as unknown as Plain }));

/** Whose each entry is. Nobody's resources are told apart by type and id. */
export function identifyEntries<Model>(
  mapping: Pick<CompiledMapping<Model>, 'identify'>,
  context: Pick<MappingContext, 'identifierBase'>,
  entries: readonly Plain[],
): Entry[] {
  const identify = mapping.identify(context);
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const resource = isPlain(entry['resource']) ? entry['resource'] : null;
    const fullUrl = typeof entry['fullUrl'] === 'string' ? entry['fullUrl'] : undefined;
    const identified = resource === null ? null : identify(resource, fullUrl);
    const first = nameOf({ map: identified?.map ?? '', key: identified?.key ?? '' });
    const nth = seen.get(first) ?? 0;
    seen.set(first, nth + 1);
    return { entry, identified, nth, name: nameOf({ map: identified?.map ?? '', key: identified?.key ?? '', nth }) };
  });
}

export const nameOf = ({ map, key, nth = 0 }: { map: string; key: string; nth?: number }): string =>
  JSON.stringify([map, key, nth]);

export const namesOf = ({ entry }: Entry): Names => ({
  fullUrl: entry['fullUrl'],
  id: isPlain(entry['resource']) ? entry['resource']['id'] : undefined,
});

/**
 * Gives entries other names, and lets the references follow: by fullUrl where that is a URN, else by type and id (FHIR R4
 * section 2.36.4, resolving references in Bundles).
 */
export function rename(entries: readonly Entry[], namesByName: ReadonlyMap<string, Names>): void {
  const references = new Map<string, string>();
  for (const { entry, name } of entries) {
    const resource = entry['resource'] as Plain;
    const own = `${String(resource['resourceType'])}/${String(resource['id'])}`;
    const names = namesByName.get(name);
    if (names !== undefined) {
      put(entry, 'fullUrl', names.fullUrl);
      put(resource, 'id', names.id);
    }
    const { fullUrl } = entry;
    const isUrn = typeof fullUrl === 'string' && fullUrl.startsWith('urn:');
    if (isUrn) references.set(own, fullUrl);
    else if (typeof resource['id'] === 'string')
      references.set(own, `${String(resource['resourceType'])}/${resource['id']}`);
    else if (typeof fullUrl === 'string') references.set(own, fullUrl);
  }
  for (const { entry } of entries) refer(entry['resource'], references);
}

/** A name that is no text is put back like any other difference. */
function put(owner: Plain, name: string, value: unknown): void {
  if (value === undefined) delete owner[name];
  else if (typeof value === 'string') owner[name] = value;
}

function refer(node: unknown, references: ReadonlyMap<string, string>): void {
  if (Array.isArray(node)) for (const item of node) refer(item, references);
  else if (isPlain(node)) {
    const { reference } = node;
    const other = typeof reference === 'string' ? references.get(reference) : undefined;
    if (other !== undefined) node['reference'] = other;
    for (const name in node) refer(node[name], references);
  }
}
