import { z } from 'zod';
import { JsonNumber } from '../../kernel/json/value.js';

/**
 * The kinds of value that a field of the case model may hold. None of them changes what it reads: a valid document is
 * kept as it was written. The `params.rule` of a check is the stable code of the rule that it breaks (rules.ts).
 */
function rule(name: string): { readonly params: { readonly rule: string } } {
  return { params: { rule: `case.${name}` } };
}

// C0, DEL and C1 controls, line and paragraph separators: none belongs in a value of one line.
const NOT_ONE_LINE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const SOMETHING = /\S/;

/** One line of at most `max` UTF-16 code units, not blank. */
export function line(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !NOT_ONE_LINE.test(value), rule('one-line'))
    .refine((value) => SOMETHING.test(value), rule('blank'))
    .meta({ pattern: '\\S' });
}

/** Several lines written by hand. Fields that hold one are labelled `free-text`. */
export function narrative(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((value) => SOMETHING.test(value), rule('blank'));
}

const KEY = /^[A-Za-z0-9._-]{1,64}$/;

/** A key given by the agency: FHIR ids forbid the underscore, so it goes to `identifier`, never to `id`. */
export function key() {
  return z
    .string()
    .refine((value) => KEY.test(value), rule('key'))
    .meta({ minLength: 1, maxLength: 64, pattern: KEY.source });
}

/** One of a closed list of codes. */
export function code<const Codes extends readonly [string, ...string[]]>(codes: Codes) {
  return z.enum(codes);
}

/** Several of a closed list of codes, each once. */
export function codes<const Codes extends readonly [string, ...string[]]>(values: Codes) {
  return z
    .array(z.enum(values))
    .max(values.length)
    .refine((list) => new Set(list).size === list.length, rule('repeated'))
    .meta({ uniqueItems: true });
}

/** Several single lines. */
export function lines(max: number, maxItems: number) {
  return z.array(line(max)).max(maxItems);
}

export function flag() {
  return z.boolean();
}

export function integer(min: number, max: number) {
  return z
    .number()
    .refine((value) => Number.isSafeInteger(value), rule('integer'))
    .min(min)
    .max(max)
    .meta({ type: 'integer' });
}

/** Digits before and after the point that FHIR's decimal keeps (R4 datatypes: at least 18 significant digits). */
const DECIMAL = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,4})?$/;

/** A decimal kept as written: 0.10 stays 0.10. */
export type Decimal = number | JsonNumber;

/** A decimal between `min` and `max`, at most 15 digits and 4 decimal places, without exponent. */
export function decimal(min: number, max: number) {
  return z
    .custom<Decimal>((value) => typeof value === 'number' || value instanceof JsonNumber, rule('type'))
    .refine((value) => DECIMAL.test(decimalText(value)), rule('decimal'))
    .refine((value) => Number(decimalText(value)) >= min && Number(decimalText(value)) <= max, rule('range'))
    .meta({ type: 'number', minimum: min, maximum: max });
}

/** The digits as they were written. */
export function decimalText(value: Decimal): string {
  return typeof value === 'number' ? String(value) : value.text;
}

const PARTIAL_DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const FIRST_YEAR = 1850;
const LAST_YEAR = 2199;

/** True for YYYY, YYYY-MM or YYYY-MM-DD between 1850 and 2199 that the calendar has (FHIR R4 `date`). */
export function isPartialDate(value: string): boolean {
  const parts = PARTIAL_DATE.exec(value);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2] ?? '1'), Number(parts[3] ?? '1')];
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** YYYY-MM-DD that the calendar has. */
export function date() {
  return z
    .string()
    .refine((value) => value.length === 10 && isPartialDate(value), rule('date'))
    .meta({ format: 'date' });
}

/** YYYY, YYYY-MM or YYYY-MM-DD. */
export function partialDate() {
  return z.string().refine(isPartialDate, rule('partial-date')).meta({ pattern: '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' });
}

const TIME = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;

/** HH:MM, local time of the place. */
export function timeOfDay() {
  return z
    .string()
    .refine((value) => TIME.test(value), rule('time'))
    .meta({ pattern: TIME.source });
}

const LANGUAGE = /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$/;

/** BCP 47 tag of language, optional script and region: `fr`, `ar-Latn`, `fr-CA`. */
export function language() {
  return z
    .string()
    .refine((value) => LANGUAGE.test(value), rule('language'))
    .meta({ pattern: LANGUAGE.source });
}

export function languages(maxItems: number) {
  return z.array(language()).max(maxItems);
}

const COUNTRY = /^[A-Z]{2}$/;

/** ISO 3166-1 alpha-2. */
export function country() {
  return z
    .string()
    .refine((value) => COUNTRY.test(value), rule('country'))
    .meta({ pattern: COUNTRY.source });
}

export function countries(maxItems: number) {
  return z.array(country()).max(maxItems);
}

const CURRENCY = /^[A-Z]{3}$/;

/** ISO 4217. */
export function currency() {
  return z
    .string()
    .refine((value) => CURRENCY.test(value), rule('currency'))
    .meta({ pattern: CURRENCY.source });
}

const SYSTEM_URI = /^(?:https?:\/\/|urn:)[!-~]{1,250}$/;

/** URI of a code or identifier system: http, https or urn. */
export function systemUri() {
  return z
    .string()
    .refine((value) => SYSTEM_URI.test(value), rule('uri'))
    .meta({ format: 'uri', maxLength: 258 });
}

const SYSTEM_CODE = /^[!-~]{1,64}$/;

/** A code of a code system, without blanks. */
export function systemCode() {
  return z
    .string()
    .refine((value) => SYSTEM_CODE.test(value), rule('code-form'))
    .meta({ pattern: SYSTEM_CODE.source });
}

const NOT_BASE64 = /[^A-Za-z0-9+/]/;

/** Base64 (RFC 4648 section 4) of at most `maxBytes` bytes. */
export function base64(maxBytes: number) {
  return z
    .string()
    .min(4)
    .max(Math.ceil(maxBytes / 3) * 4)
    .refine(isBase64, rule('base64'))
    .meta({ contentEncoding: 'base64' });
}

/** Without a repeated group: such a pattern runs out of backtracking stack on long texts. */
function isBase64(value: string): boolean {
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0;
  return value.length % 4 === 0 && !NOT_BASE64.test(value.slice(0, value.length - padding));
}

const SHA256 = /^[0-9a-f]{64}$/;

/** SHA-256 as 64 lower-case hexadecimal digits. */
export function sha256() {
  return z
    .string()
    .refine((value) => SHA256.test(value), rule('sha256'))
    .meta({ pattern: SHA256.source });
}

const IBAN = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/;

/** IBAN without blanks (ISO 13616), its check digits verified. */
export function iban() {
  return z
    .string()
    .refine((value) => IBAN.test(value) && mod97(value.slice(4) + value.slice(0, 4)) === 1, rule('iban'))
    .meta({ pattern: IBAN.source });
}

function mod97(text: string): number {
  let rest = 0;
  for (const character of text) {
    for (const digit of parseInt(character, 36).toString()) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest;
}
