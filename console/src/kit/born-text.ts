import type { TFunction } from 'i18next';
import { ageOf, formatDate } from './format.js';

/** "Born 17 May 1992 (34 years old)", « Né·e en 1958 (68 ans) »: a day, or only a month or a year. */
export function bornText(t: TFunction, birthDate: string | null): string {
  if (birthDate === null) return t('find.birthUnknown');
  const toTheDay = birthDate.length > 7;
  return t(toTheDay ? 'find.born' : 'find.bornIn', { date: formatDate(birthDate), count: ageOf(birthDate) ?? 0 });
}
