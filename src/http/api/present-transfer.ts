import { labelsOf } from '../../domain/labels/labels.js';
import type { Reason } from '../../domain/decision/reasons.js';
import { say, type Lang, type Text } from '../../kernel/i18n.js';
import { DECLINE_TEXTS } from '../../transfer/decline-reasons.js';
import type { FollowedTransfer, Transfer, TransferEvent } from '../../transfer/transfer.js';
import type { Presenter } from '../../transfer/present-reasons.js';
import { reminderCauseText } from '../../transfer/reminder-texts.js';
import type { Principal } from '../../transfer/principal.js';
import type { TransferView } from '../schemas/transfer.js';

/**
 * A transfer in the words of the caller's language. The recipient sees it from the moment it arrived: not the agency's
 * own ids, not why and how, not how much was withheld (pairwise ids would be worth nothing beside them).
 */
export function presentTransfer(
  transfer: Transfer,
  principal: Principal,
  { present, causeText }: { readonly present: Presenter; readonly causeText: (cause: string) => Text },
  lang: Lang,
): TransferView {
  const causeOf = (status: TransferEvent['status'], cause: string): Text =>
    status === 'reminder:not-sent' ? reminderCauseText(cause, causeText) : causeText(cause);
  const event = ({
    at,
    status,
    actor,
    reasons,
    cause,
    declined,
    message,
  }: TransferEvent): TransferView['timeline'][number] => ({
    at,
    status,
    by: { type: actor.type, organizationId: actor.organizationId },
    reasons: inWords(reasons, present, lang),
    ...(cause !== undefined && { cause: { code: cause, text: say(causeOf(status, cause), lang) } }),
    ...(declined !== undefined && { declined: { code: declined, text: say(DECLINE_TEXTS[declined], lang) } }),
    ...(message !== undefined && { message }),
  });
  const shared = {
    id: transfer.id,
    reference: transfer.reference,
    status: transfer.status,
    referralStatus: transfer.referralStatus,
    senderOrganizationId: transfer.senderOrganizationId,
    recipientOrganizationId: transfer.recipientOrganizationId,
    purpose: transfer.purpose,
    taskId: transfer.taskId,
    categories: labelsOf(transfer.permitted),
    answerExpectedBy: transfer.answerExpectedBy,
    deliveredAt: transfer.deliveredAt,
    follows: transfer.follows === null ? null : linkTo(transfer.follows),
    followedBy: transfer.followedBy.map(linkTo),
  };
  if (transfer.senderOrganizationId !== principal.organizationId) {
    const arrived = transfer.timeline.filter(
      ({ status }) =>
        ['delivered', 'reminder:sent', 'message', 'taken-over'].includes(status) || status.startsWith('referral:'),
    );
    return { viewedAs: 'recipient', ...shared, timeline: arrived.map(event) };
  }
  return {
    viewedAs: 'sender',
    ...shared,
    timeline: transfer.timeline.map(event),
    recipientIsGuest: transfer.recipientIsGuest,
    codeAskedAt: transfer.codeAskedAt,
    caseId: transfer.caseId,
    personId: transfer.personId,
    ground: presentGround(transfer.ground),
    agreement: transfer.agreement,
    reasons: inWords(transfer.reasons, present, lang),
    withheldElements: transfer.withheldElements,
    digest: transfer.digest,
    requestedAt: transfer.requestedAt,
    sendAfter: transfer.sendAfter,
    purgeAt: transfer.purgeAt,
    contentPurgedAt: transfer.contentPurgedAt,
    attempts: transfer.attempts,
    nextAttemptAt: transfer.nextAttemptAt,
  };
}

const linkTo = ({ id, reference }: FollowedTransfer): { readonly id: string; readonly reference: string } => ({
  id,
  reference,
});

export function inWords(
  reasons: readonly Reason[],
  present: Presenter,
  lang: Lang,
): { readonly code: string; readonly text: string }[] {
  return reasons.map((reason) => ({ code: reason.code, text: present(reason, lang) }));
}

type SentView = Extract<TransferView, { viewedAs: 'sender' }>;

function presentGround(ground: Transfer['ground']): SentView['ground'] {
  if (ground === null) return null;
  const { secrecy, dataProtectionBasis } = ground;
  return {
    dataProtectionBasis,
    secrecyGround: secrecy.kind,
    ...(secrecy.kind === 'statute' && { citation: secrecy.citation }),
    ...(secrecy.kind === 'break-glass' && { expiresAt: secrecy.expiresAt }),
    ...(secrecy.kind === 'consent' && { consents: secrecy.consents.map(({ id, version }) => ({ id, version })) }),
  };
}
