import { JsonNumber } from '../../kernel/json/value.js';
import type { IssueCode } from './issue.js';

/** @returns the code of what is wrong, or null; linear in the length of the value */
export type PrimitiveCheck = (value: unknown) => IssueCode | null;

const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const OID = /^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$/;
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ZONED_TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?$/;
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const INTEGER = /^-?(0|[1-9]\d*)$/;
const BASE64 = /^[0-9A-Za-z+/]*={0,2}$/;
/** Strings may not exceed 1 MiB (https://hl7.org/fhir/R4/datatypes.html#string). */
const LONGEST_STRING = 1024 * 1024;
const LARGEST_INTEGER = 2 ** 31 - 1;

function textCheck(accept: (text: string) => IssueCode | null): PrimitiveCheck {
  return (value) => {
    if (typeof value !== 'string') return 'fhir.json-type';
    return value === '' ? 'fhir.empty' : accept(value);
  };
}

const matching = (pattern: RegExp): PrimitiveCheck => textCheck((text) => (pattern.test(text) ? null : 'fhir.format'));

const SPACE = /[\t-\r \xa0\u2028\u2029\ufeff]/;

function isSpace(code: number): boolean {
  if (code > 32 && code < 0xa0) return false;
  return (
    code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x2028 || code === 0x2029 || code === 0xfeff
  );
}

/** No white space at the ends, single white space within (https://hl7.org/fhir/R4/datatypes.html#code). */
function isCode(text: string): boolean {
  let afterSpace = true;
  for (let index = 0; index < text.length; index += 1) {
    const space = isSpace(text.charCodeAt(index));
    if (space && afterSpace) return false;
    afterSpace = space;
  }
  return !afterSpace;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The number that the digits from `start` to `end` write; -1 when one of them is no digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** YYYY, YYYY-MM or YYYY-MM-DD of the proleptic Gregorian calendar; the year 0000 does not exist in FHIR. */
export function checkDate(text: string): IssueCode | null {
  const { length } = text;
  if (length !== 4 && length !== 7 && length !== 10) return 'fhir.format';
  const year = digits(text, 0, 4);
  if (year < 0) return 'fhir.format';
  if (length === 4) return year === 0 ? 'fhir.calendar' : null;
  const month = text.charCodeAt(4) === 45 ? digits(text, 5, 7) : -1;
  if (month < 1 || month > 12) return 'fhir.format';
  if (length === 7) return year === 0 ? 'fhir.calendar' : null;
  const day = text.charCodeAt(7) === 45 ? digits(text, 8, 10) : -1;
  if (day < 1 || day > 31) return 'fhir.format';
  return year === 0 || day > daysIn(year, month) ? 'fhir.calendar' : null;
}

/** Seconds and zone are needed as soon as there is a time (https://hl7.org/fhir/R4/datatypes.html#dateTime). */
function checkInstant(text: string): IssueCode | null {
  if (text.charCodeAt(10) !== 84 || !ZONED_TIME.test(text.slice(11))) return 'fhir.format';
  return checkDate(text.slice(0, 10));
}

function checkBase64(text: string): IssueCode | null {
  const isDense = (dense: string) => dense.length % 4 === 0 && BASE64.test(dense);
  return isDense(text) || (SPACE.test(text) && isDense(text.replace(/\s+/g, ''))) ? null : 'fhir.format';
}

function integerCheck(least: number): PrimitiveCheck {
  return (value) => {
    if (typeof value !== 'number' && !(value instanceof JsonNumber)) return 'fhir.json-type';
    if (value instanceof JsonNumber && !INTEGER.test(value.text)) return 'fhir.format';
    const number = Number(value);
    return Number.isInteger(number) && number >= least && number <= LARGEST_INTEGER ? null : 'fhir.format';
  };
}

/** The namespaces of a bundle are few and recur in every element: one accepted lately, by its length and three letters. */
const PLACES = 1024;
const lately: string[] = Array.from({ length: PLACES }, () => '');
const LONGEST_KEPT = 120;

/** A uri, url or canonical: some text without white space. */
export function isUri(text: string): boolean {
  const { length } = text;
  if (length === 0) return false;
  const letters =
    text.charCodeAt(length - 1) * 31 + text.charCodeAt(length >> 1) * 131 + text.charCodeAt((length * 3) >> 2) * 521;
  const place = (length * 7 + letters) % PLACES;
  if (lately[place] === text) return true;
  if (SPACE.test(text)) return false;
  if (length <= LONGEST_KEPT) lately[place] = text;
  return true;
}

/** A string or markdown: some text, and not too much of it. */
export const isText = (text: string): boolean => text.length > 0 && text.length <= LONGEST_STRING;

const checkUri = textCheck((text) => (isUri(text) ? null : 'fhir.format'));
const checkString = textCheck((text) => (isText(text) ? null : 'fhir.format'));

/** The primitive types of R4 (https://hl7.org/fhir/R4/datatypes.html#primitive). */
export const PRIMITIVE_CHECKS: Readonly<Record<string, PrimitiveCheck>> = {
  boolean: (value) => (typeof value === 'boolean' ? null : 'fhir.json-type'),
  integer: integerCheck(-(2 ** 31)),
  unsignedInt: integerCheck(0),
  positiveInt: integerCheck(1),
  decimal: (value) => {
    if (typeof value === 'number') return Number.isFinite(value) ? null : 'fhir.format';
    if (!(value instanceof JsonNumber)) return 'fhir.json-type';
    return DECIMAL.test(value.text) ? null : 'fhir.format';
  },
  string: checkString,
  markdown: checkString,
  xhtml: textCheck(() => null),
  code: textCheck((text) => (isCode(text) ? null : 'fhir.format')),
  id: matching(ID),
  uri: checkUri,
  url: checkUri,
  canonical: checkUri,
  oid: matching(OID),
  uuid: matching(UUID),
  base64Binary: textCheck(checkBase64),
  date: textCheck(checkDate),
  dateTime: textCheck((text) => (text.length > 10 ? checkInstant(text) : checkDate(text))),
  instant: textCheck(checkInstant),
  time: matching(TIME),
};
