import * as codes from './codes.js';
import type { Case, CaseOf } from './schema.js';
import { seededRandom, type Random } from './synthetic-random.js';
import {
  syntheticHealth,
  syntheticHousing,
  syntheticIncome,
  syntheticRights,
  syntheticSafety,
} from './synthetic-means.js';
import {
  conditionsAsked,
  duringFirst,
  incomeSeen,
  referredTo,
  syntheticStays,
  type During,
} from './synthetic-stays.js';
import * as words from './synthetic-words.js';

/** Added to the seed for what is about stays, so that a seed gives the same person with and without it. */
const STAYS = 1_000_003;

/**
 * A realistic case of about 14 kB that a seed determines: invented people with French, English and Arabic names, valid
 * by `parseCase`. For the demo, properties and measurements.
 */
export function syntheticCase(seed: number): Case {
  const random = seededRandom(seed);
  const needs = syntheticNeeds(random);
  const goals = needs.slice(0, random.integer(1, needs.length)).map((need, index) => ({
    id: `goal-${index + 1}`,
    category: need.category,
    status: random.pick(codes.GOAL_STATUSES),
    expressedBy: random.pick(codes.EXPRESSED_BY),
    startDate: random.date(2024, 2024),
    targetDate: String(random.integer(2026, 2027)),
    needIds: [need.id],
    description: random.pick(words.SENTENCES),
  }));
  const ofStays = seededRandom(seed + STAYS);
  const { history, ...stays } = syntheticStays(ofStays);
  const during = duringFirst(stays.stays);
  return {
    schemaVersion: 1,
    person: syntheticPerson(random, seed),
    communication: syntheticCommunication(random),
    addresses: syntheticAddresses(random),
    telecoms: [
      { id: 'tel-1', system: 'phone', value: `+33 6 39 98 ${random.digits(4)}`, use: 'mobile', safe: true },
      { id: 'tel-2', system: 'email', value: `personne.${seed}@example.org`, use: 'home', safe: random.chance(0.7) },
    ],
    household: { members: syntheticMembers(random) },
    relatives: [
      {
        id: 'rel-1',
        relationship: random.pick(codes.RELATIONSHIPS),
        family: random.pick(words.FAMILY_NAMES),
        given: [random.pick(words.GIVEN_NAMES)],
        phone: `+33 6 39 98 ${random.digits(4)}`,
        mayBeTold: random.chance(0.5),
      },
    ],
    professionals: Array.from({ length: random.integer(1, 3) }, (_, index) => ({
      id: `pro-${index + 1}`,
      role: random.pick(codes.PROFESSIONAL_ROLES),
      name: fullName(random),
      organization: random.pick(words.ORGANIZATIONS),
    })),
    caseFile: {
      number: `VAL-${random.digits(6)}`,
      status: 'active',
      openedOn: random.date(2023, 2023),
      service: random.pick(words.ORGANIZATIONS),
      leadWorker: {
        id: 'worker-1',
        function: random.pick(words.FUNCTIONS),
        name: fullName(random),
        email: `agent.${random.digits(3)}@example.org`,
      },
    },
    interventions: syntheticInterventions(random, needs, during),
    needs,
    goals,
    plan: {
      status: 'active',
      startDate: random.date(2024, 2024),
      reviewDate: random.date(2027, 2027),
      agreedByPerson: true,
      activities: goals.map((goal, index) => ({
        id: `activity-${index + 1}`,
        category: goal.category,
        kind: random.pick(codes.ACTIVITY_KINDS),
        status: random.pick(codes.ACTIVITY_STATUSES),
        responsible: random.pick(codes.RESPONSIBLES),
        startDate: random.date(2024, 2024),
        dueDate: random.date(2026, 2026),
        goalIds: [goal.id],
        description: random.pick(words.SENTENCES),
      })),
    },
    referrals: [
      {
        id: 'referral-1',
        category: needs[0]?.category ?? 'housing',
        status: 'sent',
        priority: random.pick(codes.REFERRAL_PRIORITIES),
        requestedOn: random.date(2026, 2026),
        recipientOrganization: random.pick(words.ORGANIZATIONS),
        needIds: needs.slice(0, 1).map(({ id }) => id),
        reason: random.pick(words.SENTENCES),
        ...referredTo(ofStays, during),
      },
    ],
    rights: syntheticRights(random),
    ...stays,
    housing: { ...syntheticHousing(random), history },
    income: incomeSeen(syntheticIncome(random), ofStays, during),
    health: conditionsAsked(syntheticHealth(random), ofStays, during),
    documents: Array.from({ length: random.integer(1, 4) }, (_, index) => ({
      id: `doc-${index + 1}`,
      kind: random.pick(codes.DOCUMENT_KINDS),
      title: random.pick(['Bulletin de paie', 'Attestation', 'Letter of 3 May', 'Avis d’échéance']),
      date: random.date(2025, 2025),
      receivedOn: random.date(2026, 2026),
    })),
    safety: syntheticSafety(random),
    workingNotes: [
      { id: 'note-1', date: random.date(2026, 2026), author: fullName(random), text: paragraph(random, 3) },
    ],
  };
}

export function fullName(random: Random): string {
  return `${random.pick(words.GIVEN_NAMES)} ${random.pick(words.FAMILY_NAMES)}`;
}

export function paragraph(random: Random, sentences: number): string {
  return Array.from({ length: sentences }, () => random.pick(words.SENTENCES)).join(' ');
}

function syntheticPerson(random: Random, seed: number): Case['person'] {
  const birthDate = random.date(1945, 2007);
  const precision = random.pick(['day', 'day', 'day', 'month', 'year'] as const);
  const family = random.pick(words.FAMILY_NAMES);
  return {
    id: `person-${seed}`,
    names: [
      { id: 'name-1', kind: 'legal', family, given: random.several(words.GIVEN_NAMES, 1, 3) },
      ...(random.chance(0.3)
        ? [{ id: 'name-2', kind: 'used' as const, family, given: [random.pick(words.GIVEN_NAMES)] }]
        : []),
    ],
    identifiers: [
      {
        id: 'ident-1',
        type: 'agency',
        system: 'https://ccas.valmont.example/dossiers',
        value: `VAL-${random.digits(7)}`,
      },
      { id: 'ident-2', type: 'social-security', value: random.digits(15) },
    ],
    birthDate: birthDate.slice(0, { day: 10, month: 7, year: 4 }[precision]),
    birthDatePrecision: precision,
    sex: random.pick(codes.SEXES),
    maritalStatus: random.pick(codes.MARITAL_STATUSES),
    nationalities: [random.pick(['FR', 'GB', 'DZ', 'CD', 'UA', 'PT'])],
    immigrationStatus: random.pick(codes.IMMIGRATION_STATUSES),
    about: {
      birthDate: { source: 'document', date: random.date(2024, 2025) },
      sex: { source: 'declared' },
      ...(random.chance(0.2) && { maritalStatus: { source: 'declared' as const, contested: true } }),
    },
  };
}

function syntheticCommunication(random: Random): CaseOf<'communication'> {
  return {
    languages: random.several(words.LANGUAGES, 1, 2),
    interpreter: random.pick(['none', 'helpful', 'required']),
    literacy: random.pick(codes.LITERACY_LEVELS),
    digitalAccess: random.pick(codes.DIGITAL_ACCESS),
    accessibility: random.several(codes.ACCESSIBILITY_NEEDS, 0, 2),
    safeChannels: random.several(codes.CHANNELS, 1, 3),
    safeTelecomId: 'tel-1',
    safeHours: [{ id: 'hours-1', days: ['mon', 'thu'], from: '09:00', to: '12:30' }],
    voicemailAllowed: random.chance(0.5),
  };
}

function syntheticAddresses(random: Random): CaseOf<'addresses'> {
  return [
    {
      id: 'addr-1',
      use: 'home',
      protected: random.chance(0.2),
      lines: [`${random.integer(1, 120)} ${random.pick(words.STREETS)}`],
      postalCode: `99${random.digits(3)}`,
      city: random.pick(words.CITIES),
      country: 'FR',
      startDate: String(random.integer(2010, 2024)),
    },
  ];
}

function syntheticMembers(random: Random): NonNullable<CaseOf<'household'>['members']> {
  return Array.from({ length: random.integer(0, 4) }, (_, index) => {
    const age = random.integer(0, 60);
    return {
      id: `member-${index + 1}`,
      kind: age < 18 ? ('child' as const) : ('adult' as const),
      age,
      ageOn: '2026-06-01',
      relationship: age < 18 ? ('child' as const) : ('partner' as const),
      family: random.pick(words.FAMILY_NAMES),
      given: [random.pick(words.GIVEN_NAMES)],
      birthDate: String(2026 - age - 1),
      dependent: age < 18,
    };
  });
}

function syntheticNeeds(random: Random): CaseOf<'needs'> {
  return random.several(codes.NEED_CATEGORIES, 3, 6).map((category, index) => ({
    id: `need-${index + 1}`,
    category,
    status: random.pick(codes.NEED_STATUSES),
    severity: random.pick(codes.SEVERITIES),
    priority: index + 1,
    expressedBy: random.pick(codes.EXPRESSED_BY),
    identifiedOn: random.date(2024, 2025),
    description: paragraph(random, 2),
  }));
}

function syntheticInterventions(random: Random, needs: CaseOf<'needs'>, during: During): CaseOf<'interventions'> {
  return Array.from({ length: random.integer(4, 7) }, (_, index) => ({
    id: `intervention-${index + 1}`,
    date: random.date(2025, 2026),
    kind: random.pick(codes.INTERVENTION_KINDS),
    channel: random.pick(codes.CHANNELS),
    durationMinutes: random.integer(5, 90),
    participants: [
      { id: 'part-1', role: 'person' as const },
      { id: 'part-2', role: 'worker' as const, name: fullName(random), organization: random.pick(words.ORGANIZATIONS) },
    ],
    summary: paragraph(random, random.integer(2, 5)),
    actions: [
      {
        id: 'action-1',
        description: random.pick(words.SENTENCES),
        status: random.pick(codes.ACTION_STATUSES),
        responsible: random.pick(codes.RESPONSIBLES),
        dueDate: random.date(2026, 2026),
      },
    ],
    needIds: random.several(needs, 0, 2).map(({ id }) => id),
    ...(index === 0 && during),
  }));
}
