import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { CaseId, OrganizationId, PersonId, TransferId } from '../kernel/ids.js';
import type { GroundKind } from '../domain/decision/ground.js';
import type { PurposeOfUse } from '../domain/decision/purpose.js';
import type { LabelMask } from '../domain/labels/labels.js';
import type { TransferStatus } from './status.js';

/** A transfer for which the glass was broken, as who reviews it sees it. */
export interface BrokenGlass {
  readonly transferId: TransferId;
  readonly reference: string;
  readonly status: TransferStatus;
  readonly recipientOrganizationId: OrganizationId;
  readonly caseId: CaseId;
  readonly personId: PersonId;
  readonly purpose: PurposeOfUse;
  readonly permitted: LabelMask;
  readonly requestedAt: Instant;
  /** Who broke it. */
  readonly actor: Actor;
  /** In the words of who broke it; null once the person is erased. */
  readonly reason: string | null;
  /** The agreement's term for the review. */
  readonly dueAt: Instant;
  readonly reviewed: boolean;
}

/** A notice that the person does not get for now. */
export interface NoticeDeferral {
  readonly transferId: TransferId;
  readonly reference: string;
  readonly personId: PersonId;
  /** Null once the person is erased. */
  readonly reason: string | null;
  /** `YYYY-MM-DD`: from then on the person may read it. */
  readonly reviewOn: string;
  readonly actor: Actor;
  readonly deferredAt: Instant;
  readonly confirmedAt: Instant | null;
  /** Without a second reader it lapses then. */
  readonly lapsesAt: Instant;
}

/** What looking after exceptional disclosures needs of one organization's transaction. */
export interface OversightTx {
  /** Not reviewed yet, oldest first; at most 200. Refused ones passed nothing on. */
  listBrokenGlass(): Promise<readonly BrokenGlass[]>;
  loadBrokenGlass(id: TransferId): Promise<BrokenGlass | null>;
  /** @returns false when it was reviewed already */
  putGlassReview(review: {
    readonly transferId: TransferId;
    readonly personId: PersonId;
    readonly outcome: GlassOutcome;
    /** In words; stored under the person's key. */
    readonly note: string;
    readonly actor: Actor;
  }): Promise<boolean>;
  /** Of a transfer that this organization sent; `unconfirmed`: a deferral of it was never confirmed. */
  noticeOf(
    id: TransferId,
  ): Promise<{ readonly personId: PersonId; readonly ground: GroundKind; readonly unconfirmed: boolean } | null>;
  /** The reason is stored under the person's key. */
  deferNotice(deferral: {
    readonly transferId: TransferId;
    readonly personId: PersonId;
    readonly reason: string;
    readonly reviewOn: string;
    readonly actor: Actor;
  }): Promise<void>;
  /** Those in effect, first to be reviewed first; at most 200. */
  listDeferrals(): Promise<readonly NoticeDeferral[]>;
  loadDeferral(id: TransferId): Promise<NoticeDeferral | null>;
  confirmDeferral(id: TransferId, secondReader: Actor): Promise<void>;
  liftDeferral(id: TransferId, actor: Actor): Promise<void>;
}

export const GLASS_OUTCOMES = ['justified', 'not-justified'] as const;
export type GlassOutcome = (typeof GLASS_OUTCOMES)[number];
