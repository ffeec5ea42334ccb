import { say, type Lang, type Text } from '../../kernel/i18n.js';
import { sayStop, STOPS, type StopCode } from '../consent/decision-maker/stops.js';

/**
 * Why a decision came out as it did. Codes are stable; parameters are codes, dates or names of organizations, never
 * content of a case.
 */
export const REASONS = {
  'permit.consent': {
    en: 'The person agreed on {date} that this may be passed on to {recipient}.',
    fr: 'La personne a accepté le {date} que ceci soit transmis à {recipient}.',
  },
  'permit.care-team': {
    en: 'Same care team; the person was informed on {date} and did not object.',
    fr: "Même équipe de prise en charge ; la personne a été informée le {date} et ne s'est pas opposée.",
  },
  'permit.statute': { en: 'The law permits it: {citation}.', fr: 'La loi le permet : {citation}.' },
  'permit.safeguarding': {
    en: 'Passed on to protect somebody in danger.',
    fr: 'Transmis pour protéger une personne en danger.',
  },
  'permit.vital-interest': {
    en: 'Passed on because life or health is at stake and the person cannot be asked.',
    fr: 'Transmis parce que la vie ou la santé est en jeu et que la personne ne peut pas être consultée.',
  },
  'permit.break-glass': {
    en: 'The glass was broken in an emergency; this is reviewed afterwards.',
    fr: 'Accès d’urgence (bris de glace) ; il fait l’objet d’un examen a posteriori.',
  },
  'review.narrowed': {
    en: 'Not sent: what was approved may no longer leave in full. Meanwhile withheld: {labels}.',
    fr: 'Non envoyé : ce qui a été approuvé ne peut plus partir en entier. Désormais retenu : {labels}.',
  },
  'review.marked': {
    en: 'Not sent: elements of the file that were approved have since been marked or relabelled ({count}). Look at the preview again.',
    fr: 'Non envoyé : des éléments approuvés ont depuis été marqués ou reclassés dans le dossier ({count}). Revoyez l’aperçu.',
  },
  'review.unsure': {
    en: 'It is not known whether the recipient’s system has the record, and it cannot be asked. Ask the recipient whether it arrived; send it again only if it did not.',
    fr: 'On ne sait pas si le système du destinataire a reçu le dossier, et il ne peut pas être interrogé. Demandez au destinataire s’il l’a reçu ; ne le renvoyez que s’il ne l’a pas.',
  },
  'simulate.not-covered': {
    en: 'The agreement would no longer cover: {labels}.',
    fr: 'La convention ne couvrirait plus : {labels}.',
  },
  'deny.case-unknown': { en: 'There is no such case.', fr: "Ce dossier n'existe pas." },
  'deny.recipient-unknown': {
    en: 'This recipient is not registered.',
    fr: "Ce destinataire n'est pas enregistré.",
  },
  'deny.recipient-no-partner': {
    en: '{recipient} has no system that can receive yet.',
    fr: "{recipient} n'a pas encore de système qui puisse recevoir.",
  },
  'deny.recipient-suspended': {
    en: "{recipient}'s system is suspended.",
    fr: 'Le système de {recipient} est suspendu.',
  },
  'deny.person-deceased': {
    en: 'The person has died: sending is frozen.',
    fr: 'La personne est décédée : les envois sont bloqués.',
  },
  'deny.no-agreement': {
    en: 'No data-sharing agreement in force covers {recipient} for this purpose.',
    fr: 'Aucune convention de partage en vigueur ne couvre {recipient} pour cette finalité.',
  },
  'deny.agreement-suspended': {
    en: 'The data-sharing agreement with {recipient} is suspended.',
    fr: 'La convention de partage avec {recipient} est suspendue.',
  },
  'deny.agreement-expired': {
    en: 'The data-sharing agreement with {recipient} ended on {date}.',
    fr: 'La convention de partage avec {recipient} a pris fin le {date}.',
  },
  'deny.ground-not-accepted': {
    en: 'The agreement with {recipient} does not accept this ground.',
    fr: "La convention avec {recipient} n'admet pas ce fondement.",
  },
  'deny.break-glass-no-reason': {
    en: 'The glass is not broken without a reason.',
    fr: 'Pas de bris de glace sans motif.',
  },
  'deny.break-glass-not-chosen': {
    en: 'In an emergency, say which categories are needed: only these may leave.',
    fr: 'En urgence, indiquez les catégories nécessaires : elles seules peuvent partir.',
  },
  'deny.break-glass-over': {
    en: 'The time for which the glass was broken is over.',
    fr: 'Le délai du bris de glace est écoulé.',
  },
  'deny.break-glass-too-long': {
    en: 'The agreement allows the glass to be broken for {hours} hours at most.',
    fr: 'La convention admet le bris de glace pour {hours} heures au plus.',
  },
  'deny.break-glass-no-clause': {
    en: 'The agreement with {recipient} has no emergency clause.',
    fr: "La convention avec {recipient} n'a pas de clause d'urgence.",
  },
  'deny.onward-forbidden': {
    en: 'This file was taken over, and the agreement that it came under does not let it be passed on to {recipient}.',
    fr: 'Ce dossier a été repris, et la convention sous laquelle il est venu ne permet pas de le retransmettre à {recipient}.',
  },
  'deny.onward-not-listed': {
    en: 'This file was taken over, and {recipient} is not among those to whom its agreement lets it be passed on.',
    fr: 'Ce dossier a été repris, et {recipient} n’est pas parmi les destinataires que sa convention admet.',
  },
  'deny.onward-needs-consent': {
    en: 'This file was taken over, and its agreement lets it be passed on to {recipient} with the person’s consent alone.',
    fr: 'Ce dossier a été repris, et sa convention ne permet de le retransmettre à {recipient} qu’avec le consentement de la personne.',
  },
  'deny.no-consent': {
    en: 'No consent of the person covers {recipient} for this purpose.',
    fr: 'Aucun consentement de la personne ne couvre {recipient} pour cette finalité.',
  },
  'deny.consent-refused': {
    en: 'The person said no to {recipient} on {date}.',
    fr: 'La personne a dit non pour {recipient} le {date}.',
  },
  'deny.consent-withdrawn': {
    en: 'The person withdrew the consent for {recipient} on {date}.',
    fr: 'La personne a retiré son consentement pour {recipient} le {date}.',
  },
  'deny.consent-expired': {
    en: 'The consent for {recipient} ended on {date}.',
    fr: 'Le consentement pour {recipient} a pris fin le {date}.',
  },
  'deny.person-objects': {
    en: 'The person objects. Nothing is passed on; a human speaks with them.',
    fr: 'La personne s’oppose. Rien n’est transmis ; un professionnel en parle avec elle.',
  },
  'deny.decision-maker': {
    en: 'The consent does not count: {stop}',
    fr: 'Le consentement ne vaut pas : {stop}',
  },
  'deny.consent-unreadable': {
    en: 'A consent of this person cannot be understood; until someone has clarified it, nothing is passed on.',
    fr: "Un consentement de cette personne n'est pas lisible ; tant que personne ne l'a clarifié, rien n'est transmis.",
  },
  'deny.nothing-permitted': {
    en: 'Agreement and ground have no category of data in common with what is asked.',
    fr: "La convention, le fondement et la demande n'ont aucune catégorie de données en commun.",
  },
  'deny.identity-not-permitted': {
    en: 'Who the person is may not be passed on, so nothing can be.',
    fr: "L'identité de la personne ne peut pas être transmise : rien ne peut donc l'être.",
  },
} as const satisfies Record<string, Text>;

export type ReasonCode = keyof typeof REASONS;

export interface Reason {
  readonly code: ReasonCode;
  readonly parameters?: Readonly<Record<string, string>>;
}

export function sayReason(reason: Reason, lang: Lang): string {
  const { stop, ...others } = reason.parameters ?? {};
  return say(REASONS[reason.code], lang, { ...others, ...(stop !== undefined && { stop: stopInWords(stop, lang) }) });
}

/** @param stop a StopCode */
function stopInWords(stop: string, lang: Lang): string {
  const text = Object.hasOwn(STOPS, stop) ? sayStop(stop as StopCode, lang) : stop;
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Reasons that call a human before anything is tried again. */
export function callsHuman({ code }: Reason): boolean {
  return code === 'deny.person-objects' || code === 'deny.decision-maker';
}
