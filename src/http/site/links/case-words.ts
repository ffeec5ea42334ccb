import { readFileSync } from 'node:fs';
import type { Lang } from '../../../kernel/i18n.js';

type Table = Readonly<Record<string, string>>;

/** What the members and the codes of the case model are called: one vocabulary for these pages and the console. */
export interface CaseWords {
  /** @param parent member that holds it: one name means different things in different places */
  readonly field: (parent: string, name: string) => string;
  /** null for text that is no code of the model. */
  readonly code: (parent: string, field: string, code: string) => string | null;
}

const kept = new Map<Lang, CaseWords>();

/** Read once from where the console's own are (test/console/words.test.ts holds them complete in both languages). */
export function caseWords(lang: Lang): CaseWords {
  const known = kept.get(lang);
  if (known !== undefined) return known;
  const read = (name: 'fields' | 'codes'): Table => {
    const file = new URL(`../../../../console/src/words/${name}.${lang}.json`, import.meta.url);
    return JSON.parse(readFileSync(file, 'utf8')) as Table;
  };
  const [fields, codes] = [read('fields'), read('codes')];
  const own = (table: Table, key: string): string | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);
  const words: CaseWords = {
    field: (parent, name) => own(fields, `${parent}.${name}`) ?? own(fields, name) ?? name,
    code: (parent, field, code) =>
      own(codes, `${parent}.${field}.${code}`) ?? own(codes, `${field}.${code}`) ?? own(codes, code) ?? null,
  };
  kept.set(lang, words);
  return words;
}
