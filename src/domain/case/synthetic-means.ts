import * as codes from './codes.js';
import type { CaseOf } from './schema.js';
import type { Random } from './synthetic-random.js';
import * as words from './synthetic-words.js';

/** Rights, housing, income, health and safety of a synthetic case (synthetic.ts). */
const EURO = 'EUR';

export function syntheticRights(random: Random): CaseOf<'rights'> {
  const benefits = random.several(codes.BENEFIT_KINDS, 1, 4).map((kind, index) => ({
    id: `benefit-${index + 1}`,
    kind,
    status: random.pick(codes.BENEFIT_STATUSES),
    authority: random.pick(words.AUTHORITIES),
    number: random.digits(7),
    amount: random.amount(20, 1200),
    currency: EURO,
    frequency: 'monthly' as const,
    startDate: random.date(2023, 2024),
    renewalDue: random.date(2027, 2027),
  }));
  return {
    benefits,
    applications: [
      {
        id: 'claim-1',
        kind: random.pick(codes.BENEFIT_KINDS),
        status: random.pick(codes.APPLICATION_STATUSES),
        authority: random.pick(words.AUTHORITIES),
        submittedOn: random.date(2026, 2026),
      },
    ],
    decisions: benefits.slice(0, 1).map(({ id, kind }) => ({
      id: 'decision-1',
      kind,
      outcome: random.pick(codes.DECISION_OUTCOMES),
      decidedOn: random.date(2025, 2025),
      notifiedOn: random.date(2026, 2026),
      benefitId: id,
    })),
    appeals: [
      {
        id: 'appeal-1',
        decisionId: 'decision-1',
        kind: random.pick(codes.APPEAL_KINDS),
        status: 'possible',
        deadline: random.date(2027, 2027),
      },
    ],
  };
}

export function syntheticHousing(random: Random): CaseOf<'housing'> {
  return {
    situation: {
      kind: random.pick(codes.HOUSING_SITUATIONS),
      since: String(random.integer(2012, 2024)),
      rooms: random.integer(1, 5),
      areaSquareMetres: random.amount(9, 90),
      problems: random.several(codes.HOUSING_PROBLEMS, 0, 3),
    },
    applications: [
      {
        id: 'application-1',
        type: random.pick(codes.HOUSING_APPLICATION_TYPES),
        number: `${random.digits(3)} ${random.digits(4)} ${random.digits(5)}`,
        status: random.pick(codes.APPLICATION_STATUSES),
        submittedOn: random.date(2024, 2025),
        bedrooms: random.integer(1, 4),
        maxRent: random.amount(250, 800),
        currency: EURO,
        areas: random.several(words.CITIES, 1, 2),
      },
    ],
    tenancies: [
      {
        id: 'tenancy-1',
        kind: random.pick(codes.LEASE_KINDS),
        landlord: random.pick(words.FAMILY_NAMES),
        startDate: random.date(2015, 2023),
        rent: random.amount(200, 900),
        charges: random.amount(0, 120),
        currency: EURO,
        frequency: 'monthly',
      },
    ],
    evictions: random.chance(0.4)
      ? [
          {
            id: 'eviction-1',
            tenancyId: 'tenancy-1',
            stage: random.pick(codes.EVICTION_STAGES),
            stageOn: random.date(2026, 2026),
            ground: random.pick(codes.EVICTION_GROUNDS),
            hearingDate: random.date(2027, 2027),
            court: random.pick(words.COURTS),
          },
        ]
      : [],
    arrears: [
      {
        id: 'arrears-1',
        kind: random.pick(codes.ARREARS_KINDS),
        amount: random.amount(50, 6000),
        currency: EURO,
        asOf: random.date(2026, 2026),
        tenancyId: 'tenancy-1',
      },
    ],
    pets: random.chance(0.4)
      ? [{ id: 'pet-1', kind: random.pick(codes.PET_KINDS), name: random.pick(words.PETS) }]
      : [],
  };
}

export function syntheticIncome(random: Random): CaseOf<'income'> {
  return {
    employmentStatus: random.pick(codes.EMPLOYMENT_STATUSES),
    occupation: random.pick(words.OCCUPATIONS),
    resources: random.several(codes.RESOURCE_KINDS, 1, 3).map((kind, index) => ({
      id: `resource-${index + 1}`,
      kind,
      amount: random.amount(30, 1800),
      currency: EURO,
      frequency: 'monthly' as const,
    })),
    expenses: random.several(codes.EXPENSE_KINDS, 1, 4).map((kind, index) => ({
      id: `expense-${index + 1}`,
      kind,
      amount: random.amount(10, 900),
      currency: EURO,
      frequency: 'monthly' as const,
    })),
    debts: random.several(codes.DEBT_KINDS, 0, 2).map((kind, index) => ({
      id: `debt-${index + 1}`,
      kind,
      amount: random.amount(50, 4000),
      currency: EURO,
      status: random.pick(codes.DEBT_STATUSES),
    })),
    bankAccounts: [{ id: 'account-1', bank: 'Banque de Valmont', number: random.digits(11) }],
  };
}

export function syntheticHealth(random: Random): CaseOf<'health'> {
  return {
    treatments: random.several(codes.TREATMENT_KINDS, 0, 2).map((kind, index) => ({
      id: `treatment-${index + 1}`,
      kind,
      name: `Traitement ${index + 1}`,
      mustNotInterrupt: random.chance(0.5),
      startDate: String(random.integer(2005, 2025)),
    })),
    allergies: random.chance(0.5)
      ? [
          {
            id: 'allergy-1',
            kind: 'medication',
            substance: random.pick(words.SUBSTANCES),
            criticality: random.pick(codes.CRITICALITIES),
          },
        ]
      : [],
    mobility: { level: random.pick(codes.MOBILITY_LEVELS), stairsPossible: random.chance(0.7) },
    conditions: random.several(codes.CONDITION_KINDS, 0, 3).map((kind, index) => ({
      id: `condition-${index + 1}`,
      kind,
      status: random.pick(codes.CONDITION_STATUSES),
      startDate: String(random.integer(2000, 2025)),
    })),
  };
}

export function syntheticSafety(random: Random): CaseOf<'safety'> {
  const recorded = {
    author: `${random.pick(words.GIVEN_NAMES)} ${random.pick(words.FAMILY_NAMES)}`,
    authorFunction: random.pick(words.FUNCTIONS),
    recordedOn: random.date(2026, 2026),
    expiresOn: random.date(2028, 2028),
    reviewOn: random.date(2027, 2027),
    fact: random.pick(words.SENTENCES),
    status: random.pick(codes.SAFETY_STATUSES),
  };
  return {
    safeguardingConcerns: random.chance(0.2)
      ? [{ id: 'concern-1', kind: random.pick(codes.SAFEGUARDING_KINDS), subject: 'person', ...recorded }]
      : [],
    risks: random.chance(0.5)
      ? [{ id: 'risk-1', kind: random.pick(codes.RISK_KINDS), level: random.pick(codes.SEVERITIES), ...recorded }]
      : [],
    staffAlerts: random.chance(0.2) ? [{ id: 'alert-1', kind: random.pick(codes.ALERT_KINDS), ...recorded }] : [],
  };
}
