/** Codes of the agency's work: case file, interventions, needs, goals, plan, referrals. */
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
/** To what a person was referred, where the category is not enough. */
export const REFERRAL_KINDS = [
  'prevention',
  'diversion',
  'crisis-assessment',
  'housing-assessment',
  'follow-up',
  'street-outreach',
  'housing-navigation',
  'outside-services-not-eligible',
  'outside-services-no-place',
  'emergency-shelter',
  'transitional-housing',
  'transitional-or-rapid-rehousing',
  'rapid-rehousing',
  'permanent-supportive-housing',
  'other-permanent-housing',
  'emergency-funds',
  'emergency-voucher',
  'stability-voucher',
  'other',
] as const;
export const REFERRAL_RESULTS = ['accepted', 'person-declined', 'provider-declined'] as const;
