import type { Actor } from '../../kernel/actor.js';
import type { AuditEntryId, ConsentId, OrganizationId, PersonId, TransferId } from '../../kernel/ids.js';

/** What happened. Stable codes, append only. */
export const AUDIT_ACTIONS = [
  'case.stored',
  'case.read',
  'consent.recorded',
  'consent.withdrawn',
  'agreement.changed',
  'transfer.permitted',
  'transfer.refused',
  'transfer.needs-review',
  'transfer.stopped',
  'transfer.cancelled',
  'disclosure.intent',
  'disclosure.sent',
  'disclosure.failed',
  'disclosure.received',
  'transfer.abandoned',
  'referral.updated',
  'report.read',
  'person.searched',
  'import.finished',
  'partner.changed',
  'staff.signed-in',
  'access.refused',
  'content.purged',
  'person.erased',
  'transfer.previewed',
  'agreement.step',
  'agreement.expired',
  'agreement.original-stored',
  'break-glass.read',
  'break-glass.reviewed',
  'notice.deferred',
  'notice.confirmed',
  'notice.lifted',
  'consent.refused',
  'consent.evidence-recorded',
  'notice.issued',
  'notice.delivered',
  'notice.answered',
  'notice.overdue',
  'contest.recorded',
  'contest.answered',
  'contest.overdue',
  'transfer.read',
  'transfer.searched',
  'consent.read',
  'consent.searched',
  'contest.searched',
  'notice.deferrals-read',
  'notice.intent',
  'audit.searched',
  'evidence.exported',
  'transfer.replayed',
  'delivery.stopped',
  'delivery.started',
  'delivery.limits-set',
  'audit.key-rotated',
  'delivery.restored',
  'case.opened',
  'draft.begun',
  'draft.read',
  'draft.deleted',
  'access-link.made',
  'access-link.opened',
  'access-link.refused',
  'access-link.revoked',
  'access-link.code-asked',
  'access-link.searched',
  'partner.test-begun',
  'partner.test-ended',
  'sharing.declined',
  'case.entry-written',
  'case.entry-corrected',
  'sharing.declines-searched',
  'reminder.issued',
  'reminder.intent',
  'reminder.delivered',
  'reminder.given-up',
  'reminder.switched',
  'disclosure.message',
  'case.taken-over',
  'access.unusual',
  'access.unusual-read',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/**
 * One fact to be remembered: ids, codes and times, never content. It is inserted, salted and unchained, by the
 * transaction that it tells about; the sequencer numbers, hashes and chains it within a second.
 */
export interface AuditFact {
  readonly action: AuditAction;
  readonly outcome: 'success' | 'refused' | 'failure';
  readonly actor: Actor;
  /** Organizations that may read the entry: one, or two for what concerns a transfer or an agreement. */
  readonly organizations: readonly OrganizationId[];
  readonly personId?: PersonId;
  readonly transferId?: TransferId;
  readonly consentId?: ConsentId;
  readonly requestId?: string;
  /** Reason codes, versions, counts, attempt numbers, salted commitments. Values: string, number, boolean or arrays of them. */
  readonly codes?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

export interface StoredAuditEntry extends AuditFact {
  readonly id: AuditEntryId;
  readonly at: string;
}
