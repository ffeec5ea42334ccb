import type { AdminKey, Words } from '../say.js';
import { clauseWords } from './clause-words.js';
import { langOf, type AgreementText } from './sentences.js';

/** As `GET …/diff` answers. */
export interface AgreementChange {
  /** JSON Pointer into the later text; of a purpose, party or item that was removed, with its index in the earlier. */
  readonly path: string;
  readonly element: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly effect: 'wider' | 'narrower' | 'other';
  /** The whole change in one sentence, in the language of the answer. */
  readonly text: string;
}

export interface DiffLine {
  readonly key: string;
  readonly element: string;
  /** Null: was not there; the reader is told so in words. */
  readonly before: string | null;
  readonly after: string | null;
  readonly effect: AgreementChange['effect'];
}

export interface DiffGroup {
  /** The whole agreement, or one purpose. */
  readonly place: string;
  readonly lines: readonly DiffLine[];
}

/** What differs, place by place, as lines of before and after. Both texts are those that the changes were made of. Pure. */
export function diffGroups(
  changes: readonly AgreementChange[],
  before: AgreementText,
  after: AgreementText,
  words: Words,
): DiffGroup[] {
  const groups = new Map<string, DiffLine[]>();
  for (const change of changes) {
    const place = placeOf(change, before, after, words);
    groups.set(place, [...(groups.get(place) ?? []), lineOf(change, before, after, words)]);
  }
  return [...groups].map(([place, lines]) => ({ place, lines }));
}

function placeOf(
  { path, kind, element }: AgreementChange,
  before: AgreementText,
  after: AgreementText,
  words: Words,
): string {
  const index = purposeIndex(path);
  const found =
    index === null ? undefined : (kind === 'removed' && element === 'purpose' ? before : after).purposes[index];
  if (found === undefined) return words.say('diff.whole');
  return words.say('sentence.purpose', { purpose: words.purpose(found.purpose) });
}

function lineOf(change: AgreementChange, before: AgreementText, after: AgreementText, words: Words): DiffLine {
  const { path, element, kind, effect } = change;
  const found = {
    before: kind === 'added' ? null : valueWords(change, before, after, words),
    after: kind === 'removed' ? null : valueWords(change, after, null, words),
  };
  const isKnown = found.before !== null || found.after !== null;
  return {
    key: `${kind} ${path}`,
    element: words.say(`clause.${element}` as AdminKey),
    // What this page has no words for is said by the gateway, in one sentence.
    before: found.before,
    after: isKnown ? found.after : change.text,
    effect,
  };
}

/** @param later the text that the pointer leads through, when that is not `text` */
function valueWords(
  change: AgreementChange,
  text: AgreementText,
  later: AgreementText | null,
  words: Words,
): string | null {
  const { path, element } = change;
  const index = purposeIndex(path);
  const item = Number(path.split('/').at(-1));
  if (index === null) {
    if (element === 'parties') return nameAt(text.parties, item, words);
    return clauseWords(text, element, words);
  }
  // A purpose that is gone stands in the earlier text alone; of all else the pointer leads through the later purpose.
  const isGone = change.kind === 'removed' && element === 'purpose';
  const purpose = later === null || isGone ? text.purposes[index] : sameIn(text, later, index);
  if (purpose === undefined) return null;
  switch (element) {
    case 'purpose':
      return words.purpose(purpose.purpose);
    case 'dataProtectionBasis':
      return words.say(`basis.${purpose.dataProtectionBasis}`);
    case 'article9Condition':
      return purpose.article9Condition ?? null;
    case 'senders':
      return nameAt(purpose.senders, item, words);
    case 'recipients':
      return nameAt(purpose.recipients, item, words);
    case 'categories':
      return labelAt(purpose.categories, item, words);
    case 'sensitivities':
      return labelAt(purpose.sensitivities, item, words);
    case 'secrecyGrounds': {
      const ground = purpose.secrecyGrounds[item];
      return ground === undefined ? null : words.say(`secrecy.${ground}`);
    }
    case 'recipientFunctions':
      return purpose.recipientFunctions?.[item]?.[langOf(words)] ?? null;
    case 'roles': {
      const role = purpose.roles?.[item];
      return role === undefined ? null : `${words.nameOf(role.party)}, ${words.say(`role.${role.role}`)}`;
    }
    default:
      return null;
  }
}

/** Purposes are matched by their code: the first of one text with the first of the other. */
function sameIn(
  text: AgreementText,
  later: AgreementText,
  index: number,
): AgreementText['purposes'][number] | undefined {
  const code = later.purposes[index]?.purpose;
  const nth = later.purposes.slice(0, index).filter(({ purpose }) => purpose === code).length;
  return text.purposes.filter(({ purpose }) => purpose === code)[nth];
}

function purposeIndex(path: string): number | null {
  const found = /^\/purposes\/(\d+)/.exec(path);
  return found === null ? null : Number(found[1]);
}

const nameAt = (ids: readonly string[], index: number, { nameOf }: Words): string | null => {
  const id = ids[index];
  return id === undefined ? null : nameOf(id);
};

const labelAt = (labels: readonly string[], index: number, { say }: Words): string | null => {
  const label = labels[index];
  return label === undefined ? null : say(`label.${label}` as AdminKey);
};
