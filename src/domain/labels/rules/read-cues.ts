import type { Report } from '../../mapping/finding.js';
import type { MapTree, ScalarTree } from '../../mapping/template/yaml-tree.js';
import { STEM, wordsOf, type CueRules, type CueWord, type Phrase } from '../cues/cue.js';
import { asList, asMap, member, needed, readLabels, scalars } from './read-tree.js';

export const CUES_KEYS = ['labels', 'about', 'inflections', 'cues'] as const;
export const CUE_LANGUAGES = ['en', 'fr'] as const;
export const CUE_KEYS = ['labels', ...CUE_LANGUAGES] as const;

/** config/labels/cues.yaml. A text is looked through for the words of both languages. */
export function readCues(root: MapTree, report: Report): CueRules {
  asMap(root, CUES_KEYS, report);
  const byWord = new Map<string, Phrase[]>();
  const byStem = new Map<string, Phrase[]>();
  const inflections = asMap(member(root, 'inflections'), CUE_LANGUAGES, report);
  for (const tree of asList(needed(root, 'cues', report), report)) {
    const cue = asMap(tree, CUE_KEYS, report);
    if (cue === null) continue;
    const labels = readLabels(needed(cue, 'labels', report), report);
    for (const language of CUE_LANGUAGES) {
      const endings = inflections === null ? [] : scalars(member(inflections, language), report);
      for (const written of scalars(member(cue, language), report)) {
        const words = readPhrase(written, ['', ...endings.map(({ value }) => String(value))], report);
        const first = words?.[0];
        if (words === null || first === undefined) continue;
        const phrase: Phrase = { words, labels };
        if (first.open === null) for (const form of first.forms) add(byWord, form, phrase);
        else add(byStem, first.open.slice(0, STEM), phrase);
      }
    }
  }
  return { byWord, byStem };
}

function add(index: Map<string, Phrase[]>, key: string, phrase: Phrase): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [phrase]);
  else known.push(phrase);
}

function readPhrase({ value, place }: ScalarTree, endings: readonly string[], report: Report): CueWord[] | null {
  const words: CueWord[] = [];
  for (const part of String(value).split(/\s+/)) {
    const isOpen = part.endsWith('*');
    const [word, ...rest] = wordsOf(isOpen ? part.slice(0, -1) : part);
    if (word === undefined || rest.length > 0) {
      report(place, 'A cue is words with blanks between them; an apostrophe or a hyphen is a blank.');
      return null;
    }
    if (isOpen && word.small.length < STEM) {
      report(place, `At least ${STEM} letters stand before a *.`);
      return null;
    }
    words.push({
      forms: new Set(isOpen ? [] : endings.map((ending) => `${word.small}${ending}`)),
      open: isOpen ? word.small : null,
      capitals: word.written.length > 1 && word.written === word.written.toUpperCase() && /\p{L}/u.test(word.written),
    });
  }
  return words;
}
