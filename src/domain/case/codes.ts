/**
 * The closed lists of codes of case model v1. A code that says more than its field (a stay in a shelter for victims of
 * violence, a need of kind `addiction`) carries further labels: domain/labels/code-labels.ts.
 */
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

export const CASE_STATUSES = ['planned', 'waitlist', 'active', 'on-hold', 'closed'] as const;
export const CLOSING_REASONS = [
  'goals-met',
  'moved',
  'handed-over',
  'person-declined',
  'no-contact',
  'not-eligible',
  'deceased',
  'other',
] as const;
export const INTERVENTION_KINDS = [
  'interview',
  'home-visit',
  'phone-call',
  'message',
  'letter',
  'outreach',
  'accompaniment',
  'case-conference',
  'group',
  'administrative',
  'mediation',
  'crisis',
  'other',
] as const;
export const PARTICIPANT_ROLES = [
  'person',
  'relative',
  'worker',
  'partner',
  'interpreter',
  'representative',
  'other',
] as const;
export const ACTION_STATUSES = ['planned', 'in-progress', 'done', 'cancelled'] as const;
/** Who is to act. */
export const RESPONSIBLES = [
  'person',
  'lead-worker',
  'team',
  'partner',
  'relative',
  'representative',
  'other',
] as const;
/** What a need, a goal, an activity or a referral is about. */
export const NEED_CATEGORIES = [
  'housing',
  'housing-quality',
  'homelessness',
  'utilities',
  'food',
  'clothing',
  'hygiene',
  'income',
  'debt',
  'employment',
  'training',
  'schooling',
  'childcare',
  'parenting',
  'family',
  'isolation',
  'mobility',
  'digital',
  'language',
  'access-to-rights',
  'legal',
  'justice',
  'immigration',
  'health',
  'health-insurance',
  'disability',
  'mental-health',
  'addiction',
  'hiv',
  'reproductive-health',
  'sexuality',
  'violence',
  'child-protection',
  'adult-protection',
  'religion',
  'discrimination',
  'other',
] as const;
export const NEED_STATUSES = ['identified', 'active', 'on-hold', 'met', 'not-met', 'withdrawn'] as const;
export const SEVERITIES = ['low', 'moderate', 'high', 'urgent'] as const;
export const EXPRESSED_BY = ['person', 'relative', 'professional', 'jointly'] as const;
export const GOAL_STATUSES = [
  'proposed',
  'accepted',
  'active',
  'on-hold',
  'achieved',
  'partly-achieved',
  'not-achieved',
  'cancelled',
] as const;
export const PLAN_STATUSES = ['draft', 'active', 'on-hold', 'completed', 'revoked'] as const;
export const ACTIVITY_KINDS = [
  'appointment',
  'application',
  'accompaniment',
  'document-gathering',
  'phone-call',
  'training',
  'care',
  'visit',
  'payment',
  'other',
] as const;
export const ACTIVITY_STATUSES = [
  'not-started',
  'scheduled',
  'in-progress',
  'on-hold',
  'completed',
  'cancelled',
] as const;
export const REFERRAL_PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;
export const REFERRAL_STATES = [
  'draft',
  'sent',
  'received',
  'accepted',
  'declined',
  'in-progress',
  'on-hold',
  'completed',
  'cancelled',
] as const;
export const DECLINE_REASONS = [
  'no-capacity',
  'not-eligible',
  'out-of-area',
  'missing-information',
  'person-declined',
  'not-reachable',
  'other',
] as const;
export const REFERRAL_OUTCOMES = [
  'service-provided',
  'partly-provided',
  'not-provided',
  'waiting-list',
  'unknown',
] as const;

export const BENEFIT_KINDS = [
  'minimum-income',
  'activity-bonus',
  'unemployment',
  'family-allowance',
  'single-parent-allowance',
  'housing-allowance',
  'disability-allowance',
  'disability-compensation',
  'invalidity-pension',
  'old-age-pension',
  'old-age-minimum',
  'survivor-pension',
  'sick-pay',
  'maternity-benefit',
  'student-grant',
  'food-support',
  'energy-voucher',
  'emergency-aid',
  'housing-solidarity-fund',
  'health-insurance',
  'complementary-health-insurance',
  'state-medical-aid',
  'asylum-allowance',
  'victim-compensation',
  'long-term-illness-cover',
  'home-care-allowance',
  'debt-relief',
  'legal-aid',
  'other',
] as const;
export const BENEFIT_STATUSES = ['requested', 'active', 'suspended', 'ended', 'refused', 'unknown'] as const;
export const APPLICATION_STATUSES = [
  'to-prepare',
  'incomplete',
  'submitted',
  'in-review',
  'accepted',
  'refused',
  'withdrawn',
  'expired',
] as const;
export const NOTIFICATION_KINDS = [
  'acknowledgement',
  'request-for-documents',
  'decision',
  'overpayment',
  'suspension',
  'renewal',
  'hearing',
  'formal-notice',
  'other',
] as const;
export const DECISION_OUTCOMES = [
  'granted',
  'partly-granted',
  'refused',
  'suspended',
  'ended',
  'overpayment',
  'other',
] as const;
export const APPEAL_KINDS = ['internal-review', 'mediation', 'commission', 'court', 'other'] as const;
export const APPEAL_STATUSES = [
  'possible',
  'in-preparation',
  'filed',
  'allowed',
  'dismissed',
  'abandoned',
  'out-of-time',
] as const;
export const FREQUENCIES = ['once', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly'] as const;

export const HOUSING_SITUATIONS = [
  'owner',
  'social-tenant',
  'private-tenant',
  'sublet',
  'employer-housing',
  'hosted-by-family',
  'hosted-by-others',
  'hotel',
  'emergency-shelter',
  'stabilisation-shelter',
  'supported-housing',
  'violence-shelter',
  'asylum-centre',
  'hospital',
  'psychiatric-hospital',
  'addiction-residence',
  'care-home',
  'child-protection-placement',
  'prison',
  'mobile-home',
  'squat',
  'encampment',
  'vehicle',
  'street',
  'other',
  'unknown',
] as const;
export const HOUSING_PROBLEMS = [
  'overcrowding',
  'damp',
  'no-heating',
  'no-water',
  'no-electricity',
  'dangerous',
  'pests',
  'not-accessible',
  'too-expensive',
  'neighbour-conflict',
  'lead-or-asbestos',
] as const;
export const HOUSING_APPLICATION_TYPES = [
  'social-housing',
  'social-housing-transfer',
  'enforceable-right',
  'emergency-shelter',
  'supported-housing',
  'intermediated-rental',
  'private-rental',
  'family-boarding-house',
  'violence-shelter',
  'care-home',
  'other',
] as const;
export const LEASE_KINDS = [
  'unfurnished',
  'furnished',
  'social',
  'sublease',
  'occupancy-agreement',
  'verbal',
  'other',
] as const;
/** In the order in which a procedure may go through them. */
export const EVICTION_STAGES = [
  'unpaid-notice',
  'order-to-pay',
  'summons',
  'hearing-scheduled',
  'hearing-adjourned',
  'judgment',
  'payment-terms-granted',
  'order-to-leave',
  'police-assistance-requested',
  'police-assistance-granted',
  'evicted',
  'stopped',
] as const;
export const EVICTION_GROUNDS = ['arrears', 'end-of-lease', 'nuisance', 'no-title', 'sale', 'other'] as const;
export const ARREARS_KINDS = ['rent', 'charges', 'energy', 'water', 'mortgage', 'other'] as const;
export const REPAYMENT_STATUSES = ['none', 'proposed', 'agreed', 'kept', 'broken', 'completed'] as const;
export const PET_KINDS = ['dog', 'cat', 'bird', 'rodent', 'other'] as const;

export const EMPLOYMENT_STATUSES = [
  'permanent',
  'fixed-term',
  'temporary-work',
  'sheltered-work',
  'self-employed',
  'undeclared',
  'jobseeker',
  'in-training',
  'student',
  'sick-leave',
  'parental-leave',
  'retired',
  'unable-to-work',
  'inactive',
  'unknown',
] as const;
export const RESOURCE_KINDS = [
  'wages',
  'self-employment',
  'minimum-income',
  'unemployment',
  'family-benefits',
  'housing-allowance',
  'disability-allowance',
  'pension',
  'sick-pay',
  'maintenance',
  'student-grant',
  'asylum-allowance',
  'help-from-relatives',
  'savings',
  'none',
  'other',
] as const;
export const EXPENSE_KINDS = [
  'rent',
  'energy',
  'water',
  'food',
  'transport',
  'childcare',
  'insurance',
  'phone',
  'debt',
  'health',
  'maintenance',
  'other',
] as const;
export const DEBT_KINDS = [
  'rent',
  'energy',
  'tax',
  'fine',
  'bank',
  'consumer-credit',
  'benefit-overpayment',
  'health',
  'private',
  'other',
] as const;
export const DEBT_STATUSES = ['current', 'late', 'in-recovery', 'in-debt-relief', 'settled', 'disputed'] as const;

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
] as const;
export const CONDITION_STATUSES = ['active', 'remission', 'resolved', 'past', 'unknown'] as const;

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
