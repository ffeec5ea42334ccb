import { createHash } from 'node:crypto';
import type { Field } from '../../case/define.js';
import { maskOf } from '../labels.js';

/** Names of persons and places would be taken for words: they are no prose, unless a field is labelled as free text. */
const NAMES = maskOf(['identity', 'contact']);
const FREE_TEXT = maskOf(['free-text']);
/** Text with blanks and capitals: no code, key, date or address of the network can be this. */
const SOME_PROSE = 'Some words.';

const known = new WeakMap<Field, boolean>();

/** True for fields that people fill with words of their own, which cues are looked for in. */
export function isProse(field: Field): boolean {
  let answer = known.get(field);
  if (answer === undefined) {
    const holdsText = field.type.safeParse(SOME_PROSE).success || field.type.safeParse([SOME_PROSE]).success;
    answer = holdsText && ((field.mask & FREE_TEXT) !== 0 || (field.mask & NAMES) === 0);
    known.set(field, answer);
  }
  return answer;
}

/** The text of a field; the items of a list as lines. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string').join('\n');
  return typeof value === 'string' ? value : '';
}

/** What `about` names a text by that somebody has read: another text is not this one. SHA-256 in hex. */
export function reviewDigest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
