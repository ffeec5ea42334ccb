import type { PartnerTest } from './partner-ports.js';
import type { Partner } from './ports.js';

/** What it takes until a partner can be sent its first record, in this order. */
export const ONBOARDING_STEPS = ['organization', 'agreement', 'keys', 'endpoint', 'test'] as const;

export interface OnboardingStep {
  readonly step: (typeof ONBOARDING_STEPS)[number];
  /** `outdated`: it was done, and something has changed since; `none`: this partner does not need it. */
  readonly state: 'done' | 'missing' | 'under-way' | 'failed' | 'outdated' | 'none';
}

/**
 * Where a partner's onboarding stands. Pure.
 *
 * @param agreement between the operator's organization and the partner's; `own`: they are the same
 */
export function onboardingOf(of: {
  readonly partner: Partner;
  readonly agreement: 'own' | 'in-force' | 'under-way' | 'none';
  readonly lastTest: PartnerTest | null;
}): readonly OnboardingStep[] {
  const { partner, agreement, lastTest } = of;
  const isGuest = partner.guest !== undefined;
  // The software of the operator's own organization sends; it need not receive.
  const needsEndpoint = !isGuest && agreement !== 'own';
  const hasEndpoint = partner.endpoint !== undefined;
  const states: Record<OnboardingStep['step'], OnboardingStep['state']> = {
    organization: 'done',
    agreement: ({ own: 'none', 'in-force': 'done', 'under-way': 'under-way', none: 'missing' } as const)[agreement],
    // A partner is not registered without them, but those of a guest, who has none, and a set that cannot be read.
    keys: isGuest ? 'none' : keysFailed(lastTest) ? 'failed' : 'done',
    endpoint: hasEndpoint ? 'done' : needsEndpoint ? 'missing' : 'none',
    test: hasEndpoint ? stateOf(lastTest) : needsEndpoint ? 'missing' : 'none',
  };
  return ONBOARDING_STEPS.map((step) => ({ step, state: states[step] }));
}

function keysFailed(test: PartnerTest | null): boolean {
  return test?.steps.some(({ step, result }) => step === 'keys' && result === 'failed') === true;
}

function stateOf(test: PartnerTest | null): OnboardingStep['state'] {
  if (test === null) return 'missing';
  if (test.state === 'running') return 'under-way';
  if (!test.current) return 'outdated';
  return test.state === 'passed' ? 'done' : test.state === 'failed' ? 'failed' : 'missing';
}
