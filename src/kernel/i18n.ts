/** The two languages of everything a person reads. */
export type Lang = 'en' | 'fr';

/** One sentence in both languages; `{name}` is replaced by the parameter of that name. */
export interface Text {
  readonly en: string;
  readonly fr: string;
}

/**
 * The one way from a text to what somebody reads. Its own spaces are those of its language; what stands in for a parameter
 * stays as it is.
 *
 * @param parameters codes, names of organizations, dates; never content of a case
 */
export function say(text: Text, lang: Lang, parameters: Readonly<Record<string, string>> = {}): string {
  const own = lang === 'fr' ? withFrenchSpaces(text.fr) : text[lang];
  return own.replace(/\{(\w+)\}/g, (whole, name: string) => parameters[name] ?? whole);
}

/**
 * French puts a no-break space before high punctuation and inside its quotation marks (Imprimerie nationale, Lexique des règles
 * typographiques); the sources of texts are written with plain ones, which a narrow screen would break.
 */
export function withFrenchSpaces(text: string): string {
  return text.replace(/ (»|[:;?!](?=[\s<)]|$))/g, '\u00a0$1').replace(/« /g, '«\u00a0');
}

/** For what is searched, sorted or taken apart rather than read: cells of a table, the subject of a mail. */
export function withPlainSpaces(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}
