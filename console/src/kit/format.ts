import { currentLang, type Lang } from '../texts/i18n.js';

/** Dates as they are written, at the precision that is known: a year, a month, a day. */
export function formatDate(text: string, lang: Lang = currentLang()): string {
  const [year = '', month, day] = text.slice(0, 10).split('-');
  if (month === undefined) return year;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, day === undefined ? 1 : Number(day)));
  const written = new Intl.DateTimeFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'long',
    ...(day !== undefined && { day: 'numeric' }),
  }).format(date);
  // French says "1er" for the first of a month.
  return lang === 'fr' && day === '01' ? written.replace(/^1 /, '1er ') : written;
}

/** A moment in the clock of whoever reads. */
export function formatMoment(text: string): string {
  return new Intl.DateTimeFormat(currentLang() === 'fr' ? 'fr-FR' : 'en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(text));
}

/** How long ago, roughly: "3 days ago", « il y a 3 jours ». */
export function formatSince(text: string, nowMs = Date.now()): string {
  const relative = new Intl.RelativeTimeFormat(currentLang(), { numeric: 'auto' });
  const minutes = Math.round((new Date(text).getTime() - nowMs) / 60_000);
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  if (Math.abs(hours) < 48) return relative.format(hours, 'hour');
  return relative.format(Math.round(hours / 24), 'day');
}

/** Whole years from a birth date, when the year at least is known. */
export function ageOf(birthDate: string, now = new Date()): number | null {
  const [year, month = '01', day = '01'] = birthDate.split('-');
  if (year === undefined || !/^\d{4}$/.test(year)) return null;
  const had = `${month}-${day}` <= now.toISOString().slice(5, 10);
  return now.getUTCFullYear() - Number(year) - (had ? 0 : 1);
}
