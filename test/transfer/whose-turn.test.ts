import { describe, expect, it } from 'vitest';
import type { Instant } from '../../src/kernel/clock.js';
import { REFERRAL_STATUSES, TRANSFER_STATUSES } from '../../src/transfer/status.js';
import { isLate, lastWord, NEXT_STEPS, whoseTurn, WORK_GROUPS, type Standing } from '../../src/transfer/whose-turn.js';

type Row = readonly [
  Standing['status'],
  Standing['referralStatus'],
  '' | 'overdue' | 'asks' | 'replied' | 'overdue asks' | 'overdue replied' | 'code' | 'overdue code',
  string,
];

const SENDER: readonly Row[] = [
  ['held', null, '', 'waiting await-delivery'],
  ['queued', null, '', 'waiting await-delivery'],
  ['sending', null, '', 'waiting await-delivery'],
  ['queued', null, 'overdue', 'needs-action late'],
  ['needs-review', null, '', 'needs-action review'],
  ['failed', null, '', 'needs-action failed'],
  ['stopped', null, 'overdue', 'needs-action stopped'],
  ['refused', null, '', 'answered none'],
  ['cancelled', null, '', 'answered none'],
  ['delivered', 'requested', '', 'waiting await-answer'],
  ['delivered', 'received', '', 'waiting await-answer'],
  ['delivered', 'received', 'overdue', 'needs-action late'],
  ['delivered', 'received', 'asks', 'needs-action read-answer'],
  ['delivered', 'requested', 'overdue asks', 'needs-action read-answer'],
  ['delivered', 'on-hold', '', 'needs-action read-answer'],
  ['delivered', 'on-hold', 'asks', 'needs-action read-answer'],
  ['delivered', 'on-hold', 'replied', 'waiting await-answer'],
  ['delivered', 'on-hold', 'overdue replied', 'needs-action late'],
  ['delivered', 'rejected', 'asks', 'needs-action read-answer'],
  ['delivered', 'cancelled', '', 'needs-action read-answer'],
  ['delivered', 'failed', '', 'needs-action read-answer'],
  ['delivered', 'accepted', 'asks', 'answered await-outcome'],
  ['delivered', 'in-progress', '', 'answered await-outcome'],
  ['delivered', 'completed', 'asks', 'answered none'],
  ['delivered', 'requested', 'overdue code', 'needs-action tell-code'],
  ['delivered', 'accepted', 'code', 'needs-action tell-code'],
  ['stopped', null, 'code', 'needs-action stopped'],
];
const RECIPIENT: readonly Row[] = [
  ['delivered', null, '', 'needs-action answer'],
  ['delivered', 'requested', '', 'needs-action answer'],
  ['delivered', 'received', 'overdue', 'needs-action answer'],
  ['delivered', 'received', 'asks', 'waiting await-sender'],
  ['delivered', 'received', 'overdue asks', 'needs-action answer'],
  ['delivered', 'on-hold', '', 'waiting await-sender'],
  ['delivered', 'on-hold', 'overdue', 'needs-action answer'],
  ['delivered', 'on-hold', 'replied', 'needs-action answer'],
  ['delivered', 'accepted', '', 'waiting report-outcome'],
  ['delivered', 'in-progress', '', 'waiting report-outcome'],
  ['delivered', 'completed', '', 'answered none'],
  ['delivered', 'rejected', '', 'answered none'],
  ['delivered', 'cancelled', '', 'answered none'],
  ['delivered', 'failed', '', 'answered none'],
];

describe.each([
  ['sender', SENDER],
  ['recipient', RECIPIENT],
] as const)('whose turn it is, seen by the %s', (viewedAs, rows) => {
  it.each(rows)('%s, referral %s, %s: %s', (status, referralStatus, facts, expected) => {
    const { group, next } = whoseTurn({
      viewedAs,
      status,
      referralStatus,
      isOverdue: facts.includes('overdue'),
      asks: facts.includes('asks'),
      wantsCode: facts.includes('code'),
      replied: facts.includes('replied'),
    });
    expect(`${group} ${next}`).toBe(expected);
  });
});

it('every standing has its turn, and every code of a turn is used', () => {
  const used = new Set<string>();
  for (const viewedAs of ['sender', 'recipient'] as const)
    for (const status of TRANSFER_STATUSES)
      for (const referralStatus of [null, ...REFERRAL_STATUSES])
        for (const isOverdue of [false, true])
          for (const [asks, replied] of [
            [false, false],
            [true, false],
            [false, true],
          ] as const)
            for (const wantsCode of [false, true]) {
              const { group, next } = whoseTurn({
                viewedAs,
                status,
                referralStatus,
                isOverdue,
                asks,
                replied,
                wantsCode,
              });
              expect(WORK_GROUPS).toContain(group);
              used.add(next);
            }
  expect([...used].sort()).toEqual([...NEXT_STEPS].sort());
});

describe('the last word', () => {
  const AT = (hour: number): Instant => `2026-02-09T${String(hour).padStart(2, '0')}:00:00.000Z` as Instant;
  type Said = readonly [hour: number, status: string, words?: string];
  type Sent = readonly [requestedAt: number, deliveredAt: number | null];
  const wordOf = (said: readonly Said[], sent: readonly Sent[] = []) =>
    lastWord({
      timeline: said.map(([hour, status, message]) => ({
        at: AT(hour),
        status: status as 'delivered',
        actor: { type: 'system', id: 'test', organizationId: null },
        reasons: [],
        ...(message !== undefined && { message }),
      })),
      followedBy: sent.map(([requested, delivered]) => ({
        id: '' as never,
        reference: '',
        taskId: '' as never,
        requestedAt: AT(requested),
        deliveredAt: delivered === null ? null : AT(delivered),
      })),
    });
  const ASKED: Said = [2, 'referral:on-hold', 'Which payslip?'];

  it.each<[string, readonly Said[], readonly Sent[], string]>([
    ['nothing was said', [[1, 'delivered']], [], ''],
    ['it was taken in', [[2, 'referral:received']], [], ''],
    ['a question', [ASKED], [], 'asks since 2'],
    ['on hold without a word', [[2, 'referral:on-hold']], [], 'asks since 2'],
    ['words beside the state', [[2, 'referral:received', 'Which?']], [], 'asks since 2'],
    ['a reminder says nothing', [ASKED, [3, 'reminder:sent']], [], 'asks since 2'],
    ['answered in words', [ASKED, [3, 'message', 'January.']], [], 'replied answered 3'],
    ['in the same instant', [ASKED, [2, 'message', 'January.']], [], 'replied answered 2'],
    ['answered by what was sent', [ASKED], [[3, 4]], 'replied answered 4'],
    ['which has not arrived', [ASKED], [[3, null]], 'replied since 2'],
    ['words came meanwhile', [ASKED, [3, 'message', 'It follows.']], [[4, null]], 'replied answered 3'],
    ['and then what was sent', [ASKED, [3, 'message', 'It follows.']], [[4, 5]], 'replied answered 5'],
    ['sent before they asked', [ASKED], [[1, 1]], 'asks since 2 answered 1'],
    [
      'they ask again',
      [ASKED, [3, 'message', 'January.'], [4, 'referral:on-hold', 'And December?']],
      [],
      'asks since 4 answered 3',
    ],
    ['they drop it', [ASKED, [3, 'referral:received']], [], ''],
    [
      'they take it in after the answer',
      [ASKED, [3, 'message', 'January.'], [4, 'referral:received']],
      [],
      'replied answered 3',
    ],
  ])('%s', (_when, said, sent, expected) => {
    const { asks, replied, waitsSince, answeredAt } = wordOf(said, sent);
    const hour = (at: Instant | null): number => Number(at?.slice(11, 13));
    const parts = [
      ...(asks ? ['asks'] : []),
      ...(replied ? ['replied'] : []),
      ...(waitsSince === null ? [] : [`since ${hour(waitsSince)}`]),
      ...(answeredAt === null ? [] : [`answered ${hour(answeredAt)}`]),
    ];
    expect(parts.join(' ')).toBe(expected);
  });
});

it('late is what was expected by now, is on its way or there, and has no answer', () => {
  const day = '2026-02-09T00:00:00.000Z' as Instant;
  const [before, after] = ['2026-02-08T23:59:59.999Z' as Instant, '2026-02-09T00:00:00.001Z' as Instant];
  const never = { answeredAt: null };
  const at = (now: Instant, status: Standing['status'], referralStatus: Standing['referralStatus'] = null): boolean =>
    isLate({ status, referralStatus, answerExpectedBy: day }, never, now);
  expect(at(before, 'delivered', 'received')).toBe(false);
  expect(at(after, 'delivered', 'received')).toBe(true);
  expect(at(after, 'delivered', 'on-hold')).toBe(true);
  expect(at(after, 'queued')).toBe(true);
  for (const referral of ['accepted', 'in-progress', 'completed', 'rejected'] as const)
    expect(at(after, 'delivered', referral)).toBe(false);
  for (const status of ['stopped', 'failed', 'refused', 'cancelled', 'needs-review'] as const)
    expect(at(after, status)).toBe(false);
  expect(isLate({ status: 'delivered', referralStatus: 'received', answerExpectedBy: null }, never, after)).toBe(false);
  // A date that was over when the sender answered says nothing; one that was still to come does.
  const asked = { status: 'delivered', referralStatus: 'on-hold', answerExpectedBy: day } as const;
  expect(isLate(asked, { answeredAt: after }, '2026-03-01T00:00:00.000Z' as Instant)).toBe(false);
  expect(isLate(asked, { answeredAt: before }, after)).toBe(true);
});
