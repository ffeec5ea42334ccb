import type {
  HOLDER_KINDS,
  INSTRUMENTS,
  MEASURE_ACTS,
  MEASURE_KINDS,
  MEASURE_SCOPES,
  MEASURE_STATUSES,
  PARENTAL_EXERCISE,
  PARENTAL_RESTRICTIONS,
  PARENTAL_ROLES,
} from '../../case/codes.js';
import type { DataLabel } from '../../labels/labels.js';

/** Whose law says who decides. A case of another jurisdiction stops until a human has decided. */
export const JURISDICTIONS = ['FR', 'CA-QC', 'GB-ENG'] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];

/** `representation.measures[]` of the case model, as far as it matters here. Days are ISO dates; ends are inclusive. */
export interface Measure {
  readonly id: string;
  readonly kind: (typeof MEASURE_KINDS)[number];
  readonly status: (typeof MEASURE_STATUSES)[number];
  readonly scope: (typeof MEASURE_SCOPES)[number];
  readonly acts?: readonly (typeof MEASURE_ACTS)[number][];
  readonly holderKind?: (typeof HOLDER_KINDS)[number];
  readonly instrument?: (typeof INSTRUMENTS)[number];
  readonly startDate?: string;
  readonly endDate?: string;
}

/** `representation.parentalAuthority.holders[]` of the case model. */
export interface AuthorityHolder {
  readonly id: string;
  readonly role: (typeof PARENTAL_ROLES)[number];
  readonly exercise?: (typeof PARENTAL_EXERCISE)[number];
  readonly restrictions?: readonly (typeof PARENTAL_RESTRICTIONS)[number][];
  readonly restrictionsUntil?: string;
}

export interface ParentalAuthority {
  readonly holders: readonly AuthorityHolder[];
  readonly entrustedService?: string;
  readonly entrustedSince?: string;
  readonly entrustedUntil?: string;
}

export interface Circumstances {
  /** Absent or not in the tables: a human decides. */
  readonly jurisdiction: Jurisdiction | undefined;
  /** The day of the disclosure. */
  readonly on: string;
  /** A whole date; a year alone does not tell who decides. */
  readonly birthDate: string | undefined;
  /** What is to be disclosed. */
  readonly labels: readonly DataLabel[];
  /**
   * Can the person take this decision? Judged by a human, for this decision; nobody's age, illness or measure answers it.
   * An adult is presumed able; a representative acts only for somebody who was found unable.
   */
  readonly capacity: 'not-assessed' | 'able' | 'unable';
  readonly measures: readonly Measure[];
  readonly parentalAuthority?: ParentalAuthority;
}

export type Party =
  | { readonly kind: 'person' }
  | { readonly kind: 'measure'; readonly id: string }
  | { readonly kind: 'holder'; readonly id: string }
  /** Anybody else: a partner, a child of age, another adult of the household. */
  | { readonly kind: 'other' };

export interface Expressed {
  /** The person's own view, also where somebody else decides. */
  readonly personView: 'agrees' | 'objects' | 'cannot-say' | 'not-sought';
  readonly answers: readonly { readonly by: Party; readonly answer: 'yes' | 'no' }[];
}

/** Whole years on a day; somebody born on 29 February is a year older on 1 March. Null when a date is not whole. */
export function ageOn(birthDate: string | undefined, on: string): number | null {
  const whole = /^(\d{4})-(\d{2}-\d{2})/;
  const born = whole.exec(birthDate ?? '');
  const day = whole.exec(on);
  if (born?.[2] === undefined || day?.[2] === undefined) return null;
  const years = Number(day[1]) - Number(born[1]) - (day[2] < born[2] ? 1 : 0);
  return years < 0 ? null : years;
}
