import type { Text } from '../kernel/i18n.js';

/** What can be wrong with an agreement, a step of its life or an exceptional disclosure; part of the table in error-texts. */
export const AGREEMENT_ERRORS: Readonly<Record<string, Text>> = {
  'agreement.invalid': { en: 'The agreement contradicts itself.', fr: 'La convention se contredit.' },
  'agreement.not-a-party': {
    en: 'Only a party to an agreement can change it.',
    fr: 'Seule une partie à la convention peut la modifier.',
  },
  'agreement.other-id': {
    en: 'The id in the body is not the one in the address.',
    fr: 'L’identifiant du corps n’est pas celui de l’adresse.',
  },
  'agreement.version': {
    en: 'The agreement has changed meanwhile: read it again.',
    fr: 'La convention a changé entre-temps : relisez-la.',
  },
  'agreement.version-conflict': {
    en: 'The agreement has changed meanwhile: read it again.',
    fr: 'La convention a changé entre-temps : relisez-la.',
  },
  'agreement.incomplete': {
    en: 'The agreement is not complete: it can be drafted, and not proposed.',
    fr: 'La convention est incomplète : elle peut être rédigée, pas proposée.',
  },
  'agreement.person-needed': {
    en: 'Only a person can sign an agreement.',
    fr: 'Seule une personne peut signer une convention.',
  },
  'agreement.step': {
    en: 'There is no step “{step}” from “{from}”.',
    fr: 'L’étape « {step} » n’est pas possible depuis « {from} ».',
  },
  'agreement.not-a-signer': {
    en: 'The signature of your organization is not needed here.',
    fr: 'La signature de votre organisme n’est pas requise ici.',
  },
  'agreement.already-signed': {
    en: 'Your organization has signed this text already.',
    fr: 'Votre organisme a déjà signé ce texte.',
  },
  'agreement.same-person': {
    en: 'Whoever signed for one party cannot sign for another.',
    fr: 'La personne qui a signé pour une partie ne peut pas signer pour une autre.',
  },
  'agreement.text-changed': {
    en: 'The text is not the one that was signed or invited to: propose it again.',
    fr: 'Le texte n’est plus celui qui a été signé ou proposé : proposez-le à nouveau.',
  },
  'agreement.not-yours-to-resume': {
    en: 'Another party suspended the agreement: only that party can resume it.',
    fr: 'Une autre partie a suspendu la convention : elle seule peut la rétablir.',
  },
  'agreement.leave-instead': {
    en: 'An agreement of more than two parties is not ended for the others: leave it.',
    fr: 'Une convention de plus de deux parties ne prend pas fin pour les autres : quittez-la.',
  },
  'agreement.no-adhesion': {
    en: 'The agreement has no clause by which this organization could join.',
    fr: 'La convention n’a pas de clause par laquelle cet organisme pourrait y adhérer.',
  },
  'agreement.negotiated': {
    en: 'Another text or an invitation is negotiated: end that first.',
    fr: 'Un autre texte ou une invitation est en négociation : menez-la d’abord à son terme.',
  },
  'agreement.two-texts': {
    en: 'Give a version or a text, not both.',
    fr: 'Indiquez une version ou un texte, pas les deux.',
  },
  'agreement.original-type': {
    en: 'The file is not of the type that it says.',
    fr: 'Le fichier n’est pas du type annoncé.',
  },
  'agreement.original-kept': {
    en: 'This version has its signed original already; it is never replaced.',
    fr: 'Cette version a déjà son original signé ; il n’est jamais remplacé.',
  },

  // Exceptional disclosures
  'break-glass.own': {
    en: 'Whoever broke the glass does not review it.',
    fr: 'La personne à l’origine du bris de glace ne peut pas l’examiner.',
  },
  'break-glass.reviewed': { en: 'This was reviewed already.', fr: 'L’examen a déjà eu lieu.' },
  'notice.known': {
    en: 'The person knows of this ground: there is no notice to defer.',
    fr: 'La personne a connaissance de ce fondement : il n’y a pas d’information à différer.',
  },
  'notice.review-date': {
    en: 'A deferred notice is reviewed after today and within 90 days.',
    fr: 'Une information différée est réexaminée après aujourd’hui et sous 90 jours.',
  },
  'notice.deferred': { en: 'The notice is deferred already.', fr: 'L’information est déjà différée.' },
  'notice.unconfirmed': {
    en: 'No second reader agreed to the last deferral: the notice is not deferred again.',
    fr: 'Aucun second lecteur n’a confirmé le report précédent : l’information n’est pas différée à nouveau.',
  },
  'notice.own': {
    en: 'The second reader is another person than the one who deferred the notice.',
    fr: 'Le second lecteur est une autre personne que celle qui a différé l’information.',
  },
};
