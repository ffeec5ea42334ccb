import type { Text } from '../kernel/i18n.js';
import type { AgainstReminding } from './reminder-rule.js';

/** Why a reminder was given up, where it is not what a delivery's cause says. */
const CAUSES: Readonly<Record<AgainstReminding | 'too-old' | 'unconfirmed', Text>> = {
  'not-delivered': { en: 'The transfer has not arrived.', fr: 'Le transfert n’est pas arrivé.' },
  answered: {
    en: 'An answer came before it left.',
    fr: 'Une réponse est arrivée avant son départ.',
  },
  asked: {
    en: 'A question came before it left.',
    fr: 'Une question est arrivée avant son départ.',
  },
  quiet: {
    en: 'Reminders were switched off before it left.',
    fr: 'Les relances ont été désactivées avant son départ.',
  },
  'not-kept': {
    en: 'What was sent is no longer kept.',
    fr: 'Ce qui a été transmis n’est plus conservé.',
  },
  'stop-using': {
    en: 'The recipient was told to stop using the transfer.',
    fr: 'Il a été demandé au destinataire de ne plus utiliser ce transfert.',
  },
  'no-longer-permitted': {
    en: 'The transfer could not be sent today as it was: nobody is reminded of it.',
    fr: 'Ce transfert ne pourrait plus partir tel quel aujourd’hui : personne n’est relancé à son sujet.',
  },
  'too-old': {
    en: 'It could not leave for three days.',
    fr: 'Elle n’a pas pu partir pendant trois jours.',
  },
  unconfirmed: {
    en: 'It is not known whether it arrived. It is not sent again.',
    fr: 'On ne sait pas si elle est arrivée. Elle n’est pas renvoyée.',
  },
};

/** Causes of a delivery that speak of the record. */
const OF_A_RECORD: ReadonlySet<string> = new Set([
  'record-refused',
  'no-answer-in-time',
  'connection-lost',
  'interrupted',
  'wrong-address',
  'answer-not-understood',
  'answer-too-large',
]);
const NOT_TAKEN: Text = {
  en: 'The recipient’s system did not take the reminder. Call them instead.',
  fr: 'Le système du destinataire n’a pas pris la relance. Appelez-le plutôt.',
};

/** @param causeText of deliveries */
export function reminderCauseText(cause: string, causeText: (cause: string) => Text): Text {
  if (Object.hasOwn(CAUSES, cause)) return CAUSES[cause as keyof typeof CAUSES];
  return OF_A_RECORD.has(cause) ? NOT_TAKEN : causeText(cause);
}
