/** A transfer: as it is asked for, shown, kept, claimed and sent. */
import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { AgreementId, CaseId, OrganizationId, PartnerId, PersonId, TaskId, TransferId } from '../kernel/ids.js';
import type { DisclosureRequest, Permit } from '../domain/decision/decision.js';
import type { Ground } from '../domain/decision/ground.js';
import type { PurposeOfUse } from '../domain/decision/purpose.js';
import type { Reason } from '../domain/decision/reasons.js';
import type { LabelMask } from '../domain/labels/labels.js';
import type { DeclineReason } from './decline-reasons.js';
import type { Disclosable } from './steps.js';
import type { ReferralStatus, TransferStatus } from './status.js';
import type { Partner } from './partner.js';

export interface NewTransfer {
  readonly id: TransferId;
  readonly taskId: TaskId;
  readonly permit: Permit;
  readonly disclosable: Disclosable;
  readonly mappingVersion: string;
  readonly reasons: readonly Reason[];
  /** Opens the commitment of the log to the digest. */
  readonly commitmentSalt: Buffer;
  readonly actor: Actor;
  readonly sendAfter: Instant | null;
  readonly answerExpectedBy: Instant | null;
  /** An earlier one, whose recipient asked for this. */
  readonly follows?: TransferId;
}

/** What was shown before it is sent; `elements` is kept encrypted, the rest are ids, codes and times. */
export interface Preview {
  /** SHA-256 (hex) of the bytes that were shown. */
  readonly digest: string;
  /** Pinned in those bytes. */
  readonly transferId: TransferId;
  readonly taskId: TaskId;
  readonly at: Instant;
  readonly personId: PersonId;
  readonly caseVersion: number;
  readonly permitted: LabelMask;
  readonly agreement: { readonly id: AgreementId; readonly version: number };
  readonly mappingVersion: string;
  readonly requestDigest: string;
  readonly elements: readonly PreviewElement[];
  readonly expiresAt: Instant;
}

export interface PreviewElement {
  /** JSON Pointer (RFC 6901) into the stored case. */
  readonly path: string;
  readonly hash: string;
}

export interface NewRefusal {
  readonly id: TransferId;
  readonly request: DisclosureRequest;
  readonly personId: PersonId | null;
  readonly reasons: readonly Reason[];
  readonly actor: Actor;
}

/** The recipient was reminded of its answer, or could not be (`cause`). */
export const REMINDER_EVENTS = ['reminder:sent', 'reminder:not-sent'] as const;
type ReminderEvent = (typeof REMINDER_EVENTS)[number];

export interface TransferEvent {
  readonly at: Instant;
  /** `message`: what the sender answered in words. `opened`: the content was first read, as the log has it (read-transfers). */
  readonly status: TransferStatus | `referral:${ReferralStatus}` | ReminderEvent | 'message' | 'opened' | 'taken-over';
  readonly actor: Actor;
  readonly reasons: readonly Reason[];
  /** Code of what went wrong in an attempt (`http-500`). */
  readonly cause?: string;
  /** Why the recipient declined, coded. */
  readonly declined?: DeclineReason;
  /** What the recipient, or with `message` the sender, wrote (decrypted; absent once purged). */
  readonly message?: string;
}

export interface Transfer {
  readonly id: TransferId;
  /** Short reference that can be read aloud: `R-0142`. */
  readonly reference: string;
  readonly status: TransferStatus;
  readonly referralStatus: ReferralStatus | null;
  readonly senderOrganizationId: OrganizationId;
  readonly recipientOrganizationId: OrganizationId;
  /** It has no system: it is told by mail and reads by a link and a code (docs/access-links.md). */
  readonly recipientIsGuest: boolean;
  /** When a guest asked for a code that was not made yet; the sender's to know. */
  readonly codeAskedAt: Instant | null;
  readonly caseId: CaseId;
  readonly personId: PersonId | null;
  readonly taskId: TaskId | null;
  readonly purpose: PurposeOfUse;
  readonly ground: Ground | null;
  readonly permitted: LabelMask;
  readonly agreement: { readonly id: AgreementId; readonly version: number } | null;
  readonly reasons: readonly Reason[];
  readonly withheldElements: number;
  /** SHA-256 (hex) of the wire bytes. */
  readonly digest: string | null;
  readonly requestedAt: Instant;
  readonly sendAfter: Instant | null;
  readonly answerExpectedBy: Instant | null;
  readonly deliveredAt: Instant | null;
  readonly purgeAt: Instant | null;
  readonly contentPurgedAt: Instant | null;
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly timeline: readonly TransferEvent[];
  /** The one that it follows: its recipient asked for more. */
  readonly follows: FollowedTransfer | null;
  /** Those that follow it, oldest first; without what never left. */
  readonly followedBy: readonly FollowedTransfer[];
}

/** Another transfer of the same case to the same recipient. */
export interface FollowedTransfer {
  readonly id: TransferId;
  readonly reference: string;
  readonly taskId: TaskId;
  readonly requestedAt: Instant;
  readonly deliveredAt: Instant | null;
}

/** A lease on one delivery. The fence rises with every claim; an older fence may not write (faults 2 and 3). */
export interface Claim {
  readonly transferId: TransferId;
  readonly senderOrganizationId: OrganizationId;
  readonly fence: number;
  /** Numbered through, replays included. */
  readonly attempt: number;
  /** Which attempt it is since it was asked for, or last replayed. */
  readonly tries: number;
}

/** Dead letters by partner, by cause of their end, and by when they ended (`to` exclusive). */
export interface ReplayFilter {
  /** This one alone. */
  readonly transferId?: TransferId;
  readonly partnerId?: PartnerId;
  readonly cause?: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

/** What is needed to decide again and to send: loaded under the claim's row lock. */
export interface Sending {
  readonly request: DisclosureRequest;
  /** The version of the case that was approved. */
  readonly caseVersion: number;
  readonly permitted: LabelMask;
  readonly agreementId: AgreementId;
  readonly recipientPartner: Partner;
  /** Exactly the bytes that were approved. */
  readonly wire: Buffer;
  readonly digest: string;
  readonly taskId: TaskId;
  /** An earlier attempt may have had its effect: its end is not known. */
  readonly unsure: boolean;
}

/**
 * What the end of a delivery says of the partner's system: it answers, it fails, or nothing can be said (Relais stopped, or
 * nothing was asked). `pauseMs`: it asked to be left alone for so long (Retry-After), whatever the delivery.
 */
export interface PartnerSign {
  readonly sign: 'answers' | 'fails' | 'unknown';
  readonly pauseMs?: number;
  /** The record may have arrived all the same. */
  readonly unsure?: boolean;
}

/** One row of what a person may read about their disclosures. */
export interface DisclosureRow {
  readonly transfer: Transfer;
  readonly recipientName: string;
}

/** What others did with a transfer since, as the log has it. */
export type TransferAccess =
  | {
      readonly kind: 'read';
      readonly transferId: TransferId;
      /** Who read it; never the sender. */
      readonly organizationId: OrganizationId;
      readonly by: Actor['type'];
      /** The first time of that day (UTC). */
      readonly at: Instant;
      readonly count: number;
    }
  | { readonly kind: 'review'; readonly transferId: TransferId; readonly outcome: string; readonly at: Instant };

export type Reservation =
  | { readonly kind: 'new' }
  | { readonly kind: 'known'; readonly transferId: TransferId }
  | { readonly kind: 'conflict' };
