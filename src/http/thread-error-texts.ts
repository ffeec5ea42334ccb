import type { Text } from '../kernel/i18n.js';

/** What can be in the way of an answer in the thread, of a transfer that follows, and of taking a case over (see error-texts). */
export const THREAD_ERRORS: Readonly<Record<string, Text>> = {
  'take-over.not-accepted': {
    en: 'A case is taken over by who has accepted it.',
    fr: 'Un dossier est repris par qui l’a accepté.',
  },
  'take-over.refused': {
    en: 'This may no longer be used: ask the service that sent it.',
    fr: 'Ceci ne peut plus être utilisé : adressez-vous au service qui l’a envoyé.',
  },
  'take-over.not-candidate': {
    en: 'This person is not among those that it may be.',
    fr: 'Cette personne n’est pas parmi celles dont il peut s’agir.',
  },
  'take-over.not-readable': {
    en: 'What was received cannot be read as a file.',
    fr: 'Ce qui a été reçu ne peut pas se lire comme un dossier.',
  },
  'message.not-asked': {
    en: 'The recipient does not wait for an answer.',
    fr: 'Le destinataire n’attend pas de réponse.',
  },
  'message.refused': {
    en: 'This may not be said to the recipient any more: nothing left.',
    fr: 'Ceci ne peut plus être dit au destinataire : rien n’est parti.',
  },
  'message.to-review': {
    en: 'The words may speak of what may not be passed on: read them once more. Nothing left.',
    fr: 'Ces mots évoquent peut-être ce qui ne peut pas être transmis : relisez-les. Rien n’est parti.',
  },
  'transfer.follows-unknown': {
    en: 'The transfer that this one follows is not known.',
    fr: 'Le transfert auquel celui-ci fait suite n’est pas connu.',
  },
};
