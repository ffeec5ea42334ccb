import type { TFunction } from 'i18next';

const KNOWN = new Set([
  'review',
  'failed',
  'stopped',
  'read-answer',
  'late',
  'answer',
  'report-outcome',
  'await-delivery',
  'await-answer',
  'await-outcome',
  'await-sender',
  'none',
]);

/** What is to be done next, in words; a code of a newer gateway reads as "open it". */
export function nextText(t: TFunction, code: string): string {
  return t(`worklist.next.${KNOWN.has(code) ? code : 'open'}` as 'worklist.next.open');
}
