import * as codes from './codes.js';
import { described, entity, labelled, list, must, naming } from './define.js';
import { livingSituation } from './schema-stays.js';
import {
  code,
  codes as codesOf,
  currency,
  date,
  decimal,
  flag,
  iban,
  integer,
  key,
  line,
  lines,
  narrative,
  partialDate,
  systemCode,
  systemUri,
  timeOfDay,
} from './values.js';

/** What the person is entitled to, how they live, what they live on. Amounts are decimals kept as written. */
const MAX_AMOUNT = 100_000_000;
const amount = () => decimal(0, MAX_AMOUNT);

export const benefit = entity('benefit', 'A right that was opened.', {
  id: must(labelled(key(), 'income')),
  kind: must(labelled(code(codes.BENEFIT_KINDS), 'income')),
  status: must(labelled(code(codes.BENEFIT_STATUSES), 'income')),
  authority: labelled(line(160), 'income'),
  number: labelled(line(60), 'income', 'government-identifier'),
  amount: labelled(amount(), 'income'),
  currency: labelled(currency(), 'income'),
  frequency: labelled(code(codes.FREQUENCIES), 'income'),
  startDate: labelled(date(), 'income'),
  endDate: labelled(date(), 'income'),
  renewalDue: labelled(date(), 'income'),
  note: labelled(narrative(2000), 'income', 'free-text'),
});

export const rightsApplication = entity('rightsApplication', 'A claim for a right.', {
  id: must(labelled(key(), 'income')),
  kind: must(labelled(code(codes.BENEFIT_KINDS), 'income')),
  status: must(labelled(code(codes.APPLICATION_STATUSES), 'income')),
  authority: labelled(line(160), 'income'),
  number: labelled(line(60), 'income', 'government-identifier'),
  submittedOn: labelled(date(), 'income'),
  completeOn: labelled(date(), 'income'),
  answerDueOn: labelled(date(), 'income'),
  missingDocuments: labelled(codesOf(codes.DOCUMENT_KINDS), 'income'),
  note: labelled(narrative(2000), 'income', 'free-text'),
});

export const notification = entity('notification', 'A letter or message from an authority.', {
  id: must(labelled(key(), 'income')),
  kind: must(labelled(code(codes.NOTIFICATION_KINDS), 'income')),
  benefitKind: labelled(code(codes.BENEFIT_KINDS), 'income'),
  applicationId: naming(labelled(key(), 'income'), 'rights.applications'),
  authority: labelled(line(160), 'income'),
  sentOn: labelled(date(), 'income'),
  receivedOn: labelled(date(), 'income'),
  answerDueOn: labelled(date(), 'income'),
  documentId: naming(labelled(key(), 'income'), 'documents'),
  note: labelled(narrative(2000), 'income', 'free-text'),
});

export const rightsDecision = entity('rightsDecision', 'What an authority decided.', {
  id: must(labelled(key(), 'income')),
  kind: must(labelled(code(codes.BENEFIT_KINDS), 'income')),
  outcome: must(labelled(code(codes.DECISION_OUTCOMES), 'income')),
  authority: labelled(line(160), 'income'),
  decidedOn: labelled(date(), 'income'),
  notifiedOn: labelled(date(), 'income'),
  effectiveOn: labelled(date(), 'income'),
  applicationId: naming(labelled(key(), 'income'), 'rights.applications'),
  benefitId: naming(labelled(key(), 'income'), 'rights.benefits'),
  amount: labelled(amount(), 'income'),
  currency: labelled(currency(), 'income'),
  note: labelled(narrative(2000), 'income', 'free-text'),
});

export const appeal = entity('appeal', 'A way to contest a decision, and its deadline.', {
  id: must(labelled(key(), 'income')),
  decisionId: naming(labelled(key(), 'income'), 'rights.decisions'),
  kind: must(labelled(code(codes.APPEAL_KINDS), 'income')),
  status: must(labelled(code(codes.APPEAL_STATUSES), 'income')),
  deadline: must(labelled(date(), 'income')),
  filedOn: labelled(date(), 'income'),
  before: described(labelled(line(160), 'income'), 'The body that hears it.'),
  hearingDate: labelled(date(), 'income'),
  note: labelled(narrative(2000), 'income', 'free-text'),
});

export const rights = entity('rights', 'Access to rights.', {
  benefits: list(benefit, 60),
  applications: list(rightsApplication, 60),
  notifications: list(notification, 200),
  decisions: list(rightsDecision, 100),
  appeals: list(appeal, 40),
});

export const housingSituation = entity('housingSituation', 'How the person is housed now.', {
  kind: must(labelled(code(codes.HOUSING_SITUATIONS), 'housing')),
  since: labelled(partialDate(), 'housing'),
  until: labelled(partialDate(), 'housing'),
  shelterName: described(
    labelled(line(160), 'housing', 'protected-address'),
    'Name of the shelter or centre; betrays an address.',
  ),
  rooms: labelled(integer(0, 50), 'housing'),
  areaSquareMetres: labelled(decimal(0, 10_000), 'housing'),
  occupants: labelled(integer(0, 100), 'housing'),
  problems: labelled(codesOf(codes.HOUSING_PROBLEMS), 'housing'),
  unfit: described(labelled(flag(), 'housing'), 'An authority declared the dwelling unfit.'),
  note: labelled(narrative(4000), 'housing', 'free-text'),
});

export const housingApplication = entity('housingApplication', 'A request for a dwelling or a place.', {
  id: must(labelled(key(), 'housing')),
  type: must(labelled(code(codes.HOUSING_APPLICATION_TYPES), 'housing')),
  number: labelled(line(60), 'housing'),
  status: must(labelled(code(codes.APPLICATION_STATUSES), 'housing')),
  submittedOn: labelled(date(), 'housing'),
  renewalDue: labelled(date(), 'housing'),
  priority: described(labelled(flag(), 'housing'), 'Recognised as having priority.'),
  bedrooms: labelled(integer(0, 20), 'housing'),
  maxRent: labelled(amount(), 'housing'),
  currency: labelled(currency(), 'housing'),
  areas: labelled(lines(120, 20), 'housing'),
  stepFree: labelled(flag(), 'housing'),
  note: labelled(narrative(2000), 'housing', 'free-text'),
});

export const tenancy = entity('tenancy', 'A lease or right of occupation.', {
  id: must(labelled(key(), 'housing')),
  kind: must(labelled(code(codes.LEASE_KINDS), 'housing')),
  landlord: labelled(line(160), 'housing', 'third-party'),
  startDate: labelled(date(), 'housing'),
  endDate: labelled(date(), 'housing'),
  noticeGivenOn: labelled(date(), 'housing'),
  rent: labelled(amount(), 'housing'),
  charges: labelled(amount(), 'housing'),
  deposit: labelled(amount(), 'housing'),
  currency: labelled(currency(), 'housing'),
  frequency: labelled(code(codes.FREQUENCIES), 'housing'),
  coTenants: labelled(lines(160, 10), 'housing', 'third-party'),
  note: labelled(narrative(2000), 'housing', 'free-text'),
});

export const eviction = entity('eviction', 'An eviction procedure and where it stands.', {
  id: must(labelled(key(), 'housing')),
  tenancyId: naming(labelled(key(), 'housing'), 'housing.tenancies'),
  stage: must(labelled(code(codes.EVICTION_STAGES), 'housing')),
  stageOn: labelled(date(), 'housing'),
  ground: labelled(code(codes.EVICTION_GROUNDS), 'housing'),
  hearingDate: labelled(date(), 'housing'),
  hearingTime: labelled(timeOfDay(), 'housing'),
  court: labelled(line(160), 'housing'),
  leaveBy: labelled(date(), 'housing'),
  note: labelled(narrative(2000), 'housing', 'free-text'),
});

export const arrears = entity('arrears', 'What is owed for the dwelling.', {
  id: must(labelled(key(), 'housing')),
  kind: must(labelled(code(codes.ARREARS_KINDS), 'housing')),
  amount: must(labelled(amount(), 'housing')),
  currency: must(labelled(currency(), 'housing')),
  asOf: labelled(date(), 'housing'),
  since: labelled(partialDate(), 'housing'),
  tenancyId: naming(labelled(key(), 'housing'), 'housing.tenancies'),
  repaymentStatus: labelled(code(codes.REPAYMENT_STATUSES), 'housing'),
  repaymentAmount: labelled(amount(), 'housing'),
  note: labelled(narrative(2000), 'housing', 'free-text'),
});

export const pet = entity('pet', 'An animal that lives with the person.', {
  id: must(labelled(key(), 'housing')),
  kind: must(labelled(code(codes.PET_KINDS), 'housing')),
  name: labelled(line(60), 'housing'),
  assistanceAnimal: labelled(flag(), 'housing'),
});

export const housing = entity('housing', 'Where and how the person lives.', {
  situation: housingSituation,
  history: list(livingSituation, 1000),
  applications: list(housingApplication, 40),
  tenancies: list(tenancy, 40),
  evictions: list(eviction, 20),
  arrears: list(arrears, 40),
  pets: list(pet, 20),
});

export const resource = entity('resource', 'Money that comes in.', {
  id: must(labelled(key(), 'income')),
  kind: must(labelled(code(codes.RESOURCE_KINDS), 'income')),
  amount: labelled(amount(), 'income'),
  currency: labelled(currency(), 'income'),
  frequency: labelled(code(codes.FREQUENCIES), 'income'),
  startDate: labelled(date(), 'income'),
  endDate: labelled(date(), 'income'),
  codeSystem: labelled(systemUri(), 'income'),
  code: labelled(systemCode(), 'income'),
  observedOn: labelled(date(), 'income'),
  stage: labelled(code(codes.COLLECTION_STAGES), 'income'),
  stayId: naming(labelled(key(), 'income'), 'stays'),
});

export const expense = entity('expense', 'Money that goes out.', {
  id: must(labelled(key(), 'income')),
  kind: must(labelled(code(codes.EXPENSE_KINDS), 'income')),
  amount: must(labelled(amount(), 'income')),
  currency: must(labelled(currency(), 'income')),
  frequency: labelled(code(codes.FREQUENCIES), 'income'),
});

export const debt = entity('debt', 'What the person owes, apart from the dwelling.', {
  id: must(labelled(key(), 'income')),
  kind: must(labelled(code(codes.DEBT_KINDS), 'income')),
  status: labelled(code(codes.DEBT_STATUSES), 'income'),
  creditor: labelled(line(160), 'income', 'third-party'),
  amount: labelled(amount(), 'income'),
  currency: labelled(currency(), 'income'),
  asOf: labelled(date(), 'income'),
  repaymentAmount: labelled(amount(), 'income'),
});

export const bankAccount = entity('bankAccount', 'Where payments go.', {
  id: must(labelled(key(), 'income', 'bank-details')),
  holder: labelled(line(160), 'income', 'bank-details', 'third-party'),
  bank: labelled(line(160), 'income', 'bank-details'),
  iban: labelled(iban(), 'income', 'bank-details'),
  number: labelled(line(60), 'income', 'bank-details'),
});

export const income = entity('income', 'What the person lives on.', {
  employmentStatus: labelled(code(codes.EMPLOYMENT_STATUSES), 'income'),
  occupation: labelled(line(120), 'income'),
  employer: labelled(line(160), 'income', 'third-party'),
  resources: list(resource, 40),
  expenses: list(expense, 40),
  debts: list(debt, 60),
  bankAccounts: list(bankAccount, 10),
  note: labelled(narrative(2000), 'income', 'free-text'),
});
