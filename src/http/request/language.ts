import type { Lang } from '../../kernel/i18n.js';

/**
 * The language of an answer, from `Accept-Language` (RFC 9110 section 12.5.4): the one of English and French that has
 * the higher quality; English when neither is asked for.
 */
export function languageOf(header: string | undefined): Lang {
  let best: Lang = 'en';
  let bestQuality = 0;
  for (const range of (header ?? '').slice(0, 500).split(',')) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
    const primary = tag.split('-')[0];
    if (primary !== 'en' && primary !== 'fr') continue;
    const quality = parameters.map((parameter) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1]).find(Boolean);
    const weight = quality === undefined ? 1 : Number(quality);
    if (weight > bestQuality) [best, bestQuality] = [primary, weight];
  }
  return best;
}
