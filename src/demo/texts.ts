import type { Text } from '../kernel/i18n.js';

/** What the demo says. The story is of Valmont, a town that does not exist; every name is invented. */
export const TEXTS = {
  starting: {
    en: 'Relais is starting: database, issuer, gateway, partner systems …',
    fr: "Relais démarre : base de données, fournisseur d'identité, passerelle, systèmes partenaires …",
  },
  started: { en: 'Ready after {seconds} s. The story begins.', fr: "Prêt après {seconds} s. L'histoire commence." },

  chapterFile: { en: '1 · The file', fr: '1 · Le dossier' },
  caseStored: {
    en: "Hélène Roy, social worker at the CCAS of Valmont, conveys Grace Okafor's file from her own software ({size} kB).",
    fr: 'Hélène Roy, assistante sociale au CCAS de Valmont, transmet le dossier de Grace Okafor depuis son propre logiciel ({size} ko).',
  },
  searched: {
    en: '“Grace Okafor” finds {count} people. Born in {years}: nothing is merged, Hélène compares and confirms.',
    fr: '« Grace Okafor » désigne {count} personnes. Nées en {years} : rien n’est fusionné, Hélène compare et confirme.',
  },
  imported: {
    en: 'Toit Commun imports its HMIS export: {people} people, {rows} rows as they are, values that break the format, each listed: {findings}; kept, not yet mapped: {kept} rows.',
    fr: 'Toit Commun importe son export HMIS : {people} personnes, {rows} lignes telles quelles, valeurs hors format, chacune signalée : {findings} ; conservées, pas encore traduites : {kept} lignes.',
  },

  chapterConsent: { en: '2 · What Grace decides', fr: '2 · Ce que Grace décide' },
  consentHousing: {
    en: 'Yes to Toit Commun, until {date}: identity, contact, household, housing, income.',
    fr: "Oui à Toit Commun, jusqu'au {date} : identité, contact, ménage, logement, ressources.",
  },
  consentHealth: {
    en: 'Yes to the health centre Les Tilleuls: identity, contact, the treatment that must not stop. Not her depression.',
    fr: 'Oui au centre de santé Les Tilleuls : identité, contact, le traitement à ne pas interrompre. Pas sa dépression.',
  },
  consentDebt: {
    en: 'Yes to Conseil Dettes: identity, contact, income.',
    fr: 'Oui à Conseil Dettes : identité, contact, ressources.',
  },
  consentLandlord: {
    en: 'No to the landlord, Valmont Habitat. A refusal is recorded like a consent.',
    fr: 'Non au bailleur, Valmont Habitat. Un refus est enregistré comme un consentement.',
  },

  chapterSend: { en: '3 · What leaves, what stays', fr: '3 · Ce qui part, ce qui reste' },
  previewed: {
    en: 'Preview for {recipient}, before anything leaves: {sent} elements would leave, {withheld} would stay. One of each reason:',
    fr: 'Aperçu pour {recipient}, avant tout envoi : {sent} éléments partiraient, {withheld} resteraient. Un exemple par raison :',
  },
  asShown: {
    en: '   What arrived is what was shown, byte for byte (SHA-256 {digest}…).',
    fr: '   Ce qui est arrivé est ce qui a été montré, octet pour octet (SHA-256 {digest}…).',
  },
  sent: {
    en: '{reference} to {recipient}: {resources} FHIR resources leave; {withheld} elements stay.',
    fr: '{reference} à {recipient} : {resources} ressources FHIR partent ; {withheld} éléments restent.',
  },
  stays: { en: '   stays: {what}', fr: '   reste : {what}' },
  delivered: {
    en: '{reference} delivered to {recipient} in {ms} ms (attempt {attempts}). Receipt kept.',
    fr: '{reference} remis à {recipient} en {ms} ms (essai n° {attempts}). Accusé de réception conservé.',
  },
  flaky: {
    en: "Les Tilleuls' system answers 500 twice. Relais tries again; the third attempt counts, once.",
    fr: 'Le système des Tilleuls répond deux fois 500. Relais réessaie ; le troisième essai compte, une seule fois.',
  },

  chapterRefused: { en: '4 · Refused', fr: '4 · Refusé' },
  refused: {
    en: 'A colleague tries the landlord. {reference} refused: “{reason}” The file was not even opened.',
    fr: "Un collègue tente l'envoi au bailleur. {reference} refusé : « {reason} » Le dossier n'a même pas été ouvert.",
  },

  chapterStopped: { en: '5 · Stopped', fr: '5 · Arrêté' },
  queued: {
    en: '{reference} to Conseil Dettes waits. It has no system: one person and a browser, told by mail; its door is down, the mail server does not answer. ({attempts} attempt, nothing arrived.)',
    fr: '{reference} à Conseil Dettes attend. Pas de logiciel là-bas : une personne et un navigateur, avertis par courriel ; la porte est fermée, le serveur de courriel ne répond pas. ({attempts} essai, rien n’est arrivé.)',
  },
  withdrawn: {
    en: "Grace's brother-in-law volunteers there. She withdraws; Relais answers after {ms} ms, when nothing can leave any more.",
    fr: 'Le beau-frère de Grace y est bénévole. Elle retire son accord ; Relais répond après {ms} ms, quand plus rien ne peut partir.',
  },
  stopped: {
    en: '{reference} stopped: “{reason}” The door opens again: {notices} notices arrived there.',
    fr: '{reference} arrêté : « {reason} » La porte rouvre : {notices} avis y est arrivé.',
  },

  chapterAnswer: { en: '6 · The answer', fr: '6 · La réponse' },
  answer: { en: 'Toit Commun — {status}: “{message}”', fr: 'Toit Commun — {status} : « {message} »' },
  askPayslip: { en: 'Please send her last payslip.', fr: 'Merci de transmettre sa dernière fiche de paie.' },
  accept: {
    en: 'Accepted: two bedrooms, the dog is welcome.',
    fr: 'Accepté : deux chambres, le chien est le bienvenu.',
  },
  outcome: { en: 'Keys handed over on 26 February.', fr: 'Remise des clés le 26 février.' },
  announced: {
    en: "Hélène's own software was told {count} times: ids and codes, nothing else.",
    fr: 'Le logiciel d’Hélène en a été informé {count} fois : identifiants et codes, rien d’autre.',
  },

  chapterReport: { en: "7 · Grace's page", fr: '7 · Le relevé de Grace' },
  auditOk: {
    en: 'The log has {entries} entries; each was verified, none was changed.',
    fr: 'Le journal compte {entries} entrées ; toutes ont été vérifiées, aucune n’a été modifiée.',
  },
  auditBad: { en: 'The log does NOT verify.', fr: 'Le journal N’EST PAS intègre.' },

  stays_up: {
    en: 'Relais stays up. Stop it with Ctrl-C; everything it made is then deleted.',
    fr: 'Relais reste en marche. Ctrl-C pour arrêter ; tout ce qu’il a créé est alors effacé.',
  },
  urls: { en: 'Open', fr: 'À ouvrir' },
  landing: { en: 'the gateway', fr: 'la passerelle' },
  docs: { en: 'the API, described', fr: "l'API, décrite" },
  signIn: {
    en: 'sign in as staff (choose a name, no password)',
    fr: 'se connecter (choisir un nom, sans mot de passe)',
  },
  console: { en: 'the console: start here', fr: 'la console : commencez ici' },
  openFile: {
    en: 'Grace’s file, opened by the agency’s own software (as Hélène)',
    fr: 'le dossier de Grace, ouvert depuis le logiciel de l’organisme (en tant qu’Hélène)',
  },
  mailbox: {
    en: 'the mailbox of Conseil Dettes, which has no system',
    fr: 'la boîte aux lettres de Conseil Dettes, qui n’a pas de logiciel',
  },
  playGuest: {
    en: 'To play Conseil Dettes: as Hélène, send it Grace’s file from the console (she withdrew: record a new yes); open the link in the mailbox; its code is on the page of the transfer, where Hélène makes it and tells it by telephone. Read, ask, accept or decline, and see the answer arrive at Hélène’s.',
    fr: 'Pour jouer Conseil Dettes : en tant qu’Hélène, envoyez-lui le dossier de Grace depuis la console (elle a retiré son accord : enregistrez-en un nouveau) ; ouvrez le lien dans la boîte aux lettres ; le code se crée sur la page du transfert, Hélène le donne par téléphone. Lisez, questionnez, acceptez ou déclinez, et voyez la réponse arriver chez Hélène.',
  },
  signIns: { en: 'Sign-ins', fr: 'Identités' },
  curls: {
    en: 'Three commands to paste (the token lasts five minutes)',
    fr: 'Trois commandes à coller (le jeton dure cinq minutes)',
  },
  curlTransfers: { en: 'the transfers of the CCAS', fr: 'les transferts du CCAS' },
  curlReport: { en: "Grace's disclosure report", fr: 'le relevé de Grace' },
  curlRequest: { en: 'ask for another transfer to Toit Commun', fr: 'demander un autre transfert à Toit Commun' },
  newToken: { en: 'a new token', fr: 'un nouveau jeton' },
  failed: { en: 'The story could not be told to its end:', fr: "L'histoire n'a pas pu être racontée jusqu'au bout :" },
} as const satisfies Record<string, Text>;

/** What a recipient may say of a referral, in words. */
export const REFERRAL_TEXTS: Readonly<Record<string, Text>> = {
  'on-hold': { en: 'on hold', fr: 'en attente' },
  accepted: { en: 'accepted', fr: 'acceptée' },
  completed: { en: 'completed', fr: 'terminée' },
};
