import { instant, type Instant } from '../../src/kernel/clock.js';
import type { AgreementId, CaseId, ConsentId, OrganizationId, PartnerId, PersonId } from '../../src/kernel/ids.js';
import type { Agreement } from '../../src/domain/agreement/agreement.js';
import type { DecisionTaken, PersonCircumstances } from '../../src/domain/consent/decision-maker/standing.js';
import type { ConsentTerms } from '../../src/domain/consent/terms.js';
import type { DisclosureRequest, Terms } from '../../src/domain/decision/decision.js';

/** A world in which the default request is permitted; each test changes one thing. */
export const SENDER = '00000000-0000-4000-8000-00000000000a' as OrganizationId;
export const RECIPIENT = '00000000-0000-4000-8000-00000000000b' as OrganizationId;
export const STRANGER = '00000000-0000-4000-8000-00000000000c' as OrganizationId;
export const PERSON = '00000000-0000-4000-8000-0000000000aa' as PersonId;
export const AT: Instant = instant('2026-02-10T10:00:00Z');

export function agreement(changes: Partial<Agreement> = {}): Agreement {
  return {
    id: '00000000-0000-4000-8000-0000000000c1' as AgreementId,
    version: 3,
    title: { en: 'Agreement', fr: 'Convention' },
    status: 'active',
    parties: [SENDER, RECIPIENT],
    purposes: [
      {
        purpose: 'HOUSING',
        senders: [SENDER],
        recipients: [RECIPIENT],
        categories: ['identity', 'contact', 'household', 'housing', 'income'],
        sensitivities: [],
        dataProtectionBasis: 'public-task',
        secrecyGrounds: ['consent'],
      },
    ],
    validFrom: instant('2026-01-01T00:00:00Z'),
    validUntil: instant('2027-01-01T00:00:00Z'),
    purgeAfterDays: 30,
    ...changes,
  };
}

export function consent(changes: Partial<ConsentTerms> = {}): ConsentTerms {
  return {
    id: '00000000-0000-4000-8000-0000000000d1' as ConsentId,
    version: 1,
    personId: PERSON,
    status: 'active',
    decidedAt: instant('2026-02-09T09:00:00Z'),
    rules: [
      {
        type: 'permit',
        recipients: [RECIPIENT],
        purposes: ['HOUSING'],
        labels: ['identity', 'contact', 'household', 'housing'],
        until: instant('2026-07-01T00:00:00Z'),
      },
    ],
    decisionMakers: [`Patient/${PERSON}`],
    decision: OWN_DECISION,
    ...changes,
  };
}

/** The person said yes for themselves, and nobody judged anything. */
export const OWN_DECISION: DecisionTaken = {
  capacity: 'not-assessed',
  ofAge: false,
  expressed: { personView: 'agrees', answers: [{ by: { kind: 'person' }, answer: 'yes' }] },
};
/** An adult without any measure. */
export const ADULT: PersonCircumstances = { birthDate: '1991-05-17', measures: [] };

export function terms(changes: Partial<Terms> = {}): Terms {
  return {
    at: AT,
    subject: { personId: PERSON, caseVersion: 1, deceased: false },
    recipient: { partnerId: '00000000-0000-4000-8000-0000000000e1' as PartnerId, partnerActive: true },
    agreements: [agreement()],
    consents: [consent()],
    circumstances: ADULT,
    objections: [],
    ...changes,
  };
}

export function request(changes: Partial<DisclosureRequest> = {}): DisclosureRequest {
  return {
    senderOrganizationId: SENDER,
    recipientOrganizationId: RECIPIENT,
    caseId: 'case-1' as CaseId,
    purpose: 'HOUSING',
    ground: { kind: 'consent' },
    ...changes,
  };
}
