import type { CaseDocument, CaseValue } from '../api/views.js';
import { formatDate } from '../kit/format.js';
import { currentLang } from '../texts/i18n.js';
import type { Words } from './words.js';

const DATE = /^\d{4}-\d{2}(-\d{2})?$/;
/** Text in which a run of letters and digits is a number to be read as it is, never a code. */
const AS_WRITTEN = new Set([
  'family',
  'given',
  'value',
  'number',
  'summary',
  'description',
  'note',
  'name',
  'city',
  'iban',
]);

/** One value of a record in words: codes and dates by language, numbers and texts as they were written. */
export function valueText(
  words: Words,
  yesNo: { readonly yes: string; readonly no: string },
  parent: string,
  field: string,
  value: CaseValue,
  entry: CaseDocument,
): string {
  if (typeof value === 'boolean') return value ? yesNo.yes : yesNo.no;
  if (typeof value === 'number') return money(value, field, entry) ?? value.toLocaleString(localeOf());
  if (Array.isArray(value)) {
    return value.map((item) => valueText(words, yesNo, parent, field, item as CaseValue, entry)).join(', ');
  }
  if (typeof value !== 'string') return '';
  if (AS_WRITTEN.has(field)) return value;
  if (DATE.test(value)) return formatDate(value);
  if (/^[A-Z]{2}$/.test(value) && /country|nationalit/i.test(field)) return countryName(value);
  if (/^[a-z]{2}$/.test(value) && /language/i.test(field)) return languageName(value);
  return words.isCode(parent, field, value) ? words.code(parent, field, value) : value;
}

const localeOf = (): string => (currentLang() === 'fr' ? 'fr-FR' : 'en-GB');
const MONEY = new Set(['amount', 'rent', 'charges', 'deposit', 'maxRent', 'repaymentAmount']);

function money(value: number, field: string, entry: CaseDocument): string | null {
  const currency = entry['currency'];
  if (!MONEY.has(field)) return null;
  if (typeof currency !== 'string') return value.toLocaleString(localeOf(), { minimumFractionDigits: 2 });
  return new Intl.NumberFormat(localeOf(), { style: 'currency', currency }).format(value);
}

function countryName(code: string): string {
  return new Intl.DisplayNames([localeOf()], { type: 'region' }).of(code) ?? code;
}

export function languageName(code: string): string {
  return new Intl.DisplayNames([localeOf()], { type: 'language' }).of(code) ?? code;
}
