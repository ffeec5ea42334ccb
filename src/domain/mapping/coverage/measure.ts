import type { Resource } from 'fhir/r4.js';
import type { LabelMask } from '../../labels/labels.js';
import type { CompiledMapping, MappingContext } from '../mapping.js';
import { isSame, valueAt, withValue, type Cell } from './cell.js';
import { differencesOf, nameOf, without, type Difference } from './difference.js';
import { CARRYING, tierOf, type Tier, type TierRules } from './tier.js';

/** A mapping with what it needs to run; residue plays no part in what comes back. */
export interface Measured {
  readonly mapping: Pick<CompiledMapping<unknown>, 'toFhir' | 'fromFhir'>;
  readonly permitted: LabelMask;
  readonly context: MappingContext;
  readonly rules: TierRules;
}

export interface MeasuredCell extends Cell {
  readonly tier: Tier;
}

/**
 * The tier of every content cell of a record, by changing it: another valid value goes in, and the elements that change
 * are those that say it. It has the best tier whose elements, and those of better tiers, bring **both** values back when
 * every worse element that changed is taken away. Nothing is counted from the map: an element that stays the same
 * whatever the cell says carries nothing, however often the map names it.
 */
export function measureCells(measured: Measured, record: unknown, cells: readonly Cell[]): MeasuredCell[] {
  const before = resourcesOf(measured, record);
  const whole = measured.mapping.fromFhir(bundleOf(before), measured.permitted, measured.context);
  return cells
    .filter(({ kind }) => kind === 'content')
    .map((cell) => ({ ...cell, tier: tierOfCell(measured, record, cell, before, whole.record) }));
}

function tierOfCell(measured: Measured, record: unknown, cell: Cell, before: Resource[], whole: unknown): Tier {
  const other = cell.other();
  if (other === undefined) return 'lost';
  const after = resourcesOf(measured, withValue(record, cell.steps, other));
  const differences = differencesOf(before, after);
  if (differences.before.length === 0 && differences.after.length === 0) return 'lost';
  const tiersBefore = tiersOf(measured, before, differences.before);
  const tiersAfter = tiersOf(measured, after, differences.after);
  const told = new Set([...tiersBefore.values(), ...tiersAfter.values()]);
  // What does not come back with everything there does not come back from less.
  const changed = back(measured, after);
  const returns =
    isSame(valueAt(whole, cell.steps), cell.value) && isSame(valueAt(changed.record, cell.steps), other);
  if (!returns) return isKept(changed.residue, other) ? 'residue' : 'lost';
  const possible = CARRYING.filter((tier) => told.has(tier));
  for (const tier of possible.slice(0, -1)) {
    const isWorse = ([, own]: [Difference, Tier]): boolean => CARRYING.indexOf(own) > CARRYING.indexOf(tier);
    const less = (resources: Resource[], tiers: Map<Difference, Tier>): unknown =>
      back(measured, without(resources, [...tiers].filter(isWorse).map(([leaf]) => leaf))).record;
    if (
      isSame(valueAt(less(after, tiersAfter), cell.steps), other) &&
      isSame(valueAt(less(before, tiersBefore), cell.steps), cell.value)
    )
      return tier;
  }
  return possible.at(-1) ?? 'lost';
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
