import { instant, type Instant } from '../../kernel/clock.js';
import { RelaisError, type Violation } from '../../kernel/errors.js';
import { isUuid, type ConsentId, type OrganizationId, type PersonId } from '../../kernel/ids.js';
import { purposeFromCoding, type PurposeOfUse } from '../decision/purpose.js';
import type { DataLabel } from '../labels/labels.js';
import { labelsOfCoding } from '../labels/security-labels.js';
import type { ConsentRule, ConsentTerms } from './terms.js';

type Json = Readonly<Record<string, unknown>>;

/** Elements of Consent.provision that are understood. Any other one makes the consent unreadable. */
const UNDERSTOOD = new Set(['type', 'period', 'actor', 'purpose', 'securityLabel', 'provision', 'id']);
const MAX_DEPTH = 8;

/** Thrown inside the reader only: something was met that is not understood. */
class Unreadable extends Error {}

/**
 * Reads a FHIR R4 Consent (https://hl7.org/fhir/R4/consent.html) into terms.
 *
 * Two kinds of trouble: a resource that is no consent of a person at all is refused at the door (422); a consent whose
 * rules cannot be understood is kept and becomes `unreadable`, which denies. It is never ignored and never guessed.
 *
 * @throws RelaisError 422 `consent.invalid` naming each place and rule
 */
export function readConsent(resource: unknown, id: ConsentId): Omit<ConsentTerms, 'version'> {
  const consent = asObject(resource) ?? {};
  const violations = doorRules(consent);
  if (violations.length > 0) {
    throw new RelaisError('consent.invalid', 422, 'invalid', 'This is not a consent that can be recorded.', {
      violations,
    });
  }
  const personId = patientOf(consent) as PersonId;
  const decidedAt = instant(String(consent['dateTime']));
  try {
    if (consent['modifierExtension'] !== undefined || consent['implicitRules'] !== undefined) throw new Unreadable();
    const rules = [readRule(consent['provision'], 0)];
    const status = consent['status'] as 'active' | 'inactive' | 'rejected';
    return { id, personId, status, decidedAt, rules };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    // A consent that is over stays over, understood or not.
    return { id, personId, status: consent['status'] === 'inactive' ? 'inactive' : 'unreadable', decidedAt, rules: [] };
  }
}

function doorRules(consent: Json): Violation[] {
  const found: Violation[] = [];
  const rule = (ok: boolean, path: string, code: string, message: string): void => {
    if (!ok) found.push({ path, rule: code, message });
  };
  rule(consent['resourceType'] === 'Consent', 'Consent', 'consent.resource-type', 'resourceType must be Consent.');
  rule(
    ['active', 'inactive', 'rejected'].includes(String(consent['status'])),
    'Consent.status',
    'consent.status',
    'status must be active, inactive or rejected.',
  );
  rule(
    codings(asObject(consent['scope'])?.['coding']).some(({ code }) => code === 'patient-privacy'),
    'Consent.scope',
    'consent.scope',
    'scope must be patient-privacy.',
  );
  rule(
    Array.isArray(consent['category']) && consent['category'].length > 0,
    'Consent.category',
    'consent.category',
    'At least one category is required.',
  );
  rule(patientOf(consent) !== null, 'Consent.patient', 'consent.patient', 'patient must be a reference Patient/{id}.');
  rule(
    isDateTime(consent['dateTime']),
    'Consent.dateTime',
    'consent.date-time',
    'dateTime must say when it was decided.',
  );
  rule(
    Array.isArray(consent['performer']) && consent['performer'].length > 0,
    'Consent.performer',
    'consent.performer',
    'performer must say who decided.',
  );
  return found;
}

function patientOf(consent: Json): string | null {
  const reference = asObject(consent['patient'])?.['reference'];
  const match = typeof reference === 'string' ? /^Patient\/(.+)$/.exec(reference) : null;
  return match?.[1] !== undefined && isUuid(match[1]) ? match[1] : null;
}

function readRule(value: unknown, depth: number): ConsentRule {
  const provision = asObject(value);
  if (provision === null || depth > MAX_DEPTH) throw new Unreadable();
  if (Object.keys(provision).some((name) => !UNDERSTOOD.has(name))) throw new Unreadable();
  const type = provision['type'];
  if (type !== 'permit' && type !== 'deny') throw new Unreadable();

  const period = readPeriod(provision['period']);
  const recipients = list(provision['actor'])?.map(readRecipient);
  const purposes = list(provision['purpose'])?.map(readPurpose);
  const labels = list(provision['securityLabel'])?.flatMap(readLabels);
  const exceptions = list(provision['provision'])?.map((nested) => readRule(nested, depth + 1));
  return {
    type,
    ...(recipients && { recipients }),
    ...(purposes && { purposes }),
    ...(labels && { labels }),
    ...(period.from && { from: period.from }),
    ...(period.until && { until: period.until }),
    ...(exceptions && { exceptions }),
  };
}

/** An empty list would read as "any": FHIR forbids it, so it is not understood. */
function list(value: unknown): readonly unknown[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0) throw new Unreadable();
  return value as readonly unknown[];
}

function readRecipient(value: unknown): OrganizationId {
  const actor = asObject(value);
  const role = codings(asObject(actor?.['role'])?.['coding']);
  const reference = asObject(actor?.['reference'])?.['reference'];
  const match = typeof reference === 'string' ? /^Organization\/(.+)$/.exec(reference) : null;
  if (!role.some(({ code }) => code === 'IRCP') || match?.[1] === undefined || !isUuid(match[1]))
    throw new Unreadable();
  return match[1] as OrganizationId;
}

function readPurpose(value: unknown): PurposeOfUse {
  const coding = asObject(value);
  const purpose = purposeFromCoding(text(coding?.['system']), text(coding?.['code']));
  if (purpose === null) throw new Unreadable();
  return purpose;
}

function readLabels(value: unknown): readonly DataLabel[] {
  const coding = asObject(value);
  const labels = labelsOfCoding(text(coding?.['system']), text(coding?.['code']));
  if (labels === null) throw new Unreadable();
  return labels;
}

const DATE = /^\d{4}(-\d{2}(-\d{2})?)?$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function isDateTime(value: unknown): value is string {
  return typeof value === 'string' && (DATE.test(value) || DATE_TIME.test(value)) && !Number.isNaN(Date.parse(value));
}

function readPeriod(value: unknown): { from?: Instant; until?: Instant } {
  if (value === undefined) return {};
  const period = asObject(value);
  if (period === null || Object.keys(period).some((name) => name !== 'start' && name !== 'end')) throw new Unreadable();
  const { start, end } = period;
  if ((start !== undefined && !isDateTime(start)) || (end !== undefined && !isDateTime(end))) throw new Unreadable();
  return {
    ...(start !== undefined && { from: instant(start) }),
    ...(end !== undefined && { until: endOf(end) }),
  };
}

/** Period.end is inclusive, to its precision (R4 datatypes, Period): 2027-06-30 includes that whole day, in UTC. */
function endOf(end: string): Instant {
  const date = new Date(end);
  if (/^\d{4}$/.test(end)) date.setUTCFullYear(date.getUTCFullYear() + 1);
  else if (/^\d{4}-\d{2}$/.test(end)) date.setUTCMonth(date.getUTCMonth() + 1);
  else if (DATE.test(end)) date.setUTCDate(date.getUTCDate() + 1);
  else date.setTime(date.getTime() + 1);
  return instant(date);
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function codings(value: unknown): readonly { system?: string; code?: string }[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).filter((coding): coding is Json => asObject(coding) !== null);
}
