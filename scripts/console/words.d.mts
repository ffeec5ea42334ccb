type Word = string | RegExp;
export const WORDS: Readonly<Record<'en' | 'fr', Readonly<Record<string, Word>>>>;
