import type { Resource } from 'fhir/r4.js';
import type { LabelMask } from '../../labels/labels.js';
import type { CompiledMapping, MappingContext } from '../mapping.js';
import { isSame, valueAt, withValue, type Cell } from './cell.js';
import { differencesOf, nameOf, without, type Difference } from './difference.js';
import { createSampling, type Sampling } from './sampling.js';
import { CARRYING, isOfOwnCode, tierOf, type Tier, type TierRules } from './tier.js';

/** A mapping with what it needs to run; residue plays no part in what comes back. */
export interface Measured {
  readonly mapping: Pick<CompiledMapping<unknown>, 'toFhir' | 'fromFhir'>;
  readonly permitted: LabelMask;
  readonly context: MappingContext;
  readonly rules: TierRules;
}

/** Where a cell stands. */
export interface Standing {
  readonly tier: Tier;
  /** In a standard element, of Observations whose code is ours alone. */
  readonly isOfOwnCode: boolean;
}

export interface MeasuredCell extends Cell, Standing {
  /** False: not changed itself, but like cells that were (sampling.ts). */
  readonly isChanged: boolean;
}

export interface MeasuredRecord {
  /** The content. */
  readonly measured: readonly MeasuredCell[];
  /** How many of all cells came back as they were, without residue: each was looked at. */
  readonly back: number;
}

/**
 * The tier of every content cell of a record, by changing it: another valid value goes in, and the elements that change
 * are those that say it. It has the best tier whose elements, and those of better tiers, bring **both** values back when
 * every worse element that changed is taken away. Nothing is counted from the map: an element that stays the same
 * whatever the cell says carries nothing, however often the map names it.
 */
export function measureCells(
  measured: Measured,
  record: unknown,
  cells: readonly Cell[],
  sampling: Sampling = createSampling(Infinity, () => ''),
): MeasuredRecord {
  const before = resourcesOf(measured, record);
  const whole = measured.mapping.fromFhir(bundleOf(before), measured.permitted, measured.context).record;
  const returns = (cell: Cell): boolean => isSame(valueAt(whole, cell.steps), cell.value);
  const content = cells
    .filter(({ kind }) => kind === 'content')
    .map((cell): MeasuredCell => {
      // What does not come back is like nothing else.
      const known = returns(cell) ? sampling.known(cell) : null;
      if (known !== null) return { ...cell, ...known, isChanged: false };
      const standing = standingOf(measured, record, cell, before, whole);
      if (returns(cell)) sampling.add(cell, standing);
      return { ...cell, ...standing, isChanged: true };
    });
  return { measured: content, back: cells.filter(returns).length };
}

const elsewhere = (tier: Tier): Standing => ({ tier, isOfOwnCode: false });

function standingOf(measured: Measured, record: unknown, cell: Cell, before: Resource[], whole: unknown): Standing {
  const other = cell.other();
  if (other === undefined) return elsewhere('lost');
  const after = resourcesOf(measured, withValue(record, cell.steps, other));
  const differences = differencesOf(before, after);
  if (differences.before.length === 0 && differences.after.length === 0) return elsewhere('lost');
  const tiersBefore = tiersOf(measured, before, differences.before);
  const tiersAfter = tiersOf(measured, after, differences.after);
  const told = new Set([...tiersBefore.values(), ...tiersAfter.values()]);
  // What does not come back with everything there does not come back from less.
  const changed = back(measured, after);
  const returns =
    isSame(valueAt(whole, cell.steps), cell.value) && isSame(valueAt(changed.record, cell.steps), other);
  if (!returns) return elsewhere(isKept(changed.residue, other) ? 'residue' : 'lost');
  const standing = (tier: Tier): Standing => {
    const leaves = [...tiersBefore, ...tiersAfter].filter(([, own]) => own === tier).map(([{ resource }]) => resource);
    const own = new Set([...before, ...after].filter(isOfOwnCode).map(nameOf));
    return { tier, isOfOwnCode: tier === 'standard-element' && leaves.every((name) => own.has(name)) };
  };
  const possible = CARRYING.filter((tier) => told.has(tier));
  for (const tier of possible.slice(0, -1)) {
    const isWorse = ([, own]: [Difference, Tier]): boolean => CARRYING.indexOf(own) > CARRYING.indexOf(tier);
    const less = (resources: Resource[], tiers: Map<Difference, Tier>): unknown =>
      back(measured, without(resources, [...tiers].filter(isWorse).map(([leaf]) => leaf))).record;
    if (
      isSame(valueAt(less(after, tiersAfter), cell.steps), other) &&
      isSame(valueAt(less(before, tiersBefore), cell.steps), cell.value)
    )
      return standing(tier);
  }
  return standing(possible.at(-1) ?? 'lost');
}

const resourcesOf = ({ mapping, permitted, context }: Measured, record: unknown): Resource[] =>
  mapping.toFhir(record, permitted, context).map(({ resource }) => resource);

const back = ({ mapping, permitted, context }: Measured, resources: readonly Resource[]) =>
  mapping.fromFhir(bundleOf(resources), permitted, context);

/** @returns a collection without addresses: references are followed by type and id */
export const bundleOf = (resources: readonly Resource[]) => ({
  resourceType: 'Bundle' as const,
  type: 'collection' as const,
  entry: resources.map((resource) => ({ resource })),
});

function tiersOf(
  { rules }: Measured,
  resources: readonly Resource[],
  leaves: readonly Difference[],
): Map<Difference, Tier> {
  const byName = new Map(resources.map((resource) => [nameOf(resource), resource]));
  return new Map(leaves.map((leaf) => [leaf, tierOf(byName.get(leaf.resource)!, leaf.way, rules)]));
}

const isKept = (residue: readonly { readonly value: unknown }[], value: unknown): boolean =>
  residue.some((entry) => isSame(entry.value, value));
