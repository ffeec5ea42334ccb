import type { Text } from '../kernel/i18n.js';

/** What can be wrong with a mapping, what it is given, or the rules of the labels; part of the table in error-texts. */
export const MAPPING_ERRORS: Readonly<Record<string, Text>> = {
  'labels.not-valid': {
    en: 'The rules of the labels have mistakes; the gateway does not start with them.',
    fr: 'Les règles d’étiquetage comportent des erreurs ; la passerelle ne démarre pas ainsi.',
  },
  'labels.not-found': {
    en: 'The rules of the labels are missing.',
    fr: 'Les règles d’étiquetage sont absentes.',
  },
  'mapping.tables': {
    en: 'These are no tables of an HMIS CSV export.',
    fr: 'Ce ne sont pas des tables d’un export HMIS CSV.',
  },
  'mapping.no-pack': {
    en: 'There is no pack of mappings in this folder.',
    fr: 'Ce dossier ne contient aucun jeu de correspondances.',
  },
  'mapping.context': {
    en: 'The context of a mapping is not complete.',
    fr: 'Le contexte d’une correspondance est incomplet.',
  },
  'mapping.one-way': { en: 'This mapping has no way back.', fr: 'Cette correspondance n’a pas de sens retour.' },
  'mapping.no-bundle': {
    en: 'The resource must be a FHIR Bundle whose entries hold one resource each.',
    fr: 'La ressource doit être un Bundle FHIR dont chaque entrée contient une ressource.',
  },
  'mapping.too-large': {
    en: 'The bundle is larger than what is read at once: it has too many entries, items in lists or elements.',
    fr: 'Le Bundle est plus grand que ce qui se lit en une fois : trop d’entrées, d’éléments de listes ou d’éléments en tout.',
  },
  'mapping.too-deep': {
    en: 'An element of the bundle is nested too deeply.',
    fr: 'Un élément du Bundle est imbriqué trop profondément.',
  },
  'mapping.several-persons': {
    en: 'The bundle is about more than one person.',
    fr: 'Le Bundle concerne plus d’une personne.',
  },
  'mapping.unmapped': {
    en: 'The bundle says something that its map has no rule for.',
    fr: 'Le Bundle comporte un élément pour lequel la correspondance n’a pas de règle.',
  },
  'mapping.not-built': { en: 'The mappings are not built.', fr: 'Les correspondances ne sont pas compilées.' },
  'mapping.not-valid': { en: 'A mapping is not valid.', fr: 'Une correspondance n’est pas valide.' },
  'mapping.out-of-date': {
    en: 'The built mappings are older than their sources.',
    fr: 'Les correspondances compilées sont plus anciennes que leurs sources.',
  },
};
