import type { RecordedDecider } from './decider.js';

const V3 = 'http://terminology.hl7.org/CodeSystem';
const OWN = 'https://relais.example/fhir';

export interface Said {
  readonly type: 'permit' | 'deny';
  readonly personId: string;
  readonly recipientId: string;
  readonly purpose: { readonly system: string; readonly code: string };
  /** Categories said yes to; nothing for a refusal, which is of everything. */
  readonly labels: readonly string[];
  /** YYYY-MM-DD, inclusive. */
  readonly until: string | null;
  /** Earlier decisions that were read to the person and that this one replaces, as `Consent/{id}`. */
  readonly supersedes: readonly string[];
  /** When it was said; RFC 3339. */
  readonly at: string;
  /** Who decided, where it was asked; otherwise the person did. */
  readonly decider?: RecordedDecider;
}

/**
 * What a person said at the desk, as FHIR R4 Consent (https://hl7.org/fhir/R4/consent.html): one recipient, one purpose,
 * the categories as security labels, and whoever decided as its performer.
 */
export function consentResource(said: Said): Record<string, unknown> {
  const { type, personId, recipientId, purpose, labels, until, supersedes, at, decider } = said;
  const extension = [
    ...supersedes.map((reference) => ({
      url: `${OWN}/StructureDefinition/consent-supersedes`,
      valueReference: { reference },
    })),
    ...(decider?.extension ?? []),
  ];
  const patient = { reference: `Patient/${personId}` };
  return {
    resourceType: 'Consent',
    ...(extension.length > 0 && { extension }),
    status: 'active',
    scope: { coding: [{ system: `${V3}/consentscope`, code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient,
    dateTime: at,
    performer: decider?.performer ?? [patient],
    policyRule: { coding: [{ system: `${V3}/v3-ActCode`, code: type === 'permit' ? 'OPTIN' : 'OPTOUT' }] },
    provision: {
      type,
      ...(until !== null && { period: { end: until } }),
      actor: [
        {
          role: { coding: [{ system: `${V3}/v3-ParticipationType`, code: 'IRCP' }] },
          reference: { reference: `Organization/${recipientId}` },
        },
      ],
      purpose: [purpose],
      ...(type === 'permit' && {
        securityLabel: labels.map((code) => ({ system: `${OWN}/CodeSystem/data-label`, code })),
      }),
    },
  };
}
