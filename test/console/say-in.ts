import i18next from 'i18next';
import type { Words } from '../../console/src/admin/say.js';
import { admin as en } from '../../console/src/texts/en/admin.js';
import { admin as fr } from '../../console/src/texts/fr/admin.js';

const NAMES: Readonly<Record<string, string>> = {
  '5a1d0000-0000-4000-8000-000000000001': 'CCAS de Valmont',
  '5a1d0000-0000-4000-8000-000000000002': 'Toit Commun',
  '5a1d0000-0000-4000-8000-000000000003': 'Les Tilleuls',
};

/** The console's own texts, as its pages use them; a key that is missing is a failure. */
export function wordsIn(lang: 'en' | 'fr'): Words {
  const texts = i18next.createInstance();
  void texts.init({
    lng: lang,
    fallbackLng: false,
    initAsync: false,
    defaultNS: 'admin',
    resources: { en: { admin: en }, fr: { admin: fr } },
    interpolation: { escapeValue: false },
    parseMissingKeyHandler: (key: string) => {
      throw new Error(`No text for ${key} in ${lang}`);
    },
  });
  const say = texts.t as (key: string, values?: object) => string;
  return {
    say: say,
    purpose: (code) => say(`purpose.${code}`),
    nameOf: (id) => NAMES[id] ?? id,
    date: (iso) => iso.slice(0, 10),
    list: (items, type = 'conjunction') => new Intl.ListFormat(lang, { type }).format(items),
  };
}
