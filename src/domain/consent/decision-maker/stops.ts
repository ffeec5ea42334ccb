import { say, type Lang, type Text } from '../../../kernel/i18n.js';

/** Why a consent cannot be taken, and a human is called. Nothing of a case is repeated. */
export const STOPS = {
  'person-objects': {
    en: 'The person objects. Nothing is passed on; a human speaks with them.',
    fr: 'La personne s’oppose. Rien n’est transmis ; un professionnel en parle avec elle.',
  },
  'view-not-sought': {
    en: 'Somebody else decides, but the person’s own view was not asked for.',
    fr: 'Une autre personne décide, mais l’avis de la personne concernée n’a pas été recherché.',
  },
  'nobody-said-yes': {
    en: 'The one who decides has not said yes.',
    fr: 'La personne qui décide n’a pas donné son accord.',
  },
  'said-no': { en: 'The one who decides said no.', fr: 'La personne qui décide a refusé.' },
  'jurisdiction-unknown': {
    en: 'There are no rules for this place: a human decides who may consent.',
    fr: 'Aucune règle n’est connue pour ce territoire : un professionnel détermine qui peut consentir.',
  },
  'age-unknown': {
    en: 'Without a whole date of birth it is not known who decides.',
    fr: 'Sans date de naissance complète, on ne sait pas qui décide.',
  },
  'capacity-unknown': {
    en: 'It has not been judged whether the person can take this decision themselves.',
    fr: 'On n’a pas apprécié si la personne peut prendre elle-même cette décision.',
  },
  'nobody-can-decide': {
    en: 'The person cannot decide and nobody has the power to.',
    fr: 'La personne ne peut pas décider et personne n’en a le pouvoir.',
  },
  'measure-unknown': {
    en: 'There is a measure whose effect is not known here.',
    fr: 'Il existe une mesure dont l’effet n’est pas connu ici.',
  },
  'instrument-unknown': {
    en: 'The power is recorded without the act that gives it or the day on which it began.',
    fr: 'Le pouvoir est enregistré sans l’acte qui le confère ou sans le jour où il a commencé.',
  },
  'property-only': {
    en: 'A power over money or property, or for other acts, does not consent to a disclosure.',
    fr: 'Un pouvoir sur les biens, ou pour d’autres actes, ne permet pas de consentir à une communication.',
  },
  'assistance-never-replaces': {
    en: 'Who assists the person does not decide in their place.',
    fr: 'Qui assiste la personne ne décide pas à sa place.',
  },
  'not-theirs-to-give': {
    en: 'Each adult consents for their own data: this consent was not theirs to give.',
    fr: 'Chaque adulte consent pour ses propres données : ce consentement n’était pas à cette personne de le donner.',
  },
  'lapsed-at-majority': {
    en: 'The person is of age: what others decided for them has lapsed, and only their own word counts.',
    fr: 'La personne est majeure : ce que d’autres ont décidé pour elle est caduc, seule sa parole compte.',
  },
  'deciders-disagree': {
    en: 'Those who decide together disagree.',
    fr: 'Les personnes qui décident ensemble sont en désaccord.',
  },
  'deciders-differ': {
    en: 'Different people decide about different parts of these data: pass them on separately.',
    fr: 'Des personnes différentes décident selon les données : transmettez-les séparément.',
  },
  'authority-restricted': {
    en: 'Parental authority is restricted.',
    fr: 'L’autorité parentale est restreinte.',
  },
  'authority-unknown': {
    en: 'It is not clear who exercises parental authority.',
    fr: 'On ne sait pas clairement qui exerce l’autorité parentale.',
  },
  'child-entrusted': {
    en: 'The child is entrusted to a service: who decides what needs a human.',
    fr: 'L’enfant est confié à un service : un professionnel détermine qui décide de quoi.',
  },
} as const satisfies Record<string, Text>;

export type StopCode = keyof typeof STOPS;

export function sayStop(code: StopCode, lang: Lang): string {
  return say(STOPS[code], lang);
}
