import { describe, expect, it } from 'vitest';
import type { Instant } from '../../src/kernel/clock.js';
import { REFERRAL_STATUSES, TRANSFER_STATUSES } from '../../src/transfer/status.js';
import { isLate, NEXT_STEPS, whoseTurn, WORK_GROUPS, type Standing } from '../../src/transfer/whose-turn.js';

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

it('late is what was expected by now, is on its way or there, and has no answer', () => {
  const day = '2026-02-09T00:00:00.000Z' as Instant;
  const [before, after] = ['2026-02-08T23:59:59.999Z', '2026-02-09T00:00:00.001Z'];
  const at = (now: string, status: Standing['status'], referralStatus: Standing['referralStatus'] = null): boolean =>
    isLate({ status, referralStatus, answerExpectedBy: day }, now);
  expect(at(before, 'delivered', 'received')).toBe(false);
  expect(at(after, 'delivered', 'received')).toBe(true);
  expect(at(after, 'delivered', 'on-hold')).toBe(true);
  expect(at(after, 'queued')).toBe(true);
  for (const referral of ['accepted', 'in-progress', 'completed', 'rejected'] as const)
    expect(at(after, 'delivered', referral)).toBe(false);
  for (const status of ['stopped', 'failed', 'refused', 'cancelled', 'needs-review'] as const)
    expect(at(after, status)).toBe(false);
  expect(isLate({ status: 'delivered', referralStatus: 'received', answerExpectedBy: null }, after)).toBe(false);
});
