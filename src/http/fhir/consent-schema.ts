import { z } from 'zod';
import { RelaisError } from '../../kernel/errors.js';
import { document, EXAMPLE } from '../schemas/parts.js';

export const CONSENT_LOCATION = '/fhir/Consent';

export const consentResource = document({
  id: 'Consent',
  type: 'object',
  required: ['resourceType', 'status', 'scope', 'category', 'patient', 'dateTime', 'performer', 'provision'],
  properties: {
    resourceType: { const: 'Consent' },
    status: { enum: ['active', 'inactive', 'rejected'] },
    scope: { type: 'object', description: 'coding patient-privacy' },
    category: { type: 'array', minItems: 1 },
    patient: {
      type: 'object',
      properties: { reference: { type: 'string', description: 'Patient/{personId}' } },
      required: ['reference'],
    },
    dateTime: { type: 'string' },
    performer: { type: 'array', minItems: 1, description: 'Who decided.' },
    provision: { type: 'object', description: 'What is permitted or denied, to whom (role IRCP), why, until when.' },
  },
  description: 'FHIR R4 Consent. Rules that cannot be understood are kept, and they deny.',
  externalDocs: { url: 'https://hl7.org/fhir/R4/consent.html' },
});

export const consentExample = {
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: `Patient/${EXAMPLE.person}` },
  dateTime: '2026-02-09T10:00:00Z',
  performer: [{ reference: `Patient/${EXAMPLE.person}` }],
  organization: [{ reference: `Organization/${EXAMPLE.sender}` }],
  sourceReference: { display: 'Form 3, signed on paper' },
  policy: [{ uri: 'https://relais.example/policy/consent-v1' }],
  provision: {
    type: 'permit',
    period: { end: '2026-06-30' },
    actor: [
      {
        role: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] },
        reference: { reference: `Organization/${EXAMPLE.recipient}` },
      },
    ],
    purpose: [{ system: 'https://relais.example/fhir/CodeSystem/purpose-of-use', code: 'HOUSING' }],
  },
};

/** RFC 9110 section 13.1.1 with the form that FHIR gives it (https://hl7.org/fhir/R4/http.html#concurrency). */
export const ifMatch = z
  .string()
  .regex(/^W\/"[1-9]\d{0,8}"$/)
  .transform((text) => Number(text.slice(3, -1)))
  .optional()
  .meta({ description: 'W/"version" that was read; a newer one is a 409.' });

export const entityTag = (version: number): string => `W/"${version}"`;

/** @throws RelaisError 422 `fhir.other-id` */
export function requireSameId(resource: unknown, id: string): void {
  const own = (resource as { readonly id?: unknown }).id;
  if (own === undefined || own === id) return;
  throw new RelaisError('fhir.other-id', 422, 'invalid', 'The id of the resource is not the one in the address.', {
    violations: [{ path: 'Resource.id', rule: 'fhir.other-id', message: 'Must be the id of the address, or absent.' }],
  });
}
