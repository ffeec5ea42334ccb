import type { Patient, Resource } from 'fhir/r4.js';
import { isPartialDate } from '../../case/values.js';
import type { LabelMask } from '../labels.js';
import type { LabelRules } from '../rules/rules.js';
import { securityOf, V3_ACT_CODE, type SecurityCoding } from '../security-labels.js';
import type { Kept } from '../withheld.js';
import type { Left } from './redact-by-label.js';

/**
 * Puts the labels of each resource into its `meta.security`: the topics that it speaks of, how confidential it is, how to
 * handle it (HL7 DS4P). Only what is left speaks here, so nothing that was taken out is told of, and no topic is
 * named that the permit does not hold.
 *
 * @param marks labels by hand, by the key of the item that became the resource (marksByKey)
 * @param day YYYY-MM-DD on which the person is as old as the mark for adolescents asks
 */
export function labelResources(
  { fhir }: LabelRules,
  permitted: LabelMask,
  resources: readonly Left[],
  marks: ReadonlyMap<string, LabelMask>,
  day: string,
): Resource[] {
  const age = ageOf(resources, day);
  const { adolescent } = fhir;
  const isAdolescent = adolescent !== null && age !== null && age >= adolescent.from && age < adolescent.until;
  const always: readonly SecurityCoding[] = isAdolescent ? [{ system: V3_ACT_CODE, code: 'ADOL' }] : [];
  return resources.map(({ resource, labels }) => {
    const byHand = keysOf(resource).reduce((mask, key) => mask | (marks.get(key) ?? 0), 0);
    const security = [...securityOf(labels | byHand, permitted), ...always];
    // `meta` comes after id, as the standard lists them; the maps' own members of it stay.
    const { resourceType, id, meta, ...rest } = resource as Resource & { meta?: object };
    return { resourceType, ...(id !== undefined && { id }), meta: { ...meta, security }, ...rest };
  });
}

/** A field of an item of a list: the item's pointer. */
const ITEM = /^(.*\/\d+)\/[^/]+(?:\/\d+)?$/;

/**
 * Labels of the items that leave, by their keys: what somebody marked by hand stands nowhere in FHIR. Two items with one
 * key share them, which says too much rather than too little.
 */
export function marksByKey(kept: readonly Kept[]): ReadonlyMap<string, LabelMask> {
  const keys = new Map<string, string>();
  for (const { path, value } of kept)
    if (path.endsWith('/id') && typeof value === 'string') keys.set(path.slice(0, -3), value);
  const marks = new Map<string, LabelMask>();
  for (const { path, labels } of kept) {
    const item = ITEM.exec(path)?.[1];
    const key = item === undefined ? undefined : keys.get(item);
    if (key !== undefined) marks.set(key, (marks.get(key) ?? 0) | labels);
  }
  return marks;
}

function keysOf(resource: Resource): string[] {
  const { identifier } = resource as { identifier?: unknown };
  if (!Array.isArray(identifier)) return [];
  return (identifier as readonly { value?: unknown }[]).flatMap(({ value }) =>
    typeof value === 'string' ? [value] : [],
  );
}

/** Whole years, from the birth date that leaves; null where none does. */
function ageOf(resources: readonly Left[], day: string): number | null {
  const patient = resources.find(({ resource }) => resource.resourceType === 'Patient')?.resource as
    Patient | undefined;
  const born = patient?.birthDate;
  if (born === undefined || !isPartialDate(born)) return null;
  const [year = 0, month = 1, date = 1] = born.split('-').map(Number);
  const [nowYear = 0, nowMonth = 1, nowDate = 1] = day.slice(0, 10).split('-').map(Number);
  const hasBirthdayCome = nowMonth > month || (nowMonth === month && nowDate >= date);
  return nowYear - year - (hasBirthdayCome ? 0 : 1);
}
