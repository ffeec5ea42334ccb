import type { LabelMask } from '../labels.js';

/** config/labels/cues.yaml, ready to be looked for: phrases by how their first word is found. */
export interface CueRules {
  /** Phrases whose first word is written exactly so, inflections included. */
  readonly byWord: ReadonlyMap<string, readonly Phrase[]>;
  /** Phrases whose first word begins so; the key is its first STEM letters. */
  readonly byStem: ReadonlyMap<string, readonly Phrase[]>;
}

export interface Phrase {
  readonly words: readonly CueWord[];
  readonly labels: LabelMask;
}

export interface CueWord {
  /** Without accents, in small letters; the exact forms, or the beginning where `open`. */
  readonly forms: ReadonlySet<string>;
  readonly open: string | null;
  /** Counts only where it is written in capitals (AIDS is no aids). */
  readonly capitals: boolean;
}

/** A beginning shorter than this would find half of the language. */
export const STEM = 3;

/** One word of a text, without accents: as it was written and in small letters. */
export interface TextWord {
  readonly written: string;
  readonly small: string;
}

const MARKS_AND_INVISIBLES = /[\p{M}\p{Cf}]/gu;
const WORD = /[\p{L}\p{N}]+/gu;
const LIGATURES: readonly (readonly [RegExp, string])[] = [
  [/œ/gu, 'oe'],
  [/Œ/gu, 'OE'],
  [/æ/gu, 'ae'],
  [/Æ/gu, 'AE'],
];

/**
 * The words of a text: compatibility forms, accents and invisible characters are taken away first, so that neither a
 * full-width letter nor a soft hyphen hides a word. One pass, whatever the text is made of.
 */
export function wordsOf(text: string): TextWord[] {
  let plain = text.normalize('NFKD').replace(MARKS_AND_INVISIBLES, '');
  for (const [ligature, letters] of LIGATURES) plain = plain.replace(ligature, letters);
  return (plain.match(WORD) ?? []).map((written) => ({ written, small: written.toLowerCase() }));
}
