import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { currentLang, type Lang } from '../texts/i18n.js';

type Table = Readonly<Record<string, string>>;

/** What the members and the codes of the case model are called. */
export interface Words {
  /** @param parent member that holds it: one name means different things in different places */
  readonly field: (parent: string, name: string) => string;
  readonly code: (parent: string, field: string, code: string) => string;
  /** False for text that is no code of the model: it is shown as it is. */
  readonly isCode: (parent: string, field: string, code: string) => boolean;
}

const load: Readonly<Record<Lang, () => Promise<readonly [Table, Table]>>> = {
  en: async () => [(await import('../words/fields.en.json')).default, (await import('../words/codes.en.json')).default],
  fr: async () => [(await import('../words/fields.fr.json')).default, (await import('../words/codes.fr.json')).default],
};

/** null while they are loaded; only pages that show a record need them. */
export function useWords(): Words | null {
  const { i18n } = useTranslation();
  const { data } = useQuery({
    queryKey: ['words', i18n.language],
    queryFn: async () => wordsOf(...(await load[currentLang()]())),
    staleTime: Infinity,
  });
  return data ?? null;
}

export function wordsOf(fields: Table, codes: Table): Words {
  const find = (parent: string, field: string, code: string): string | undefined =>
    codes[`${parent}.${field}.${code}`] ?? codes[`${field}.${code}`] ?? codes[code];
  return {
    field: (parent, name) => fields[`${parent}.${name}`] ?? fields[name] ?? name,
    code: (parent, field, code) => find(parent, field, code) ?? code,
    isCode: (parent, field, code) => find(parent, field, code) !== undefined,
  };
}
