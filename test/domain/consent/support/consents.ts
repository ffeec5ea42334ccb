import { readFileSync } from 'node:fs';

/** Made-up consents for the tests of the reader and of the residual rules; each test changes one thing. */
export const PCF = 'https://profiles.ihe.net/ITI/PCF/StructureDefinition/IHE.PCF.consent';
export const GRAVITY = 'http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-Consent';
export const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
export const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
export const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
export const BASE = 'https://fhir.example/r4';

export const to = (...references: string[]) => ({
  actor: references.map((reference) => ({
    role: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] },
    reference: { reference },
  })),
});
export const purpose = (...codes: string[]) => ({ purpose: codes.map((code) => ({ system: ACT_REASON, code })) });
export const label = (...codes: string[]) => ({
  securityLabel: codes.map((code) => ({
    system: ['N', 'R'].includes(code) ? CONFIDENTIALITY : ACT_CODE,
    code,
  })),
});
export const data = (meaning: string, ...references: string[]) => ({
  data: references.map((reference) => ({ meaning, reference: { reference } })),
});
export const made = (start: string, end: string) => ({ dataPeriod: { start, end } });

/** @param profile end of the name of a PCF profile; null: plain R4 */
export const consent = (profile: string | null, provision: object, changes: object = {}) => ({
  resourceType: 'Consent',
  id: 'c',
  ...(profile !== null && { meta: { profile: [`${PCF}${profile}`] } }),
  status: 'active',
  scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: 'Patient/p' },
  dateTime: '2026-01-05',
  performer: [{ reference: 'Patient/p' }],
  organization: [{ reference: 'Organization/o' }],
  sourceReference: { reference: 'DocumentReference/d' },
  policy: [{ uri: 'urn:example:policy' }],
  provision,
  ...changes,
});

export const readResource = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8')) as unknown;
