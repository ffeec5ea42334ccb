import { instant, type Instant } from '../../../kernel/clock.js';
import type { Actor } from '../../../kernel/actor.js';
import type { AgreementId, CaseId, OrganizationId, PersonId, TaskId, TransferId } from '../../../kernel/ids.js';
import type { Ground } from '../../../domain/decision/ground.js';
import type { PurposeOfUse } from '../../../domain/decision/purpose.js';
import type { Reason } from '../../../domain/decision/reasons.js';
import type { DeclineReason } from '../../../transfer/decline-reasons.js';
import type { FollowedTransfer, Transfer, TransferEvent } from '../../../transfer/transfer.js';
import type { ReferralStatus, TransferStatus } from '../../../transfer/status.js';
import { open, type Place } from '../crypto/envelope.js';
import { RECEIVING_PARTNER_ORDER } from '../directory/partner-of.js';
import type { TxContext } from '../tx-context.js';
import { contentKeyPlace } from './insert-transfer.js';

const LINK = `jsonb_build_object('id', f.id, 'reference', f.reference, 'taskId', f.task_id, 'requestedAt', f.requested_at,
  'deliveredAt', f.delivered_at)`;

/**
 * A transfer with its timeline, read in one statement. `held` ends when its time comes, without anybody's write.
 * Row level security leaves out, for the recipient, the outbox row and the events before the delivery.
 */
export const SELECT_TRANSFER = `
  select t.id, t.reference,
         case when t.status = 'held' and t.send_after <= now() then 'queued' else t.status end as status,
         r.status as referral_status, t.sender_organization_id, t.recipient_organization_id,
         (select case when p.guest is not null then p.status end from partner p where p.organization_id = t.recipient_organization_id
           order by ${RECEIVING_PARTNER_ORDER} limit 1) as guest_status,
         (select l.code_asked_at from access_link l
           where l.transfer_id = t.id and l.revoked_at is null and t.content_purged_at is null) as code_asked_at, t.case_id, t.person_id, t.task_id,
         t.purpose, t.ground, t.permitted, t.agreement_id, t.agreement_version, t.reasons, t.withheld_elements, t.digest,
         t.requested_at, t.send_after, t.answer_expected_by, t.delivered_at, t.purge_at, t.content_purged_at,
         coalesce(o.attempts, 0) as attempts, case when o.open then o.next_attempt_at end as next_attempt_at,
         c.key_id, c.wrapped_key,
         (select ${LINK} from transfer f where f.id = t.follows) as follows,
         (select jsonb_agg(${LINK} order by f.requested_at) from transfer f
           where f.follows = t.id and f.status in ('held', 'queued', 'sending', 'delivered')) as followed_by,
         (select jsonb_agg(jsonb_build_object('at', e.at, 'status', e.status, 'actor', e.actor, 'reasons', e.reasons,
                   'cause', e.cause, 'declined', e.declined, 'keyId', e.key_id, 'message', encode(e.message, 'base64')) order by e.position)
            from transfer_event e where e.transfer_id = t.id) as events
    from transfer t
    left join referral r on r.transfer_id = t.id
    left join outbox o on o.transfer_id = t.id
    left join transfer_content c on c.transfer_id = t.id`;

interface EventRow {
  readonly at: string;
  readonly status: TransferEvent['status'];
  readonly actor: Actor;
  readonly reasons: readonly Reason[];
  readonly cause: string | null;
  readonly declined: DeclineReason | null;
  readonly keyId: string | null;
  readonly message: string | null;
}

interface LinkRow extends Omit<FollowedTransfer, 'requestedAt' | 'deliveredAt'> {
  readonly requestedAt: string;
  readonly deliveredAt: string | null;
}

export interface TransferRow {
  readonly id: TransferId;
  readonly reference: string;
  readonly status: TransferStatus;
  readonly referral_status: ReferralStatus | null;
  readonly sender_organization_id: OrganizationId;
  readonly recipient_organization_id: OrganizationId;
  /** null: no guest receives there. */
  readonly guest_status: 'active' | 'suspended' | null;
  readonly code_asked_at: Instant | null;
  readonly case_id: CaseId;
  readonly person_id: PersonId | null;
  readonly task_id: TaskId | null;
  readonly purpose: PurposeOfUse;
  readonly ground: Ground | null;
  readonly permitted: number;
  readonly agreement_id: AgreementId | null;
  readonly agreement_version: number | null;
  readonly reasons: readonly Reason[];
  readonly withheld_elements: number;
  readonly digest: string | null;
  readonly requested_at: Instant;
  readonly send_after: Instant | null;
  readonly answer_expected_by: Instant | null;
  readonly delivered_at: Instant | null;
  readonly purge_at: Instant | null;
  readonly content_purged_at: Instant | null;
  readonly attempts: number;
  readonly next_attempt_at: Instant | null;
  readonly key_id: string | null;
  readonly wrapped_key: Buffer | null;
  readonly follows: LinkRow | null;
  readonly followed_by: readonly LinkRow[] | null;
  readonly events: readonly EventRow[] | null;
}

/**
 * The recipient does not learn the sender's own ids of the person and the case, nor the decision's reasons: for it they
 * are null, empty and none.
 */
export function toTransfer(tx: TxContext, row: TransferRow): Transfer {
  const isSender = row.sender_organization_id === tx.organizationId;
  return {
    id: row.id,
    reference: row.reference,
    status: row.status,
    referralStatus: row.referral_status,
    senderOrganizationId: row.sender_organization_id,
    recipientOrganizationId: row.recipient_organization_id,
    recipientIsGuest: row.guest_status !== null,
    // Where no code can be made, nobody is asked for one.
    // To one that is suspended nothing would be shown.
    codeAskedAt: row.guest_status === 'active' ? row.code_asked_at : null,
    caseId: isSender ? row.case_id : ('' as CaseId),
    personId: isSender ? row.person_id : null,
    taskId: row.task_id,
    purpose: row.purpose,
    ground: isSender ? row.ground : null,
    permitted: row.permitted,
    agreement: row.agreement_id === null ? null : { id: row.agreement_id, version: row.agreement_version! },
    reasons: isSender ? row.reasons : [],
    withheldElements: isSender ? row.withheld_elements : 0,
    digest: row.digest,
    requestedAt: row.requested_at,
    sendAfter: row.send_after,
    answerExpectedBy: row.answer_expected_by,
    deliveredAt: row.delivered_at,
    purgeAt: row.purge_at,
    contentPurgedAt: row.content_purged_at,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    timeline: timelineOf(tx, row),
    follows: row.follows === null ? null : toLink(row.follows),
    followedBy: (row.followed_by ?? []).map(toLink),
  };
}

const toLink = ({ requestedAt, deliveredAt, ...link }: LinkRow): FollowedTransfer => ({
  ...link,
  requestedAt: instant(requestedAt),
  deliveredAt: deliveredAt === null ? null : instant(deliveredAt),
});

function timelineOf(tx: TxContext, row: TransferRow): readonly TransferEvent[] {
  let key: Buffer | undefined;
  const read = (event: EventRow): string | undefined => {
    // Written under a key that was purged since.
    if (event.message === null || event.keyId !== row.key_id || row.wrapped_key === null) return undefined;
    key ??= tx.keyring.unwrap(row.wrapped_key, contentKeyPlace(row.id, event.keyId!));
    return open(key, Buffer.from(event.message, 'base64'), messagePlace(row.id)).toString('utf8');
  };
  return (row.events ?? []).map((event) => {
    const message = read(event);
    return {
      at: instant(event.at),
      status: event.status,
      actor: event.actor,
      reasons: event.reasons,
      ...(event.cause !== null && { cause: event.cause }),
      ...(event.declined !== null && { declined: event.declined }),
      ...(message !== undefined && { message }),
    };
  });
}

export function messagePlace(id: TransferId): Place {
  return { table: 'transfer_event', row: id, version: 'message' };
}
