import type { AgreementId, OrganizationId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/clock.js';
import type { Category, Sensitivity } from '../labels/labels.js';
import type { PurposeOfUse } from '../decision/purpose.js';
import type { SecrecyGroundKind } from '../decision/ground.js';

/** GDPR article 6(1), letters a to f. */
export type DataProtectionBasis =
  'consent' | 'contract' | 'legal-obligation' | 'vital-interests' | 'public-task' | 'legitimate-interests';

export type AgreementStatus = 'draft' | 'proposed' | 'active' | 'suspended' | 'terminated' | 'expired';

/** What the parties allow for one purpose. */
export interface AgreementPurpose {
  readonly purpose: PurposeOfUse;
  readonly senders: readonly OrganizationId[];
  readonly recipients: readonly OrganizationId[];
  readonly categories: readonly Category[];
  /** Sensitivities that this purpose names; all others stay withheld. */
  readonly sensitivities: readonly Sensitivity[];
  readonly dataProtectionBasis: DataProtectionBasis;
  /** GDPR article 9(2) letter, required where special categories are named. */
  readonly article9Condition?: string;
  /** Which secrecy grounds a disclosure for this purpose may stand on. */
  readonly secrecyGrounds: readonly SecrecyGroundKind[];
}

/** One version of a data-sharing agreement. Versions are append-only; content of the agreement is no personal data. */
export interface Agreement {
  readonly id: AgreementId;
  readonly version: number;
  readonly title: { readonly en: string; readonly fr: string };
  readonly status: AgreementStatus;
  readonly parties: readonly OrganizationId[];
  readonly purposes: readonly AgreementPurpose[];
  readonly validFrom: Instant;
  /** Exclusive end; absent means open-ended. */
  readonly validUntil?: Instant;
  /** Days after the partner's receipt until Relais purges the content of a transfer; proofs stay. */
  readonly purgeAfterDays: number;
  /** Days within which a notice to a recipient, and a person's objection or correction, is answered; absent: 30. */
  readonly answerWithinDays?: number;
}
