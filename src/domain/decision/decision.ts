import type { Instant } from '../../kernel/clock.js';
import type { AgreementId, CaseId, OrganizationId, PartnerId, PersonId } from '../../kernel/ids.js';
import type { Agreement } from '../agreement/agreement.js';
import type { PersonCircumstances } from '../consent/decision-maker/standing.js';
import type { ConsentTerms } from '../consent/terms.js';
import type { LabelMask } from '../labels/labels.js';
import type { Ground, StatedGround } from './ground.js';
import type { Origin } from './onward.js';
import type { PurposeOfUse } from './purpose.js';
import type { Reason } from './reasons.js';

/** What is asked: may this sender disclose these labels of this person to this recipient for this purpose? */
export interface DisclosureRequest {
  readonly senderOrganizationId: OrganizationId;
  readonly recipientOrganizationId: OrganizationId;
  readonly caseId: CaseId;
  readonly purpose: PurposeOfUse;
  readonly ground: StatedGround;
  /** Labels that the author wants to send; absent: whatever agreement and ground permit. */
  readonly requested?: LabelMask;
}

/** Everything a decision looks at, loaded in one round trip, without opening the record. `at` is database time. */
export interface Terms {
  readonly at: Instant;
  readonly subject: { readonly personId: PersonId; readonly caseVersion: number; readonly deceased: boolean } | null;
  readonly recipient: {
    readonly partnerId: PartnerId | null;
    readonly partnerActive: boolean;
  } | null;
  /** Agreements (the version in force, or ended, of each) to which both organizations are party. */
  readonly agreements: readonly Agreement[];
  /** Consents of this person (newest version each) that could concern the recipient. */
  readonly consents: readonly ConsentTerms[];
  /** What the case says of who may decide; null: nothing that could be read. Never written into a receipt. */
  readonly circumstances: PersonCircumstances | null;
  /** Ids of the person's objections to this recipient that stand: not answered yet, or upheld. */
  readonly objections: readonly string[];
  /** Where the case was taken over from, and what that agreement lets go on; absent: it is this organization's own. */
  readonly origin?: Origin;
}

declare const permitBrand: unique symbol;

/** Leave to disclose, made by `decide` alone. Everything after it (load, map, commit) asks for one. */
export interface Permit {
  readonly [permitBrand]: true;
  readonly request: DisclosureRequest;
  readonly personId: PersonId;
  readonly caseVersion: number;
  readonly recipientPartnerId: PartnerId;
  readonly agreement: { readonly id: AgreementId; readonly version: number; readonly purgeAfterDays: number };
  readonly ground: Ground;
  /** What agreement, ground and author have in common. */
  readonly permitted: LabelMask;
  /** What each of them allows by itself: why an element stays is read from it. */
  readonly bounds: PermitBounds;
  readonly decidedAt: Instant;
}

/** The three sets whose intersection a permit is, and what the person said no to. */
export interface PermitBounds {
  /** The clause of the agreement. */
  readonly agreement: LabelMask;
  readonly ground: LabelMask;
  /** What the person refused to this recipient for this purpose. */
  readonly refused: LabelMask;
  /** What the author chose to send. */
  readonly requested: LabelMask;
}

export type Decision =
  | { readonly outcome: 'permit'; readonly permit: Permit; readonly reasons: readonly Reason[] }
  | { readonly outcome: 'deny'; readonly reasons: readonly [Reason, ...Reason[]]; readonly decidedAt: Instant };
