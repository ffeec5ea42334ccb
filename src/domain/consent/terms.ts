import type { Instant } from '../../kernel/clock.js';
import type { ConsentId, OrganizationId, PersonId } from '../../kernel/ids.js';
import type { DataLabel } from '../labels/labels.js';
import type { PurposeOfUse } from '../decision/purpose.js';
import type { DecisionTaken } from './decision-maker/standing.js';

/** One rule of a consent, read from FHIR R4 Consent.provision (https://hl7.org/fhir/R4/consent.html). */
export interface ConsentRule {
  readonly type: 'permit' | 'deny';
  /** Absent: any recipient. */
  readonly recipients?: readonly OrganizationId[];
  /** Absent: any purpose. */
  readonly purposes?: readonly PurposeOfUse[];
  /** Absent: for a deny every label; for a permit every category and no sensitivity. */
  readonly labels?: readonly DataLabel[];
  readonly from?: Instant;
  /** Exclusive. */
  readonly until?: Instant;
  /** Nested provisions: exceptions to this rule, each within what the rule covers (R4 Consent.provision.provision). */
  readonly exceptions?: readonly ConsentRule[];
}

/**
 * What a decision needs to know of one version of a consent: ids, codes and times, nothing that was said or written.
 * `unreadable` is kept and means deny for whatever the consent could concern: an unreadable consent is never ignored.
 */
export interface ConsentTerms {
  readonly id: ConsentId;
  readonly version: number;
  readonly personId: PersonId;
  readonly status: 'active' | 'inactive' | 'rejected' | 'unreadable';
  readonly decidedAt: Instant;
  readonly rules: readonly ConsentRule[];
  /** Who decided: references; the same set is the same decision-maker. Kept encrypted. */
  readonly decisionMakers?: readonly string[];
  /** Ids of earlier decisions that the decision-maker explicitly confirmed as replaced by this one. */
  readonly supersedes?: readonly string[];
  /** What each of those who decide said; absent: not known, and then it permits nothing. Kept encrypted. */
  readonly decision?: DecisionTaken;
}
