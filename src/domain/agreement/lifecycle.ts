import type { Instant } from '../../kernel/clock.js';
import type { Agreement, AgreementStatus } from './agreement.js';

/** What can happen to a version. `countersign` arrives when the last party has signed; `expire` is the calendar's. */
export const TRANSITIONS = {
  propose: { draft: 'proposed' },
  withdraw: { proposed: 'draft' },
  discard: { draft: 'terminated' },
  countersign: { proposed: 'active' },
  suspend: { active: 'suspended', suspended: 'suspended' },
  resume: { suspended: 'active' },
  terminate: { active: 'terminated', suspended: 'terminated' },
  leave: { active: 'active', suspended: 'suspended' },
  invite: { active: 'proposed' },
  expire: { active: 'expired', suspended: 'expired' },
} as const satisfies Record<string, Partial<Record<AgreementStatus, AgreementStatus>>>;

export type AgreementStep = keyof typeof TRANSITIONS;

/** @returns where the step leads, or null where there is no such step from here */
export function statusAfter(step: AgreementStep, from: AgreementStatus): AgreementStatus | null {
  const table: Partial<Record<AgreementStatus, AgreementStatus>> = TRANSITIONS[step];
  return table[from] ?? null;
}

/** The end comes with the calendar, without anybody's write. */
export function statusAt({ status, validUntil }: Agreement, at: Instant): AgreementStatus {
  const over = validUntil !== undefined && validUntil <= at;
  return (over ? statusAfter('expire', status) : null) ?? status;
}
