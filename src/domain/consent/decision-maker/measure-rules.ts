import type { Jurisdiction, Measure } from './circumstances.js';

/** What a measure or mandate lets its holder do about the disclosure of an adult's data. */
export interface MeasureRule {
  readonly jurisdiction: Jurisdiction;
  readonly kind: Measure['kind'];
  /**
   * `represents`: decides for a person who was found unable, within its scope. `assists`: stands beside the person and
   * never replaces them. `never`: about money or other acts; it does not consent to a disclosure at all.
   */
  readonly effect: 'represents' | 'assists' | 'never';
  readonly sources: readonly string[];
  readonly needsLocalCounsel: boolean;
}

const row = (
  jurisdiction: Jurisdiction,
  kind: Measure['kind'],
  effect: MeasureRule['effect'],
  ...sources: readonly string[]
): MeasureRule => ({ jurisdiction, kind, effect, sources, needsLocalCounsel: true });

/** A kind that is not here for its jurisdiction is not known, and stops. */
export const MEASURE_RULES: readonly MeasureRule[] = [
  row('FR', 'guardianship', 'represents', 'Code civil art. 415, 440, 457-1, 459'),
  row('FR', 'family-authorization', 'represents', 'Code civil art. 494-1, 494-6, 459'),
  row('FR', 'future-protection-mandate', 'represents', 'Code civil art. 477, 479, 459'),
  row('FR', 'curatorship', 'assists', 'Code civil art. 440, 457-1, 459'),
  row('FR', 'reinforced-curatorship', 'assists', 'Code civil art. 440, 459, 472'),
  row('FR', 'judicial-safeguard', 'assists', 'Code civil art. 433, 435, 438'),
  row('FR', 'power-of-attorney', 'never', 'Code civil art. 458, 1984'),
  row('FR', 'assistance-measure', 'never', 'Code civil art. 495, 495-7'),
  row('FR', 'budget-support', 'never', 'Code de l’action sociale et des familles art. L271-1'),
  row('CA-QC', 'guardianship', 'represents', 'Code civil du Québec art. 256, 258'),
  row('CA-QC', 'future-protection-mandate', 'represents', 'Code civil du Québec art. 2166'),
  row('CA-QC', 'assistance-measure', 'assists', 'Code civil du Québec art. 297.10'),
  row('CA-QC', 'power-of-attorney', 'never', 'Code civil du Québec art. 2130'),
  row('GB-ENG', 'power-of-attorney', 'represents', 'Mental Capacity Act 2005 s. 1, 4, 9(1)(a), 11(7)'),
  row('GB-ENG', 'guardianship', 'represents', 'Mental Capacity Act 2005 s. 4, 16, 17, 20(1)'),
  row('GB-ENG', 'budget-support', 'never', 'Social Security (Claims and Payments) Regulations 1987 reg. 33'),
];

export function measureRule(jurisdiction: Jurisdiction, kind: Measure['kind']): MeasureRule | null {
  return MEASURE_RULES.find((rule) => rule.jurisdiction === jurisdiction && rule.kind === kind) ?? null;
}

/** Is disclosure of the person's data within the powers? Powers over property never reach it. */
export function reachesDisclosure({ scope, acts }: Measure): boolean {
  switch (scope) {
    case 'person':
    case 'person-and-property':
      return true;
    case 'named-acts':
      return acts?.includes('consent-to-disclosure') ?? false;
    case 'property':
      return false;
  }
}

/** Asked for, suspended, over or not begun: no power today. */
export function isInForce({ status, startDate, endDate }: Measure, on: string): boolean {
  return (
    status === 'active' && (startDate === undefined || startDate <= on) && (endDate === undefined || on <= endDate)
  );
}
