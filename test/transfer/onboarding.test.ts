import { describe, expect, it } from 'vitest';
import { instant } from '../../src/kernel/clock.js';
import type { PartnerTestId } from '../../src/kernel/ids.js';
import { onboardingOf } from '../../src/transfer/onboarding.js';
import type { PartnerTest, ProbeStep } from '../../src/transfer/partner-ports.js';
import type { Partner } from '../../src/transfer/partner.js';

const endpoint = { url: 'https://a.example', tokenUrl: 'https://a.example/t', clientId: 'r', scope: 's' };
const system = { endpoint: { ...endpoint, idempotency: 'key' } } as unknown as Partner;
const silent = {} as Partner;
const guest = { guest: { email: 'a@b.example' } } as unknown as Partner;
const keysFailed: ProbeStep = { step: 'keys', result: 'failed', cause: 'keys-unreadable', ms: 1 };

function test(state: PartnerTest['state'], more: Partial<PartnerTest> = {}): PartnerTest {
  const startedAt = instant('2026-02-09T10:00:00Z');
  return { id: 'x' as PartnerTestId, startedAt, state, steps: [], current: true, ...more };
}

describe('what a partner’s onboarding lacks', () => {
  const cases: readonly [string, Parameters<typeof onboardingOf>[0], string][] = [
    ['nothing', { partner: system, agreement: 'in-force', lastTest: test('passed') }, 'done done done done done'],
    [
      'everything but keys',
      { partner: silent, agreement: 'none', lastTest: null },
      'done missing done missing missing',
    ],
    [
      'a test of the address as it is now',
      { partner: system, agreement: 'in-force', lastTest: test('passed', { current: false }) },
      'done done done done outdated',
    ],
    [
      'a test that passed',
      { partner: system, agreement: 'under-way', lastTest: test('failed') },
      'done under-way done done failed',
    ],
    [
      'the end of a test',
      { partner: system, agreement: 'in-force', lastTest: test('running') },
      'done done done done under-way',
    ],
    [
      'a test that was not cut off',
      { partner: system, agreement: 'in-force', lastTest: test('interrupted') },
      'done done done done missing',
    ],
    [
      'keys that can be read',
      { partner: system, agreement: 'in-force', lastTest: test('failed', { steps: [keysFailed] }) },
      'done done failed done failed',
    ],
    [
      'of one’s own software: nothing',
      { partner: silent, agreement: 'own', lastTest: null },
      'done none done none none',
    ],
    [
      'of a guest: an agreement and a test notice',
      { partner: guest, agreement: 'none', lastTest: null },
      'done missing done missing',
    ],
    [
      'of a guest whose notice was taken: nothing',
      { partner: guest, agreement: 'in-force', lastTest: test('passed') },
      'done done done done',
    ],
    [
      'of a guest whose address has changed: another notice',
      { partner: guest, agreement: 'own', lastTest: test('passed', { current: false }) },
      'done none done outdated',
    ],
  ];
  it('is of a guest nothing that only a system has', () => {
    const steps = onboardingOf({ partner: guest, agreement: 'none', lastTest: null }).map(({ step }) => step);
    expect(steps).toEqual(['organization', 'agreement', 'contact', 'notice']);
  });

  it.each(cases)('%s', (_name, of, states) => {
    expect(
      onboardingOf(of)
        .map(({ state }) => state)
        .join(' '),
    ).toBe(states);
  });
});
