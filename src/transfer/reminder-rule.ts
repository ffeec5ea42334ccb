import { addMs, type Instant } from '../kernel/clock.js';
import type { Transfer } from './transfer.js';
import { isUnanswered, type LastWord } from './whose-turn.js';

/** Of the gateway, in days; `most` reminders by itself for one transfer, 0: none. */
export interface ReminderSettings {
  /** After the delivery, where no date was set by which an answer is expected. */
  readonly afterDays: number;
  readonly everyDays: number;
  readonly most: number;
}

export const DAY_MS = 24 * 3_600_000;

/** Why nobody is reminded, whatever the hour. Stable codes. */
export const AGAINST_REMINDING = [
  'not-delivered',
  'answered',
  'quiet',
  'not-kept',
  'stop-using',
  'asked',
  'no-longer-permitted',
] as const;
export type AgainstReminding = (typeof AGAINST_REMINDING)[number];

/** Where a transfer stands, as far as a reminder depends on it. Times are the database's. */
export interface ReminderStanding
  extends
    Pick<Transfer, 'status' | 'referralStatus' | 'answerExpectedBy' | 'deliveredAt' | 'contentPurgedAt'>,
    Pick<LastWord, 'waitsSince' | 'answeredAt'> {
  readonly at: Instant;
  /** Reminders are switched off for this transfer. */
  readonly quiet: boolean;
  /** The recipient was told to stop using it. */
  readonly stopUsing: boolean;
  /** An operator stopped what leaves, to all or to this recipient. */
  readonly stopped: boolean;
  /** When the last one was decided on that left, or still may; null: none. */
  readonly lastAt: Instant | null;
  /** Periods that have had theirs. */
  readonly taken: readonly string[];
}

/** `paused`: it is the sender's turn. `never`: not until something changes. */
export type Reminding =
  | { readonly kind: 'due'; readonly period: string }
  | { readonly kind: 'later'; readonly at: Instant }
  | { readonly kind: 'paused' | 'never' };

/** While deliveries are stopped nothing falls due; somebody may start them again. */
const LOOK_AGAIN_MS = 3_600_000;

/**
 * Nobody is reminded of what did not arrive, of what they answered, of what they may not use or read any more, or where quiet
 * was asked for; nor while they wait for an answer themselves. Who did no more than take it in has not answered.
 */
export function againstReminding(standing: ReminderStanding): AgainstReminding | null {
  if (standing.status !== 'delivered' || standing.deliveredAt === null) return 'not-delivered';
  if (!isUnanswered(standing.referralStatus)) return 'answered';
  if (standing.quiet) return 'quiet';
  if (standing.contentPurgedAt !== null) return 'not-kept';
  if (standing.stopUsing) return 'stop-using';
  return standing.waitsSince === null ? null : 'asked';
}

/**
 * When Relais reminds by itself: once when the answer is late, then once for each further period, `most` times in all and
 * not after the last of these periods, whatever was missed. Between two reminders, one by hand among them, lies a whole
 * period at least. A question pauses this; what the sender answers starts it anew. Whether the transfer may still be used is
 * asked beside it.
 */
export function nextReminder(standing: ReminderStanding, settings: ReminderSettings): Reminding {
  const against = againstReminding(standing);
  if (against === 'asked') return { kind: 'paused' };
  if (against !== null || standing.deliveredAt === null) return { kind: 'never' };
  const { at, lastAt, taken, answeredAt, answerExpectedBy } = standing;
  const everyMs = settings.everyDays * DAY_MS;
  const lateAt = answerLateAt({ answerExpectedBy, since: answeredAt ?? standing.deliveredAt }, settings);
  const endsAt = addMs(lateAt, settings.most * everyMs);
  if (at >= endsAt) return { kind: 'never' };
  const later = (when: Instant): Reminding => (when < endsAt ? { kind: 'later', at: when } : { kind: 'never' });
  const rested = lastAt === null ? lateAt : addMs(lastAt, everyMs);
  const from = rested > lateAt ? rested : lateAt;
  if (at < from) return later(from);
  const passed = Math.floor((Date.parse(at) - Date.parse(lateAt)) / everyMs);
  const period = periodOf(passed + 1, answeredAt);
  if (taken.includes(period)) return later(addMs(lateAt, (passed + 1) * everyMs));
  if (standing.stopped) return later(addMs(at, LOOK_AGAIN_MS));
  return { kind: 'due', period };
}

/** The key of the how-manieth period: after an answer to a question with the day of that answer (UTC), for it begins anew. */
function periodOf(count: number, answeredAt: Instant | null): string {
  return answeredAt === null ? String(count) : `${count}.${answeredAt.slice(0, 10)}`;
}

/**
 * From when on an answer is late: the date that was set, or so many days since it was the recipient's turn, by the delivery
 * or by an answer to its question. A date that was over by then says nothing; and nobody is called late within a day.
 */
export function answerLateAt(
  { answerExpectedBy, since }: { readonly answerExpectedBy: Instant | null; readonly since: Instant },
  { afterDays }: Pick<ReminderSettings, 'afterDays'>,
): Instant {
  const isSet = answerExpectedBy !== null && answerExpectedBy > since;
  const expected = isSet ? answerExpectedBy : addMs(since, afterDays * DAY_MS);
  const aDayLater = addMs(since, DAY_MS);
  return expected > aDayLater ? expected : aDayLater;
}

/** By hand: a day after the last one at the earliest; null: at once. */
export function byHandFrom({ at, lastAt }: Pick<ReminderStanding, 'at' | 'lastAt'>): Instant | null {
  if (lastAt === null) return null;
  const from = addMs(lastAt, DAY_MS);
  return at < from ? from : null;
}

/** The key of a reminder by hand: its day (UTC), and where that has had one that did not leave, its number. */
export function periodByHand({ at, taken }: Pick<ReminderStanding, 'at' | 'taken'>): string {
  const day = at.slice(0, 10);
  const before = taken.filter((period) => period.startsWith(day)).length;
  return before === 0 ? day : `${day}.${before + 1}`;
}
