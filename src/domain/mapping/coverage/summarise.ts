import type { Cell, CellKind } from './cell.js';
import type { MeasuredRecord, MeasuredCell } from './measure.js';
import { TIERS, type Tier } from './tier.js';

export type TierCounts = Readonly<Record<Tier, number>>;

export interface GroupCoverage {
  /** Entity of the case model, or table. */
  readonly group: string;
  readonly content: number;
  readonly tiers: TierCounts;
}

/** A field that has no home in a standard: where it stands instead, and how often. */
export interface Homeless {
  readonly pattern: string;
  readonly tier: Tier;
  readonly count: number;
}

/** What of a population of records stands where in FHIR. Counts and names of fields only. */
export interface Coverage {
  readonly records: number;
  readonly counts: Readonly<Record<CellKind, number>>;
  /** Of the content, how many values were changed; the others are of the class of some that were. */
  readonly changed: number;
  /** All values, keys and metadata included, that came back as they were, without residue. */
  readonly back: number;
  readonly tiers: TierCounts;
  /** Of what stands in standard elements: in Observations whose code is ours alone. */
  readonly ofOwnCode: number;
  readonly groups: readonly GroupCoverage[];
  /** Own extensions and worse, the most frequent first. */
  readonly homeless: readonly Homeless[];
}

/** Adds up what was measured of some records. */
export function summarise(records: readonly (MeasuredRecord & { readonly cells: readonly Cell[] })[]): Coverage {
  const counts: Record<CellKind, number> = { content: 0, key: 0, metadata: 0, never: 0 };
  for (const { kind } of records.flatMap(({ cells }) => cells)) counts[kind] += 1;
  const measured = records.flatMap((record) => record.measured);
  const groups = [...new Set(measured.map(({ group }) => group))].map((group) => {
    const own = measured.filter((cell) => cell.group === group);
    return { group, content: own.length, tiers: countTiers(own) };
  });
  return {
    records: records.length,
    counts,
    changed: measured.filter(({ isChanged }) => isChanged).length,
    back: records.reduce((sum, { back }) => sum + back, 0),
    tiers: countTiers(measured),
    ofOwnCode: measured.filter(({ isOfOwnCode }) => isOfOwnCode).length,
    groups,
    homeless: homelessOf(measured),
  };
}

function countTiers(cells: readonly MeasuredCell[]): TierCounts {
  const counts = Object.fromEntries(TIERS.map((tier) => [tier, 0])) as Record<Tier, number>;
  for (const { tier } of cells) counts[tier] += 1;
  return counts;
}

function homelessOf(cells: readonly MeasuredCell[]): Homeless[] {
  const found = new Map<string, { pattern: string; tier: Tier; count: number }>();
  for (const { pattern, tier } of cells) {
    if (tier === 'standard-element' || tier === 'standard-extension') continue;
    const key = `${tier} ${pattern}`;
    const known = found.get(key) ?? { pattern, tier, count: 0 };
    known.count += 1;
    found.set(key, known);
  }
  return [...found.values()].sort((a, b) => b.count - a.count || (a.pattern < b.pattern ? -1 : 1));
}
