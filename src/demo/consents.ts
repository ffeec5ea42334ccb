import { PURPOSES, type PurposeOfUse } from '../domain/decision/purpose.js';
import type { Category } from '../domain/labels/labels.js';
import { DATA_LABEL_SYSTEM } from '../domain/labels/security-labels.js';
import type { Organization } from '../transfer/partner.js';

/** A consent or a refusal as an agency's software writes it: FHIR R4, nothing of Relais' own code needed. */
export function consentResource(options: {
  readonly type: 'permit' | 'deny';
  readonly personId: string;
  readonly recipient: Organization;
  readonly purpose: PurposeOfUse;
  readonly labels?: readonly Category[];
  /** YYYY-MM-DD, inclusive. */
  readonly until?: string;
}): Record<string, unknown> {
  const { type, personId, recipient, purpose, labels, until } = options;
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { reference: `Patient/${personId}` },
    dateTime: new Date().toISOString(),
    performer: [{ reference: `Patient/${personId}` }],
    policyRule: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: type === 'permit' ? 'OPTIN' : 'OPTOUT' },
      ],
    },
    provision: {
      type,
      ...(until !== undefined && { period: { end: until } }),
      actor: [
        {
          role: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] },
          reference: { reference: `Organization/${recipient.id}` },
        },
      ],
      purpose: [{ system: PURPOSES[purpose].system, code: purpose }],
      ...(labels !== undefined && { securityLabel: labels.map((code) => ({ system: DATA_LABEL_SYSTEM, code })) }),
    },
  };
}
