import type { admin } from '../texts/en/admin.js';

/** Keys of a catalogue as one asks for them: `a.b`, and of a plural its stem. */
type Keys<T> = {
  [K in keyof T & string]: T[K] extends string
    ? K extends `${infer Stem}_${'zero' | 'one' | 'other'}`
      ? Stem
      : K
    : `${K}.${Keys<T[K]>}`;
}[keyof T & string];

export type AdminKey = Keys<typeof admin>;

/** What turns codes into words: language, names and dates are filled in by whoever asks. */
export interface Words {
  readonly say: (key: AdminKey, values?: Readonly<Record<string, string | number>>) => string;
  readonly purpose: (code: keyof typeof admin.purpose) => string;
  readonly nameOf: (organizationId: string) => string;
  readonly date: (iso: string) => string;
  /** "a, b and c"; "a, b or c". */
  readonly list: (items: readonly string[], kind?: 'conjunction' | 'disjunction') => string;
}
