import { describe, expect, it } from 'vitest';
import { addMs, instant, type Instant } from '../../src/kernel/clock.js';
import {
  againstReminding,
  answerLateAt,
  byHandFrom,
  DAY_MS,
  nextReminder,
  periodByHand,
  type ReminderSettings,
  type ReminderStanding,
} from '../../src/transfer/reminder-rule.js';

const DELIVERED = instant('2026-03-02T10:00:00Z');
const EXPECTED = instant('2026-03-09T17:00:00Z');
const SETTINGS: ReminderSettings = { afterDays: 7, everyDays: 7, most: 3 };
const days = (from: Instant, count: number): Instant => addMs(from, count * DAY_MS);

/** Delivered, expected a week later, and that week is over by a minute. */
const LATE: ReminderStanding = {
  at: addMs(EXPECTED, 60_000),
  status: 'delivered',
  referralStatus: 'requested',
  answerExpectedBy: EXPECTED,
  deliveredAt: DELIVERED,
  contentPurgedAt: null,
  waitsSince: null,
  answeredAt: null,
  quiet: false,
  stopUsing: false,
  stopped: false,
  lastAt: null,
  taken: [],
};
/** They asked; two days after the date the sender answered. */
const ANSWERED = { referralStatus: 'on-hold', answeredAt: days(EXPECTED, 2) } as const;
const said = (change: Partial<ReminderStanding>, settings: Partial<ReminderSettings> = {}): string => {
  const next = nextReminder({ ...LATE, ...change }, { ...SETTINGS, ...settings });
  return next.kind === 'due' ? `due ${next.period}` : next.kind === 'later' ? `later ${next.at}` : next.kind;
};

describe('a reminder is due', () => {
  it.each<[string, Partial<ReminderStanding>, string]>([
    ['once the date is over', {}, 'due 1'],
    ['at that very moment', { at: EXPECTED }, 'due 1'],
    ['though the recipient has taken it in', { referralStatus: 'received' }, 'due 1'],
    ['a week after the first', { at: days(EXPECTED, 7.1), lastAt: days(EXPECTED, 0.05), taken: ['1'] }, 'due 2'],
    ['two weeks after it', { at: days(EXPECTED, 14.2), lastAt: days(EXPECTED, 7.1), taken: ['1', '2'] }, 'due 3'],
    ['for the present period alone, whatever was missed', { at: days(EXPECTED, 15) }, 'due 3'],
    [
      'a whole period after one by hand',
      { at: days(EXPECTED, 4.1), lastAt: days(EXPECTED, -3), taken: ['2026-03-06'] },
      'due 1',
    ],
    ['a week after the delivery where no date was set', { answerExpectedBy: null, at: days(DELIVERED, 7) }, 'due 1'],
    [
      'so too where the date was over on arrival',
      { answerExpectedBy: days(DELIVERED, -1), at: days(DELIVERED, 7) },
      'due 1',
    ],
    [
      'a week after an answer to their question, where the date was over by then',
      { ...ANSWERED, at: days(ANSWERED.answeredAt, 7) },
      'due 1.2026-03-11',
    ],
    [
      'at the date, where it is after the answer to their question',
      { ...ANSWERED, answeredAt: days(EXPECTED, -4) },
      'due 1.2026-03-05',
    ],
    [
      'a day after that answer, where the date follows it at once',
      { ...ANSWERED, answeredAt: addMs(EXPECTED, -60_000), at: addMs(days(EXPECTED, 1), -60_000) },
      'due 1.2026-03-09',
    ],
    [
      'again, whatever they were reminded of before they asked',
      {
        ...ANSWERED,
        at: days(ANSWERED.answeredAt, 14.1),
        lastAt: days(ANSWERED.answeredAt, 7),
        taken: ['1', '1.2026-03-11'],
      },
      'due 2.2026-03-11',
    ],
    [
      'after they dropped their question, as if there had been none',
      { referralStatus: 'received', waitsSince: null },
      'due 1',
    ],
  ])('%s', (_when, change, expected) => {
    expect(said(change)).toBe(expected);
  });
});

describe('a reminder is not due', () => {
  it.each<[string, Partial<ReminderStanding>, string]>([
    ['before the date', { at: days(EXPECTED, -1) }, `later ${EXPECTED}`],
    ['before the default', { answerExpectedBy: null, at: days(DELIVERED, 6) }, `later ${days(DELIVERED, 7)}`],
    [
      'within a day of the delivery',
      { answerExpectedBy: addMs(DELIVERED, 60_000), at: days(DELIVERED, 0.5) },
      `later ${days(DELIVERED, 1)}`,
    ],
    [
      'before the date, and within a week of one by hand',
      { at: days(EXPECTED, -1), lastAt: days(EXPECTED, -2), taken: ['2026-03-07'] },
      `later ${days(EXPECTED, 5)}`,
    ],
    ['twice in a period', { lastAt: EXPECTED, taken: ['1'] }, `later ${days(EXPECTED, 7)}`],
    [
      'when its period has had one that could not leave',
      { at: days(EXPECTED, 2), taken: ['1'] },
      `later ${days(EXPECTED, 7)}`,
    ],
    [
      'within a period of one by hand',
      { at: days(EXPECTED, 1), lastAt: days(EXPECTED, -1), taken: ['2026-03-08'] },
      `later ${days(EXPECTED, 6)}`,
    ],
    ['after the last period', { at: days(EXPECTED, 21) }, 'never'],
    [
      'when its rest would end after the last period',
      { at: days(EXPECTED, 16), lastAt: days(EXPECTED, 15), taken: ['3'] },
      'never',
    ],
    ['while deliveries are stopped', { stopped: true }, `later ${addMs(LATE.at, 3_600_000)}`],
    ['before the delivery', { status: 'sending', deliveredAt: null, referralStatus: null }, 'never'],
    ['of what was cancelled', { status: 'cancelled', deliveredAt: null, referralStatus: null }, 'never'],
    ['of what was stopped', { status: 'stopped', deliveredAt: null, referralStatus: null }, 'never'],
    ['after a yes', { referralStatus: 'accepted' }, 'never'],
    ['after a no', { referralStatus: 'rejected' }, 'never'],
    ['while they wait for an answer to their question', { referralStatus: 'on-hold', waitsSince: DELIVERED }, 'paused'],
    ['while they wait for one to words alone', { referralStatus: 'received', waitsSince: DELIVERED }, 'paused'],
    [
      'while they wait for an answer to their second question',
      { ...ANSWERED, waitsSince: days(EXPECTED, 8) },
      'paused',
    ],
    [
      'within a week of the answer to their question',
      { ...ANSWERED, at: days(ANSWERED.answeredAt, 6.9) },
      `later ${days(ANSWERED.answeredAt, 7)}`,
    ],
    [
      'within a week of one before they asked',
      { ...ANSWERED, at: days(ANSWERED.answeredAt, 7), lastAt: days(ANSWERED.answeredAt, 0.5), taken: ['2'] },
      `later ${days(ANSWERED.answeredAt, 7.5)}`,
    ],
    ['after the last period since that answer', { ...ANSWERED, at: days(ANSWERED.answeredAt, 28) }, 'never'],
    ['of what they accepted with a question', { referralStatus: 'accepted', waitsSince: DELIVERED }, 'never'],
    ['of what is purged, though they asked', { waitsSince: DELIVERED, contentPurgedAt: EXPECTED }, 'never'],
    ['while they are on it', { referralStatus: 'in-progress' }, 'never'],
    ['after the outcome', { referralStatus: 'completed' }, 'never'],
    ['where reminders are off', { quiet: true }, 'never'],
    ['of what is purged', { contentPurgedAt: EXPECTED }, 'never'],
    ['of what is not to be used any more', { stopUsing: true }, 'never'],
  ])('%s', (_when, change, expected) => {
    expect(said(change)).toBe(expected);
  });

  it('by itself where the gateway sends none', () => {
    expect(said({}, { most: 0 })).toBe('never');
    expect(againstReminding(LATE)).toBeNull();
  });
});

it('an answer is late from the date on, by the settings where there is none', () => {
  const of = (answerExpectedBy: Instant | null) =>
    answerLateAt({ answerExpectedBy, since: DELIVERED }, { afterDays: 5 });
  expect(of(EXPECTED)).toBe(EXPECTED);
  expect(of(null)).toBe(days(DELIVERED, 5));
});

it('by hand it is a day after the last one, under a key of its day', () => {
  expect(byHandFrom({ at: LATE.at, lastAt: null })).toBeNull();
  expect(byHandFrom({ at: LATE.at, lastAt: addMs(LATE.at, 1 - DAY_MS) })).toBe(addMs(LATE.at, 1));
  expect(byHandFrom({ at: LATE.at, lastAt: addMs(LATE.at, -DAY_MS) })).toBeNull();
  expect(periodByHand({ at: LATE.at, taken: ['1', '2026-03-08'] })).toBe('2026-03-09');
  expect(periodByHand({ at: LATE.at, taken: ['2026-03-09'] })).toBe('2026-03-09.2');
});
