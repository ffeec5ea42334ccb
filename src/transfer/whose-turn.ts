import type { Transfer } from './ports.js';
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

/** Who spoke last in the thread: the recipient with words in it, or the sender in answer, by words or by what it sent. */
export function lastWord({ timeline, followedBy }: Pick<Transfer, 'timeline' | 'followedBy'>): {
  readonly asks: boolean;
  readonly replied: boolean;
} {
  const last = timeline.findLast(({ status }) => status === 'message' || status.startsWith('referral:'));
  const replied =
    last !== undefined && (last.status === 'message' || followedBy.some(({ requestedAt }) => requestedAt > last.at));
  return { asks: !replied && last?.message !== undefined, replied };
}

/** The last that the recipient said has words in it. */
export function asks({ timeline }: Pick<Transfer, 'timeline'>): boolean {
  return timeline.findLast(({ status }) => status.startsWith('referral:'))?.message !== undefined;
}

const UNANSWERED: readonly (ReferralStatus | null)[] = ['requested', 'received', 'on-hold', null];

/** An answer was expected by now, and there is none. @param now database time */
export function isLate(
  transfer: Pick<Transfer, 'status' | 'referralStatus' | 'answerExpectedBy'>,
  now: string,
): boolean {
  const { status, referralStatus, answerExpectedBy } = transfer;
  const isOnItsWay = status === 'held' || status === 'queued' || status === 'sending' || status === 'delivered';
  return isOnItsWay && UNANSWERED.includes(referralStatus) && answerExpectedBy !== null && answerExpectedBy < now;
}
