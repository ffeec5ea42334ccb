import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant } from '../../../src/kernel/clock.js';
import type { ConsentId, PersonId } from '../../../src/kernel/ids.js';
import { evaluateConsent } from '../../../src/domain/consent/evaluate.js';
import { stateDecisions, withoutSuperseded, type RecordedDecision } from '../../../src/domain/consent/supersede.js';
import type { ConsentRule } from '../../../src/domain/consent/terms.js';
import { AT, consent, RECIPIENT, STRANGER } from '../../support/terms.js';

const rule = (changes: Partial<ConsentRule> = {}): ConsentRule => ({
  type: 'permit',
  recipients: [RECIPIENT],
  purposes: ['HOUSING'],
  labels: ['identity', 'housing'],
  ...changes,
});
const decision = (id: string, day: string, changes: Partial<RecordedDecision> = {}): RecordedDecision => ({
  ...consent({ id: id as ConsentId, decidedAt: instant(`2026-01-${day}`), rules: [rule()] }),
  decisionMakers: ['Patient/p'],
  supersedes: [],
  ...changes,
});
const no = { rules: [rule({ type: 'deny' })] };
const replacingA = { supersedes: ['a'] };
const states = (...decisions: RecordedDecision[]): string =>
  stateDecisions(decisions, AT)
    .map(({ decision: { id }, state }) => `${id} ${state}`)
    .join(', ');
const permits = (...decisions: RecordedDecision[]): boolean => {
  const answers = withoutSuperseded(decisions, AT).map((one) =>
    evaluateConsent(one, { at: AT, recipient: RECIPIENT, purpose: 'HOUSING' }),
  );
  const denied = answers.reduce((mask, answer) => mask | answer.denied, 0);
  return (answers.reduce((mask, answer) => mask | answer.permitted, 0) & ~denied) !== 0;
};

describe('of two decisions', () => {
  const yes = decision('a', '01');
  const refusal = decision('a', '01', no);
  test.each<[string, RecordedDecision[], string, boolean]>([
    ['both stand when nothing was confirmed', [yes, decision('b', '02')], 'a in-force, b in-force', true],
    ['a later no beside a yes wins', [yes, decision('b', '02', no)], 'a in-force, b in-force', false],
    ['a later yes beside a no does not win', [refusal, decision('b', '02')], 'a in-force, b in-force', false],
    [
      'a later yes that was confirmed replaces a no',
      [refusal, decision('b', '02', replacingA)],
      'a superseded, b in-force',
      true,
    ],
    [
      'a later no that was confirmed replaces a yes',
      [yes, decision('b', '02', { ...no, ...replacingA })],
      'a superseded, b in-force',
      false,
    ],
    [
      'an earlier one replaces nothing',
      [decision('a', '03', no), decision('b', '02', replacingA)],
      'a in-force, b in-force',
      false,
    ],
    ['nor does one of the same moment', [refusal, decision('b', '01', replacingA)], 'a in-force, b in-force', false],
    [
      'nor one of the future',
      [refusal, decision('b', '02', { ...replacingA, decidedAt: instant('2026-02-11') })],
      'a in-force, b in-force',
      false,
    ],
    [
      'nor one by somebody else',
      [refusal, decision('b', '02', { ...replacingA, decisionMakers: ['RelatedPerson/r'] })],
      'a in-force, b in-force',
      false,
    ],
    [
      'nor one by the same with somebody else',
      [refusal, decision('b', '02', { ...replacingA, decisionMakers: ['Patient/p', 'RelatedPerson/r'] })],
      'a in-force, b in-force',
      false,
    ],
    [
      'nor one by nobody',
      [decision('a', '01', { ...no, decisionMakers: [] }), decision('b', '02', { ...replacingA, decisionMakers: [] })],
      'a in-force, b in-force',
      false,
    ],
    [
      'nor one for another person',
      [refusal, decision('b', '02', { ...replacingA, personId: 'q' as PersonId })],
      'a in-force, b in-force',
      false,
    ],
    [
      'nor one about another recipient',
      [refusal, decision('b', '02', { ...replacingA, rules: [rule({ recipients: [STRANGER] })] })],
      'a in-force, b in-force',
      false,
    ],
    [
      'nor one about another purpose',
      [refusal, decision('b', '02', { ...replacingA, rules: [rule({ purposes: ['COC'] })] })],
      'a in-force, b in-force',
      false,
    ],
    [
      'nor one about fewer recipients',
      [decision('a', '01', { rules: [{ type: 'deny' }] }), decision('b', '02', replacingA)],
      'a in-force, b in-force',
      false,
    ],
    [
      'one about more recipients does',
      [refusal, decision('b', '02', { ...replacingA, rules: [rule({ recipients: [RECIPIENT, STRANGER] })] })],
      'a superseded, b in-force',
      true,
    ],
    [
      'one that cannot be read replaces no refusal',
      [refusal, decision('b', '02', { ...replacingA, status: 'unreadable', rules: [] })],
      'a in-force, b in-force',
      false,
    ],
    [
      'and is replaced by nothing',
      [decision('a', '01', { status: 'unreadable', rules: [] }), decision('b', '02', replacingA)],
      'a in-force, b in-force',
      false,
    ],
    ['a withdrawn one ends', [decision('a', '01', { status: 'inactive' })], 'a withdrawn', false],
    [
      'a yes that was replaced does not come back when the later is withdrawn',
      [yes, decision('b', '02', { ...replacingA, status: 'inactive' })],
      'a superseded, b withdrawn',
      false,
    ],
    [
      'not even when the later can no longer be read',
      [yes, decision('b', '02', { ...replacingA, status: 'inactive', rules: [] })],
      'a superseded, b withdrawn',
      false,
    ],
    [
      'a no that was replaced stands again when the later is withdrawn',
      [refusal, decision('b', '02', { ...replacingA, status: 'inactive' })],
      'a refusal-stands-again, b withdrawn',
      false,
    ],
    [
      'and when the later is over',
      [refusal, decision('b', '02', { ...replacingA, rules: [rule({ until: instant('2026-02-01') })] })],
      'a refusal-stands-again, b in-force',
      false,
    ],
    [
      'a recorded refusal stands again too',
      [decision('a', '01', { status: 'rejected' }), decision('b', '02', { ...replacingA, status: 'inactive' })],
      'a refusal-stands-again, b withdrawn',
      false,
    ],
  ])('%s', (_, decisions, expected, permitted) => {
    expect(states(...decisions)).toBe(expected);
    expect(states(...[...decisions].reverse())).toBe(expected.split(', ').reverse().join(', '));
    expect(permits(...decisions)).toBe(permitted);
  });
});

describe('of a chain', () => {
  const b = decision('b', '02', replacingA);
  const c = (changes: Partial<RecordedDecision> = {}) => decision('c', '03', { supersedes: ['b'], ...changes });
  test('only the last stands', () => {
    expect(states(decision('a', '01', no), b, c())).toBe('a superseded, b superseded, c in-force');
  });
  test('a refusal at its beginning stands again when its last is withdrawn', () => {
    expect(states(decision('a', '01', no), b, c({ status: 'inactive' }))).toBe(
      'a refusal-stands-again, b superseded, c withdrawn',
    );
  });
  test('decisions that name one another end in one answer', () => {
    expect(states(decision('a', '01', { ...no, supersedes: ['b'] }), b)).toBe('a superseded, b in-force');
    expect(states(decision('a', '01', { ...no, supersedes: ['a'] }))).toBe('a in-force');
  });
});

test('of a decision with both, only what it denied comes back', () => {
  const mixed = decision('a', '01', { rules: [rule({ exceptions: [{ type: 'deny', labels: ['health'] }] })] });
  const [first] = stateDecisions([mixed, decision('b', '02', { ...replacingA, status: 'inactive' })], AT);
  expect(first?.state).toBe('refusal-stands-again');
  expect(first?.decision.rules).toEqual([
    { type: 'deny', recipients: [RECIPIENT], purposes: ['HOUSING'], labels: ['health'] },
  ]);
});

test('whatever was confirmed, a yes comes only from a decision that nobody withdrew or replaced', () => {
  const ids = ['a', 'b', 'c', 'd'];
  const one = fc.record({
    type: fc.constantFrom('permit' as const, 'deny' as const),
    status: fc.constantFrom('active' as const, 'inactive' as const, 'rejected' as const),
    day: fc.constantFrom('01', '02', '03', '04'),
    supersedes: fc.subarray(ids),
    ended: fc.boolean(),
  });
  const all = fc.tuple(one, one, one, one).map((parts) =>
    parts.map(({ type, status, day, supersedes, ended }, index) =>
      decision(ids[index] ?? '', day, {
        status,
        supersedes,
        rules: [rule({ type, ...(ended && { until: instant('2026-02-01') }) })],
      }),
    ),
  );
  fc.assert(
    fc.property(all, (decisions) => {
      const stated = stateDecisions(decisions, AT);
      expect(stated).toHaveLength(4);
      if (!permits(...decisions)) return;
      const standing = stated.filter(({ state }) => state === 'in-force').map((each) => each.decision);
      expect(permits(...standing)).toBe(true);
      // And no refusal in its time is left that nothing lasting replaced.
      const open = decisions.filter(
        ({ id, status, rules }) =>
          (status === 'rejected' || (status === 'active' && rules[0]?.type === 'deny')) &&
          rules[0]?.until === undefined &&
          !decisions.some((later) => later.status !== 'inactive' && later.supersedes?.includes(id)),
      );
      expect(open).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});
