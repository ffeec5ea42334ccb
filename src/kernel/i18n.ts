/** The two languages of everything a person reads. */
export type Lang = 'en' | 'fr';

/** One sentence in both languages; `{name}` is replaced by the parameter of that name. */
export interface Text {
  readonly en: string;
  readonly fr: string;
}

/** @param parameters codes, names of organizations, dates; never content of a case */
export function say(text: Text, lang: Lang, parameters: Readonly<Record<string, string>> = {}): string {
  return text[lang].replace(/\{(\w+)\}/g, (whole, name: string) => parameters[name] ?? whole);
}
