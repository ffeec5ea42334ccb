import type { DataLabel } from '../../labels/labels.js';
import type { Jurisdiction } from './circumstances.js';

/** Who decides about the data of somebody who is not of age. */
export interface MinorRule {
  readonly jurisdiction: Jurisdiction;
  /** From this age on, in whole years. */
  readonly from: number;
  /** Up to, not including. */
  readonly to: number;
  /** The data that the rule is about; null: all that no other row of the same age names. */
  readonly labels: readonly DataLabel[] | null;
  /**
   * `minor`: the minor. `minor-if-able`: the minor when found able to take this decision, otherwise the holders.
   * `holders`: those who hold parental authority, the minor's view being heard.
   */
  readonly decides: 'minor' | 'minor-if-able' | 'holders';
  /** Whether each holder must agree or one may act for both; a holder who disagrees always stops. */
  readonly holders: 'one' | 'all';
  readonly sources: readonly string[];
  /** The rule was read from the text by people who are no lawyers there, or the text leaves room. */
  readonly needsLocalCounsel: boolean;
}

/** Age at which others' consents lapse, with its source. */
export const MAJORITY: Readonly<Record<Jurisdiction, { readonly age: number; readonly source: string }>> = {
  FR: { age: 18, source: 'Code civil art. 388, 414' },
  'CA-QC': { age: 18, source: 'Code civil du Québec art. 153' },
  'GB-ENG': { age: 18, source: 'Family Law Reform Act 1969 s. 1' },
};

/** More than daily matters: one parent is not presumed to act for both. */
const GRAVE: readonly DataLabel[] = [
  'health',
  'health-identifier',
  'psychiatry',
  'addiction',
  'hiv',
  'violence',
  'safeguarding',
  'protected-address',
  'justice',
  'immigration',
  'religion',
  'ethnicity',
];
const INTIMATE: readonly DataLabel[] = ['reproductive-health', 'sexuality'];

/** In each jurisdiction every age below majority has a row for all data; rows that name data go before it. */
export const MINOR_RULES: readonly MinorRule[] = [
  {
    jurisdiction: 'FR',
    from: 0,
    to: 18,
    labels: INTIMATE,
    decides: 'minor-if-able',
    holders: 'all',
    sources: ['Code de la santé publique art. L1111-5, L2212-7, L5134-1', 'Code civil art. 371-1'],
    needsLocalCounsel: true,
  },
  {
    jurisdiction: 'FR',
    from: 0,
    to: 18,
    labels: GRAVE,
    decides: 'holders',
    holders: 'all',
    sources: ['Code civil art. 371-1, 372, 373-2', 'Code de la santé publique art. L1110-4, L1111-2, L1111-4'],
    needsLocalCounsel: true,
  },
  {
    jurisdiction: 'FR',
    from: 0,
    to: 18,
    labels: null,
    decides: 'holders',
    holders: 'one',
    sources: ['Code civil art. 371-1, 372, 372-2'],
    needsLocalCounsel: true,
  },
  {
    jurisdiction: 'CA-QC',
    from: 14,
    to: 18,
    labels: null,
    decides: 'minor',
    holders: 'all',
    sources: ['CQLR c. P-39.1, s. 14', 'CQLR c. A-2.1, s. 53.1', 'Code civil du Québec art. 14, 17'],
    needsLocalCounsel: true,
  },
  {
    jurisdiction: 'CA-QC',
    from: 0,
    to: 14,
    labels: GRAVE,
    decides: 'holders',
    holders: 'all',
    sources: ['CQLR c. P-39.1, s. 14', 'CQLR c. A-2.1, s. 53.1', 'Code civil du Québec art. 33, 34, 600, 604'],
    needsLocalCounsel: true,
  },
  {
    jurisdiction: 'CA-QC',
    from: 0,
    to: 14,
    labels: null,
    decides: 'holders',
    holders: 'one',
    sources: ['CQLR c. P-39.1, s. 14', 'CQLR c. A-2.1, s. 53.1', 'Code civil du Québec art. 600, 603'],
    needsLocalCounsel: true,
  },
  {
    jurisdiction: 'GB-ENG',
    from: 16,
    to: 18,
    labels: null,
    decides: 'minor',
    holders: 'all',
    sources: ['Family Law Reform Act 1969 s. 8', 'Mental Capacity Act 2005 s. 1(2), 2(5)'],
    needsLocalCounsel: true,
  },
  {
    jurisdiction: 'GB-ENG',
    from: 0,
    to: 16,
    labels: null,
    decides: 'minor-if-able',
    holders: 'all',
    sources: ['Gillick v West Norfolk and Wisbech AHA [1986] AC 112', 'Children Act 1989 s. 2, 3'],
    needsLocalCounsel: true,
  },
];

/** The rule for one label; null where there is none, which stops. */
export function minorRule(jurisdiction: Jurisdiction, age: number, label: DataLabel): MinorRule | null {
  const rows = MINOR_RULES.filter((row) => row.jurisdiction === jurisdiction && age >= row.from && age < row.to);
  return rows.find(({ labels }) => labels?.includes(label)) ?? rows.find(({ labels }) => labels === null) ?? null;
}
