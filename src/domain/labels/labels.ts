/**
 * Data labels: what kind of data a field holds. An agreement and a ground permit a set of labels; a field may leave
 * only when **all** of its labels are permitted.
 *
 * A category says what the data is about; a sensitivity marks what is never shared by default: it leaves only by a
 * rule that names it (docs/decisions: "never by default").
 */
export const CATEGORIES = [
  'identity',
  'contact',
  'household',
  'housing',
  'income',
  'health',
  'needs',
  'plan',
  'notes',
  'safety',
] as const;
export type Category = (typeof CATEGORIES)[number];

export const SENSITIVITIES = [
  'immigration',
  'government-identifier',
  'health-identifier',
  'justice',
  'addiction',
  'psychiatry',
  'hiv',
  'reproductive-health',
  'sexuality',
  'religion',
  'ethnicity',
  'violence',
  'protected-address',
  'safeguarding',
  'staff-alert',
  'third-party',
  'free-text',
  'attachment',
  'bank-details',
] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

/** Can never be permitted: no agreement, consent or rule may name it. */
export const NEVER = 'working-notes';

export type DataLabel = Category | Sensitivity | typeof NEVER;

/** Position of each label in a mask. The order is part of the format of generated mappings: append only. */
export const DATA_LABELS: readonly DataLabel[] = [...CATEGORIES, NEVER, ...SENSITIVITIES];

/** A set of labels as bits (30 labels, so that it stays a small integer). */
export type LabelMask = number;

const BIT = new Map<string, number>(DATA_LABELS.map((label, index) => [label, 1 << index]));

/** @throws RangeError for an unknown label: an unknown label must never be read as "nothing to protect" */
export function maskOf(labels: Iterable<string>): LabelMask {
  let mask = 0;
  for (const label of labels) {
    const bit = BIT.get(label);
    if (bit === undefined) throw new RangeError('Unknown data label');
    mask |= bit;
  }
  return mask;
}

export function labelsOf(mask: LabelMask): DataLabel[] {
  return DATA_LABELS.filter((_, index) => (mask & (1 << index)) !== 0);
}

/** True when every label of `needed` is in `permitted`, and `working-notes` is not among them. */
export function permits(permitted: LabelMask, needed: LabelMask): boolean {
  return (needed & ~(permitted & ~maskNever)) === 0;
}
const maskNever = 1 << DATA_LABELS.indexOf(NEVER);
