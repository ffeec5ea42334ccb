/**
 * A birth date as people type it: 17/05/1992, 17.5.1992, 1992-05-17, 05/1992, 1992. Day before month, as in both
 * languages of the console outside North America; what could be read in two ways is read so.
 *
 * @returns YYYY, YYYY-MM or YYYY-MM-DD; empty for nothing; null for what is no date
 */
export function readBirthDate(text: string): string | null {
  const typed = text.trim();
  if (typed === '') return '';
  const iso = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(typed);
  const written = /^(?:(?:(\d{1,2})[/. ])?(\d{1,2})[/. ])?(\d{4})$/.exec(typed);
  const [year, month, day] = iso !== null ? iso.slice(1) : written !== null ? written.slice(1).reverse() : [];
  if (year === undefined) return null;
  if (month === undefined) return year;
  if (Number(month) < 1 || Number(month) > 12) return null;
  if (day === undefined) return `${year}-${month.padStart(2, '0')}`;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCDate() !== Number(day)) return null;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
