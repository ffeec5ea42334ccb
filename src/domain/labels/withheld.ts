import type { DataLabel, LabelMask } from './labels.js';

/** Why one element stays. Sentences: withhold-texts.ts. */
export type WithholdReason =
  /** A category that the permit does not hold. */
  | 'not-permitted'
  /** The categories are permitted; a sensitivity that leaves only by a rule that names it is not. */
  | 'never-by-default'
  /** The person or the worker marked it. */
  | 'do-not-share'
  /** It might leave; the author of the transfer chose to keep it back. */
  | 'by-author'
  /** Working notes. */
  | 'never'
  /** It points to something that stays. */
  | 'points-to-withheld'
  /** Its words may speak of what is not permitted; it waits until somebody has read it. */
  | 'to-review'
  /** The model does not know the field: what has no label is not shared. */
  | 'unlabelled';

/** One non-empty leaf that stays: `withheld.length` is the number of withheld elements. */
export interface Withheld {
  /** JSON Pointer (RFC 6901) into the record. */
  readonly path: string;
  /** The labels that were missing from the permit; empty for marks and pointers; for a review what it may speak of. */
  readonly labels: readonly DataLabel[];
  readonly reason: WithholdReason;
  /** With `to-review`: SHA-256 (hex) of the text that waits, to be put into `about` by whoever has read it. */
  readonly text?: string;
}

/** One field that stays in the record that may be shared. */
export interface Kept {
  /** JSON Pointer (RFC 6901) into the record as it was given. */
  readonly path: string;
  /** The labels that had to be permitted for it. */
  readonly labels: LabelMask;
  readonly value: unknown;
}
