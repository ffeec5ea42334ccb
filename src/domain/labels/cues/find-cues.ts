import type { LabelMask } from '../labels.js';
import { STEM, wordsOf, type CueRules, type CueWord, type Phrase, type TextWord } from './cue.js';

/**
 * What a text may speak of, by the words in it. A cue is a doubt, not a label: it can hold a text back until somebody
 * has read it, and never lets one leave. Linear in the length of the text: a word is looked up, never searched for.
 */
export function findCues(rules: CueRules, text: string): LabelMask {
  const words = wordsOf(text);
  let found: LabelMask = 0;
  for (const [at, { small }] of words.entries()) {
    for (const phrase of rules.byWord.get(small) ?? []) if (isHere(phrase, words, at)) found |= phrase.labels;
    for (const phrase of rules.byStem.get(small.slice(0, STEM)) ?? []) {
      if (isHere(phrase, words, at)) found |= phrase.labels;
    }
  }
  return found;
}

function isHere({ words }: Phrase, text: readonly TextWord[], at: number): boolean {
  return words.every((word, index) => {
    const candidate = text[at + index];
    return candidate !== undefined && fits(word, candidate);
  });
}

function fits({ forms, open, capitals }: CueWord, { written, small }: TextWord): boolean {
  if (capitals && written !== written.toUpperCase()) return false;
  return open === null ? forms.has(small) : small.startsWith(open);
}
