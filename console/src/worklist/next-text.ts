import type { TFunction } from 'i18next';
import { NEXT_STEPS } from '../../../src/transfer/whose-turn.js';

const KNOWN: ReadonlySet<string> = new Set(NEXT_STEPS);

/** What is to be done next, in words; a code of a newer gateway reads as "open it". */
export function nextText(t: TFunction, code: string): string {
  return t(`worklist.next.${KNOWN.has(code) ? code : 'open'}` as 'worklist.next.open');
}
