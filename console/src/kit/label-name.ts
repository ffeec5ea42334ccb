import { labelText } from '../../../src/domain/labels/label-texts.js';
import type { DataLabel } from '../../../src/domain/labels/labels.js';
import { PURPOSES, type PurposeOfUse } from '../../../src/domain/decision/purpose.js';
import { currentLang, type Lang } from '../texts/i18n.js';

/** What a data label is called: the words of the gateway itself, so that page, preview and report say the same. */
export function labelName(label: string, lang: Lang = currentLang()): string {
  return labelText(label as DataLabel)?.[lang] ?? label;
}

export function purposeName(purpose: string, lang: Lang = currentLang()): string {
  return PURPOSES[purpose as PurposeOfUse]?.text[lang] ?? purpose;
}

/** The system that a purpose's code comes from, as consents name it. */
export function purposeSystem(purpose: string): string {
  return PURPOSES[purpose as PurposeOfUse]?.system ?? '';
}
