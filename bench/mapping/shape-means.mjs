// Rights, housing, money, health and papers of the measured case (shape.mjs).
import * as codes from '../../dist/domain/case/codes.js';
import { day, pick, SENTENCES, some } from './shape-words.mjs';

/** An amount as it is written, trailing zero and all: `caseText` takes the quotes away. */
const amount = (whole, n) => `amount:${whole + (n % 40)}.${pick(['50', '00', '25', '9', '10'], n)}`;

export const livingOn = (n) => ({
  rights: {
    benefits: [
      {
        id: 'benefit-1',
        kind: pick(codes.BENEFIT_KINDS, n),
        status: pick(codes.BENEFIT_STATUSES, n),
        authority: 'Caisse d’allocations familiales',
        number: `${7000000 + n}`,
        amount: amount(310, n),
        currency: 'EUR',
        frequency: 'monthly',
        startDate: day(2024, n),
        ...some(n % 2 === 0, { renewalDue: day(2027, n) }),
        ...some(n % 3 === 0, { note: pick(SENTENCES, n) }),
      },
    ],
  },
  income: {
    employmentStatus: pick(codes.EMPLOYMENT_STATUSES, n),
    occupation: 'Agent d’entretien',
    ...some(n % 2 === 0, { employer: 'Cantine de Valmont' }),
    resources: [
      {
        id: 'money-1',
        kind: pick(codes.RESOURCE_KINDS, n),
        amount: amount(840, n),
        currency: 'EUR',
        frequency: 'monthly',
        startDate: day(2025, n),
      },
    ],
    expenses: [
      {
        id: 'out-1',
        kind: pick(codes.EXPENSE_KINDS, n),
        amount: amount(120, n + 1),
        currency: 'EUR',
        frequency: 'monthly',
      },
    ],
    debts: [
      {
        id: 'debt-1',
        kind: pick(codes.DEBT_KINDS, n),
        status: pick(codes.DEBT_STATUSES, n),
        creditor: 'Régie des eaux',
        amount: amount(400, n + 2),
        currency: 'EUR',
        asOf: day(2026, n),
        ...some(n % 2 === 0, { repaymentAmount: amount(20, n) }),
      },
    ],
  },
});

export const housedIn = (n) => ({
  situation: {
    kind: pick(codes.HOUSING_SITUATIONS, n),
    since: pick(['2019', '2021-05', '2023-02-11'], n),
    rooms: 1 + (n % 4),
    areaSquareMetres: amount(20, n),
    ...some(n % 2 === 0, { occupants: 3, unfit: false }),
    problems: [pick(codes.HOUSING_PROBLEMS, n), pick(codes.HOUSING_PROBLEMS, n + 4)],
    ...some(n % 3 === 0, { note: pick(SENTENCES, n + 1) }),
  },
  applications: [
    {
      id: 'application-1',
      type: pick(codes.HOUSING_APPLICATION_TYPES, n),
      number: `059 0625 ${10000 + n}`,
      status: pick(codes.APPLICATION_STATUSES, n),
      submittedOn: day(2025, n),
      ...some(n % 2 === 0, { renewalDue: day(2027, n), priority: true }),
      bedrooms: 1 + (n % 3),
      maxRent: amount(450, n),
      currency: 'EUR',
      areas: ['Valmont', 'Saint-Aubin'],
    },
  ],
  tenancies: [
    {
      id: 'tenancy-1',
      kind: pick(codes.LEASE_KINDS, n),
      landlord: 'Habitat du Nord',
      startDate: day(2019, n),
      ...some(n % 3 === 0, { noticeGivenOn: day(2026, n) }),
      rent: amount(500, n),
      charges: amount(40, n + 1),
      ...some(n % 2 === 0, { deposit: amount(500, n) }),
      currency: 'EUR',
      frequency: 'monthly',
      ...some(n % 2 === 1, { coTenants: ['Noël Traoré'] }),
    },
  ],
  evictions: [
    {
      id: 'eviction-1',
      tenancyId: 'tenancy-1',
      stage: pick(codes.EVICTION_STAGES, n),
      stageOn: day(2026, n),
      ground: pick(codes.EVICTION_GROUNDS, n),
      hearingDate: day(2027, n),
      ...some(n % 2 === 0, { hearingTime: '09:15' }),
      court: 'Tribunal judiciaire de Valmont',
    },
  ],
  arrears: [
    {
      id: 'arrears-1',
      kind: pick(codes.ARREARS_KINDS, n),
      amount: amount(1500, n),
      currency: 'EUR',
      asOf: day(2026, n),
      since: '2025-11',
      tenancyId: 'tenancy-1',
      ...some(n % 2 === 0, { repaymentStatus: 'agreed', repaymentAmount: amount(60, n) }),
    },
  ],
  pets: [
    { id: 'pet-1', kind: pick(codes.PET_KINDS, n), name: 'Biscuit', ...some(n % 2 === 0, { assistanceAnimal: false }) },
  ],
});

export const caringFor = (n) => ({
  health: {
    treatments: [
      {
        id: 'treatment-1',
        kind: pick(['insulin', 'anticoagulant', 'antiepileptic', 'medication'], n),
        name: 'Insuline glargine',
        mustNotInterrupt: true,
        keepCold: n % 2 === 0,
        dosage: '18 unités le soir',
        startDate: '2021',
        ...some(n % 4 === 0, { endDate: '2026-05' }),
        ...some(n % 2 === 0, { supplyUntil: day(2026, n), prescriber: 'Dr Haddad' }),
      },
      {
        id: 'treatment-2',
        kind: pick(['dialysis', 'oxygen', 'wound-care', 'physiotherapy'], n),
        name: 'Soins à domicile',
        startDate: '2024-02',
        note: pick(SENTENCES, n + 3),
      },
    ],
    allergies: [
      {
        id: 'allergy-1',
        kind: pick(codes.ALLERGY_KINDS, n),
        substance: 'Pénicilline',
        criticality: pick(codes.CRITICALITIES, n),
        ...some(n % 2 === 0, { reaction: 'Éruption cutanée' }),
      },
    ],
    mobility: { level: pick(codes.MOBILITY_LEVELS, n), equipment: ['cane'], stairsPossible: n % 2 === 0 },
    conditions: [
      {
        id: 'condition-1',
        kind: pick(codes.CONDITION_KINDS, n),
        name: 'Diabète de type 1',
        ...some(n % 2 === 0, { codeSystem: 'http://hl7.org/fhir/sid/icd-10', code: 'E10.9' }),
        status: pick(codes.CONDITION_STATUSES, n),
        startDate: '2008',
        ...some(n % 3 === 0, { endDate: '2025-12' }),
      },
    ],
  },
  documents: [
    {
      id: 'document-1',
      kind: pick(codes.DOCUMENT_KINDS, n),
      title: 'Attestation de droits',
      author: 'CAF',
      date: day(2026, n),
      receivedOn: day(2026, n + 1),
      original: n % 2 === 0,
      mimeType: 'application/pdf',
      sizeBytes: 48000 + n,
      ...some(n % 2 === 0, { expiresOn: day(2027, n), note: pick(SENTENCES, n + 6) }),
    },
  ],
});
