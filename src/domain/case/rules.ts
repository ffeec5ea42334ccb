import { PERSONAL_ACTS } from './codes.js';
import type { CaseRule } from './rule-texts.js';

/** Rules between fields of one entity. They run on entities whose fields are each valid. */
type Item = Readonly<Record<string, unknown>>;
interface Broken {
  /** Field that the rule names; empty for the entity itself. */
  readonly field: string;
  readonly rule: CaseRule;
}

/** entity, earlier field, later field: the later may not lie before the earlier (`case.order`, named at the later). */
export const ORDERED: readonly (readonly [string, string, string])[] = [
  ['name', 'startDate', 'endDate'],
  ['identifier', 'startDate', 'endDate'],
  ['temporaryIdentifier', 'startDate', 'endDate'],
  ['domiciliation', 'startDate', 'endDate'],
  ['person', 'birthDate', 'deceasedDate'],
  ['safeHours', 'from', 'to'],
  ['address', 'startDate', 'endDate'],
  ['telecom', 'startDate', 'endDate'],
  ['measure', 'startDate', 'endDate'],
  ['parentalAuthority', 'entrustedSince', 'entrustedUntil'],
  ['trustedPerson', 'designatedOn', 'revokedOn'],
  ['householdMember', 'startDate', 'endDate'],
  ['professional', 'startDate', 'endDate'],
  ['worker', 'startDate', 'endDate'],
  ['caseFile', 'openedOn', 'closedOn'],
  ['need', 'identifiedOn', 'resolvedOn'],
  ['goal', 'startDate', 'endedOn'],
  ['goal', 'startDate', 'targetDate'],
  ['activity', 'startDate', 'completedOn'],
  ['activity', 'startDate', 'dueDate'],
  ['plan', 'startDate', 'endDate'],
  ['plan', 'startDate', 'reviewDate'],
  ['referral', 'requestedOn', 'endedOn'],
  ['referral', 'requestedOn', 'answerDueOn'],
  ['referral', 'requestedOn', 'resultOn'],
  ['programme', 'startDate', 'endDate'],
  ['stay', 'startDate', 'endDate'],
  ['service', 'startDate', 'endDate'],
  ['benefit', 'startDate', 'endDate'],
  ['rightsApplication', 'submittedOn', 'completeOn'],
  ['rightsApplication', 'submittedOn', 'answerDueOn'],
  ['notification', 'sentOn', 'receivedOn'],
  ['notification', 'sentOn', 'answerDueOn'],
  ['rightsDecision', 'decidedOn', 'notifiedOn'],
  ['housingSituation', 'since', 'until'],
  ['livingSituation', 'since', 'until'],
  ['housingApplication', 'submittedOn', 'renewalDue'],
  ['tenancy', 'startDate', 'endDate'],
  ['arrears', 'since', 'asOf'],
  ['resource', 'startDate', 'endDate'],
  ['treatment', 'startDate', 'endDate'],
  ['condition', 'startDate', 'endDate'],
  ['document', 'date', 'receivedOn'],
  ['safeguardingConcern', 'recordedOn', 'expiresOn'],
  ['safeguardingConcern', 'recordedOn', 'reviewOn'],
  ['risk', 'recordedOn', 'expiresOn'],
  ['risk', 'recordedOn', 'reviewOn'],
  ['staffAlert', 'recordedOn', 'expiresOn'],
  ['staffAlert', 'recordedOn', 'reviewOn'],
];

/** entity → fields that hold an amount in its `currency`. */
export const AMOUNTS: Readonly<Record<string, readonly string[]>> = {
  benefit: ['amount'],
  rightsDecision: ['amount'],
  housingApplication: ['maxRent'],
  tenancy: ['rent', 'charges', 'deposit'],
  resource: ['amount'],
  debt: ['amount', 'repaymentAmount'],
  service: ['amount'],
  screening: ['amount'],
};

const PRECISION_LENGTH: Readonly<Record<string, number>> = { day: 10, month: 7, year: 4 };

const CHECKS: Readonly<Record<string, (item: Item) => readonly (Broken | false)[]>> = {
  case: (item) => {
    const person = item['person'] as Item | undefined;
    const addresses = (item['addresses'] as readonly Item[] | undefined) ?? [];
    const isHoused = addresses.some(({ use, endDate }) => use === 'home' && endDate === undefined);
    return [
      person?.['noFixedAddress'] === true &&
        isHoused && { field: 'person/noFixedAddress', rule: 'case.no-fixed-address' },
    ];
  },
  person: (item) => [
    item['deceased'] !== true &&
      item['deceasedDate'] !== undefined && { field: 'deceasedDate', rule: 'case.deceased-date' },
    !precisionAgrees(item) && { field: 'birthDatePrecision', rule: 'case.precision' },
    item['anonymous'] === true &&
      (items(item, 'names').some(({ kind }) => kind === 'legal') || items(item, 'identifiers').length > 0) && {
        field: 'anonymous',
        rule: 'case.anonymous',
      },
    item['anonymous'] !== true &&
      ['names', 'identifiers', 'temporaryIdentifiers'].every((name) => items(item, name).length === 0) && {
        field: '',
        rule: 'case.identity-minimum',
      },
  ],
  name: (item) => [
    item['family'] === undefined && items(item, 'given').length === 0 && { field: '', rule: 'case.name-empty' },
  ],
  communication: (item) => [
    item['interpreter'] === 'none' &&
      item['interpreterLanguage'] !== undefined && { field: 'interpreterLanguage', rule: 'case.interpreter' },
  ],
  measure: (item) => [
    item['scope'] === 'property' &&
      (items(item, 'acts') as readonly unknown[]).some((act) =>
        (PERSONAL_ACTS as readonly unknown[]).includes(act),
      ) && {
        field: 'acts',
        rule: 'case.property-measure',
      },
    item['scope'] === 'named-acts' && items(item, 'acts').length === 0 && { field: 'acts', rule: 'case.named-acts' },
    item['status'] === 'active' &&
      item['holderName'] === undefined &&
      item['holderOrganization'] === undefined && { field: '', rule: 'case.holder' },
  ],
  householdMember: (item) => [
    item['kind'] === 'unborn' &&
      (item['age'] !== undefined || item['birthDate'] !== undefined) && { field: 'kind', rule: 'case.unborn' },
  ],
  caseFile: (item) => [
    item['status'] !== 'closed' && item['closedOn'] !== undefined && { field: 'closedOn', rule: 'case.closing' },
    item['status'] !== 'closed' &&
      item['closingReason'] !== undefined && { field: 'closingReason', rule: 'case.closing' },
  ],
  referral: (item) => [
    item['status'] !== 'declined' &&
      item['declineReason'] !== undefined && { field: 'declineReason', rule: 'case.decline' },
  ],
  screening: (item) => [
    item['answer'] === undefined &&
      ['date', 'amount', 'count'].filter((field) => item[field] !== undefined).length > 1 && {
        field: '',
        rule: 'case.one-answer',
      },
    item['answer'] === undefined &&
      (item['answerCode'] !== undefined || item['answerSystem'] !== undefined) && {
        field: 'answer',
        rule: 'case.answer-code',
      },
  ],
  condition: (item) => [
    item['verification'] === 'refuted' &&
      item['status'] !== 'unknown' && { field: 'verification', rule: 'case.refuted' },
  ],
  eviction: (item) => [
    item['stage'] === 'hearing-scheduled' &&
      item['hearingDate'] === undefined && { field: 'hearingDate', rule: 'case.hearing' },
  ],
  appeal: (item) => [
    item['status'] === 'filed' && item['filedOn'] === undefined && { field: 'filedOn', rule: 'case.appeal-filed' },
  ],
  document: (item) => [
    item['content'] !== undefined && item['mimeType'] === undefined && { field: 'mimeType', rule: 'case.file-type' },
  ],
};

/** Rules that the entity breaks. */
export function brokenRules(entityName: string, item: Item): readonly Broken[] {
  const broken = (CHECKS[entityName]?.(item) ?? []).filter((result) => result !== false);
  for (const [entity, earlier, later] of ORDERED) {
    if (entity === entityName && isBefore(item[later], item[earlier]))
      broken.push({ field: later, rule: 'case.order' });
  }
  const hasAmount = (AMOUNTS[entityName] ?? []).some((field) => item[field] !== undefined);
  if (hasAmount && item['currency'] === undefined) broken.push({ field: 'currency', rule: 'case.amount-currency' });
  return broken;
}

function items(item: Item, name: string): readonly Item[] {
  return (item[name] as readonly Item[] | undefined) ?? [];
}

/** Dates of different precision are compared as far as both go: 2024 is not before 2024-05-01. */
export function isBefore(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  const length = Math.min(a.length, b.length);
  return a.slice(0, length) < b.slice(0, length);
}

function precisionAgrees(person: Item): boolean {
  const precision = person['birthDatePrecision'];
  const birthDate = person['birthDate'];
  if (precision === undefined) return true;
  if (typeof birthDate !== 'string' || typeof precision !== 'string') return false;
  return precision === 'estimated' || PRECISION_LENGTH[precision] === birthDate.length;
}
