import type { Text } from '../kernel/i18n.js';
import type { Contest, ContestOutcome, Notice, NoticeAnswer } from './notice-ports.js';
import type { DeclineReason } from './decline-ports.js';
import type { GlassOutcome } from './oversight-ports.js';
import type { TransferStatus } from './status.js';

/** The words of the disclosure report: plain language, for whoever it is about. */

export const SENTENCES: Readonly<Record<TransferStatus, Text>> = {
  delivered: {
    en: '{recipient} received this on {date}, for {purpose}.',
    fr: "{recipient} l'a reçu le {date}, pour : {purpose}.",
  },
  refused: {
    en: 'On {date} somebody asked to pass this on to {recipient}; it was refused and nothing left.',
    fr: "Le {date}, une transmission à {recipient} a été demandée ; elle a été refusée et rien n'est parti.",
  },
  stopped: {
    en: 'A transfer to {recipient} was stopped on {date}; nothing left.',
    fr: "Un transfert à {recipient} a été arrêté le {date} ; rien n'est parti.",
  },
  cancelled: {
    en: 'A transfer to {recipient} was cancelled by its author on {date}; nothing left.',
    fr: "Un transfert à {recipient} a été annulé par son auteur le {date} ; rien n'est parti.",
  },
  'needs-review': {
    en: 'A transfer to {recipient} waits for a person to look at it again; nothing left.',
    fr: "Un transfert à {recipient} attend d'être réexaminé ; rien n'est parti.",
  },
  failed: {
    en: "{recipient}'s system did not confirm that it received this. It may have received it all the same.",
    fr: "Le système de {recipient} n'a pas confirmé la réception. Il a pu recevoir l'envoi malgré tout.",
  },
  held: {
    en: 'A transfer to {recipient} is prepared and has not left.',
    fr: "Un transfert à {recipient} est préparé et n'est pas encore parti.",
  },
  queued: {
    en: 'A transfer to {recipient} is on its way.',
    fr: 'Un transfert à {recipient} est en cours.',
  },
  sending: {
    en: 'A transfer to {recipient} is on its way.',
    fr: 'Un transfert à {recipient} est en cours.',
  },
};

/** Words that the sender wrote in answer to a question: a disclosure of their own, on the same ground. */
export const MESSAGE = { en: 'a message', fr: 'un message' } as const satisfies Text;
export const MESSAGE_SENT: Text = {
  en: 'On {date} a question of {recipient} was answered in writing.',
  fr: 'Le {date}, une réponse écrite a été donnée à une question de {recipient}.',
};

/** The recipient made a file of its own of it. */
export const TAKEN_OVER: Text = {
  en: 'On {date} {recipient} took this over into its own files.',
  fr: 'Le {date}, {recipient} a repris ceci dans ses propres dossiers.',
};

/** Ended after an attempt of which nobody knows whether it arrived. */
export const UNCONFIRMED: Readonly<Record<'stopped' | 'needs-review', Text>> = {
  stopped: {
    en: "A transfer to {recipient} was stopped on {date}. It had been tried before: {recipient}'s system did not confirm it and may have received it all the same.",
    fr: "Un transfert à {recipient} a été arrêté le {date}. Un envoi avait été tenté auparavant : le système de {recipient} ne l'a pas confirmé et a pu le recevoir malgré tout.",
  },
  'needs-review': {
    en: "A transfer to {recipient} waits for a person to look at it again. It had been tried: {recipient}'s system did not confirm it and may have received it all the same.",
    fr: "Un transfert à {recipient} attend d'être réexaminé. Un envoi a été tenté : le système de {recipient} ne l'a pas confirmé et a pu le recevoir malgré tout.",
  },
};

export const GROUNDS: Readonly<Record<string, Text>> = {
  consent: { en: 'your consent', fr: 'votre consentement' },
  'care-team': { en: 'same care team, you did not object', fr: 'même équipe, vous ne vous y êtes pas opposé·e' },
  statute: { en: 'the law: {citation}', fr: 'la loi : {citation}' },
  safeguarding: { en: 'protection of somebody in danger', fr: "protection d'une personne en danger" },
  'vital-interest': { en: 'life or health was at stake', fr: 'votre vie ou votre santé était en jeu' },
  'break-glass': { en: 'an emergency', fr: 'une urgence' },
};

export const FOLLOW_UPS = {
  'stop-using': {
    en: 'On {date} {recipient} was asked to stop using it, and to return it, delete it or state its ground by {due}.',
    fr: 'Le {date}, {recipient} a été invité à ne plus l’utiliser, et à le restituer, le supprimer ou indiquer son fondement au plus tard le {due}.',
  },
  corrected: {
    en: 'On {date} {recipient} was told that something in it was corrected, to be done there by {due}.',
    fr: 'Le {date}, {recipient} a été averti qu’une donnée y a été rectifiée, à faire aussi chez lui au plus tard le {due}.',
  },
} as const satisfies Record<Notice['kind'], Text>;
export const ANSWERS: Readonly<Record<NoticeAnswer, Text>> = {
  returned: { en: 'It answered on {date}: returned.', fr: 'Réponse du {date} : restitué.' },
  deleted: { en: 'It answered on {date}: deleted.', fr: 'Réponse du {date} : supprimé.' },
  corrected: { en: 'It answered on {date}: corrected.', fr: 'Réponse du {date} : rectifié.' },
  kept: {
    en: 'It answered on {date} that it keeps it, on this ground: {words}',
    fr: 'Réponse du {date} : conservé, sur ce fondement : {words}',
  },
};
/** Free words are not shown by a link. */
export const WORDS_AT_THE_DESK: Text = {
  en: 'ask for it at the desk.',
  fr: 'demandez-le à l’accueil.',
};
export const OVERDUE: Text = {
  en: 'It has not answered in time; somebody looks after it.',
  fr: 'Pas de réponse dans le délai ; quelqu’un s’en occupe.',
};
export const CONTESTS: Readonly<Record<`${Contest['kind']} ${ContestOutcome | 'open'}`, Text>> = {
  'objection open': {
    en: 'You objected on {date}. Nothing is passed on meanwhile; somebody answers by {due}.',
    fr: 'Vous vous êtes opposé·e le {date}. Rien n’est transmis dans l’intervalle ; une réponse vous sera donnée au plus tard le {due}.',
  },
  'objection upheld': {
    en: 'You objected on {date}. Your objection stands: nothing is passed on.',
    fr: 'Vous vous êtes opposé·e le {date}. Votre opposition est retenue : rien n’est transmis.',
  },
  'objection declined': {
    en: 'You objected on {date}. Your objection was not followed; the answer says why.',
    fr: 'Vous vous êtes opposé·e le {date}. Votre opposition n’a pas été suivie ; la réponse dit pourquoi.',
  },
  'objection corrected': { en: 'You objected on {date}.', fr: 'Vous vous êtes opposé·e le {date}.' },
  'correction open': {
    en: 'On {date} you said that something is wrong; somebody answers by {due}.',
    fr: 'Le {date}, vous avez signalé une erreur ; une réponse vous sera donnée au plus tard le {due}.',
  },
  'correction upheld': {
    en: 'On {date} you said that something is wrong.',
    fr: 'Le {date}, vous avez signalé une erreur.',
  },
  'correction declined': {
    en: 'On {date} you said that something is wrong. It was not changed; the answer says why.',
    fr: 'Le {date}, vous avez signalé une erreur. Rien n’a été modifié ; la réponse dit pourquoi.',
  },
  'correction corrected': {
    en: 'On {date} you said that something is wrong. It was corrected, and whoever had received it was told.',
    fr: 'Le {date}, vous avez signalé une erreur. Elle a été rectifiée, et ceux qui l’avaient reçue en ont été avertis.',
  },
};

/** It never left: nobody was reached. */
export const NEVER_LEFT: Text = {
  en: 'This could not be passed on to {recipient}; nothing left.',
  fr: "La transmission à {recipient} n'a pas pu se faire ; rien n'est parti.",
};

/** Who asked. Staff are named by what they do, unless the organization decided otherwise. */
export const ASKED_BY = {
  staff: { en: 'a caseworker of {organization}', fr: 'un·e intervenant·e de {organization}' },
  named: { en: '{name}, {organization}', fr: '{name}, {organization}' },
  'through-software': {
    en: 'a caseworker of {organization}, through its software',
    fr: 'un·e intervenant·e de {organization}, depuis son logiciel',
  },
  software: { en: 'the software of {organization}', fr: 'le logiciel de {organization}' },
  system: { en: 'Relais, for {organization}', fr: 'Relais, pour {organization}' },
} as const satisfies Record<string, Text>;

export const READ_BY = {
  staff: { en: 'A member of staff of {organization}', fr: 'Un membre du personnel de {organization}' },
  software: { en: 'The software of {organization}', fr: 'Le logiciel de {organization}' },
} as const satisfies Record<string, Text>;
export const READ_ONCE: Text = {
  en: '{who} looked this transfer up on {date}.',
  fr: '{who} a consulté ce transfert le {date}.',
};
export const READ_OFTEN: Text = {
  en: '{who} looked this transfer up {count} times on {date}.',
  fr: '{who} a consulté ce transfert {count} fois le {date}.',
};

/** What became of the review that every broken glass gets. */
export const GLASS_REVIEWS: Readonly<Record<GlassOutcome | 'open', Text>> = {
  open: {
    en: 'The usual rules were set aside for this emergency; somebody else has yet to review whether that was right.',
    fr: 'Les règles habituelles ont été levées pour cette urgence ; une autre personne doit encore vérifier que c’était justifié.',
  },
  justified: {
    en: 'The usual rules were set aside for this emergency; somebody else reviewed it on {date} and found it justified.',
    fr: 'Les règles habituelles ont été levées pour cette urgence ; une autre personne l’a vérifié le {date} et l’a jugé justifié.',
  },
  'not-justified': {
    en: 'The usual rules were set aside; somebody else reviewed it on {date} and found that it was not justified.',
    fr: 'Les règles habituelles ont été levées ; une autre personne l’a vérifié le {date} et l’a jugé non justifié.',
  },
};

export const SECRECY = {
  'professional-secrecy': { en: 'bound to professional secrecy', fr: 'soumis au secret professionnel' },
  'duty-of-discretion': { en: 'bound to discretion', fr: 'tenu à la discrétion' },
  none: { en: 'not bound to professional secrecy', fr: 'non soumis au secret professionnel' },
} as const satisfies Record<string, Text>;

/** A professional's decision not to share. Their own words are not for the report: who reads it asks them. */
export const DECLINED: Text = {
  en: 'On {date} a professional who works with you decided to pass nothing on to {recipient}, for {purpose}. Nothing left.',
  fr: "Le {date}, une personne qui vous accompagne a choisi de ne rien transmettre à {recipient}, pour : {purpose}. Rien n'est parti.",
};
export const DECLINED_BECAUSE: Readonly<Record<DeclineReason, Text>> = {
  'person-asked': { en: 'You asked not to.', fr: 'Vous l’aviez demandé.' },
  'not-needed': { en: 'It was not needed for this.', fr: 'Ce n’était pas nécessaire pour cela.' },
  // Never shown to the person: the report leaves such lines out.
  'would-endanger': { en: 'It could have endangered somebody.', fr: 'Cela aurait pu mettre quelqu’un en danger.' },
  'professional-secrecy': { en: 'Professional secrecy forbids it.', fr: 'Le secret professionnel l’interdit.' },
  other: {
    en: 'For another reason: ask, and they explain it to you.',
    fr: 'Pour une autre raison : demandez, elle vous sera expliquée.',
  },
};
