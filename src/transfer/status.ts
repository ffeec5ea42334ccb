/**
 * Where a transfer stands. It only moves along these arrows; anything else is refused, so that late, duplicated and
 * reordered answers move it forward or not at all.
 *
 *   held → queued → sending → delivered → (referral: received … completed)
 *   held | queued → stopped (withdrawal) | cancelled (undo) | needs-review (what was approved may no longer leave)
 *   sending → queued (retry) | failed (dead letter)
 *   refused: never existed as a record on its way; kept because the person may read it.
 */
export const TRANSFER_STATUSES = [
  'held',
  'queued',
  'sending',
  'delivered',
  'refused',
  'stopped',
  'cancelled',
  'needs-review',
  'failed',
] as const;
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

/** FHIR R4 Task.status as the recipient reports it (Gravity SDOHCC uses all but `ready`). */
export const REFERRAL_STATUSES = [
  'requested',
  'received',
  'accepted',
  'rejected',
  'in-progress',
  'on-hold',
  'completed',
  'cancelled',
  'failed',
] as const;
export type ReferralStatus = (typeof REFERRAL_STATUSES)[number];

const NEXT: Readonly<Record<ReferralStatus, readonly ReferralStatus[]>> = {
  requested: ['received', 'accepted', 'rejected', 'on-hold', 'cancelled', 'failed'],
  received: ['accepted', 'rejected', 'on-hold', 'cancelled', 'failed'],
  'on-hold': ['received', 'accepted', 'rejected', 'in-progress', 'cancelled', 'failed'],
  accepted: ['in-progress', 'on-hold', 'completed', 'cancelled', 'failed'],
  'in-progress': ['on-hold', 'completed', 'cancelled', 'failed'],
  rejected: [],
  completed: [],
  cancelled: [],
  failed: [],
};

/** FHIR R4 and Gravity give no transition table; this one lets an answer be skipped but never undone. */
export function mayFollow(from: ReferralStatus, to: ReferralStatus): boolean {
  return NEXT[from].includes(to);
}

export function isReferralStatus(value: string): value is ReferralStatus {
  return (REFERRAL_STATUSES as readonly string[]).includes(value);
}
