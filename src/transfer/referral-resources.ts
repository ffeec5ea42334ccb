import type { Organization, Patient, Resource, ServiceRequest, Task } from 'fhir/r4.js';
import { PURPOSES } from '../domain/decision/purpose.js';
import type { BundleFacts, BundleFrame } from './pin-bundle.js';
import type { SenderFace } from './sender-face.js';
import type { Redacted } from './steps.js';

/** Purposes of use and the Gravity SDOH category (SDOHCC-ValueSetSDOHCategory) of the service that is asked for. */
const SDOH = 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes';
const SERVICE_CATEGORY: Readonly<Partial<Record<keyof typeof PURPOSES, string>>> = {
  HOUSING: 'housing-instability',
  DEBTADVICE: 'financial-insecurity',
};

/**
 * The referral itself: a ServiceRequest (what is asked), a Task (its state, which the recipient reports back; Gravity
 * SDOHCC-TaskForReferralManagement: intent order, code fulfill, focus, for, requester, owner) and the two organizations
 * by their ids. Names of organizations are not copied here: a sender's mere name can reveal.
 */
export function referralResources(
  frame: BundleFrame,
  { permit, resources }: Redacted,
  facts: BundleFacts,
  face: SenderFace,
): Resource[] {
  const { request } = permit;
  const recipient = request.recipientOrganizationId;
  const organization = (id: string, calledAs: string = id): Organization => ({
    resourceType: 'Organization',
    id: frame.pairwiseId(recipient, 'Organization', id),
    identifier: [{ system: `${frame.publicUrl}/organizations`, value: calledAs }],
    active: true,
  });
  const requester = organization(request.senderOrganizationId, face.id);
  const performer = organization(recipient);
  const patient = resources.find((resource): resource is Patient => resource.resourceType === 'Patient');
  const subject = { reference: `Patient/${patient?.id ?? ''}` };
  const purpose = PURPOSES[request.purpose];
  const category = SERVICE_CATEGORY[request.purpose];

  const serviceRequest: ServiceRequest = {
    resourceType: 'ServiceRequest',
    id: frame.pairwiseId(recipient, 'ServiceRequest', facts.transferId),
    identifier: [{ system: `${frame.publicUrl}/transfers`, value: facts.transferId }],
    status: 'active',
    intent: 'order',
    ...(category !== undefined && { category: [{ coding: [{ system: SDOH, code: category }] }] }),
    code: { coding: [{ system: purpose.system, code: request.purpose }], text: purpose.text.en },
    subject,
    authoredOn: facts.at,
    requester: { reference: `Organization/${requester.id}` },
    performer: [{ reference: `Organization/${performer.id}` }],
  };
  const task: Task = {
    resourceType: 'Task',
    id: facts.taskId,
    // The recipient's server gives the Task an id of its own; this names it at Relais, where its state is reported.
    identifier: [{ system: `${frame.publicUrl}/fhir/Task`, value: facts.taskId }],
    // Logical: that Task is at the recipient under an id of its own.
    ...(facts.follows != null && {
      partOf: [{ type: 'Task', identifier: { system: `${frame.publicUrl}/fhir/Task`, value: facts.follows } }],
    }),
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
    focus: { reference: `ServiceRequest/${serviceRequest.id}` },
    for: subject,
    authoredOn: facts.at,
    requester: { reference: `Organization/${requester.id}` },
    owner: { reference: `Organization/${performer.id}` },
    ...(facts.answerExpectedBy !== null && { restriction: { period: { end: facts.answerExpectedBy } } }),
  };
  return [requester, performer, serviceRequest, task];
}
