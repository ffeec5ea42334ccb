import type { Text } from '../../kernel/i18n.js';

/**
 * What can be wrong with an HMIS CSV export. Codes are stable; a finding is a place and a code, never a value
 * (a malformed cell may well hold a name).
 */
export const HMIS_RULES = {
  'hmis.required': { en: 'must not be empty', fr: 'ne doit pas être vide' },
  'hmis.date': {
    en: 'is not a date of the calendar as YYYY-MM-DD',
    fr: 'n’est pas une date du calendrier au format AAAA-MM-JJ',
  },
  'hmis.datetime': {
    en: 'is not a date and time as YYYY-MM-DD HH:MM:SS',
    fr: 'n’est pas une date avec heure au format AAAA-MM-JJ HH:MM:SS',
  },
  'hmis.integer': { en: 'is not a whole number', fr: 'n’est pas un nombre entier' },
  'hmis.money': {
    en: 'is not an amount (digits, at most two decimals after a point)',
    fr: 'n’est pas un montant (chiffres, deux décimales au plus après un point)',
  },
  'hmis.code': { en: 'is not a code of the column’s list', fr: 'n’est pas un code de la liste de la colonne' },
  'hmis.too-long': { en: 'is longer than the column allows', fr: 'dépasse la longueur permise par la colonne' },
  'hmis.row-width': {
    en: 'the row has more or fewer cells than the header',
    fr: 'la ligne n’a pas autant de cellules que l’en-tête',
  },
  'hmis.duplicate-key': {
    en: 'the key occurs more than once in the file',
    fr: 'la clé figure plusieurs fois dans le fichier',
  },
  'hmis.unknown-column': { en: 'is not a column of this file', fr: 'n’est pas une colonne de ce fichier' },
  'hmis.missing-column': { en: 'the column is missing', fr: 'la colonne manque' },
  'hmis.duplicate-column': {
    en: 'the column occurs twice; the first counts',
    fr: 'la colonne figure deux fois ; la première compte',
  },
  'hmis.column-order': {
    en: 'the column is not where the format has it',
    fr: 'la colonne n’est pas à la place prévue par le format',
  },
  'hmis.column-blank': {
    en: 'the column’s name has blanks around it',
    fr: 'le nom de la colonne est entouré d’espaces',
  },
  'hmis.unknown-file': { en: 'is not a file of the format', fr: 'n’est pas un fichier du format' },
  'hmis.missing-file': { en: 'the file is missing', fr: 'le fichier manque' },
  'hmis.empty-file': { en: 'the file has no header', fr: 'le fichier n’a pas d’en-tête' },
} as const satisfies Readonly<Record<string, Text>>;

export type HmisRule = keyof typeof HMIS_RULES;

/** One place of an export that breaks the format. `line` counts physical lines from 1 (the header); 0: the whole file. */
export interface Finding {
  /** File name as the format writes it, with `.csv`. */
  readonly file: string;
  readonly line: number;
  /** Column of the format; empty when the row or the file is meant. Names that the format does not know are not echoed. */
  readonly column: string;
  readonly rule: HmisRule;
}
