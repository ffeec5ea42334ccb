import type { Text } from '../kernel/i18n.js';
import { AGREEMENT_ERRORS } from './agreement-error-texts.js';
import { ACCESS_ERRORS } from './access-error-texts.js';
import { MAPPING_ERRORS } from './mapping-error-texts.js';
import { PARTNER_ERRORS } from './partner-error-texts.js';
import { REMINDER_ERRORS } from './reminder-error-texts.js';
import { REQUEST_ERRORS } from './request-error-texts.js';
import { THREAD_ERRORS } from './thread-error-texts.js';

/**
 * Every stable error code in words, for problem documents, OperationOutcomes and the documentation
 * (test/http/error-texts.test.ts reads the sources). `{name}` stands for a detail of the error: codes, never content.
 */
export const ERROR_TEXTS: Readonly<Record<string, Text>> = {
  ...ACCESS_ERRORS,
  ...AGREEMENT_ERRORS,
  ...MAPPING_ERRORS,
  ...PARTNER_ERRORS,
  ...REMINDER_ERRORS,
  ...REQUEST_ERRORS,
  ...THREAD_ERRORS,
  internal: { en: 'Something failed on our side.', fr: 'Une erreur est survenue de notre côté.' },
  'resource.not-found': {
    en: 'Nothing is known under this address.',
    fr: 'Rien n’est connu sous cette adresse.',
  },
  'evidence.content': {
    en: 'The content is for who may read the case.',
    fr: 'Le contenu est réservé à qui peut lire le dossier.',
  },
  'evidence.log-unsigned': {
    en: 'The log is not signed yet; try again shortly.',
    fr: 'Le journal n’est pas encore signé ; réessayez sous peu.',
  },

  // Who is calling
  'auth.token-missing': {
    en: 'This call needs an access token or a session.',
    fr: 'Cet appel demande un jeton d’accès ou une session.',
  },
  'auth.token-malformed': { en: 'The access token is not well formed.', fr: 'Le jeton d’accès est mal formé.' },
  'auth.token-algorithm': {
    en: 'The signature algorithm of the token is not accepted.',
    fr: 'L’algorithme de signature du jeton n’est pas accepté.',
  },
  'auth.token-type': { en: 'The token is not an access token.', fr: 'Le jeton n’est pas un jeton d’accès.' },
  'auth.token-header': {
    en: 'The token may not bring or point to a key.',
    fr: 'Le jeton ne doit ni contenir ni désigner une clé.',
  },
  'auth.token-key': { en: 'The key of the token is not known.', fr: 'La clé du jeton n’est pas connue.' },
  'auth.token-issuer': {
    en: 'The issuer of the token or its client is not registered here.',
    fr: 'L’émetteur du jeton ou son client n’est pas enregistré ici.',
  },
  'auth.token-signature': {
    en: 'The signature of the token does not verify.',
    fr: 'La signature du jeton n’est pas valide.',
  },
  'auth.token-audience': {
    en: 'The token is not for this gateway alone.',
    fr: 'Le jeton n’est pas destiné à cette seule passerelle.',
  },
  'auth.token-expired': { en: 'The token has expired.', fr: 'Le jeton a expiré.' },
  'auth.token-not-yet-valid': { en: 'The token is not valid yet.', fr: 'Le jeton n’est pas encore valable.' },
  'auth.token-bound': {
    en: 'The token is bound to a key and cannot be used as a bearer token.',
    fr: 'Le jeton est lié à une clé et ne peut pas servir de jeton au porteur.',
  },
  'auth.session-expired': {
    en: 'The session has ended. Sign in again.',
    fr: 'La session est terminée. Connectez-vous à nouveau.',
  },
  'auth.csrf': {
    en: 'The request does not carry the token of this session.',
    fr: 'La requête ne porte pas le jeton de cette session.',
  },
  'auth.sign-in-failed': {
    en: 'The sign-in did not succeed. Start again.',
    fr: 'La connexion n’a pas abouti. Recommencez.',
  },
  'auth.issuer-unavailable': {
    en: 'The sign-in service does not answer.',
    fr: 'Le service de connexion ne répond pas.',
  },
  'auth.organization-unknown': {
    en: 'The sign-in names no organization of this gateway.',
    fr: 'La connexion ne désigne aucun organisme de cette passerelle.',
  },
  'auth.scope-missing': {
    en: 'This call needs the scope {scope}.',
    fr: 'Cet appel demande la portée (scope) {scope}.',
  },
  'auth.role-missing': {
    en: 'Your role does not allow this.',
    fr: 'Votre rôle ne le permet pas.',
  },
  'auth.staff-only': {
    en: 'This call is for staff who are signed in.',
    fr: 'Cet appel est réservé aux professionnels connectés.',
  },
  'auth.partner-only': {
    en: 'This call is for the systems of partners.',
    fr: 'Cet appel est réservé aux systèmes des partenaires.',
  },
  'auth.partner-suspended': { en: 'This partner is suspended.', fr: 'Ce partenaire est suspendu.' },

  // Cases and persons
  'case.id': {
    en: 'A case id has 1 to 64 of A-Z a-z 0-9 . _ -',
    fr: 'L’identifiant d’un dossier compte de 1 à 64 caractères parmi A-Z a-z 0-9 . _ -',
  },
  'case.version-conflict': {
    en: 'This file was changed meanwhile, in another tab or by a colleague. Look at it again; what you wrote is kept as a draft.',
    fr: 'Ce dossier a changé entre-temps, dans un autre onglet ou par un·e collègue. Relisez-le ; ce que vous avez écrit reste en brouillon.',
  },
  'case.entry-author': {
    en: 'An entry is corrected by who wrote it, where it was written.',
    fr: 'Une entrée est corrigée par qui l’a écrite, là où elle a été écrite.',
  },
  'case.fhir-invalid': {
    en: 'The bundle is not valid FHIR R4.',
    fr: 'Le Bundle n’est pas du FHIR R4 valide.',
  },
  'case.invalid': {
    en: 'The case breaks rules of case model v1.',
    fr: 'Le dossier enfreint des règles du modèle de dossier v1.',
  },
  'case.vanished': { en: 'The case could not be loaded.', fr: 'Le dossier n’a pas pu être chargé.' },
  'person.delivery-live': {
    en: 'A delivery about this person is under way. Try again.',
    fr: 'Un envoi concernant cette personne est en cours. Réessayez.',
  },

  // Consents
  'consent.invalid': {
    en: 'This is not a consent that can be recorded.',
    fr: 'Ce n’est pas un consentement qui puisse être consigné.',
  },
  'consent.not-your-person': {
    en: 'Consents are recorded by the organization that keeps the case.',
    fr: 'Les consentements sont consignés par l’organisme qui tient le dossier.',
  },
  'consent.other-person': {
    en: 'A consent stays with the person who gave it.',
    fr: 'Un consentement reste attaché à la personne qui l’a donné.',
  },
  'consent.self-serving': {
    en: 'A partner may not record a consent that names itself as the recipient.',
    fr: 'Un partenaire ne peut pas consigner un consentement qui le désigne lui-même comme destinataire.',
  },
  'consent.unconfirmed': {
    en: 'This would replace an earlier decision: read it to the one who decides, and name it once they confirm: {supersedes}.',
    fr: 'Ceci remplacerait une décision antérieure : relisez-la à la personne qui décide, puis désignez-la une fois confirmé : {supersedes}.',
  },
  'consent.cannot-supersede': {
    en: 'A decision that is named as replaced is not an earlier one of the same decision-maker about no more than this one.',
    fr: 'Une décision désignée comme remplacée n’est pas une décision antérieure de la même personne, portant au plus sur la même chose.',
  },
  'consent.other-decision-maker': {
    en: 'A decision is changed by the one who took it. Record another’s decision as one of its own.',
    fr: 'Une décision est modifiée par qui l’a prise. Consignez à part la décision d’une autre personne.',
  },
  'consent.evidence': {
    en: 'This kind of evidence needs more.',
    fr: 'Ce type de preuve demande davantage.',
  },
  'consent.version-conflict': {
    en: 'The consent has changed meanwhile: read it again.',
    fr: 'Le consentement a changé entre-temps : relisez-le.',
  },
  'consent.delivery-live': {
    en: 'The withdrawal is recorded. A delivery that had begun is not finished yet: ask again to know its end.',
    fr: 'Le retrait est consigné. Un envoi déjà commencé n’est pas terminé : demandez à nouveau pour en connaître l’issue.',
  },

  // Notices, objections, corrections
  'notice.ground-missing': {
    en: 'Whoever keeps it states the ground.',
    fr: 'Qui le conserve indique le fondement.',
  },
  'notice.answered': {
    en: 'This notice was answered before.',
    fr: 'Cet avis a déjà reçu une réponse.',
  },
  'contest.answered': {
    en: 'A human has answered this before.',
    fr: 'Une personne y a déjà répondu.',
  },
  'contest.outcome': {
    en: 'This answer does not fit what was asked: objections are upheld, corrections made; or declined.',
    fr: 'Cette réponse ne convient pas : une opposition est retenue, une rectification faite ; ou refusée.',
  },
  'contest.transfer': {
    en: 'This transfer cannot carry the correction: it must be about this person, asked for since, and on its way or delivered.',
    fr: 'Ce transfert ne peut pas porter la rectification : il doit concerner cette personne, avoir été demandé depuis, et être en cours ou remis.',
  },
  'decline.recipient': {
    en: 'No other organization has this id.',
    fr: 'Aucun autre organisme n’a cet identifiant.',
  },
  'contest.vanished': { en: 'It could not be loaded.', fr: 'Impossible de la relire.' },

  // FHIR
  'fhir.conditional': {
    en: 'Conditional requests are not supported.',
    fr: 'Les requêtes conditionnelles ne sont pas prises en charge.',
  },
  'fhir.other-id': {
    en: 'The id of the resource is not the one in the address.',
    fr: 'L’identifiant de la ressource n’est pas celui de l’adresse.',
  },
  'task.invalid': { en: 'This Task cannot be taken over.', fr: 'Cette Task ne peut pas être reprise.' },
  'task.transition': {
    en: 'The referral has moved on: {to} cannot follow {from}.',
    fr: 'L’orientation a avancé : {to} ne peut pas suivre {from}.',
  },

  // Transfers
  'preview.unknown': {
    en: 'Nothing with this digest was shown within the last hour, or it was sent already: look at it again.',
    fr: 'Aucun aperçu de moins d’une heure ne porte cette empreinte, ou il a déjà été envoyé : affichez-le à nouveau.',
  },
  'preview.differs': {
    en: 'What would leave now is not what was shown: look at it again. Nothing was sent.',
    fr: 'Ce qui partirait maintenant n’est plus ce qui a été montré : affichez un nouvel aperçu. Rien n’a été envoyé.',
  },
  'preview.refused': {
    en: 'This may not be passed on: nothing was read and nothing is shown.',
    fr: 'Ceci ne peut pas être transmis : rien n’a été lu et rien n’est montré.',
  },
  'transfer.refused': { en: 'The transfer is refused.', fr: 'Le transfert est refusé.' },
  'transfer.idempotency-conflict': {
    en: 'This Idempotency-Key was used with another request.',
    fr: 'Cette Idempotency-Key a servi à une autre demande.',
  },
  'transfer.withhold-unknown': {
    en: 'Something to keep back is not in the case.',
    fr: 'Un élément à retenir ne figure pas dans le dossier.',
  },
  'transfer.content-purged': {
    en: 'The content is not kept any more: its term is over, or the person was erased. The proof that it was sent stays.',
    fr: 'Le contenu n’est plus conservé : son terme est passé, ou la personne a été effacée. La preuve de l’envoi demeure.',
  },
  'transfer.held-too-long': {
    en: 'A transfer can be held for 90 days at most.',
    fr: 'Un transfert peut être retenu 90 jours au plus.',
  },
  'transfer.too-late': {
    en: 'It is too late to take this transfer back.',
    fr: 'Il est trop tard pour reprendre ce transfert.',
  },
  'replay.not-failed': {
    en: 'Only a transfer that failed, or whose arrival is in doubt, is sent again.',
    fr: 'Seul un transfert qui a échoué, ou dont l’arrivée est incertaine, peut être renvoyé.',
  },
  'replay.in-doubt': {
    en: 'It may have arrived. Ask the recipient, and say that it was not received.',
    fr: 'Il est peut-être arrivé. Demandez au destinataire, puis indiquez qu’il ne l’a pas reçu.',
  },
  'replay.content-gone': {
    en: 'What was to be sent is no longer kept. Ask for a new transfer.',
    fr: 'Ce qui devait partir n’est plus conservé. Demandez un nouveau transfert.',
  },
  'transfer.not-valid': {
    en: 'What would leave is not valid FHIR; nothing was sent.',
    fr: 'Ce qui partirait n’est pas du FHIR valide ; rien n’a été envoyé.',
  },
  'transfer.vanished': { en: 'The transfer could not be loaded.', fr: 'Le transfert n’a pas pu être chargé.' },

  // The gateway itself
  'store.unavailable': {
    en: 'The database cannot take this now; try again.',
    fr: 'La base de données ne peut pas s’en charger pour l’instant ; réessayez.',
  },
  'store.failed': { en: 'The database refused a statement.', fr: 'La base de données a refusé une instruction.' },
  'store.erased': { en: 'This content was erased.', fr: 'Ce contenu a été effacé.' },
  'store.unreadable': {
    en: 'Stored content cannot be decrypted.',
    fr: 'Un contenu conservé ne peut pas être déchiffré.',
  },
  'audit.forked': {
    en: 'The audit log does not extend what was signed before; whoever operates the gateway must verify it.',
    fr: 'Le journal d’audit ne prolonge pas ce qui a été signé ; l’exploitant de la passerelle doit le vérifier.',
  },
  'audit.tree-incomplete': {
    en: 'The tree of the audit log is not complete; whoever operates the gateway must verify it.',
    fr: 'L’arbre du journal d’audit n’est pas complet ; l’exploitant de la passerelle doit le vérifier.',
  },
  'store.login-too-powerful': {
    en: 'The database login has more rights than the gateway may have.',
    fr: 'L’identifiant de base de données a plus de droits que la passerelle ne doit en avoir.',
  },
  'identity.master-key-wrong': {
    en: 'The master key is not the one that the keys were stored with.',
    fr: 'La clé maîtresse n’est pas celle avec laquelle les clés ont été conservées.',
  },
  'config.invalid': { en: 'The configuration is not valid.', fr: 'La configuration n’est pas valide.' },
  'config.port': { en: 'The port cannot be used.', fr: 'Le port ne peut pas être utilisé.' },
  'init.already-done': { en: 'This installation is already set up.', fr: 'Cette installation est déjà initialisée.' },
  'init.invalid': { en: 'The first set-up is not valid.', fr: 'L’initialisation n’est pas valide.' },
  'embedded.directory': {
    en: 'The local database cannot use its directory.',
    fr: 'La base de données locale ne peut pas utiliser son répertoire.',
  },
  'embedded.failed': { en: 'The local database did not start.', fr: 'La base de données locale n’a pas démarré.' },
  'embedded.locked': {
    en: 'The local database is being started by another process.',
    fr: 'La base de données locale est en cours de démarrage par un autre processus.',
  },
  'embedded.no-binaries': {
    en: 'There is no local database for this platform.',
    fr: 'Il n’existe pas de base de données locale pour cette plateforme.',
  },
  'embedded.not-ours': {
    en: 'The local database belongs to somebody else.',
    fr: 'La base de données locale appartient à quelqu’un d’autre.',
  },
  'embedded.not-runnable': {
    en: 'The local database cannot run on this machine.',
    fr: 'La base de données locale ne peut pas fonctionner sur cette machine.',
  },

  // Imports
  'import.file-changed': { en: 'A file changed while it was read.', fr: 'Un fichier a changé pendant sa lecture.' },
  'hmis.csv-broken': { en: 'A CSV file cannot be read.', fr: 'Un fichier CSV ne peut pas être lu.' },
  'hmis.duplicate-file': { en: 'A file is there twice.', fr: 'Un fichier est présent deux fois.' },
  'hmis.encoding': { en: 'A file is not UTF-8.', fr: 'Un fichier n’est pas en UTF-8.' },
  'hmis.not-found': { en: 'There is no HMIS export here.', fr: 'Il n’y a pas d’export HMIS ici.' },
  'hmis.zip-refused': { en: 'The zip file is refused.', fr: 'Le fichier zip est refusé.' },
};

/** The sentence of a code; one that is not in the table is a fault of ours and says no more than that. */
export function errorText(code: string): Text {
  return Object.hasOwn(ERROR_TEXTS, code) ? (ERROR_TEXTS[code] as Text) : (ERROR_TEXTS['internal'] as Text);
}
