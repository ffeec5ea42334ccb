/** Codes of health for continuity, documents and safety. */
export const TREATMENT_KINDS = [
  'medication',
  'insulin',
  'anticoagulant',
  'antiepileptic',
  'dialysis',
  'oxygen',
  'chemotherapy',
  'wound-care',
  'physiotherapy',
  'psychotropic',
  'opioid-substitution',
  'antiretroviral',
  'contraception',
  'pregnancy-care',
  'other',
] as const;
export const ALLERGY_KINDS = ['medication', 'food', 'environment', 'biologic', 'other'] as const;
export const CRITICALITIES = ['low', 'high', 'unable-to-assess'] as const;
export const MOBILITY_LEVELS = ['unaided', 'with-aid', 'wheelchair', 'with-person', 'bed-bound', 'unknown'] as const;
export const MOBILITY_EQUIPMENT = [
  'cane',
  'crutches',
  'walker',
  'manual-wheelchair',
  'electric-wheelchair',
  'prosthesis',
  'oxygen',
  'medical-bed',
  'hoist',
] as const;
export const CONDITION_KINDS = [
  'chronic',
  'acute',
  'disability',
  'mental-health',
  'addiction',
  'hiv',
  'reproductive-health',
  'infectious',
  'injury-from-violence',
  'other',
  'physical-disability',
  'developmental-disability',
] as const;
export const CONDITION_STATUSES = ['active', 'remission', 'resolved', 'past', 'unknown'] as const;
/** FHIR condition-ver-status; `refuted`: asked, and the answer was no. */
export const VERIFICATIONS = ['unconfirmed', 'provisional', 'confirmed', 'refuted'] as const;

export const DOCUMENT_KINDS = [
  'identity-document',
  'residence-document',
  'family-record',
  'proof-of-address',
  'payslip',
  'tax-notice',
  'benefit-statement',
  'bank-details',
  'lease',
  'rent-receipt',
  'eviction-document',
  'housing-application',
  'court-decision',
  'criminal-justice-document',
  'protection-order',
  'medical-certificate',
  'prescription',
  'school-certificate',
  'employment-contract',
  'social-report',
  'consent-form',
  'letter',
  'photo',
  'other',
] as const;
export const MIME_TYPES = ['application/pdf', 'image/jpeg', 'image/png', 'image/tiff', 'text/plain'] as const;

export const SAFEGUARDING_KINDS = [
  'neglect',
  'physical-abuse',
  'psychological-abuse',
  'sexual-abuse',
  'exploitation',
  'trafficking',
  'witness-of-violence',
  'self-neglect',
  'financial-abuse',
  'forced-marriage',
  'genital-mutilation',
  'other',
] as const;
export const SAFEGUARDING_SUBJECTS = ['person', 'child-of-household', 'adult-of-household', 'other'] as const;
export const RISK_KINDS = [
  'partner-violence',
  'family-violence',
  'other-violence',
  'stalking',
  'suicide',
  'self-harm',
  'overdose',
  'exploitation',
  'exposure-to-cold',
  'medical',
  'falls',
  'isolation',
  'financial-abuse',
  'other',
] as const;
export const ALERT_KINDS = [
  'verbal-aggression',
  'physical-aggression',
  'threats',
  'weapon',
  'animal',
  'unsafe-premises',
  'infection',
  'third-person',
  'other',
] as const;
export const SAFETY_STATUSES = ['open', 'under-review', 'passed-on', 'closed'] as const;
