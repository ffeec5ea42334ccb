import type { Text } from '../../kernel/i18n.js';

/**
 * Why a delivery did not succeed, in words that a caseworker understands: what happened, and whether somebody must act.
 * The list is closed; codes are stored with the transfer and in the audit, so they never change their meaning.
 */
const CAUSES = {
  'record-unreadable': {
    en: 'What was stored for sending cannot be opened any more. Nothing was sent; the operator of Relais must be told.',
    fr: 'Ce qui devait être envoyé ne peut plus être ouvert. Rien n’a été envoyé ; il faut prévenir l’exploitant de Relais.',
  },
  'no-endpoint': {
    en: 'The recipient has no system connected to Relais. It must be reached in another way.',
    fr: 'Le destinataire n’a pas de système relié à Relais. Il faut le joindre autrement.',
  },
  'address-not-allowed': {
    en: 'The address registered for the recipient’s system is not allowed. An administrator must correct it.',
    fr: 'L’adresse enregistrée pour le système du destinataire n’est pas autorisée. L’administration doit la corriger.',
  },
  unreachable: {
    en: 'The recipient’s system cannot be reached.',
    fr: 'Le système du destinataire est injoignable.',
  },
  'secure-connection-failed': {
    en: 'The recipient’s system could not prove its identity (certificate). Nothing was sent.',
    fr: 'Le système du destinataire n’a pas pu prouver son identité (certificat). Rien n’a été envoyé.',
  },
  'token-unavailable': {
    en: 'The recipient’s system did not answer the request for access. Nothing was sent.',
    fr: 'Le système du destinataire n’a pas répondu à la demande d’accès. Rien n’a été envoyé.',
  },
  'token-refused': {
    en: 'The recipient’s system does not grant Relais access. Its administrator must be told.',
    fr: 'Le système du destinataire n’accorde pas l’accès à Relais. Il faut prévenir son administration.',
  },
  'not-permitted': {
    en: 'The recipient’s system knows Relais but does not let it submit records. Its administrator must be told.',
    fr: 'Le système du destinataire connaît Relais mais ne l’autorise pas à déposer de dossier. Il faut prévenir son administration.',
  },
  'no-answer-in-time': {
    en: 'The recipient’s system took too long to answer. It is not known whether it has the record.',
    fr: 'Le système du destinataire a mis trop de temps à répondre. On ne sait pas s’il a reçu le dossier.',
  },
  'connection-lost': {
    en: 'The connection broke before the recipient’s system confirmed. It is not known whether it has the record.',
    fr: 'La connexion a été coupée avant la confirmation. On ne sait pas si le système du destinataire a reçu le dossier.',
  },
  interrupted: {
    en: 'Relais was stopped while it was sending. It resumes by itself.',
    fr: 'Relais a été arrêté pendant l’envoi. Il reprend de lui-même.',
  },
  'partner-busy': {
    en: 'The recipient’s system is busy or closed for maintenance and asked to try later.',
    fr: 'Le système du destinataire est saturé ou en maintenance et demande de réessayer plus tard.',
  },
  'partner-error': {
    en: 'The recipient’s system reported an error of its own.',
    fr: 'Le système du destinataire a signalé une erreur interne.',
  },
  redirected: {
    en: 'The recipient’s system pointed to another address, which Relais does not follow. An administrator must register it.',
    fr: 'Le système du destinataire renvoie vers une autre adresse, que Relais ne suit pas. L’administration doit l’enregistrer.',
  },
  'wrong-address': {
    en: 'Nothing receives records at the address registered for the recipient. An administrator must correct it.',
    fr: 'Rien ne reçoit de dossier à l’adresse enregistrée pour le destinataire. L’administration doit la corriger.',
  },
  'record-refused': {
    en: 'The recipient’s system refused the record as it is.',
    fr: 'Le système du destinataire a refusé le dossier tel quel.',
  },
  'answer-not-understood': {
    en: 'The recipient’s system gave an answer that is not a confirmation. The record does not count as delivered.',
    fr: 'Le système du destinataire a donné une réponse qui n’est pas une confirmation. Le dossier n’est pas considéré comme remis.',
  },
  'answer-too-large': {
    en: 'The recipient’s system gave an answer that is too large to be read. The record does not count as delivered.',
    fr: 'Le système du destinataire a donné une réponse trop volumineuse pour être lue. Le dossier n’est pas considéré comme remis.',
  },
  'mail-unavailable': {
    en: 'The mail server does not take the notice at the moment.',
    fr: 'Le serveur de messagerie n’accepte pas l’avis pour l’instant.',
  },
  'mail-unreachable': {
    en: 'The mail server cannot be reached at the moment.',
    fr: 'Le serveur de messagerie est injoignable pour l’instant.',
  },
  'mail-refused': {
    en: 'The mail server refuses the recipient’s address. Somebody must correct it.',
    fr: 'Le serveur de messagerie refuse l’adresse du destinataire. Quelqu’un doit la corriger.',
  },
  'found-by-query': {
    en: 'The recipient’s system was asked and already had the record. It was not sent again.',
    fr: 'Le système du destinataire, interrogé, avait déjà le dossier. Il n’a pas été renvoyé.',
  },
  replayed: {
    en: 'Somebody asked for it to be sent again.',
    fr: 'Quelqu’un a demandé de l’envoyer de nouveau.',
  },
  'held-back': {
    en: 'The delivery was held back at the last moment, before anything was sent. It resumes by itself, or when deliveries are started again.',
    fr: 'L’envoi a été retenu au dernier moment, avant que rien ne parte. Il reprend de lui-même, ou à la reprise des envois.',
  },
} as const satisfies Readonly<Record<string, Text>>;

export type DeliveryCause = keyof typeof CAUSES;
export const DELIVERY_CAUSES = Object.keys(CAUSES) as readonly DeliveryCause[];

const UNKNOWN: Text = {
  en: 'The record could not be delivered.',
  fr: 'Le dossier n’a pas pu être remis.',
};

/** @param cause a code of a delivery result; one that is not in the list gets a general sentence */
export function causeText(cause: string): Text {
  return Object.hasOwn(CAUSES, cause) ? CAUSES[cause as DeliveryCause] : UNKNOWN;
}
