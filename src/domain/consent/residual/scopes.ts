import type { Code, DataScope } from '../policy.js';
import { V3_CONFIDENTIALITY } from '../profiles.js';
import { endOf, sameCode, startOf } from '../read-values.js';

/** True when the scope names no limit: all data. */
export function coversEverything({ securityLabel, dataPeriod, data, class: classes, code }: DataScope): boolean {
  return [securityLabel, dataPeriod, data, classes, code].every((part) => part === undefined);
}

/**
 * Can one datum be in both scopes? Asked before a permit and a forbid stand side by side, because the enforcement point
 * lets the permit win (PCF, 3.71.4.2.2.1.4). "Perhaps" is yes.
 */
export function canOverlap(a: DataScope, b: DataScope): boolean {
  return !(
    labelsApart(a.securityLabel, b.securityLabel) ||
    periodsApart(a.dataPeriod, b.dataPeriod) ||
    instancesApart(a.data, b.data)
  );
}

/**
 * Data have one confidentiality; what carries a sensitivity is restricted, so never normal (PCF volume 1, 53.4.2.7).
 * Two sensitivities can meet in one datum.
 */
function labelsApart(a: readonly Code[] | undefined, b: readonly Code[] | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.every((one) => b.every((other) => codesApart(one, other)));
}

function codesApart(a: Code, b: Code): boolean {
  if (sameCode(a, b)) return false;
  const isNormal = ({ system, code }: Code): boolean => system === V3_CONFIDENTIALITY && code === 'N';
  if (isNormal(a) || isNormal(b)) return true;
  return a.system === V3_CONFIDENTIALITY && b.system === V3_CONFIDENTIALITY;
}

/** Made before the one began or after it ended. A datum can change later, but its date is one. */
function periodsApart(a: DataScope['dataPeriod'], b: DataScope['dataPeriod']): boolean {
  if (a === undefined || b === undefined) return false;
  const ends = ({ end }: typeof a): string => (end === undefined ? '9999' : endOf(end));
  const starts = ({ start }: typeof a): string => (start === undefined ? '' : startOf(start));
  return ends(a) <= starts(b) || ends(b) <= starts(a);
}

/** Only named instances are apart for sure: anything may be related to, or by the author of, anything. */
function instancesApart(a: DataScope['data'], b: DataScope['data']): boolean {
  if (a === undefined || b === undefined) return false;
  if (![...a, ...b].every(({ meaning }) => meaning === 'instance')) return false;
  return a.every((one) => b.every((other) => idOf(one.reference) !== idOf(other.reference)));
}

/** `Type/id` whatever server and version it is written with: the same thing may be named in two ways. */
function idOf(reference: string): string {
  return /[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]+(?=\/_history\/|$)/.exec(reference)?.[0] ?? reference;
}

/**
 * What is in both scopes, written as one scope; null when it cannot be written so. Null is treated as nothing.
 *
 * @param outer the scope that may not be left
 */
export function narrowTo(outer: DataScope, inner: DataScope): DataScope | null {
  for (const part of ['securityLabel', 'dataPeriod', 'data', 'class', 'code'] as const) {
    if (outer[part] === undefined || inner[part] === undefined) continue;
    if (JSON.stringify(outer[part]) !== JSON.stringify(inner[part])) return narrowLabels(outer, inner);
  }
  return { ...outer, ...inner };
}

/** The one part that two scopes often share: their labels, when nothing else differs. */
function narrowLabels(outer: DataScope, inner: DataScope): DataScope | null {
  const { securityLabel: wide = [], ...outerRest } = outer;
  const { securityLabel: narrow = [], ...innerRest } = inner;
  const both = narrow.filter((label) => wide.some((one) => sameCode(one, label)));
  if (both.length === 0 || narrowTo(outerRest, innerRest) === null) return null;
  return { ...outerRest, ...innerRest, securityLabel: both };
}
