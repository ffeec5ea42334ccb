import type { Instant } from '../kernel/clock.js';
import type { DeclinedShareId, OrganizationId, PersonId } from '../kernel/ids.js';
import type { PurposeOfUse } from '../domain/decision/purpose.js';

/** Why somebody decided not to share. `other` is told in words. */
export const DECLINE_REASONS = [
  'person-asked',
  'not-needed',
  'would-endanger',
  'professional-secrecy',
  'other',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/** A professional's decision not to pass something on to somebody. Who took it stands in the log alone. */
export interface DeclinedShare {
  readonly id: DeclinedShareId;
  readonly personId: PersonId;
  readonly recipientOrganizationId: OrganizationId;
  readonly purpose: PurposeOfUse;
  readonly reason: DeclineReason;
  readonly words: string | null;
  readonly recordedAt: Instant;
}

export type NewDeclinedShare = Omit<DeclinedShare, 'recordedAt'>;

/** What declining needs of one organization's transaction. */
export interface DeclineTx {
  /** False when there is one of this id. Words are stored under the person's key. */
  putDeclinedShare(declined: NewDeclinedShare): Promise<boolean>;
  /** null when there is none, or its person was erased. */
  loadDeclinedShare(id: DeclinedShareId): Promise<DeclinedShare | null>;
  /** Newest first, at most 200. */
  listDeclinedShares(personId: PersonId): Promise<readonly DeclinedShare[]>;
}
