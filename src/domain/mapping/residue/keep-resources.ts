import type { LabelMask } from '../../labels/labels.js';
import type {
  CompiledMapping,
  Identified,
  MappingContext,
  RefusedElement,
  ResidueEntry,
  ResidueReason,
} from '../mapping.js';
import { mappingRuntime } from '../runtime.js';
import { compare } from './compare.js';
import { identifyEntries, madeEntries, namesOf, rename, type Entry, type Names } from './entries.js';
import { isPermitted, pathText, type Difference, type KeptElement, type Plain } from './kept.js';

export interface KeptAside {
  readonly kept: readonly KeptElement[];
  /** What may not be kept: where, never what. */
  readonly refused: readonly RefusedElement[];
}

/**
 * What a bundle says beyond the record that was taken from it, so that `restoreResources` gives the bundle again. What no
 * rule reads was found and labelled by `fromFhir` while it read (`residue`); what only a whole resource can tell (order,
 * ids, what the map adds) is found by comparing with what the maps make of the record as it is stored. This is done once
 * for a bundle that is stored, never where records are only read.
 *
 * @param bundle what `fromFhir` was given
 * @param record the record as it is stored
 * @param residue what `fromFhir` reported
 * @throws RelaisError 422 `mapping.no-bundle`, `mapping.too-large`, `mapping.too-deep`
 */
export function keepResources<Model>(
  mapping: Pick<CompiledMapping<Model>, 'toFhir' | 'identify'>,
  bundle: unknown,
  record: Model,
  residue: readonly ResidueEntry[],
  permitted: LabelMask,
  context: MappingContext,
): KeptAside {
  mappingRuntime.assertReadable(bundle);
  const { entry, ...frame } = bundle as Plain & { readonly entry?: readonly Plain[] };
  const run = { left: mappingRuntime.elements };
  mappingRuntime.assertShallow(run, frame);
  const given = identifyEntries(mapping, context, entry ?? []);
  for (const { entry: one } of given) mappingRuntime.assertShallow(run, { ...one, resource: null });
  const made = identifyEntries(mapping, context, madeEntries(mapping.toFhir(record, permitted, context)));
  const givenByName = new Map(given.map((one) => [one.name, one]));
  const madeByName = new Map(made.filter(isSomebodys).map((one) => [one.name, one]));

  const keeper = createKeeper(permitted, residue);
  keepFrame(keeper, frame, entry);
  for (const one of made) {
    if (!isSomebodys(one) || !givenByName.has(one.name)) keeper.keep(one, { at: [], act: 'remove' });
  }
  keepOrder(
    keeper,
    made,
    given.filter(({ name }) => madeByName.has(name)),
  );
  keepNames(keeper, made, madeByName, given);
  given.forEach((one, index) => {
    const before = madeByName.get(one.name);
    if (before === undefined) keeper.keep(one, { at: [index], act: 'insert', value: one.entry });
    else for (const difference of compare(before.entry, one.entry)) keeper.keep(one, difference);
  });
  return { kept: keeper.kept, refused: [...keeper.refused.values()] };
}

const isSomebodys = ({ identified }: Entry): boolean => identified !== null;
const NOBODYS = { identified: null, nth: 0 } as const;

function keepFrame(keeper: Keeper, frame: Plain, entry: unknown): void {
  const made = { resourceType: 'Bundle', type: 'collection' };
  for (const difference of compare(made, frame)) keeper.keep(NOBODYS, difference);
  if (entry === undefined) keeper.keep(NOBODYS, { at: ['entry'], act: 'remove' });
}

/** Told only where what both have stands in another order. */
function keepOrder(keeper: Keeper, made: readonly Entry[], shared: readonly Entry[]): void {
  const place = new Map(made.map(({ name }, index) => [name, index]));
  const order = shared.map(({ name }) => place.get(name)!);
  if (order.some((index, position) => index < (order[position - 1] ?? -1)))
    keeper.keep(NOBODYS, { at: ['entry'], act: 'arrange', value: shared.map(({ name }) => name) });
}

/**
 * Ids and fullUrls first: references follow them, so that none of those has to be kept. All that is made is named again
 * when it is restored, so it is here too.
 */
function keepNames(
  keeper: Keeper,
  made: readonly Entry[],
  madeByName: ReadonlyMap<string, Entry>,
  given: readonly Entry[],
): void {
  const names = new Map<string, Names>();
  for (const one of given) {
    const before = madeByName.get(one.name);
    if (before === undefined) continue;
    const [own, other] = [namesOf(before), namesOf(one)];
    const differences = (
      [
        [['fullUrl'], own.fullUrl, other.fullUrl],
        [['resource', 'id'], own.id, other.id],
      ] as const
    ).flatMap(([at, from, to]): Difference[] => {
      if (to === undefined) return [{ at, act: 'remove' }];
      return typeof to === 'string' && to !== from ? [{ at, act: 'replace', value: to }] : [];
    });
    // A name that may not be kept will not be known again: references to it stay as they were made.
    if (differences.map((difference) => keeper.keep(one, difference)).every(Boolean)) names.set(one.name, other);
  }
  rename(made, names);
}

interface Keeper {
  readonly kept: KeptElement[];
  readonly refused: Map<string, RefusedElement>;
  /** False where it may not be kept: map and path are told, the value is not. */
  keep(of: { readonly identified: Identified | null; readonly nth: number }, difference: Difference): boolean;
}

function createKeeper(permitted: LabelMask, residue: readonly ResidueEntry[]): Keeper {
  const kept: KeptElement[] = [];
  const refused = new Map<string, RefusedElement>();
  const known = knownResidue(residue);
  return {
    kept,
    refused,
    keep({ identified, nth }, difference) {
      const path = placeOf(identified, difference);
      const found = identified === null ? undefined : known(identified, path);
      const label = found?.label ?? identified?.label ?? 'unclassified';
      const { map, key } = identified ?? { map: '', key: '' };
      const mayKeep = isPermitted(label, permitted) && identified?.policy !== 'report';
      const reason = found?.reason ?? reasonOf(difference);
      if (mayKeep) kept.push({ ...difference, map, key, ...(nth > 0 && { nth }), path, label, reason });
      else refused.set(`${map}|${path}`, { map, path });
      return mayKeep;
    },
  };
}

const placeOf = (identified: Identified | null, { at, act }: Difference): string => {
  if (act === 'insert' && at.length === 1) return `entry${pathText(at)}`;
  if (identified === null) return at.length === 0 ? 'entry' : pathText(at);
  return at[0] === 'resource' ? pathText(at.slice(1)) : at.length === 0 ? '' : `entry.${pathText(at)}`;
};

function reasonOf({ act, at }: Difference): ResidueReason {
  if (act === 'arrange') return 'order';
  if (act === 'remove') return 'absent';
  const last = at.at(-1);
  const isName = last === 'fullUrl' || (last === 'id' && at.length === 2);
  return act === 'replace' && !isName ? 'unread' : 'foreign';
}

/** What `fromFhir` said of a place, or of the nearest one above it. */
function knownResidue(residue: readonly ResidueEntry[]) {
  const byPlace = new Map<string, { label: LabelMask | 'unclassified'; reason: ResidueReason }>();
  for (const { map, key, path, label, reason } of residue) {
    const place = JSON.stringify([map, key, path]);
    const other = byPlace.get(place)?.label ?? 0;
    const both = label === 'unclassified' || other === 'unclassified' ? ('unclassified' as const) : label | other;
    byPlace.set(place, { label: both, reason });
  }
  return ({ map, key }: Identified, path: string) => {
    if (byPlace.size === 0) return undefined;
    for (let at = path; at !== ''; at = at.replace(/(?:^|\.|\[)[^.[]*$/, '')) {
      const found = byPlace.get(JSON.stringify([map, key, at]));
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
