import type { LabelMask } from '../../labels/labels.js';
import type { CompiledMapping, MappedResource, MappingContext } from '../mapping.js';
import { apply, copyOf } from './apply.js';
import { identifyEntries, madeEntries, nameOf, namesOf, rename, type Entry, type Names } from './entries.js';
import { isPermitted, isPlain, pathText, type KeptElement, type Plain } from './kept.js';

/**
 * The Bundle that a record makes, with what was kept aside put back: the bundle that came, when the record is the one
 * that was taken from it. For the organization that sent it and for nobody else: the path of a transfer does not lead
 * here.
 *
 * What no longer has its place (its item is gone, its list is shorter) is left out; nothing is made up.
 *
 * @param resources what `toFhir` makes of the record in the same context, for this call alone: their names are changed
 * @param permitted residue of other labels stays aside; `unclassified` needs all of them
 * @returns a FHIR R4 Bundle; a `collection` with urn:uuid names when nothing was kept
 */
export function restoreResources<Model>(
  mapping: Pick<CompiledMapping<Model>, 'identify'>,
  resources: readonly MappedResource[],
  kept: readonly KeptElement[],
  permitted: LabelMask,
  context: Pick<MappingContext, 'identifierBase'>,
): Plain {
  const allowed = kept.filter(({ label }) => isPermitted(label, permitted));
  const made = identifyEntries(mapping, context, madeEntries(resources));
  const owned = new Map<string, KeptElement[]>();
  for (const one of allowed.filter((element) => !isOfBundle(element))) {
    const name = nameOf(one);
    const known = owned.get(name);
    if (known === undefined) owned.set(name, [one]);
    else known.push(one);
  }
  rename(made, new Map(made.map((one) => [one.name, keptNames(one, owned.get(one.name) ?? [])])));
  const entries = inOrder(made, allowed).flatMap((one) => restored(one, owned.get(one.name) ?? []));
  const foreign = allowed.filter(isEntry).sort((a, b) => Number(a.at[0]) - Number(b.at[0]));
  for (const { at, value } of foreign) if (isPlain(value)) entries.splice(Number(at[0]), 0, copyOf(value) as Plain);
  const frame = allowed.filter((element) => isOfBundle(element) && !isEntry(element) && element.act !== 'arrange');
  return apply({ resourceType: 'Bundle', type: 'collection', entry: entries }, frame) as Plain;
}

/** Entries that no rule makes, by their place in the Bundle. */
const isEntry = ({ at, act }: KeptElement): boolean => act === 'insert' && at.length === 1 && typeof at[0] === 'number';

const isOfBundle = (element: KeptElement): boolean =>
  isEntry(element) || (element.map === '' && typeof element.at[0] === 'string');

function restored({ entry }: Entry, own: readonly KeptElement[]): Plain[] {
  if (own.some(({ at, act }) => at.length === 0 && act === 'remove')) return [];
  const whole = own.length === 0 ? entry : apply(entry, own);
  return isPlain(whole) ? [whole] : [];
}

function keptNames(one: Entry, own: readonly KeptElement[]): Names {
  const keptAt = (path: string, otherwise: unknown): unknown => {
    const found = own.find(({ at }) => pathText(at) === path);
    return found === undefined ? otherwise : found.value;
  };
  const { fullUrl, id } = namesOf(one);
  return { fullUrl: keptAt('fullUrl', fullUrl), id: keptAt('resource.id', id) };
}

function inOrder(made: readonly Entry[], kept: readonly KeptElement[]): readonly Entry[] {
  const order = kept.find((element) => isOfBundle(element) && element.act === 'arrange')?.value;
  if (!Array.isArray(order)) return made;
  const rank = new Map(order.map((name, index) => [name, index]));
  return [...made].sort((a, b) => (rank.get(a.name) ?? order.length) - (rank.get(b.name) ?? order.length));
}
