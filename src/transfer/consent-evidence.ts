/** How it can be shown that a decision was taken. */
import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';

export const EVIDENCE_KINDS = ['written', 'verbal', 'electronic', 'photo'] as const;

/** How it can be shown that a decision was taken (GDPR art. 7(1)). */
export interface Evidence {
  readonly kind: (typeof EVIDENCE_KINDS)[number];
  /** Name and version of the form that was read or signed. */
  readonly formVersion: string | null;
  /** The person got a copy. */
  readonly copyGiven: boolean;
  /** Who heard it. */
  readonly witness: string | null;
  /** Scan, photo or signed document. */
  readonly attachment: { readonly contentType: string; readonly data: string } | null;
}

export interface RecordedEvidence extends Evidence {
  readonly id: string;
  readonly consentVersion: number;
  readonly recordedAt: Instant;
  readonly recordedBy: Actor;
}
