// Safeguards of the reminders, each taken out of the sources: some test must be red. Same shape as links.mjs.
const RULE = 'src/transfer/reminder-rule.ts';
const ISSUE = 'src/transfer/issue-reminder.ts';
const DELIVER = 'src/transfer/deliver-reminder.ts';
const BY_HAND = 'src/transfer/remind-by-hand.ts';
const RULE_TESTS = 'test/transfer/reminder-rule.test.ts';
const STORE_TESTS = 'test/adapters/store/reminders.test.ts';
const TESTS = 'test/http/reminders.test.ts';

const rule = (name, safeguard, text, instead, tests) => [name, safeguard, [RULE, '', text], instead, RULE_TESTS, tests];
const issue = (name, safeguard, text, instead, tests) => [name, safeguard, [ISSUE, '', text], instead, TESTS, tests];
const deliver = (name, safeguard, text, instead, tests) => [
  name,
  safeguard,
  [DELIVER, '', text],
  instead,
  TESTS,
  tests,
];

export const REMINDER_MUTANTS = [
  rule(
    'reminded-though-answered',
    'no reminder after an answer',
    '!isUnanswered || asks',
    'asks',
    'after a yes|after a no',
  ),
  rule('reminded-though-asked', 'a question in words is an answer', ' || asks', '', 'a question in words alone'),
  rule(
    'reminded-against-quiet',
    'reminders can be switched off',
    `if (standing.quiet) return 'quiet';`,
    '',
    'reminders are off',
  ),
  rule(
    'reminded-of-the-purged',
    'no reminder of what is purged',
    `if (standing.contentPurgedAt !== null) return 'not-kept';`,
    '',
    'is purged',
  ),
  rule(
    'reminded-after-stop-using',
    'no reminder of what is not to be used',
    `if (standing.stopUsing) return 'stop-using';`,
    '',
    'not to be used',
  ),
  rule(
    'reminded-while-stopped',
    'nothing falls due while deliveries are stopped',
    'if (standing.stopped) return',
    'if (standing.stopped && false) return',
    'deliveries are stopped',
  ),
  rule(
    'reminded-without-end',
    'a few times, and not after',
    `if (at >= endsAt) return { kind: 'never' };`,
    '',
    'after the last period',
  ),
  rule(
    'reminded-without-rest',
    'a period between two reminders',
    'if (at < rested) return later(rested);',
    '',
    'of one by hand',
  ),
  rule('reminded-twice-in-a-period', 'one of a period', 'if (taken.includes(period))', 'if (false)', 'could not leave'),
  rule(
    'reminded-on-arrival',
    'none within a day of the delivery',
    'return expected > aDayLater ? expected : aDayLater;',
    'return expected;',
    'within a day of the delivery',
  ),
  issue(
    'reminded-without-deciding',
    'the transfer is decided on again',
    `if (decision.outcome === 'deny') return 'no-longer-permitted';`,
    `if (decision.outcome === 'deny') return null;`,
    'while the person objects|agreement is suspended',
  ),
  issue(
    'reminded-of-what-shrank',
    'nor of what the file keeps back by now',
    `return lost.length === 0 ? null : 'no-longer-permitted';`,
    'return null;',
    'what the file marks',
  ),
  issue(
    'reminded-of-the-erased',
    'nor of what nobody can open',
    `if (received === null) return 'not-kept';`,
    'if (received === null) return null;',
    'purged, or the person erased',
  ),
  issue(
    'reminded-by-a-closed-link',
    'nor a guest whose link was taken back',
    `?.state === 'revoked'`,
    `?.state === undefined`,
    'gets one mail',
  ),
  deliver(
    'sent-without-deciding',
    'decided again before it leaves',
    'if (against !== null) return against;',
    '',
    'an answer that came meanwhile|a withdrawal, quiet',
  ),
  deliver(
    'sent-past-an-answer',
    'and once more right before the first byte',
    'return isStillRight && ',
    'return ',
    'while the door is opened',
  ),
  deliver(
    'sent-without-intent',
    'intent before the first byte',
    `await tx.audit({ ...fact(prepared, 'reminder.intent', { attempt }), requestId: prepared.requestId });`,
    '',
    'once when the date is over|log takes no entry',
  ),
  deliver(
    'sent-under-another-key',
    'the same key on every try',
    'idempotencyKey: key',
    'idempotencyKey: `${key}.${announced.attempt}`',
    'under the same key',
  ),
  deliver(
    'sent-after-a-crash',
    'who cannot be asked is not asked twice in doubt',
    `unsure && partner.endpoint?.idempotency === 'none'`,
    'false',
    'whose worker vanished|honours no keys',
  ),
  deliver(
    'sent-too-late',
    'nor what waited for three days',
    `if (state.at > addMs(issuedAt, STALE_MS)) return 'too-old';`,
    '',
    'three days of waiting',
  ),
  [
    'by-hand-without-rest',
    'by hand once a day',
    [BY_HAND, '', `if (from !== null) throw refused('too-soon', { from });`],
    '',
    TESTS,
    'once for a key, and again',
  ],
  [
    'by-hand-twice',
    'the same request acts once',
    [BY_HAND, '', `if (reserved.kind === 'new') {`],
    '{',
    TESTS,
    'once for a key, and again',
  ],
  [
    'two-reminders-of-a-period',
    'the key of the period',
    ['src/adapters/store/migrations/0034_reminders.sql', '', `,\n  unique (transfer_id, period)`],
    '',
    STORE_TESTS,
    'one reminder of a period',
  ],
  [
    'answer-in-between',
    'the lock that an answer takes too',
    ['src/adapters/store/notices/reminders.ts', '', ' for update'],
    '',
    STORE_TESTS,
    'before or after',
  ],
  [
    'looked-at-by-two',
    'one worker looks at one',
    ['src/adapters/store/notices/take-unanswered.ts', '', ' for update skip locked'],
    '',
    STORE_TESTS,
    'to one worker',
  ],
  [
    'announced-to-who-rests',
    'announcements wait for a partner that rests',
    ['src/adapters/store/dispatch/announcements.ts', '', ' || partner.rests_until !== null'],
    '',
    'test/transfer/delivery-control.test.ts',
    'gets no announcement',
  ],
];
