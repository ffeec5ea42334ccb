import type { PartnerTest } from './partner-ports.js';
import type { Partner } from './partner.js';

/** What it takes until a partner can be sent its first record, in this order. */
const SYSTEM_STEPS = ['organization', 'agreement', 'keys', 'endpoint', 'test'] as const;
/** The same of a guest: no system, but an address that takes notices. */
const GUEST_STEPS = ['organization', 'agreement', 'contact', 'notice'] as const;
export const ONBOARDING_STEPS = ['organization', 'agreement', 'keys', 'endpoint', 'test', 'contact', 'notice'] as const;

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
  // The software of the operator's own organization sends; it need not receive.
  const needsEndpoint = agreement !== 'own';
  const hasEndpoint = partner.endpoint !== undefined;
  const states: Record<OnboardingStep['step'], OnboardingStep['state']> = {
    organization: 'done',
    agreement: ({ own: 'none', 'in-force': 'done', 'under-way': 'under-way', none: 'missing' } as const)[agreement],
    // A partner is not registered without them, but a set may be one that cannot be read.
    keys: keysFailed(lastTest) ? 'failed' : 'done',
    endpoint: hasEndpoint ? 'done' : needsEndpoint ? 'missing' : 'none',
    test: hasEndpoint ? stateOf(lastTest) : needsEndpoint ? 'missing' : 'none',
    // Nor is a guest registered without a contact.
    contact: 'done',
    notice: stateOf(lastTest),
  };
  return (partner.guest === undefined ? SYSTEM_STEPS : GUEST_STEPS).map((step) => ({ step, state: states[step] }));
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
