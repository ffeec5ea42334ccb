import type { Case } from './schema.js';

/** What a person can be found by; structurally the story's `IndexedIdentity`. */
export interface CaseIdentity {
  readonly names: readonly { readonly family?: string; readonly given: readonly string[] }[];
  readonly birthDate?: string;
  readonly identifiers: readonly { readonly system: string; readonly value: string }[];
}

/**
 * What the store may index (as keyed hashes) so that the person can be found again. Each identifier is found within its
 * own system, and by its type: somebody at a desk has a card and a number, and knows no system. Two kinds of number never
 * match each other.
 */
export function indexedIdentity({ person }: Pick<Case, 'person'>): CaseIdentity {
  const names = (person.names ?? []).map(({ family, given }) => ({
    ...(family !== undefined && { family }),
    given: given ?? [],
  }));
  const identifiers = [
    ...(person.identifiers ?? []).flatMap(({ system, type, value }) => [
      ...(system === undefined ? [] : [{ system, value }]),
      { system: `urn:relais:${type}`, value },
    ]),
    ...(person.temporaryIdentifiers ?? []).map(({ value }) => ({ system: 'urn:relais:temporary', value })),
  ];
  return { names, ...(person.birthDate !== undefined && { birthDate: person.birthDate }), identifiers };
}

/** Sending is frozen for a person who has died. */
export function isDeceased({ person }: Case): boolean {
  return person.deceased === true;
}

/**
 * Age in whole years, at least and at most, as far as the birth date is known.
 *
 * @param on YYYY-MM-DD
 * @returns undefined without a birth date or before birth
 */
export function ageAt(
  birthDate: string | undefined,
  on: string,
): { readonly min: number; readonly max: number } | undefined {
  if (birthDate === undefined) return undefined;
  const earliest = birthDate.length === 10 ? birthDate : `${birthDate}${birthDate.length === 4 ? '-01' : ''}-01`;
  const latest = birthDate.length === 10 ? birthDate : `${birthDate}${birthDate.length === 4 ? '-12' : ''}-31`;
  const max = wholeYears(earliest, on);
  return max < 0 ? undefined : { min: Math.max(0, wholeYears(latest, on)), max };
}

function wholeYears(from: string, to: string): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  return to.slice(5) < from.slice(5) ? years - 1 : years;
}
