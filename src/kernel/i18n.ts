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

/**
 * French puts a no-break space before high punctuation and inside its quotation marks (Imprimerie nationale, Lexique des règles
 * typographiques); the sources of texts are written with plain ones, which a narrow screen would break.
 */
export function withFrenchSpaces(text: string): string {
  return text.replace(/ ([:;?!»])(?=[\s<)]|$)/g, '\u00a0$1').replace(/« /g, '«\u00a0');
}
