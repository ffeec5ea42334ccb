import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { withFrenchSpaces } from '../../../src/kernel/i18n.js';
import type { admin } from './en/admin.js';
import type { en } from './en/index.js';
import type { spoken } from './en/spoken.js';

export type Lang = 'en' | 'fr';
export type { Catalogue } from './catalogue.js';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en; admin: typeof admin; spoken: typeof spoken };
  }
}

/** A choice of the browser's owner, nothing about anybody. */
const KEPT = 'relais-lang';

const load = {
  en: async () => (await import('./en/index.js')).en,
  fr: async () => spaced((await import('./fr/index.js')).fr),
} as const;

/** Texts of pages that few open; each is loaded with the first page that needs it. */
const loadApart = {
  admin: {
    en: async () => (await import('./en/admin.js')).admin,
    fr: async () => spaced((await import('./fr/admin.js')).admin),
  },
  spoken: {
    en: async () => (await import('./en/spoken.js')).spoken,
    fr: async () => spaced((await import('./fr/spoken.js')).spoken),
  },
} as const;
type Apart = keyof typeof loadApart;
const opened = new Set<Apart>();

let hasStarted: () => void;
/** The router opens a page before the first texts have come. */
const started = new Promise<void>((resolve) => {
  hasStarted = resolve;
});

/** Loads a group of texts in the language that is read; a change of language brings it along. */
export async function loadApartTexts(group: Apart, into?: Lang): Promise<void> {
  opened.add(group);
  await started;
  const lang = into ?? currentLang();
  if (i18next.hasResourceBundle(lang, group)) return;
  i18next.addResourceBundle(lang, group, await loadApart[group][lang]());
}

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
  hasStarted();
  document.documentElement.lang = lang;
}

async function loadTexts(lang: Lang): Promise<void> {
  if (i18next.hasResourceBundle(lang, 'translation')) return;
  i18next.addResourceBundle(lang, 'translation', await load[lang]());
}

export async function changeLanguage(lang: Lang): Promise<void> {
  await loadTexts(lang);
  await Promise.all([...opened].map((group) => loadApartTexts(group, lang)));
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

/** A catalogue with the spaces that French wants. */
function spaced<T extends object>(texts: T): T {
  return JSON.parse(JSON.stringify(texts), (_key, value: unknown) =>
    typeof value === 'string' ? withFrenchSpaces(value) : value,
  ) as T;
}
