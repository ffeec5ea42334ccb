import { DATA_LABELS, NEVER, type DataLabel } from './labels.js';

/** Relais' data labels as codings, for Consent.provision.securityLabel and Resource.meta.security. */
export const DATA_LABEL_SYSTEM = 'https://relais.example/fhir/CodeSystem/data-label';
const V3_ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** HL7 v3 information sensitivity codes (v3-InformationSensitivityPolicy) and the labels that they cover. */
const SENSITIVITY_CODES: Readonly<Record<string, readonly DataLabel[]>> = {
  ETH: ['addiction'],
  ETHUD: ['addiction'],
  OPIOIDUD: ['addiction'],
  SUD: ['addiction'],
  PSY: ['psychiatry'],
  MH: ['psychiatry'],
  HIV: ['hiv'],
  SDV: ['violence', 'protected-address'],
  VIO: ['violence'],
  SEX: ['sexuality', 'reproductive-health'],
};

/** The labels that a security label coding stands for; null when it is not understood. */
export function labelsOfCoding(system: string | undefined, code: string | undefined): readonly DataLabel[] | null {
  if (code === undefined) return null;
  if (system === DATA_LABEL_SYSTEM) {
    const label = DATA_LABELS.find((known) => known === code);
    return label === undefined || label === NEVER ? null : [label];
  }
  if (system === V3_ACT_CODE && Object.hasOwn(SENSITIVITY_CODES, code)) return SENSITIVITY_CODES[code] ?? null;
  return null;
}
