import type { Text } from '../kernel/i18n.js';

/** What is wrong with a request before anybody looks at what it asks for, and with JSON wherever it comes from. */
export const REQUEST_ERRORS: Readonly<Record<string, Text>> = {
  'request.form-incomplete': {
    en: 'A reason or a few words are needed.',
    fr: 'Il faut une raison ou quelques mots.',
  },
  'request.form-invalid': { en: 'A field of the form comes twice.', fr: 'Un champ du formulaire figure deux fois.' },
  'request.url-too-long': { en: 'The address is too long.', fr: 'L’adresse est trop longue.' },
  'request.url-invalid': { en: 'The address is not well formed.', fr: 'L’adresse est mal formée.' },
  'request.too-many-parameters': {
    en: 'The query has too many parameters.',
    fr: 'La requête compte trop de paramètres.',
  },
  'request.too-many-headers': { en: 'The request has too many headers.', fr: 'La requête compte trop d’en-têtes.' },
  'request.header-name': { en: 'A header has a reserved name.', fr: 'Un en-tête porte un nom réservé.' },
  'request.header-invalid': {
    en: 'A header is missing or not valid.',
    fr: 'Un en-tête manque ou n’est pas valide.',
  },
  'request.query-invalid': {
    en: 'The query is not valid.',
    fr: 'Les paramètres de la requête ne sont pas valides.',
  },
  'request.method': {
    en: 'This address does not take this method.',
    fr: 'Cette adresse n’accepte pas cette méthode.',
  },
  'request.media-type': {
    en: 'The media type of the body is not supported: {supported}.',
    fr: 'Le type du corps n’est pas pris en charge ; attendu : {supported}.',
  },
  'request.content-encoding': {
    en: 'The body must not be compressed.',
    fr: 'Le corps ne doit pas être compressé.',
  },
  'request.too-large': {
    en: 'The body is larger than {maxBytes} bytes.',
    fr: 'Le corps dépasse {maxBytes} octets.',
  },
  'request.body-missing': { en: 'This call needs a body.', fr: 'Cet appel demande un corps.' },
  'request.body-unexpected': { en: 'This call takes no body.', fr: 'Cet appel n’admet pas de corps.' },
  'request.body-invalid': {
    en: 'The body does not follow the schema.',
    fr: 'Le corps ne respecte pas le schéma.',
  },
  'request.aborted': { en: 'The body ended too early.', fr: 'Le corps s’est interrompu trop tôt.' },
  'request.not-http': { en: 'This is not a well-formed request.', fr: 'Ce n’est pas une requête bien formée.' },
  'request.timeout': { en: 'The request took too long to arrive.', fr: 'La requête a mis trop de temps à arriver.' },
  'json.syntax': { en: 'The body is not JSON.', fr: 'Le corps n’est pas du JSON.' },
  'json.unexpected-end': { en: 'The JSON text ends too early.', fr: 'Le texte JSON s’interrompt trop tôt.' },
  'json.trailing-text': {
    en: 'There is text after the JSON document.',
    fr: 'Il y a du texte après le document JSON.',
  },
  'json.duplicate-name': {
    en: 'An object has two members of the same name.',
    fr: 'Un objet a deux membres du même nom.',
  },
  'json.forbidden-name': {
    en: 'An object has a member whose name is reserved.',
    fr: 'Un objet a un membre dont le nom est réservé.',
  },
  'json.too-deep': {
    en: 'Objects and arrays are nested too deeply.',
    fr: 'Les objets et les tableaux sont imbriqués trop profondément.',
  },
  'json.not-utf8': { en: 'The bytes are not UTF-8.', fr: 'Les octets ne sont pas de l’UTF-8.' },
  'json.lone-surrogate': {
    en: 'A string holds half of a surrogate pair.',
    fr: 'Une chaîne contient une moitié de paire de substitution.',
  },
  'json.control-character': {
    en: 'A string holds a control character.',
    fr: 'Une chaîne contient un caractère de commande.',
  },
};
