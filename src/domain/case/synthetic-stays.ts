import * as codes from './codes.js';
import type { Case, CaseOf } from './schema.js';
import type { Random } from './synthetic-random.js';
import * as words from './synthetic-words.js';

/** Stays of a synthetic case and what happened in them (synthetic.ts). All of it is of one past stay and one that lasts. */
const EURO = 'EUR';
const OWN_WORDS = 'https://ccas.valmont.example/codes';

type Stays = Pick<Case, 'programmes' | 'stays' | 'exits' | 'services' | 'assessments' | 'screenings'> & {
  readonly history: NonNullable<CaseOf<'housing'>['history']>;
};

export function syntheticStays(random: Random): Stays {
  const programmes = random.several(codes.PROGRAMME_KINDS, 0, 2).map((kind, index) => ({
    id: `programme-${index + 1}`,
    kind,
    name: `Dispositif ${random.pick(words.CITIES)}`,
    ...given(random),
    organizationId: 'org-1',
    organization: random.pick(words.ORGANIZATIONS),
    ...(random.chance(0.1) && { victimServices: true }),
    startDate: random.date(2010, 2020),
  }));
  const stays = programmes.map(({ id, kind, name }, index) => ({
    id: `stay-${index + 1}`,
    kind,
    status: index === 0 ? ('finished' as const) : random.pick(codes.STAY_STATUSES),
    programmeId: id,
    programme: name,
    ...(random.chance(0.3) && { area: `CoC-${random.digits(3)}` }),
    startDate: random.date(2022, 2022),
    ...(random.chance(0.5) && { engagedOn: random.date(2023, 2023), moveInDate: random.date(2023, 2023) }),
    ...(index === 0 && { endDate: random.date(2024, 2024) }),
    householdKey: `household-${random.digits(3)}`,
    relationshipToHead: random.pick(codes.RELATIONSHIPS_TO_HEAD),
  }));
  const during = duringFirst(stays);
  const { stayId } = during;
  const assessments = random.chance(0.3) ? [syntheticAssessment(random, during)] : [];
  return {
    programmes,
    stays,
    exits: stayId === undefined ? [] : [syntheticExit(random, stayId)],
    services: random
      .several(codes.SERVICE_KINDS, 0, 2)
      .map((kind, index) => syntheticService(random, kind, index, during)),
    assessments,
    screenings: random.several(codes.SCREENING_TOPICS, 0, 4).map((topic, index) => ({
      id: `screening-${index + 1}`,
      occasion: 'occasion-1',
      kind: random.pick(codes.SCREENING_KINDS),
      topic,
      ...(random.chance(0.2) && { order: index }),
      ...given(random),
      askedOn: random.date(2023, 2024),
      stage: random.pick(codes.COLLECTION_STAGES),
      ...during,
      ...(assessments.length > 0 && { assessmentId: 'assessment-1' }),
      ...syntheticAnswer(random),
    })),
    history: Array.from({ length: random.integer(0, 2) }, (_, index) =>
      syntheticLivingSituation(random, index, during),
    ),
  };
}

/** Names a stay, where there is one. */
export type During = { readonly stayId?: string };

export function duringFirst(stays: Case['stays']): During {
  const id = stays?.[0]?.id;
  return id === undefined ? {} : { stayId: id };
}

export function referredTo(random: Random, during: During): Partial<CaseOf<'referrals'>[number]> {
  if (random.chance(0.6)) return {};
  return {
    kind: random.pick(codes.REFERRAL_KINDS),
    ...given(random),
    result: random.pick(codes.REFERRAL_RESULTS),
    resultOn: random.date(2027, 2027),
    rehoused: random.chance(0.5),
    followUp: random.chance(0.5),
    ...during,
  };
}

export function incomeSeen(income: CaseOf<'income'>, random: Random, during: During): CaseOf<'income'> {
  const resources = (income.resources ?? []).map((resource, index) => ({
    ...resource,
    ...(index === 0 && {
      ...given(random),
      observedOn: random.date(2023, 2023),
      stage: random.pick(codes.COLLECTION_STAGES),
      ...during,
    }),
  }));
  return { ...income, resources };
}

export function conditionsAsked(health: CaseOf<'health'>, random: Random, during: During): CaseOf<'health'> {
  const conditions = (health.conditions ?? []).map((condition) => ({
    ...condition,
    ...(random.chance(0.5) && {
      verification: condition.status === 'unknown' ? ('refuted' as const) : ('confirmed' as const),
      lasting: random.chance(0.5),
      recordedOn: random.date(2026, 2026),
      stage: random.pick(codes.COLLECTION_STAGES),
      ...during,
    }),
  }));
  return { ...health, conditions };
}

/** The agency's own code beside Relais' kind, sometimes. */
function given(random: Random): { readonly codeSystem?: string; readonly code?: string } {
  return random.chance(0.4) ? { codeSystem: OWN_WORDS, code: `C${random.digits(2)}` } : {};
}

function syntheticExit(random: Random, stayId: string): CaseOf<'exits'>[number] {
  return {
    id: 'exit-1',
    stayId,
    date: random.date(2024, 2024),
    destination: random.pick(codes.DESTINATIONS),
    ...given(random),
    ...(random.chance(0.3) && {
      subsidy: random.pick(codes.HOUSING_SUBSIDIES),
      subsidySystem: OWN_WORDS,
      subsidyCode: random.digits(3),
    }),
    completion: random.pick(codes.EXIT_COMPLETIONS),
    ...(random.chance(0.5) && {
      reason: random.pick(codes.EXIT_REASONS),
      reasonSystem: OWN_WORDS,
      reasonCode: random.digits(2),
    }),
  };
}

function syntheticService(
  random: Random,
  kind: (typeof codes.SERVICE_KINDS)[number],
  index: number,
  during: During,
): CaseOf<'services'>[number] {
  return {
    id: `service-${index + 1}`,
    kind,
    date: random.date(2023, 2024),
    ...given(random),
    ...(random.chance(0.2) && { detailSystem: OWN_WORDS, detailCode: random.digits(2) }),
    ...(random.chance(0.3) && {
      startDate: random.date(2023, 2023),
      endDate: random.date(2024, 2024),
      amount: random.amount(10, 900),
      currency: EURO,
    }),
    ...(random.chance(0.3) && { outcome: random.pick(codes.SERVICE_OUTCOMES) }),
    ...during,
  };
}

function syntheticAssessment(random: Random, during: During): CaseOf<'assessments'>[number] {
  return {
    id: 'assessment-1',
    level: random.pick(codes.ASSESSMENT_LEVELS),
    date: random.date(2023, 2023),
    channel: random.pick(codes.CHANNELS),
    tool: 'Grille de vulnérabilité',
    score: random.amount(0, 20),
    prioritization: random.pick(codes.PRIORITIZATIONS),
    ...during,
  };
}

/** One of the ways of answering: a code, with or without more beside it; a date, an amount, a number, or words alone. */
function syntheticAnswer(random: Random): Partial<CaseOf<'screenings'>[number]> {
  const amount = { amount: random.amount(0, 2000), currency: EURO };
  const date = { date: random.date(2022, 2023).slice(0, random.pick([4, 7, 10])) };
  const count = { count: random.integer(0, 900) };
  const way = random.integer(0, 7);
  if (way === 0) return amount;
  if (way === 1) return date;
  if (way === 2) return count;
  if (way === 3) return { text: random.pick(words.SENTENCES) };
  return {
    answer: random.pick(codes.SCREENING_ANSWERS),
    ...(random.chance(0.4) && { answerSystem: OWN_WORDS, answerCode: random.digits(2) }),
    ...(random.chance(0.2) && amount),
    ...(random.chance(0.2) && date),
    ...(random.chance(0.2) && count),
    ...(random.chance(0.2) && { reasonSystem: OWN_WORDS, reasonCode: random.digits(1) }),
  };
}

function syntheticLivingSituation(random: Random, index: number, during: During): Stays['history'][number] {
  return {
    id: `situation-${index + 1}`,
    kind: random.pick(codes.HOUSING_SITUATIONS),
    ...given(random),
    ...(random.chance(0.5) && { observedOn: random.date(2023, 2023), verifiedBy: random.pick(words.ORGANIZATIONS) }),
    ...(random.chance(0.7) && {
      since: String(random.integer(2018, 2020)),
      until: random.date(2021, 2023).slice(0, 7),
    }),
    ...(random.chance(0.5) && { lengthOfStay: random.pick(codes.LENGTHS_OF_STAY) }),
    ...(random.chance(0.2) && {
      subsidy: random.pick(codes.HOUSING_SUBSIDIES),
      subsidySystem: OWN_WORDS,
      subsidyCode: random.digits(3),
    }),
    stage: random.pick(codes.COLLECTION_STAGES),
    ...during,
  };
}
