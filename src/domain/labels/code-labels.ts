import { maskOf, type DataLabel, type LabelMask } from './labels.js';
import { HOUSING_LABELS, PROGRAMME_LABELS, SCREENING_LABELS, SERVICE_LABELS, TOPIC_LABELS } from './stay-labels.js';

/**
 * The labelling step, version 1: a code can say more than its field. `need.category` is harmless for `housing` and is
 * about addiction for `addiction`; the whole item then carries that label too (HL7 DS4P: labels follow the content,
 * https://hl7.org/fhir/uv/security-label-ds4p/). Where a code says nothing ("other"), the label that protects is taken.
 */
type CodeTable = Readonly<Record<string, readonly DataLabel[]>>;

const NEED_LABELS: CodeTable = {
  justice: ['justice'],
  immigration: ['immigration'],
  health: ['health'],
  'health-insurance': ['health'],
  disability: ['health'],
  'mental-health': ['health', 'psychiatry'],
  addiction: ['health', 'addiction'],
  hiv: ['health', 'hiv'],
  'reproductive-health': ['health', 'reproductive-health'],
  sexuality: ['sexuality'],
  violence: ['violence'],
  'child-protection': ['safeguarding'],
  'adult-protection': ['safeguarding'],
  religion: ['religion'],
  discrimination: ['ethnicity'],
};

const BENEFIT_LABELS: CodeTable = {
  'disability-allowance': ['health'],
  'disability-compensation': ['health'],
  'invalidity-pension': ['health'],
  'sick-pay': ['health'],
  'maternity-benefit': ['reproductive-health'],
  'health-insurance': ['health'],
  'complementary-health-insurance': ['health'],
  'state-medical-aid': ['health', 'immigration'],
  'asylum-allowance': ['immigration'],
  'victim-compensation': ['violence'],
  'long-term-illness-cover': ['health'],
  'home-care-allowance': ['health'],
  'legal-aid': ['justice'],
};

/** entity → field → code → labels that the whole item carries in addition to those of its fields. */
export const CODE_LABELS: Readonly<Record<string, Readonly<Record<string, CodeTable>>>> = {
  identifier: {
    type: {
      national: ['government-identifier'],
      'social-security': ['government-identifier', 'health-identifier'],
      health: ['health-identifier'],
      tax: ['government-identifier'],
      passport: ['government-identifier', 'immigration'],
      'residence-permit': ['government-identifier', 'immigration'],
      asylum: ['government-identifier', 'immigration'],
      'driving-licence': ['government-identifier'],
      prison: ['government-identifier', 'justice'],
      military: ['government-identifier'],
      student: ['government-identifier'],
      benefit: ['government-identifier'],
      other: ['government-identifier'],
    },
  },
  domiciliation: { kind: { shelter: ['protected-address'], relative: ['third-party'] } },
  householdMember: { kind: { unborn: ['reproductive-health'] } },
  intervention: { kind: { crisis: ['safeguarding'] } },
  need: { category: NEED_LABELS },
  goal: { category: NEED_LABELS },
  activity: { category: NEED_LABELS },
  referral: { category: NEED_LABELS },
  benefit: { kind: BENEFIT_LABELS },
  rightsApplication: {
    kind: BENEFIT_LABELS,
    missingDocuments: {
      'residence-document': ['immigration'],
      'court-decision': ['justice'],
      'criminal-justice-document': ['justice'],
      'protection-order': ['justice', 'violence'],
      'medical-certificate': ['health'],
      prescription: ['health'],
    },
  },
  rightsDecision: { kind: BENEFIT_LABELS },
  notification: { benefitKind: BENEFIT_LABELS },
  programme: { kind: PROGRAMME_LABELS },
  stay: { kind: PROGRAMME_LABELS },
  exit: {
    destination: HOUSING_LABELS,
    reason: { imprisoned: ['justice'], hospitalised: ['health'] },
  },
  service: { kind: SERVICE_LABELS },
  screening: { kind: SCREENING_LABELS, topic: TOPIC_LABELS },
  housingSituation: { kind: HOUSING_LABELS },
  livingSituation: { kind: HOUSING_LABELS },
  housingApplication: { type: { 'violence-shelter': ['violence', 'protected-address'], 'care-home': ['health'] } },
  resource: {
    kind: {
      'disability-allowance': ['health'],
      'disability-insurance': ['health'],
      'private-disability': ['health'],
      'veterans-disability': ['health'],
      'workers-compensation': ['health'],
      'sick-pay': ['health'],
      'asylum-allowance': ['immigration'],
    },
  },
  expense: { kind: { health: ['health'] } },
  debt: { kind: { fine: ['justice'], health: ['health'], private: ['third-party'] } },
  treatment: {
    kind: {
      psychotropic: ['psychiatry'],
      'opioid-substitution': ['addiction'],
      antiretroviral: ['hiv'],
      contraception: ['reproductive-health'],
      'pregnancy-care': ['reproductive-health'],
    },
  },
  condition: {
    kind: {
      'mental-health': ['psychiatry'],
      addiction: ['addiction'],
      hiv: ['hiv'],
      'reproductive-health': ['reproductive-health'],
      'injury-from-violence': ['violence'],
    },
  },
  document: {
    kind: {
      'identity-document': ['identity', 'government-identifier'],
      'residence-document': ['identity', 'immigration'],
      'family-record': ['household', 'third-party'],
      'proof-of-address': ['contact', 'protected-address'],
      payslip: ['income'],
      'tax-notice': ['income', 'government-identifier'],
      'benefit-statement': ['income'],
      'bank-details': ['income', 'bank-details'],
      lease: ['housing'],
      'rent-receipt': ['housing'],
      'eviction-document': ['housing'],
      'housing-application': ['housing'],
      'court-decision': ['justice'],
      'criminal-justice-document': ['justice'],
      'protection-order': ['justice', 'violence'],
      'medical-certificate': ['health'],
      prescription: ['health'],
      'employment-contract': ['income'],
      'social-report': ['needs', 'third-party'],
      photo: ['attachment'],
    },
  },
  risk: {
    kind: {
      'partner-violence': ['violence'],
      'family-violence': ['violence'],
      'other-violence': ['violence'],
      stalking: ['violence'],
      suicide: ['health', 'psychiatry'],
      'self-harm': ['health', 'psychiatry'],
      overdose: ['health', 'addiction'],
      exploitation: ['violence', 'safeguarding'],
      medical: ['health'],
      falls: ['health'],
      'financial-abuse': ['safeguarding'],
      other: ['safeguarding'],
    },
  },
};

/** entity → field → value → labels: marks that are no codes. */
export const FLAG_LABELS: Readonly<Record<string, readonly (readonly [string, boolean, readonly DataLabel[]])[]>> = {
  address: [['protected', true, ['protected-address']]],
  programme: [['victimServices', true, ['violence', 'protected-address']]],
  telecom: [
    ['protected', true, ['protected-address']],
    ['safe', false, ['protected-address']],
  ],
};

/** Beginnings of codes of public systems, where the agency gives one. */
const ICD_10: readonly (readonly [RegExp, readonly DataLabel[]])[] = [
  [/^F1/, ['addiction']],
  [/^F(?:0|[2-9])/, ['psychiatry']],
  [/^(?:X[67]|X8[0-4]|Z91\.5|R45\.8)/, ['psychiatry']],
  [/^(?:B2[0-4]|Z21|R75)/, ['hiv']],
  [/^(?:O|Z3[0-9]|N9[67]|P95)/, ['reproductive-health']],
  [/^(?:F5[236]|F6[456]|Z70)/, ['sexuality']],
  [/^(?:T74|Y0[0-9]|X(?:8[5-9]|9)|Z63\.0)/, ['violence']],
  [/^(?:Z72\.[012]|Z71\.[45])/, ['addiction']],
  [/^Z65\.[0-3]/, ['justice']],
];
const ATC: readonly (readonly [RegExp, readonly DataLabel[]])[] = [
  [/^N07B/, ['addiction']],
  [/^(?:N05|N06A|N06B|N06C)/, ['psychiatry']],
  [/^(?:J05AE|J05AF|J05AG|J05AJ|J05AR|J05AX0[789])/, ['hiv']],
  [/^(?:G02|G03)/, ['reproductive-health']],
];
/** HMIS services of PATH (141, 161) are for people with a mental illness, those of HOPWA (143, 151) for people with HIV. */
const PROGRAMME_SERVICE_SYSTEMS = Object.fromEntries(
  (
    [
      ['141', 'psychiatry'],
      ['161', 'psychiatry'],
      ['143', 'hiv'],
      ['151', 'hiv'],
    ] as const
  ).map(([recordType, label]) => [
    `https://relais.example/fhir/CodeSystem/hmis-service-type-${recordType}`,
    [[/^/, ['health', label]] as const],
  ]),
);
const SYSTEMS: Readonly<Record<string, typeof ICD_10>> = {
  'http://hl7.org/fhir/sid/icd-10': ICD_10,
  'http://hl7.org/fhir/sid/icd-10-cm': ICD_10,
  'http://www.whocc.no/atc': ATC,
  ...PROGRAMME_SERVICE_SYSTEMS,
};

/** Fields that hold the agency's own code, beside the field of its system. */
const GIVEN = [
  ['codeSystem', 'code'],
  ['detailSystem', 'detailCode'],
  ['answerSystem', 'answerCode'],
  ['reasonSystem', 'reasonCode'],
] as const;

type Codes = readonly (readonly [field: string, masks: ReadonlyMap<unknown, LabelMask>])[];

/** The tables above with masks for labels, by entity. */
const BY_ENTITY: ReadonlyMap<string, Codes> = new Map(
  [...new Set([...Object.keys(CODE_LABELS), ...Object.keys(FLAG_LABELS)])].map((entity) => [
    entity,
    [
      ...Object.entries(CODE_LABELS[entity] ?? {}).map(
        ([field, table]) => [field, masksOf(Object.entries(table))] as const,
      ),
      ...(FLAG_LABELS[entity] ?? []).map(([field, value, labels]) => [field, masksOf([[value, labels]])] as const),
    ],
  ]),
);

function masksOf(entries: readonly (readonly [unknown, readonly DataLabel[]])[]): ReadonlyMap<unknown, LabelMask> {
  return new Map(entries.map(([value, labels]) => [value, maskOf(labels)]));
}

/**
 * Labels that an item carries because of what it says, over those of its fields.
 *
 * @param entityName name of the entity in the case model
 */
export function labelsFromCodes(entityName: string, item: Readonly<Record<string, unknown>>): LabelMask {
  let mask = 0;
  for (const [field, masks] of BY_ENTITY.get(entityName) ?? []) {
    const value = item[field];
    if (Array.isArray(value)) for (const code of value) mask |= masks.get(code) ?? 0;
    else if (value !== undefined) mask |= masks.get(value) ?? 0;
  }
  for (const [system, code] of GIVEN) {
    if (item[system] !== undefined) mask |= labelsFromTerminology(item[system], item[code]);
  }
  return mask;
}

function labelsFromTerminology(system: unknown, code: unknown): LabelMask {
  if (typeof system !== 'string' || typeof code !== 'string') return 0;
  const rules = Object.hasOwn(SYSTEMS, system) ? (SYSTEMS[system] ?? []) : [];
  return rules
    .filter(([start]) => start.test(code.toUpperCase()))
    .reduce((mask, [, labels]) => mask | maskOf(labels), 0);
}
