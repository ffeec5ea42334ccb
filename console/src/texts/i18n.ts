import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { en } from './en/index.js';

export type Lang = 'en' | 'fr';
/** What one text catalogue holds; French has the same keys, or it does not compile. */
export type Catalogue<T> = { readonly [K in keyof T]: T[K] extends string ? string : Catalogue<T[K]> };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

/** A choice of the browser's owner, nothing about anybody. */
const KEPT = 'relais-lang';

const load = {
  en: async () => (await import('./en/index.js')).en,
  fr: async () => (await import('./fr/index.js')).fr,
} as const;

/** Only the language that is read is loaded. */
export async function startTexts(): Promise<void> {
  const lang = wanted();
  await i18next.use(initReactI18next).init({
    lng: lang,
    fallbackLng: false,
    supportedLngs: ['en', 'fr'],
    resources: { [lang]: { translation: await load[lang]() } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  document.documentElement.lang = lang;
}

/** Has the texts of a language ready, whichever the page is in. */
export async function loadTexts(lang: Lang): Promise<void> {
  if (i18next.hasResourceBundle(lang, 'translation')) return;
  i18next.addResourceBundle(lang, 'translation', await load[lang]());
}

export async function changeLanguage(lang: Lang): Promise<void> {
  await loadTexts(lang);
  await i18next.changeLanguage(lang);
  document.documentElement.lang = lang;
  try {
    localStorage.setItem(KEPT, lang);
  } catch {
    // Storage may be forbidden: then the choice holds for this page.
  }
}

export function currentLang(): Lang {
  return i18next.language === 'en' ? 'en' : 'fr';
}

function wanted(): Lang {
  const asked = new URLSearchParams(location.search).get('lang');
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    // As above.
  }
  const found = [asked, kept, ...navigator.languages.map((tag) => tag.slice(0, 2))].find(
    (tag) => tag === 'en' || tag === 'fr',
  );
  return found === 'en' || found === 'fr' ? found : 'en';
}
