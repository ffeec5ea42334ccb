import type { Instant } from '../kernel/clock.js';
import type { Transfer, TransferEvent } from './transfer.js';
import type { ReferralStatus } from './status.js';

export const WORK_GROUPS = ['needs-action', 'waiting', 'answered'] as const;
export type WorkGroup = (typeof WORK_GROUPS)[number];

/** What comes next, and who does it. Stable codes. */
export const NEXT_STEPS = [
  // the sender's turn
  'review',
  'failed',
  'stopped',
  'read-answer',
  'tell-code',
  'late',
  // the recipient's turn, seen by itself
  'answer',
  'report-outcome',
  // somebody else's turn
  'await-delivery',
  'await-answer',
  'await-outcome',
  'await-sender',
  'none',
] as const;
export type NextStep = (typeof NEXT_STEPS)[number];

export interface Turn {
  readonly group: WorkGroup;
  readonly next: NextStep;
}

export interface Standing extends Pick<Transfer, 'status' | 'referralStatus'> {
  readonly viewedAs: 'sender' | 'recipient';
  /** The day on which an answer was expected is over. */
  readonly isOverdue: boolean;
  /** The recipient wrote something before it answered, and the sender nothing since. */
  readonly asks: boolean;
  /** A guest waits for a code. */
  readonly wantsCode: boolean;
  /** The last word in the thread is the sender's. */
  readonly replied: boolean;
}

const needsAction = (next: NextStep): Turn => ({ group: 'needs-action', next });
const waiting = (next: NextStep): Turn => ({ group: 'waiting', next });
const answered = (next: NextStep): Turn => ({ group: 'answered', next });

/** Whose turn it is with a transfer, and to do what. A pure function of where it stands. */
export function whoseTurn(standing: Standing): Turn {
  return standing.viewedAs === 'sender' ? turnOfSender(standing) : turnOfRecipient(standing);
}

function turnOfSender({ status, referralStatus, isOverdue, asks, replied, wantsCode }: Standing): Turn {
  switch (status) {
    case 'needs-review':
      return needsAction('review');
    case 'failed':
    case 'stopped':
      return needsAction(status);
    case 'refused':
    case 'cancelled':
      return answered('none');
    case 'held':
    case 'queued':
    case 'sending':
      return isOverdue ? needsAction('late') : waiting('await-delivery');
    case 'delivered':
      // Whoever cannot read can neither answer nor say how it ended.
      if (wantsCode) return needsAction('tell-code');
      switch (referralStatus) {
        case 'rejected':
        case 'cancelled':
        case 'failed':
          return needsAction('read-answer');
        case 'on-hold':
          if (!replied) return needsAction('read-answer');
          return isOverdue ? needsAction('late') : waiting('await-answer');
        case 'completed':
          return answered('none');
        case 'accepted':
        case 'in-progress':
          return answered('await-outcome');
        case 'requested':
        case 'received':
        case null:
          if (asks) return needsAction('read-answer');
          return isOverdue ? needsAction('late') : waiting('await-answer');
      }
  }
}

function turnOfRecipient({ referralStatus, isOverdue, asks, replied }: Standing): Turn {
  switch (referralStatus) {
    case 'requested':
    case 'received':
    case null:
      return asks && !isOverdue ? waiting('await-sender') : needsAction('answer');
    case 'on-hold':
      return isOverdue || replied ? needsAction('answer') : waiting('await-sender');
    case 'accepted':
    case 'in-progress':
      return waiting('report-outcome');
    case 'completed':
    case 'rejected':
    case 'cancelled':
    case 'failed':
      return answered('none');
  }
}

/** Who spoke last between the two of a transfer. */
export interface LastWord {
  /** The recipient said something with words in it, or put the referral on hold, and the sender has not answered. */
  readonly asks: boolean;
  /** The sender has answered the last question, by words or by what it sent. */
  readonly replied: boolean;
  /** Since when the recipient waits for an answer: there is none, or it has not arrived. Null: it does not. */
  readonly waitsSince: Instant | null;
  /** When the last that the sender said, or sent to follow, reached the recipient; null: nothing has. */
  readonly answeredAt: Instant | null;
}

/** A recipient that took the transfer in again after its question has dropped it; what answered it stays said. */
export function lastWord({ timeline, followedBy }: Pick<Transfer, 'timeline' | 'followedBy'>): LastWord {
  const said = timeline.filter(({ status }) => status === 'message').map(({ at }) => at);
  const answeredAt = [...said, ...followedBy.flatMap(({ deliveredAt }) => deliveredAt ?? [])].toSorted().at(-1) ?? null;
  const place = timeline.findLastIndex(isQuestion);
  const question = timeline[place];
  if (question === undefined) return { asks: false, replied: false, waitsSince: null, answeredAt };
  const since = timeline.slice(place + 1);
  const inWords = since.some(({ status }) => status === 'message');
  const replied = inWords || followedBy.some(({ requestedAt }) => requestedAt > question.at);
  const asks = !replied && !since.some(({ status }) => status.startsWith('referral:'));
  const isOnItsWay = replied && !inWords && (answeredAt === null || answeredAt < question.at);
  return { asks, replied, waitsSince: asks || isOnItsWay ? question.at : null, answeredAt };
}

function isQuestion({ status, message }: TransferEvent): boolean {
  return status === 'referral:on-hold' || (status.startsWith('referral:') && message !== undefined);
}

const UNANSWERED: readonly (ReferralStatus | null)[] = ['requested', 'received', 'on-hold', null];

/** The recipient has neither said yes nor no. Who took it in, or asks, has not answered. */
export function isUnanswered(referralStatus: ReferralStatus | null): boolean {
  return UNANSWERED.includes(referralStatus);
}

/**
 * An answer was expected by now, and there is none. A date that was over when the sender answered a question says nothing any more.
 *
 * @param now database time
 */
export function isLate(
  { status, referralStatus, answerExpectedBy }: Pick<Transfer, 'status' | 'referralStatus' | 'answerExpectedBy'>,
  { answeredAt }: Pick<LastWord, 'answeredAt'>,
  now: Instant,
): boolean {
  if (answerExpectedBy === null || (answeredAt !== null && answeredAt >= answerExpectedBy)) return false;
  const isOnItsWay = status === 'held' || status === 'queued' || status === 'sending' || status === 'delivered';
  return isOnItsWay && isUnanswered(referralStatus) && answerExpectedBy < now;
}
