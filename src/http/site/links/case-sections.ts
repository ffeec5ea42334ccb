import { labelText } from '../../../domain/labels/label-texts.js';
import { DATA_LABELS, type DataLabel } from '../../../domain/labels/labels.js';
import { html, type Html } from '../../../kernel/html.js';
import { say, type Lang, type Text } from '../../../kernel/i18n.js';
import { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '../../../kernel/json.js';
import { dayInWords } from '../../../transfer/present-reasons.js';
import { caseWords, type CaseWords } from './case-words.js';

/**
 * A record that was sent, in the words of the case model, for somebody without a system: a section for each part, a line
 * for each field that says something. Only what is there is shown.
 */

const PROTECTED: Text = { en: 'Protected', fr: 'À protéger' };
const CONTESTED: Text = { en: 'contested by the person', fr: 'contesté par la personne' };
const YES: Text = { en: 'yes', fr: 'oui' };
const NO: Text = { en: 'no', fr: 'non' };

/** Keys that join parts of a record, and what the text of another field says: they tell a reader nothing. */
const isSilent = (name: string): boolean =>
  name === 'id' || name === 'about' || name === 'currency' || /Ids?$|Key$/.test(name);
/** The address of a numbering system; a contact's system is a telephone or an e-mail, and is read. */
const isSystem = (name: string, value: JsonValue): boolean =>
  name === 'system' && typeof value === 'string' && value.includes(':');
/** Written by hand, and never a code. */
const AS_WRITTEN = new Set(
  'family given value number summary description note name city iban postalCode lines line'.split(' '),
);
const MONEY = new Set(['amount', 'rent', 'charges', 'deposit', 'maxRent', 'repaymentAmount']);

interface Reader {
  readonly lang: Lang;
  readonly words: CaseWords;
}

export function inCaseSections(record: JsonObject, lang: Lang): Html[] {
  const reader = { lang, words: caseWords(lang) };
  return Object.entries(record)
    .filter(([, value]) => isJsonObject(value) || isList(value))
    .map(
      ([name, value]) =>
        html`<section>
          <h2>${reader.words.field('', name)}</h2>
          ${entriesOf(value).map((entry) => html`<article>${oneEntry(reader, name, entry)}</article> `)}
        </section> `,
    );
}

/** A list of entries; a list of words is a field. */
function isList(value: JsonValue | undefined): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every((item) => isJsonObject(item));
}
const entriesOf = (value: JsonValue): readonly JsonObject[] => (isList(value) ? value : [value as JsonObject]);

function oneEntry(reader: Reader, name: string, entry: JsonObject): Html {
  const members = Object.entries(entry).filter(([member, value]) => !isSilent(member) && !isSystem(member, value));
  const isPart = (value: JsonValue): boolean => isJsonObject(value) || isList(value);
  const protection = marksOf(entry, '*', reader.lang);
  const lines = members
    .filter(([, value]) => !isPart(value))
    .map(([member, value]) => {
      const marks = marksOf(entry, member, reader.lang);
      return html`<dt>${reader.words.field(name, member)}</dt>
        <dd dir="auto">
          ${textOf(reader, name, member, value, entry)}${marks !== '' && html` <span class="hint">(${marks})</span>`}
        </dd> `;
    });
  if (protection !== '') {
    lines.push(
      html`<dt>${say(PROTECTED, reader.lang)}</dt>
        <dd>${protection}</dd> `,
    );
  }
  const parts = (wanted: (member: string) => boolean): Html[] =>
    members
      .filter(([member, value]) => isPart(value) && wanted(member))
      .map(
        ([member, value]) =>
          html`<div class="part">
            <p class="is">${reader.words.field(name, member)}</p>
            ${entriesOf(value).map((part) => html`<div class="entry">${oneEntry(reader, member, part)}</div> `)}
          </div> `,
      );
  // Who it is, before what is said of them.
  return html`${parts((member) => member === 'names')}${lines.length > 0 && html`<dl>${lines}</dl>`}
  ${parts((member) => member !== 'names')}`;
}

/** What protects a field, or all of an entry (member `about` of what holds it), in words. */
function marksOf(entry: JsonObject, name: string, lang: Lang): string {
  const { about } = entry;
  const marks = isJsonObject(about) ? about[name] : undefined;
  if (!isJsonObject(marks)) return '';
  const { sensitivities, contested } = marks;
  const labels = Array.isArray(sensitivities)
    ? sensitivities.filter(isLabel).map((one) => say(labelText(one), lang))
    : [];
  return [...labels, ...(contested === true ? [say(CONTESTED, lang)] : [])].join(', ');
}

const isLabel = (value: JsonValue): value is DataLabel => (DATA_LABELS as readonly JsonValue[]).includes(value);

/** Codes and dates by language, numbers and texts as they were written. */
function textOf(reader: Reader, parent: string, field: string, value: JsonValue, entry: JsonObject): string {
  const { lang, words } = reader;
  if (typeof value === 'boolean') return say(value ? YES : NO, lang);
  if (value instanceof JsonNumber) return amountOf(Number(value.toString()), field, entry, lang);
  if (typeof value === 'number') return amountOf(value, field, entry, lang);
  if (Array.isArray(value))
    return value.map((item) => textOf(reader, parent, field, item as JsonValue, entry)).join(', ');
  if (typeof value !== 'string') return '';
  if (AS_WRITTEN.has(field)) return value;
  if (/^\d{4}-\d{2}(-\d{2}(T.*)?)?$/.test(value)) return dateOf(value, lang);
  if (/^[A-Z]{2}$/.test(value) && /country|nationalit/i.test(field)) return nameOf('region', value, lang);
  if (/^[a-z]{2}$/.test(value) && /language/i.test(field)) return nameOf('language', value, lang);
  return words.code(parent, field, value) ?? value;
}

const localeOf = (lang: Lang): string => (lang === 'fr' ? 'fr-FR' : 'en-GB');

function amountOf(value: number, field: string, { currency }: JsonObject, lang: Lang): string {
  if (!MONEY.has(field)) return new Intl.NumberFormat(localeOf(lang)).format(value);
  const money = typeof currency === 'string' && /^[A-Z]{3}$/.test(currency);
  const style = money ? ({ style: 'currency', currency } as const) : { minimumFractionDigits: 2 };
  return new Intl.NumberFormat(localeOf(lang), style).format(value);
}

/** `2026-03` is a month, and so it is said. */
function dateOf(value: string, lang: Lang): string {
  if (value.length > 7) return dayInWords(value, lang);
  const month = new Intl.DateTimeFormat(localeOf(lang), { year: 'numeric', month: 'long', timeZone: 'UTC' });
  return month.format(new Date(`${value}-01T00:00:00Z`));
}

function nameOf(type: 'region' | 'language', code: string, lang: Lang): string {
  return new Intl.DisplayNames([localeOf(lang)], { type }).of(code) ?? code;
}
