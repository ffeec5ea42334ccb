import type { Text } from '../../kernel/i18n.js';

/** Every rule of the case model. A sentence names the rule; it never repeats what was sent. */
export const CASE_RULES = {
  'case.required': { en: 'This field is required.', fr: 'Ce champ est obligatoire.' },
  'case.unknown-field': {
    en: 'There is a field here that case model v1 does not know.',
    fr: 'Il y a ici un champ que le modèle de dossier v1 ne connaît pas.',
  },
  'case.type': { en: 'The value is of the wrong type.', fr: 'La valeur n’est pas du bon type.' },
  'case.null': {
    en: 'null is not a value: leave the field out.',
    fr: 'null n’est pas une valeur : omettez le champ.',
  },
  'case.code': {
    en: 'The value is not one of the codes of this field.',
    fr: 'La valeur ne fait pas partie des codes de ce champ.',
  },
  'case.version': {
    en: 'The version of the case model must be 1.',
    fr: 'La version du modèle de dossier doit être 1.',
  },
  'case.too-long': { en: 'The text is too long.', fr: 'Le texte est trop long.' },
  'case.too-short': { en: 'The text is too short.', fr: 'Le texte est trop court.' },
  'case.too-many': { en: 'There are too many items.', fr: 'Il y a trop d’éléments.' },
  'case.range': { en: 'The number is out of range.', fr: 'Le nombre est hors limites.' },
  'case.blank': { en: 'The text is blank.', fr: 'Le texte est vide.' },
  'case.one-line': {
    en: 'The text must be one line without control characters.',
    fr: 'Le texte doit tenir sur une ligne, sans caractère de commande.',
  },
  'case.key': {
    en: 'A key has 1 to 64 of A-Z a-z 0-9 . _ -',
    fr: 'Une clé compte de 1 à 64 caractères parmi A-Z a-z 0-9 . _ -',
  },
  'case.repeated': { en: 'A code is given twice.', fr: 'Un code est donné deux fois.' },
  'case.integer': { en: 'The number must be whole.', fr: 'Le nombre doit être entier.' },
  'case.decimal': {
    en: 'A decimal has at most 15 digits before and 4 after the point, and no exponent.',
    fr: 'Un nombre décimal compte au plus 15 chiffres avant le point et 4 après, sans exposant.',
  },
  'case.date': {
    en: 'A date is YYYY-MM-DD and exists in the calendar.',
    fr: 'Une date s’écrit AAAA-MM-JJ et existe au calendrier.',
  },
  'case.partial-date': {
    en: 'A date is YYYY, YYYY-MM or YYYY-MM-DD and exists in the calendar.',
    fr: 'Une date s’écrit AAAA, AAAA-MM ou AAAA-MM-JJ et existe au calendrier.',
  },
  'case.time': { en: 'A time is HH:MM.', fr: 'Une heure s’écrit HH:MM.' },
  'case.language': {
    en: 'A language is a tag such as fr or ar-Latn (BCP 47).',
    fr: 'Une langue s’écrit par une étiquette telle que fr ou ar-Latn (BCP 47).',
  },
  'case.country': {
    en: 'A country is two capital letters (ISO 3166-1).',
    fr: 'Un pays s’écrit par deux lettres capitales (ISO 3166-1).',
  },
  'case.currency': {
    en: 'A currency is three capital letters (ISO 4217).',
    fr: 'Une monnaie s’écrit par trois lettres capitales (ISO 4217).',
  },
  'case.uri': {
    en: 'A system is an http, https or urn address.',
    fr: 'Un système est une adresse http, https ou urn.',
  },
  'case.code-form': {
    en: 'A code has 1 to 64 characters without blanks.',
    fr: 'Un code compte de 1 à 64 caractères, sans espace.',
  },
  'case.base64': { en: 'The content must be base64.', fr: 'Le contenu doit être en base64.' },
  'case.sha256': {
    en: 'A SHA-256 digest is 64 lower-case hexadecimal digits.',
    fr: 'Une empreinte SHA-256 compte 64 chiffres hexadécimaux en minuscules.',
  },
  'case.iban': {
    en: 'The IBAN is not well formed or its check digits are wrong.',
    fr: 'L’IBAN est mal formé ou sa clé de contrôle est fausse.',
  },
  'case.order': { en: 'The end lies before the beginning.', fr: 'La fin précède le début.' },
  'case.same-id': {
    en: 'Two items of this list have the same id.',
    fr: 'Deux éléments de cette liste portent le même identifiant.',
  },
  'case.unknown-reference': {
    en: 'It names an id that no item of that list has.',
    fr: 'Il renvoie à un identifiant qu’aucun élément de la liste visée ne porte.',
  },
  'case.precision': {
    en: 'The precision does not agree with the birth date.',
    fr: 'La précision ne correspond pas à la date de naissance.',
  },
  'case.deceased-date': {
    en: 'A date of death requires `deceased` to be true.',
    fr: 'Une date de décès exige que « deceased » soit vrai.',
  },
  'case.identity-minimum': {
    en: 'A person has a name, an identifier or a temporary identifier, or is anonymous.',
    fr: 'Une personne a un nom, un identifiant ou un identifiant temporaire, ou bien elle est anonyme.',
  },
  'case.anonymous': {
    en: 'An anonymous person has no legal name and no identifiers.',
    fr: 'Une personne anonyme n’a ni nom d’état civil ni identifiants.',
  },
  'case.name-empty': {
    en: 'A name has a family name or a given name.',
    fr: 'Un nom comporte un nom de famille ou un prénom.',
  },
  'case.no-fixed-address': {
    en: 'A person without fixed address has no current home address.',
    fr: 'Une personne sans domicile stable n’a pas d’adresse de domicile en cours.',
  },
  'case.property-measure': {
    en: 'A measure on property alone cannot hold acts on the person.',
    fr: 'Une mesure limitée aux biens ne peut porter sur des actes relatifs à la personne.',
  },
  'case.named-acts': {
    en: 'A scope of named acts requires the acts.',
    fr: 'Une mesure limitée à certains actes exige de les nommer.',
  },
  'case.holder': {
    en: 'A measure in force names its holder.',
    fr: 'Une mesure en vigueur nomme la personne ou le service qui l’exerce.',
  },
  'case.interpreter': {
    en: 'A language of interpretation contradicts "no interpreter".',
    fr: 'Une langue d’interprétation contredit « sans interprète ».',
  },
  'case.unborn': {
    en: 'An unborn child has no age and no birth date.',
    fr: 'Un enfant à naître n’a ni âge ni date de naissance.',
  },
  'case.closing': {
    en: 'A closing date or reason requires the status `closed`.',
    fr: 'Une date ou un motif de clôture exige le statut « closed ».',
  },
  'case.decline': {
    en: 'A reason for declining requires the status `declined`.',
    fr: 'Un motif de refus exige le statut « declined ».',
  },
  'case.amount-currency': { en: 'An amount requires its currency.', fr: 'Un montant exige sa monnaie.' },
  'case.one-answer': {
    en: 'Without a coded answer there is one value alone: a date, an amount or a number.',
    fr: 'Sans réponse codée, une seule valeur est possible : une date, un montant ou un nombre.',
  },
  'case.answer-code': {
    en: 'The agency’s code of an answer requires the answer; `coded` where nothing else says it.',
    fr: 'Le code propre au service exige la réponse ; « coded » si rien d’autre ne l’exprime.',
  },
  'case.refuted': {
    en: 'A condition that the person does not have has the status `unknown`.',
    fr: 'Une affection que la personne n’a pas porte le statut « unknown ».',
  },
  'case.hearing': {
    en: 'A hearing that is scheduled requires its date.',
    fr: 'Une audience fixée exige sa date.',
  },
  'case.appeal-filed': {
    en: 'An appeal that was filed requires the date.',
    fr: 'Un recours déposé exige sa date.',
  },
  'case.file-type': {
    en: 'The content of a file requires its MIME type.',
    fr: 'Le contenu d’un fichier exige son type MIME.',
  },
} as const satisfies Readonly<Record<string, Text>>;

export type CaseRule = keyof typeof CASE_RULES;

export function isCaseRule(rule: unknown): rule is CaseRule {
  return typeof rule === 'string' && Object.hasOwn(CASE_RULES, rule);
}

/** The sentence of a rule in both languages. */
export function caseRuleText(rule: CaseRule): Text {
  return CASE_RULES[rule];
}
