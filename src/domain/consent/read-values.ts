import { instant, type Instant } from '../../kernel/clock.js';
import type { Code } from './policy.js';
import { unreadable, type UnreadableCode } from './unreadable.js';

export type Plain = Readonly<Record<string, unknown>>;

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with these members and no others: a member that is not known could narrow. */
export function objectWith(
  value: unknown,
  members: ReadonlySet<string>,
  code: UnreadableCode,
  location: string,
): Plain {
  if (!isPlain(value)) return unreadable(code, location);
  if (Object.keys(value).some((name) => !members.has(name))) return unreadable('consent.unknown-element', location);
  return value;
}

/** An empty list would read as "any": FHIR forbids it, so it is not understood. */
export function listOf(value: unknown, location: string): readonly unknown[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0) return unreadable('consent.empty-list', location);
  return value as readonly unknown[];
}

const CODING = new Set(['id', 'system', 'version', 'code', 'display', 'userSelected']);
const CONCEPT = new Set(['id', 'coding', 'text']);

/** FHIR R4 Coding; a code without its system means nothing. */
export function readCoding(value: unknown, location: string): Code {
  const { system, code } = objectWith(value, CODING, 'consent.coding', location);
  if (typeof system !== 'string' || typeof code !== 'string' || system === '' || code === '')
    return unreadable('consent.coding', location);
  return { system, code };
}

/** FHIR R4 CodeableConcept: its codings, at least one. */
export function readConcept(value: unknown, location: string): readonly Code[] {
  const { coding } = objectWith(value, CONCEPT, 'consent.coding', location);
  return (listOf(coding, `${location}.coding`) ?? unreadable('consent.coding', location)).map((each, index) =>
    readCoding(each, `${location}.coding[${index}]`),
  );
}

export function sameCode(a: Code, b: Code): boolean {
  return a.system === b.system && a.code === b.code;
}

const REFERENCE = new Set(['id', 'reference', 'type', 'identifier', 'display']);
const TYPE_AND_ID = /(?:^|\/)([A-Z][A-Za-z]{1,39})\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const RELATIVE = /^[A-Z][A-Za-z]{1,39}\//;

/**
 * A literal reference: `Type/id`, an http(s) URL that ends so, or a urn. A contained, conditional or merely logical
 * reference (identifier) could mean anybody: it is not followed.
 */
export function readReference(value: unknown, code: UnreadableCode, location: string): string {
  const { reference } = objectWith(value, REFERENCE, code, location);
  if (typeof reference !== 'string' || reference.length > 2048) return unreadable(code, location);
  const isLiteral =
    /^urn:(?:uuid|oid):[0-9a-zA-Z.-]+$/.test(reference) ||
    ((RELATIVE.test(reference) || /^https?:\/\/[^\s?#]+$/.test(reference)) && TYPE_AND_ID.test(reference));
  return isLiteral ? reference : unreadable(code, location);
}

/** The type that a reference names; null for a urn. */
export function typeOfReference(reference: string): string | null {
  return TYPE_AND_ID.exec(reference)?.[1] ?? null;
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** FHIR R4 dateTime, a day that exists. */
export function isDateTime(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const parts = DATE.exec(value) ?? DATE_TIME.exec(value);
  if (parts === null || Number.isNaN(Date.parse(value))) return false;
  const [, year, month = '01', day = '01'] = parts;
  return new Date(`${year}-${month}-${day}T00:00:00Z`).getUTCDate() === Number(day);
}

const PERIOD = new Set(['id', 'start', 'end']);

/** Period as written, checked. A period with neither end limits nothing although it means to: not understood. */
export function readPeriod(value: unknown, location: string): { readonly start?: string; readonly end?: string } {
  const { start, end } = objectWith(value, PERIOD, 'consent.period', location);
  if (start === undefined && end === undefined) return unreadable('consent.period', location);
  if (start !== undefined && !isDateTime(start)) return unreadable('consent.period', location);
  if (end !== undefined && !isDateTime(end)) return unreadable('consent.period', location);
  if (start !== undefined && end !== undefined && startOf(start) >= endOf(end))
    return unreadable('consent.period', location);
  return { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
}

export function startOf(start: string): Instant {
  return instant(start);
}

/**
 * The first moment after a period, which FHIR includes to its precision (R4 datatypes, Period): 2027-06-30 includes that
 * whole day, in UTC.
 */
export function endOf(end: string): Instant {
  const date = new Date(end);
  if (/^\d{4}$/.test(end)) date.setUTCFullYear(date.getUTCFullYear() + 1);
  else if (/^\d{4}-\d{2}$/.test(end)) date.setUTCMonth(date.getUTCMonth() + 1);
  else if (DATE.test(end)) date.setUTCDate(date.getUTCDate() + 1);
  else date.setTime(date.getTime() + 1);
  return instant(date);
}
