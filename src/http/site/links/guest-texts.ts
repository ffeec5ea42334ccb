import type { Text } from '../../../kernel/i18n.js';

/** What a recipient without a system reads and is asked. */
export const GUEST_TEXTS = {
  title: { en: 'What was sent to you', fr: 'Ce qui vous a été adressé' },
  number: { en: 'Number {reference}, received on {date}', fr: 'Numéro {reference}, reçu le {date}' },
  from: { en: 'From: {sender}', fr: 'De : {sender}' },
  purpose: { en: 'For: {purpose}', fr: 'Pour : {purpose}' },
  secret: {
    en: 'Use it for this alone, and keep no copy longer than your agreement allows. That you opened it is recorded, and the person can read it.',
    fr: 'À n’utiliser que pour cela, sans en garder de copie plus longtemps que la convention ne le permet. Votre consultation est consignée, et la personne peut le lire.',
  },
  hiddenTitle: { en: 'This can no longer be read', fr: 'Ce contenu ne peut plus être lu' },
  hidden: {
    en: 'It is not kept any more, or the ground for passing it on has ended. Speak with the service that sent it.',
    fr: 'Il n’est plus conservé, ou ce qui permettait de le transmettre a pris fin. Parlez-en avec le service qui vous l’a adressé.',
  },
  stopUsing: {
    en: 'You are asked to stop using this, and to return or delete it by {date}. Tell the service that sent it when it is done.',
    fr: 'Il vous est demandé de ne plus l’utiliser, et de le restituer ou de le supprimer au plus tard le {date}. Dites-le au service qui vous l’a adressé quand c’est fait.',
  },
  corrected: {
    en: 'Something in it was corrected. Speak with the service that sent it before you use it.',
    fr: 'Une donnée y a été rectifiée. Parlez-en avec le service qui vous l’a adressé avant de l’utiliser.',
  },
  thread: { en: 'What was said so far', fr: 'Ce qui a été dit jusqu’ici' },
  byYou: { en: 'You, on {date}', fr: 'Vous, le {date}' },
  byThem: { en: 'The service that asked you, on {date}', fr: 'Le service qui vous a sollicité, le {date}' },
  answer: { en: 'Your answer', fr: 'Votre réponse' },
  so: { en: 'So far', fr: 'Jusqu’ici' },
  accept: { en: 'I accept', fr: 'J’accepte' },
  acceptHint: { en: 'A word to the caseworker, if you like', fr: 'Un mot à l’intervenant·e, si vous le souhaitez' },
  ask: { en: 'I have a question', fr: 'J’ai une question' },
  askHint: { en: 'What do you need to know?', fr: 'Que vous manque-t-il ?' },
  askSend: { en: 'Send the question', fr: 'Envoyer la question' },
  decline: { en: 'I cannot take this on', fr: 'Je ne peux pas prendre en charge' },
  declineWhy: { en: 'Why?', fr: 'Pourquoi ?' },
  declineHint: { en: 'A word more, if you like', fr: 'Une précision, si vous le souhaitez' },
  declineSend: { en: 'Decline', fr: 'Décliner' },
  outcome: { en: 'How did it end?', fr: 'Quelle suite a été donnée ?' },
  outcomeHint: { en: 'What came of it, in a few words', fr: 'Ce qu’il en est advenu, en quelques mots' },
  outcomeSend: { en: 'Report the outcome', fr: 'Rendre compte' },
  over: {
    en: 'This is closed; there is nothing more to answer.',
    fr: 'C’est clos ; il n’y a plus rien à répondre.',
  },
  sentTitle: { en: 'Your answer has reached them', fr: 'Votre réponse est transmise' },
  sentAccept: {
    en: 'You accepted. The service that asked you sees it now. When there is an outcome, ask them for a new code and report it here.',
    fr: 'Vous avez accepté. Le service qui vous a sollicité le voit dès maintenant. Quand il y aura une suite à rapporter, demandez-lui un nouveau code et rendez-en compte ici.',
  },
  sentAsk: {
    en: 'Your question is with the service that asked you. They answer you by telephone or give you a new code.',
    fr: 'Votre question est chez le service qui vous a sollicité. Il vous répond par téléphone ou vous donne un nouveau code.',
  },
  sentDecline: {
    en: 'You declined. The service that asked you sees it and looks for another way. You have nothing more to do.',
    fr: 'Vous avez décliné. Le service qui vous a sollicité le voit et cherche une autre solution. Vous n’avez plus rien à faire.',
  },
  sentOutcome: {
    en: 'The outcome is recorded and the service that asked you sees it. Thank you. You have nothing more to do.',
    fr: 'La suite donnée est consignée et le service qui vous a sollicité la voit. Merci. Vous n’avez plus rien à faire.',
  },
  back: { en: 'Back to what was sent', fr: 'Revenir à ce qui vous a été adressé' },
} as const satisfies Record<string, Text>;

export const STATES: Readonly<Record<string, Text>> = {
  received: { en: 'received', fr: 'reçu' },
  accepted: { en: 'accepted', fr: 'accepté' },
  rejected: { en: 'declined', fr: 'décliné' },
  'in-progress': { en: 'in progress', fr: 'en cours' },
  'on-hold': { en: 'a question was asked', fr: 'une question a été posée' },
  completed: { en: 'finished', fr: 'terminé' },
  cancelled: { en: 'cancelled', fr: 'annulé' },
  failed: { en: 'not possible', fr: 'impossible' },
};
