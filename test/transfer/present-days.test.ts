import { expect, it } from 'vitest';
import { dayInWords, lastDayInWords } from '../../src/transfer/present-reasons.js';

it.each([
  ['2026-06-30T00:00:00.000Z', 'en', '29 June 2026'],
  ['2026-07-01T00:00:00.000Z', 'fr', '30 juin 2026'],
  ['2026-06-30T12:00:00.000Z', 'fr', '30 juin 2026'],
] as const)('what ends before %s holds until (%s) %s', (end, lang, words) => {
  expect(lastDayInWords(end, lang)).toBe(words);
});

it('the first of a month is written as French writes it', () => {
  expect(dayInWords('2026-03-01', 'fr')).toBe('1er mars 2026');
  expect(dayInWords('2026-03-11', 'fr')).toBe('11 mars 2026');
  expect(dayInWords('2026-03-01', 'en')).toBe('1 March 2026');
});
