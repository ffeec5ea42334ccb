/** Codes of the person, of those around them, and of how to reach them. */
export const NAME_KINDS = ['legal', 'used', 'assumed'] as const;
export const IDENTIFIER_TYPES = [
  'agency',
  'national',
  'social-security',
  'health',
  'tax',
  'passport',
  'residence-permit',
  'asylum',
  'driving-licence',
  'prison',
  'military',
  'student',
  'benefit',
  'other',
] as const;
export const BIRTH_DATE_PRECISIONS = ['day', 'month', 'year', 'estimated'] as const;
/** FHIR administrative-gender. */
export const SEXES = ['male', 'female', 'other', 'unknown'] as const;
export const TEMPORARY_REASONS = ['unidentified', 'outreach', 'emergency', 'newborn', 'refused', 'other'] as const;
export const MARITAL_STATUSES = [
  'single',
  'married',
  'civil-union',
  'cohabiting',
  'separated',
  'divorced',
  'widowed',
  'unknown',
] as const;
export const IMMIGRATION_STATUSES = [
  'citizen',
  'free-movement',
  'permanent-resident',
  'temporary-permit',
  'student-permit',
  'permit-in-renewal',
  'asylum-seeker',
  'refugee',
  'subsidiary-protection',
  'stateless',
  'no-permit',
  'unknown',
] as const;
export const DOMICILIATION_KINDS = ['municipal-service', 'association', 'shelter', 'relative', 'other'] as const;

export const INTERPRETER_NEEDS = ['none', 'helpful', 'required'] as const;
export const LITERACY_LEVELS = ['fluent', 'with-help', 'signs-name-only', 'does-not-read', 'unknown'] as const;
export const DIGITAL_ACCESS = ['autonomous', 'with-help', 'phone-only', 'none', 'unknown'] as const;
export const ACCESSIBILITY_NEEDS = [
  'large-print',
  'easy-to-read',
  'braille',
  'sign-language',
  'hearing-loop',
  'spoken-only',
  'pictograms',
  'step-free-meeting',
  'quiet-place',
  'short-meetings',
  'companion-present',
] as const;
export const CHANNELS = ['in-person', 'phone', 'video', 'sms', 'messaging', 'email', 'letter'] as const;
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const ADDRESS_USES = ['home', 'postal', 'temporary', 'billing', 'old'] as const;
export const TELECOM_SYSTEMS = ['phone', 'sms', 'email', 'messaging', 'fax', 'other'] as const;
export const TELECOM_USES = ['home', 'mobile', 'work', 'relay', 'old'] as const;

export const MEASURE_KINDS = [
  'guardianship',
  'curatorship',
  'reinforced-curatorship',
  'family-authorization',
  'judicial-safeguard',
  'future-protection-mandate',
  'power-of-attorney',
  'assistance-measure',
  'budget-support',
  'other',
] as const;
export const MEASURE_SCOPES = ['person', 'property', 'person-and-property', 'named-acts'] as const;
export const MEASURE_ACTS = [
  'consent-to-care',
  'consent-to-disclosure',
  'health-acts',
  'choose-residence',
  'personal-documents',
  'housing-lease',
  'sell-or-end-home',
  'manage-income',
  'bank-operations',
  'taxes',
  'benefit-claims',
  'legal-action',
  'contracts',
] as const;
/** Acts that concern the person's body, home life or secrets; a measure on property alone cannot hold them. */
export const PERSONAL_ACTS: readonly (typeof MEASURE_ACTS)[number][] = [
  'consent-to-care',
  'consent-to-disclosure',
  'health-acts',
  'choose-residence',
  'personal-documents',
];
export const MEASURE_STATUSES = ['requested', 'active', 'suspended', 'ended'] as const;
export const INSTRUMENTS = ['court-order', 'notarial-deed', 'private-deed', 'administrative-decision', 'law'] as const;
export const HOLDER_KINDS = ['relative', 'professional', 'organization', 'other'] as const;
export const PARENTAL_ROLES = ['mother', 'father', 'parent', 'guardian', 'delegate', 'other'] as const;
export const PARENTAL_EXERCISE = ['joint', 'sole', 'delegated', 'withdrawn', 'unknown'] as const;
export const PARENTAL_RESTRICTIONS = [
  'no-contact',
  'supervised-contact',
  'no-residence-disclosure',
  'no-health-decisions',
  'no-school-decisions',
  'leave-country-forbidden',
  'withdrawn',
] as const;

export const MEMBER_KINDS = ['adult', 'child', 'unborn'] as const;
export const RELATIONSHIPS = [
  'spouse',
  'partner',
  'ex-partner',
  'child',
  'stepchild',
  'foster-child',
  'parent',
  'grandparent',
  'grandchild',
  'sibling',
  'other-relative',
  'friend',
  'neighbour',
  'carer',
  'lodger',
  'other',
] as const;
export const PROFESSIONAL_ROLES = [
  'social-worker',
  'doctor',
  'nurse',
  'midwife',
  'psychologist',
  'psychiatrist',
  'addiction-specialist',
  'pharmacist',
  'housing-officer',
  'landlord',
  'debt-adviser',
  'lawyer',
  'bailiff',
  'judge',
  'probation-officer',
  'police',
  'teacher',
  'employment-adviser',
  'child-protection',
  'guardian-by-profession',
  'interpreter',
  'domestic-violence-worker',
  'volunteer',
  'other',
] as const;
