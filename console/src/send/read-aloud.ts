import type { TFunction } from 'i18next';
import { formatDate } from '../kit/format.js';
import { labelName, purposeName } from '../kit/label-name.js';
import type { Lang } from '../texts/i18n.js';
import type { RecipientOption } from './options-of.js';

/**
 * What is read to the person: who would receive what, why, until when, and that "no" costs nothing (GDPR article 7). It
 * follows what is being ticked, so that what is heard is what is recorded.
 */
export function readAloud(
  t: TFunction<'spoken'>,
  {
    option,
    labels,
    until,
    lang,
    ofAnother,
  }: {
    readonly option: RecipientOption;
    readonly labels: readonly string[];
    readonly until: string | null;
    readonly lang: Lang;
    /** It is read to whoever decides for the person. */
    readonly ofAnother: boolean;
  },
): string {
  const named = labels.length > 0 ? labels : option.categories;
  const list = new Intl.ListFormat(lang, { type: 'conjunction' }).format(named.map((label) => labelName(label, lang)));
  return [
    t(ofAnother ? 'aloud.askAnother' : 'aloud.ask', {
      organization: option.organization.name,
      purpose: purposeName(option.purpose, lang),
    }),
    t(labels.length > 0 ? 'aloud.what' : 'aloud.atMost', { list }),
    until === null ? t('aloud.untilOpen') : t('aloud.until', { date: formatDate(until, lang) }),
    t('aloud.free'),
    t('aloud.withdraw'),
  ].join(' ');
}
