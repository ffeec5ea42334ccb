// The case that is measured: one person with household, work, needs, rights, housing, money, health and papers; about
// 13 kB as JSON, some thirty resources of thirty maps. It is written as text and read as the product reads it, so that
// amounts such as 612.50 are kept as written. No two cases are alike: codes, texts and what is absent turn with n.
import * as codes from '../../dist/domain/case/codes.js';
import { caringFor, housedIn, livingOn } from './shape-means.mjs';
import { readJson } from '../../dist/kernel/json/read.js';
import { day, FAMILIES, GIVEN, pick, SENTENCES, some, two } from './shape-words.mjs';

function personOf(n) {
  return {
    id: `person-${n}`,
    names: [
      { id: 'n1', kind: 'legal', family: pick(FAMILIES, n), given: [pick(GIVEN, n), pick(GIVEN, n + 3)] },
      { id: 'n2', kind: 'used', given: [pick(GIVEN, n + 5)], ...some(n % 2 === 0, { startDate: '2019' }) },
    ],
    identifiers: [
      {
        id: 'i1',
        type: 'social-security',
        system: 'urn:oid:1.2.250.1.213.1.4.8',
        value: `2 84 05 75 116 ${100 + n}`,
        assigner: 'Caisse primaire de Valmont',
      },
      {
        id: 'i2',
        type: pick(['residence-permit', 'passport', 'other'], n),
        value: `VX${73000 + n}`,
        endDate: '2028-02',
      },
    ],
    birthDate: day(1970 + (n % 30), n),
    ...some(n % 3 === 0, { birthDatePrecision: 'day' }),
    birthPlace: pick(['Valmont', 'Northbridge', 'Tlemcen'], n),
    birthCountry: pick(['FR', 'GB', 'DZ'], n),
    sex: pick(['female', 'male', 'other', 'unknown'], n),
    maritalStatus: pick(codes.MARITAL_STATUSES, n),
    nationalities: n % 4 === 0 ? ['FR', 'DZ'] : ['FR'],
    ...some(n % 3 !== 0, { immigrationStatus: 'permanent-resident', immigrationStatusUntil: day(2031, n) }),
  };
}

const communicationOf = (n) => ({
  languages: n % 2 === 0 ? ['fr', 'ar'] : ['en'],
  writtenLanguage: 'fr',
  interpreter: pick(codes.INTERPRETER_NEEDS, n),
  ...some(n % 3 !== 0, { interpreterLanguage: 'ar' }),
  literacy: pick(codes.LITERACY_LEVELS, n),
  digitalAccess: pick(codes.DIGITAL_ACCESS, n),
  safeChannels: ['phone', 'in-person'],
  safeTelecomId: 't1',
  safeHours: [{ id: 'h1', days: ['mon', 'tue', 'fri'], from: '09:00', to: '12:30' }],
  voicemailAllowed: n % 2 === 0,
  ...some(n % 4 !== 0, { note: pick(SENTENCES, n + 4) }),
});

const contactsOf = (n) => ({
  addresses: [
    {
      id: 'a1',
      use: 'home',
      lines: [`${3 + n} rue des Tanneurs`, 'Bâtiment B'],
      postalCode: '59000',
      city: 'Valmont',
      country: 'FR',
      startDate: '2019-03',
    },
    {
      id: 'a2',
      use: 'postal',
      careOf: 'CCAS de Valmont',
      lines: ['1 place du Marché'],
      postalCode: '59000',
      city: 'Valmont',
    },
  ],
  telecoms: [
    { id: 't1', system: 'phone', value: `+33 6 39 98 ${1000 + n}`, use: 'mobile', safe: true },
    {
      id: 't2',
      system: pick(['email', 'messaging'], n),
      value: `personne.${n}@example.org`,
      ...some(n % 2 === 0, { use: 'home' }),
    },
  ],
});

const aroundOf = (n) => ({
  household: {
    members: [0, 1].map((i) => ({
      id: `member-${i}`,
      kind: i === 0 ? 'child' : 'adult',
      age: 3 + ((n + i) % 60),
      ageOn: day(2026, n + i),
      relationship: pick(codes.RELATIONSHIPS, n + i),
      ...some(n % 3 !== 0, {
        family: pick(FAMILIES, n + i),
        given: [pick(GIVEN, n + i)],
        sex: pick(['female', 'male'], i),
      }),
      ...some(i === 0, { dependent: true, schooled: n % 2 === 0 }),
    })),
  },
  relatives: [
    {
      id: 'relative-1',
      relationship: pick(codes.RELATIONSHIPS, n + 7),
      family: pick(FAMILIES, n + 2),
      given: [pick(GIVEN, n + 6)],
      phone: `+33 6 39 98 ${2000 + n}`,
      mayBeTold: n % 2 === 1,
      ...some(n % 2 === 0, { emergencyContact: true, note: pick(SENTENCES, n) }),
    },
  ],
  professionals: [
    {
      id: 'pro-1',
      role: pick(codes.PROFESSIONAL_ROLES, n),
      name: `${pick(GIVEN, n + 1)} ${pick(FAMILIES, n + 4)}`,
      organization: 'Maison des solidarités',
      phone: `+33 3 20 00 ${1000 + n}`,
      ...some(n % 2 === 0, { email: `pro.${n}@example.org`, startDate: '2024' }),
    },
  ],
  caseFile: {
    number: `VAL-${100000 + n}`,
    status: pick(codes.CASE_STATUSES, n),
    openedOn: day(2023, n),
    ...some(n % 5 === 4, { closedOn: day(2026, n), closingReason: 'handed-over' }),
    programme: 'Logement d’abord',
    service: 'CCAS de Valmont',
    leadWorker: {
      id: 'worker-1',
      function: 'Assistante de service social',
      name: `${pick(GIVEN, n)} ${pick(FAMILIES, n + 1)}`,
      email: `agent.${n}@example.org`,
      ...some(n % 2 === 0, { phone: `+33 3 20 01 ${1000 + n}`, startDate: day(2024, n) }),
    },
    team: [{ id: 'worker-2', function: 'Conseillère ESF', name: pick(FAMILIES, n + 3), phone: '+33 3 20 02 00 00' }],
  },
});

function workOf(n) {
  const needs = [0, 1, 2].map((i) => ({
    id: `need-${i}`,
    category: pick(codes.NEED_CATEGORIES, n * 3 + i),
    status: pick(codes.NEED_STATUSES, n + i),
    ...some(i !== 0, { severity: pick(codes.SEVERITIES, n + i) }),
    ...some(i === 0, { priority: 1 + (n % 5) }),
    expressedBy: pick(codes.EXPRESSED_BY, n + i),
    identifiedOn: day(2025, n + i),
    ...some((n + i) % 3 === 0, { resolvedOn: day(2026, n + i) }),
    description: `${pick(SENTENCES, n + i)} ${pick(SENTENCES, n + i + 2)}`,
    ...some(i !== 0, { note: `${pick(SENTENCES, n + i + 1)} ${pick(SENTENCES, n + i + 4)}` }),
  }));
  const goals = [0, 1].map((i) => ({
    id: `goal-${i}`,
    category: needs[i].category,
    status: pick(codes.GOAL_STATUSES, n + i),
    expressedBy: 'person',
    startDate: day(2025, n),
    targetDate: pick(['2026', '2026-11', '2027-01-31'], n + i),
    ...some(n % 2 === 0, { endedOn: day(2026, n) }),
    needIds: needs.slice(0, 1 + i).map(({ id }) => id),
    description: pick(SENTENCES, n + i + 3),
    ...some(i === 1, { note: pick(SENTENCES, n + i) }),
  }));
  return {
    interventions: [0, 1, 2].map((i) => ({
      id: `act-${i}`,
      date: day(2026, n + i),
      ...some(i !== 2, { time: `${two(9 + i)}:30` }),
      kind: pick(codes.INTERVENTION_KINDS, n + i),
      channel: pick(codes.CHANNELS, n + i),
      durationMinutes: 30 + 15 * i,
      participants: [
        {
          id: 'p1',
          role: pick(codes.PARTICIPANT_ROLES, n + i),
          ...some(i === 1, { name: 'Zoë Haddad', organization: 'CPAM' }),
        },
      ],
      summary: [0, 1, 2, 3, 4, 5, 6, 7].map((part) => pick(SENTENCES, n + i + part)).join(' '),
      ...some(i === 0, {
        actions: [
          {
            id: 'action-1',
            description: pick(SENTENCES, n + 5),
            status: 'planned',
            responsible: 'lead-worker',
            dueDate: day(2026, n),
          },
        ],
      }),
      needIds: [needs[i].id],
    })),
    needs,
    goals,
    plan: {
      status: pick(codes.PLAN_STATUSES, n),
      startDate: day(2025, n),
      ...some(n % 2 === 0, { reviewDate: day(2027, n) }),
      agreedByPerson: true,
      agreedOn: day(2025, n + 1),
      activities: [0, 1, 2].map((i) => ({
        id: `activity-${i}`,
        category: needs[i].category,
        kind: pick(codes.ACTIVITY_KINDS, n + i),
        status: pick(codes.ACTIVITY_STATUSES, n + i),
        responsible: pick(codes.RESPONSIBLES, n + i),
        startDate: day(2025, n + i),
        dueDate: day(2026, n + i),
        ...some(i === 2, { completedOn: day(2026, n + i) }),
        goalIds: ['goal-0'],
        ...some(i !== 0, { needIds: [needs[i].id] }),
        description: `${pick(SENTENCES, n + i + 1)} ${pick(SENTENCES, n + i + 5)}`,
      })),
      ...some(n % 3 === 0, { note: pick(SENTENCES, n + 2) }),
    },
    referrals: [
      {
        id: 'referral-1',
        category: needs[0].category,
        status: pick(codes.REFERRAL_STATES, n),
        priority: pick(codes.REFERRAL_PRIORITIES, n),
        requestedOn: day(2026, n),
        ...some(n % 2 === 0, { answerDueOn: day(2026, n + 1), recipientContact: 'Accueil, bureau 2' }),
        recipientOrganization: 'Espace Écoute',
        ...some(n % 9 === 4, { declineReason: 'out-of-area' }),
        needIds: [needs[0].id],
        reason: `${pick(SENTENCES, n + 1)} ${pick(SENTENCES, n + 5)}`,
      },
    ],
  };
}

/** A case by its number, as its text. */
export const caseText = (n) =>
  JSON.stringify({
    person: personOf(n),
    communication: communicationOf(n),
    ...contactsOf(n),
    ...aroundOf(n),
    ...workOf(n),
    rights: livingOn(n).rights,
    housing: housedIn(n),
    income: livingOn(n).income,
    ...caringFor(n),
  }).replace(/"amount:([\d.]+)"/g, '$1');

export const caseOf = (n) => readJson(caseText(n));

/** Ids as a run asks for them: looked up, so that neither side pays for a digest. */
let next = 0;
const ids = new Map();
export const context = {
  identifierBase: 'https://relais.example/organizations/agency',
  resourceId(type, key) {
    const name = `${type}\n${key}`;
    let id = ids.get(name);
    if (id === undefined) ids.set(name, (id = `00000000-0000-8000-8000-${(next++).toString(16).padStart(12, '0')}`));
    return id;
  },
};

export const bundleOf = (resources) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({
    fullUrl: `https://relais.example/fhir/${resource.resourceType}/${resource.id}`,
    resource,
  })),
});
