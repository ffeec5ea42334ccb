import { CATEGORIES, DATA_LABELS, labelsOf, maskOf, NEVER, permits, type DataLabel, type LabelMask } from './labels.js';

/** Relais' data labels as codings, for Consent.provision.securityLabel and Resource.meta.security. */
export const DATA_LABEL_SYSTEM = 'https://relais.example/fhir/CodeSystem/data-label';
export const V3_ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
export const V3_CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
export const V3_OBSERVATION_VALUE = 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue';

export interface SecurityCoding {
  readonly system: string;
  readonly code: string;
}

/** HL7 v3 information sensitivity codes (v3-InformationSensitivityPolicy) and the labels that they cover. */
const SENSITIVITY_CODES: Readonly<Record<string, readonly DataLabel[]>> = {
  ETH: ['addiction'],
  ETHUD: ['addiction'],
  OPIOIDUD: ['addiction'],
  SUD: ['addiction'],
  PSY: ['psychiatry'],
  MH: ['psychiatry'],
  EMOTDIS: ['psychiatry'],
  PSYTHPN: ['psychiatry'],
  BH: ['psychiatry', 'addiction'],
  HIV: ['hiv'],
  SDV: ['violence', 'protected-address'],
  VIO: ['violence'],
  DVD: ['violence'],
  SEX: ['sexuality', 'reproductive-health'],
  GENDER: ['sexuality'],
  PREGNANT: ['reproductive-health'],
  REL: ['religion'],
  RACE: ['ethnicity'],
  LOCIS: ['protected-address'],
  LIVARG: ['housing'],
};

/**
 * How each label is said in v3-ActCode, the first choice first. A code is used only where everything that it stands for
 * may be named: SEX speaks of two topics, and a permit may hold one. What HL7 has no code for is said in our own.
 */
const SAID_AS: Readonly<Partial<Record<DataLabel, readonly string[]>>> = {
  housing: ['LIVARG'],
  addiction: ['SUD'],
  psychiatry: ['MH'],
  hiv: ['HIV'],
  'reproductive-health': ['SEX'],
  sexuality: ['SEX', 'GENDER'],
  religion: ['REL'],
  ethnicity: ['RACE'],
  violence: ['VIO'],
  'protected-address': ['LOCIS'],
};

/** Very restricted (v3-Confidentiality V): where becoming known does harm that nobody can undo. */
const VERY_RESTRICTED = maskOf(['violence', 'protected-address', 'safeguarding', 'staff-alert', 'hiv']);
const ORDINARY = maskOf(CATEGORIES.filter((category) => category !== 'health' && category !== 'safety'));
const SENSITIVE = maskOf(DATA_LABELS) & ~maskOf([...CATEGORIES, NEVER]);

/** Codes that say how to handle, not what about (v3-ActCode ObligationPolicy, RefrainPolicy and ADOL, an age). */
const HANDLING: ReadonlySet<string> = new Set([
  ...['NORDSCLCD', 'NORDSLCD', 'NORDSCLCDS', 'NODSCLCD', 'NODSCLCDS', 'NOAUTH', 'NOREUSE', 'NOCOLLECT', 'NOINTEGRATE'],
  ...['NOLIST', 'NOMOU', 'NOORGPOL', 'NOPAT', 'NOPERSISTP', 'NOVIP', 'ORCON', 'DELAU', 'CPLYCD', 'CPLYPOL', 'CPLYJPP'],
  ...['ENCRYPT', 'ENCRYPTR', 'ENCRYPTT', 'MASK', 'MINEC', 'PERSISTLABEL', 'PRIVMARK', 'REDACT', 'DEID', 'ADOL'],
]);

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

/**
 * What `meta.security` of a resource says; null when it says something that is not understood: an unknown protection
 * protects all the same. Confidentiality and handling name no topic.
 */
export function labelsOfSecurity(security: unknown): LabelMask | null {
  if (security === undefined) return 0;
  if (!Array.isArray(security)) return null;
  let mask: LabelMask = 0;
  for (const coding of security as readonly (Partial<SecurityCoding> | null)[]) {
    const { system, code } = coding ?? {};
    if (system === V3_CONFIDENTIALITY || system === V3_OBSERVATION_VALUE) continue;
    if (system === V3_ACT_CODE && code !== undefined && HANDLING.has(code)) continue;
    const labels = labelsOfCoding(system, code);
    if (labels === null) return null;
    mask |= maskOf(labels);
  }
  return mask;
}

/** v3-Confidentiality of something with these labels: N normal, R restricted, V very restricted. */
export function confidentialityOf(labels: LabelMask): 'N' | 'R' | 'V' {
  if ((labels & VERY_RESTRICTED) !== 0) return 'V';
  return (labels & ~ORDINARY) === 0 ? 'N' : 'R';
}

/**
 * The codings of `meta.security` for labels: confidentiality, topics, and NORDSCLCD (no redisclosure without consent)
 * where it is not normal. Names no topic that the permit does not hold.
 */
export function securityOf(labels: LabelMask, permitted: LabelMask): SecurityCoding[] {
  const named = labels & permitted;
  const codes = new Set<string>();
  const own: SecurityCoding[] = [];
  for (const label of labelsOf(named)) {
    const code = SAID_AS[label]?.find((known) => permits(permitted, maskOf(SENSITIVITY_CODES[known] ?? [NEVER])));
    if (code !== undefined) codes.add(code);
    else if ((maskOf([label]) & SENSITIVE) !== 0) own.push({ system: DATA_LABEL_SYSTEM, code: label });
  }
  const confidentiality = confidentialityOf(named);
  return [
    { system: V3_CONFIDENTIALITY, code: confidentiality },
    ...[...codes].sort().map((code) => ({ system: V3_ACT_CODE, code })),
    ...own,
    ...(confidentiality === 'N' ? [] : [{ system: V3_ACT_CODE, code: 'NORDSCLCD' }]),
  ];
}
