import type { TFunction } from 'i18next';
import type { WorklistItem } from '../api/views.js';
import { formatDate } from '../kit/format.js';
import { NEXT_STEPS } from '../../../src/transfer/whose-turn.js';

/** What is to be done next with a transfer; what was reminded of says so, as long as no answer has come. */
export function nextOf(
  t: TFunction,
  { next, remindedAt, referralStatus }: Pick<WorklistItem, 'next' | 'remindedAt' | 'referralStatus'>,
): string {
  if (next === 'read-answer' && referralStatus === 'on-hold') return t('worklist.next.asked');
  if (remindedAt !== null) {
    const date = formatDate(remindedAt);
    if (next === 'late' || next === 'await-answer') return t('worklist.reminded', { date });
    if (next === 'answer') return t('worklist.remindedUs', { date });
  }
  return nextText(t, next);
}

const KNOWN: ReadonlySet<string> = new Set(NEXT_STEPS);

/** What is to be done next, in words; a code of a newer gateway reads as "open it". */
function nextText(t: TFunction, code: string): string {
  return t(`worklist.next.${KNOWN.has(code) ? code : 'open'}` as 'worklist.next.open');
}
