import { say, type Lang } from '../kernel/i18n.js';
import { labelText } from '../domain/labels/label-texts.js';
import { DATA_LABELS } from '../domain/labels/labels.js';
import { sayReason, type Reason } from '../domain/decision/reasons.js';
import type { Organization } from './partner.js';

/** Reasons are stored with ids and ISO dates; people read names and dates in their language. */
export type Presenter = (reason: Reason, lang: Lang) => string;

const UNKNOWN = { en: 'this recipient', fr: 'ce destinataire' } as const;

export function createPresenter(organizations: readonly Pick<Organization, 'id' | 'name'>[]): Presenter {
  const names = new Map<string, string>(organizations.map(({ id, name }) => [id, name]));
  return (reason, lang) => {
    const { recipient, date, labels, ...rest } = reason.parameters ?? {};
    return sayReason(
      {
        code: reason.code,
        parameters: {
          ...rest,
          ...(recipient !== undefined && { recipient: names.get(recipient) ?? say(UNKNOWN, lang) }),
          ...(labels !== undefined && { labels: labelsInWords(labels, lang) }),
          ...(date !== undefined && { date: dayInWords(date, lang) }),
        },
      },
      lang,
    );
  };
}

/** @param labels codes, parted by blanks */
function labelsInWords(labels: string, lang: Lang): string {
  const codes = labels.split(' ');
  return DATA_LABELS.filter((label) => codes.includes(label))
    .map((label) => say(labelText(label), lang))
    .join(', ');
}

const DAY = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
/** Made once: making one costs as much as a thousand dates. */
const CALENDARS: Readonly<Record<Lang, Intl.DateTimeFormat>> = {
  en: new Intl.DateTimeFormat('en-GB', DAY),
  fr: new Intl.DateTimeFormat('fr-FR', DAY),
};

/** @param date `YYYY-MM-DD…` */
export function dayInWords(date: string, lang: Lang): string {
  const written = CALENDARS[lang].format(new Date(`${date.slice(0, 10)}T00:00:00Z`));
  // French says "1er" for the first of a month.
  return lang === 'fr' ? written.replace(/^1 /, '1er ') : written;
}

/** The last day on which something holds that ends before `end`: 1 July at midnight is "until 30 June". */
export function lastDayInWords(end: string, lang: Lang): string {
  return dayInWords(new Date(Date.parse(end) - 1).toISOString(), lang);
}
