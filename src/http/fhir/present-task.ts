import type { Reference, Task } from 'fhir/r4.js';
import { DECLINE_REASON_SYSTEM } from '../../transfer/decline-reasons.js';
import type { Transfer } from '../../transfer/transfer.js';
import type { Principal } from '../../transfer/principal.js';

/**
 * The referral of a transfer as FHIR R4 Task (Gravity SDOHCC-TaskForReferralManagement: intent order, code fulfill).
 * References are logical (Reference.identifier): Relais conveys the resources, it does not serve them. The person is
 * named to the sender alone, because recipients know them under ids of their own.
 */
export function presentTask(transfer: Transfer, principal: Principal, publicUrl: string): Task {
  const { id, taskId, personId, deliveredAt, answerExpectedBy, referralStatus, timeline } = transfer;
  const logical = (path: string, value: string, type?: string): Reference => ({
    ...(type !== undefined && { type }),
    identifier: { system: `${publicUrl}/${path}`, value },
  });
  const isSender = transfer.senderOrganizationId === principal.organizationId;
  const reports = timeline.filter(({ status }) => status.startsWith('referral:'));
  const thread = timeline.filter(({ status }) => status === 'message' || status.startsWith('referral:'));
  const lastModified = thread.at(-1)?.at ?? deliveredAt;
  const declined = reports.at(-1)?.declined;
  const notes = thread.flatMap(({ at, message, status }) =>
    message === undefined
      ? []
      : [
          {
            authorReference: logical(
              'organizations',
              status === 'message' ? transfer.senderOrganizationId : transfer.recipientOrganizationId,
              'Organization',
            ),
            time: at,
            text: message,
          },
        ],
  );
  return {
    resourceType: 'Task',
    id: taskId ?? '',
    identifier: [{ system: `${publicUrl}/fhir/Task`, value: taskId ?? '' }],
    ...(transfer.follows !== null && { partOf: [logical('fhir/Task', transfer.follows.taskId, 'Task')] }),
    status: referralStatus ?? 'requested',
    ...(declined !== undefined && { statusReason: { coding: [{ system: DECLINE_REASON_SYSTEM, code: declined }] } }),
    intent: 'order',
    code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
    focus: logical('transfers', id, 'ServiceRequest'),
    ...(isSender && personId !== null && { for: logical('persons', personId, 'Patient') }),
    ...(deliveredAt !== null && { authoredOn: deliveredAt }),
    ...(lastModified !== null && { lastModified }),
    requester: logical('organizations', transfer.senderOrganizationId),
    owner: logical('organizations', transfer.recipientOrganizationId),
    ...(answerExpectedBy !== null && { restriction: { period: { end: answerExpectedBy } } }),
    ...(notes.length > 0 && { note: notes }),
  };
}
