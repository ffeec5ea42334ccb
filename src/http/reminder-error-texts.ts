import type { Text } from '../kernel/i18n.js';

/** Why nobody is reminded, for whoever asked for it (see error-texts). */
export const REMINDER_ERRORS: Readonly<Record<string, Text>> = {
  'reminder.not-delivered': {
    en: 'It has not arrived yet: there is nothing to remind anybody of.',
    fr: 'L’envoi n’est pas encore arrivé : il n’y a rien à relancer.',
  },
  'reminder.answered': {
    en: 'The recipient has answered: read it, or call them.',
    fr: 'Le destinataire a répondu : lisez sa réponse, ou appelez-le.',
  },
  'reminder.asked': {
    en: 'The recipient asked something and waits for your answer: nobody is reminded meanwhile.',
    fr: 'Le destinataire a posé une question et attend votre réponse : il n’est pas relancé entre-temps.',
  },
  'reminder.quiet': {
    en: 'Reminders of this transfer are switched off. Switch them on again first.',
    fr: 'Les relances de ce transfert sont désactivées. Réactivez-les d’abord.',
  },
  'reminder.not-kept': {
    en: 'What was sent is no longer kept. Send it again if it is still needed.',
    fr: 'Ce qui a été transmis n’est plus conservé. Transmettez-le de nouveau si c’est encore utile.',
  },
  'reminder.stop-using': {
    en: 'The recipient was told to stop using this transfer: nobody is reminded of it.',
    fr: 'Il a été demandé au destinataire de ne plus utiliser ce transfert : il n’est pas relancé.',
  },
  'reminder.no-longer-permitted': {
    en: 'This transfer could not be sent today as it was: nobody is reminded of it. The person’s decision, the agreement or the file has changed.',
    fr: 'Ce transfert ne pourrait plus partir tel quel aujourd’hui : le destinataire n’est pas relancé. La décision de la personne, la convention ou le dossier a changé.',
  },
  'reminder.stopped': {
    en: 'Deliveries are stopped at the moment. Try again later, or call them.',
    fr: 'Les envois sont suspendus pour l’instant. Réessayez plus tard, ou appelez le destinataire.',
  },
  'reminder.too-soon': {
    en: 'The last reminder was less than a day ago. Call them if it is urgent.',
    fr: 'La dernière relance date de moins d’un jour. Appelez si c’est urgent.',
  },
};
