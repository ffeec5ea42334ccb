import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { ContestId, NoticeId, OrganizationId, PersonId, TransferId } from '../kernel/ids.js';

export const NOTICE_ANSWERS = ['returned', 'deleted', 'kept', 'corrected'] as const;
export type NoticeAnswer = (typeof NOTICE_ANSWERS)[number];

/** What a past recipient is told: stop using one transfer, or that another one corrects it. No reason goes with it. */
export interface NewNotice {
  readonly id: NoticeId;
  readonly kind: 'stop-using' | 'corrected';
  readonly transferId: TransferId;
  readonly recipientOrganizationId: OrganizationId;
  readonly personId: PersonId;
  readonly reference: string;
  readonly corrected: { readonly id: TransferId; readonly reference: string } | null;
  readonly dueAt: Instant;
  /** As the recipient's system gets it: a FHIR R4 transaction with one Task. */
  readonly message: Readonly<Record<string, unknown>>;
}

export interface Notice extends Omit<NewNotice, 'message' | 'personId'> {
  readonly senderOrganizationId: OrganizationId;
  readonly createdAt: Instant;
  readonly deliveredAt: Instant | null;
  readonly answer: NoticeAnswer | null;
  readonly answeredAt: Instant | null;
  /** The recipient's ground for keeping it, in its words. */
  readonly words: string | null;
  readonly overdue: boolean;
}

export const CONTEST_OUTCOMES = ['upheld', 'declined', 'corrected'] as const;
export type ContestOutcome = (typeof CONTEST_OUTCOMES)[number];

export interface NewContest {
  readonly id: ContestId;
  readonly personId: PersonId;
  readonly kind: 'objection' | 'correction';
  readonly transferId: TransferId | null;
  readonly recipientOrganizationId: OrganizationId | null;
  readonly words: string;
  readonly actor: Actor;
  readonly dueAt: Instant;
}

export interface Contest extends Omit<NewContest, 'actor'> {
  readonly recordedAt: Instant;
  readonly outcome: ContestOutcome | null;
  readonly answer: string | null;
  readonly answeredAt: Instant | null;
  readonly overdue: boolean;
}

// ---------------------------------------------------------------- the store

/** What the story of notices and contests needs of one organization's transaction. */
export interface NoticeTx {
  // notices to past recipients
  /** False when this recipient was told the same of this transfer before. Queues it to the recipient's system, if any. */
  putNotice(notice: NewNotice): Promise<boolean>;
  /** As sender or as recipient. */
  loadNotice(id: NoticeId): Promise<Notice | null>;
  /** Newest first, at most 200. */
  listNotices(filter: {
    readonly as: 'sender' | 'recipient';
    readonly state?: 'open' | 'answered' | 'overdue';
    readonly personId?: PersonId;
  }): Promise<readonly Notice[]>;
  noticeDelivered(id: NoticeId): Promise<boolean>;
  /** False when it was answered before. */
  answerNotice(id: NoticeId, answer: NoticeAnswer, words: string | null, actor: Actor): Promise<boolean>;

  // objections and corrections
  /** False when there is one of this id. */
  putContest(contest: NewContest): Promise<boolean>;
  loadContest(id: ContestId): Promise<Contest | null>;
  /** Newest first, at most 200. */
  listContests(filter: {
    readonly state?: 'open' | 'answered' | 'overdue';
    readonly personId?: PersonId;
  }): Promise<readonly Contest[]>;
  /** False when it was answered before. */
  answerContest(id: ContestId, outcome: ContestOutcome, answer: string, actor: Actor): Promise<boolean>;
}
