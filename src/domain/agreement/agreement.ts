import { createHash } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json.js';
import type { Text } from '../../kernel/i18n.js';
import type { AgreementId, OrganizationId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/clock.js';
import type { Category, Sensitivity } from '../labels/labels.js';
import type { PurposeOfUse } from '../decision/purpose.js';
import type { SecrecyGroundKind } from '../decision/ground.js';

/** GDPR article 6(1), letters a to f. */
export type DataProtectionBasis =
  'consent' | 'contract' | 'legal-obligation' | 'vital-interests' | 'public-task' | 'legitimate-interests';

export const AGREEMENT_STATUSES = ['draft', 'proposed', 'active', 'suspended', 'terminated', 'expired'] as const;
export type AgreementStatus = (typeof AGREEMENT_STATUSES)[number];

/** What a party is in one processing: GDPR art. 4(7) and (8), 26 (joint controllers), 28 (processor). */
export const PROCESSING_ROLES = ['controller', 'joint-controller', 'processor'] as const;
export type ProcessingRole = (typeof PROCESSING_ROLES)[number];

export interface PartyRole {
  readonly party: OrganizationId;
  readonly role: ProcessingRole;
}

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
  /** What each sender and recipient is in this processing. */
  readonly roles?: readonly PartyRole[];
  /** Who at the recipient may read it, by function: "housing officer". */
  readonly recipientFunctions?: readonly Text[];
}

/** GDPR art. 35 and 39(1)(c): where the impact assessment is kept, and what the data-protection officer thought of it. */
export interface Dpia {
  readonly opinion: 'favourable' | 'with-conditions' | 'unfavourable' | 'not-required';
  readonly reference?: string;
  /** Why none is required, or why the parties go ahead against the opinion. */
  readonly reason?: string;
}

/** What the recipient does with what it received. */
export interface Retention {
  readonly days: number;
  readonly then: 'return' | 'delete';
  /** The recipient certifies it in writing. */
  readonly certificate: boolean;
}

export type OnwardDisclosure =
  | { readonly kind: 'forbidden' }
  /** Only with the person's consent to it. */
  | { readonly kind: 'consented' }
  | { readonly kind: 'listed'; readonly recipients: readonly string[] };

/** Whether the glass may be broken under this agreement, how far, and when it is looked at afterwards. */
export type EmergencyClause =
  | { readonly allowed: false }
  | {
      readonly allowed: true;
      /** The most that may leave; never a sensitivity. */
      readonly categories: readonly Category[];
      readonly maxHours: number;
      readonly reviewWithinDays: number;
    };

/** On which terms somebody may join without the others signing again. */
export type AdhesionClause =
  | { readonly open: false }
  | {
      readonly open: true;
      readonly places: readonly {
        readonly purpose: PurposeOfUse;
        readonly as: 'sender' | 'recipient';
        readonly role: ProcessingRole;
      }[];
    };

/** What the parties agree on, and so what they sign. */
export interface AgreementText {
  readonly title: Text;
  readonly parties: readonly OrganizationId[];
  readonly purposes: readonly AgreementPurpose[];
  readonly validFrom: Instant;
  /** Exclusive end; absent means open-ended. */
  readonly validUntil?: Instant;
  /** Days after the partner's receipt until Relais purges the content of a transfer; proofs stay. */
  readonly purgeAfterDays: number;
  readonly dpia?: Dpia;
  readonly retention?: Retention;
  readonly onward?: OnwardDisclosure;
  readonly emergency?: EmergencyClause;
  readonly adhesion?: AdhesionClause;
  /** Days of notice before an audit of the recipient. */
  readonly auditRight?: { readonly noticeDays: number };
  /** Hours within which a breach is told to the other parties (GDPR art. 33 gives the controller 72). */
  readonly breachNotice?: { readonly withinHours: number };
  /** Day on which the parties look at it again, `YYYY-MM-DD`. */
  readonly reviewOn?: string;
  /** Countries outside the EU that data reach (ISO 3166-1); none: empty. */
  readonly thirdCountries?: readonly string[];
  /** Days within which a notice to a recipient, and a person's objection or correction, is answered; absent: 30. */
  readonly answerWithinDays?: number;
}

/** That a person signed this very text for a party. */
export interface Signature {
  readonly party: OrganizationId;
  /** StaffId of who signed. */
  readonly person: string;
  readonly at: Instant;
  readonly textDigest: string;
}

/** Where a version that is not in force comes from. */
export interface Proposal {
  readonly kind: 'new' | 'amendment' | 'adhesion';
  readonly by: OrganizationId;
  /** Adhesion: who joins. */
  readonly joins?: OrganizationId;
}

/**
 * One version of a data-sharing agreement. Versions are append-only, every step of its life is one; content of the
 * agreement is no personal data. Clauses may be missing from what was concluded on paper before; nothing new is proposed
 * without them (check-agreement).
 */
export interface Agreement extends AgreementText {
  readonly id: AgreementId;
  readonly version: number;
  readonly status: AgreementStatus;
  readonly signatures?: readonly Signature[];
  readonly suspendedBy?: readonly OrganizationId[];
  readonly proposal?: Proposal;
}

/** The text alone, without where it stands. */
export function textOf(agreement: Agreement): AgreementText {
  const { id: _i, version: _v, status: _s, signatures: _g, suspendedBy: _b, proposal: _p, ...text } = agreement;
  return text;
}

/** SHA-256 (hex) of the text in canonical form (RFC 8785): what a signature is bound to. */
export function textDigest(agreement: Agreement): string {
  return createHash('sha256')
    .update(canonicalJson({ id: agreement.id, ...textOf(agreement) }))
    .digest('hex');
}
