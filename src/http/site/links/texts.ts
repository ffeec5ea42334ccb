import type { Text } from '../../../kernel/i18n.js';

/** What the pages of a link say, to somebody who may be tired, worried, or on an old telephone. */
export const LINK_TEXTS = {
  other: { en: 'Français', fr: 'English' },
  close: { en: 'Close this page', fr: 'Fermer cette page' },
  skip: { en: 'Skip to the text', fr: 'Aller au texte' },

  doorTitle: { en: 'Open your link', fr: 'Ouvrir votre lien' },
  doorLead: {
    en: 'You have a link and a code. The code came another way: on paper, or by telephone.',
    fr: 'Vous avez un lien et un code. Le code vous a été donné autrement : sur papier ou par téléphone.',
  },
  code: { en: 'Your code', fr: 'Votre code' },
  codeHint: { en: '6 digits', fr: '6 chiffres' },
  token: { en: 'Your link', fr: 'Votre lien' },
  tokenHint: {
    en: 'Copy the whole link that you received and paste it here.',
    fr: 'Copiez en entier le lien que vous avez reçu et collez-le ici.',
  },
  enter: { en: 'Open', fr: 'Ouvrir' },
  doorOnce: {
    en: 'The link opens once. The page then stays open until you close it, or for 30 minutes after your last click. Your device keeps nothing of it.',
    fr: 'Le lien ne s’ouvre qu’une fois. La page reste ensuite ouverte jusqu’à ce que vous la fermiez, ou 30 minutes après votre dernier clic. Votre appareil n’en garde rien.',
  },
  doorAlone: {
    en: 'Open it only where nobody who should not see it looks on.',
    fr: 'Ouvrez-le seulement là où personne ne peut regarder par-dessus votre épaule.',
  },
  wrongCode: { en: 'This is not the right code.', fr: 'Ce n’est pas le bon code.' },
  codesLeftOne: {
    en: 'You can try once more. After that, ask for a new link.',
    fr: 'Il vous reste un essai. Ensuite, il faudra demander un nouveau lien.',
  },
  codesLeft: {
    en: 'Look again at what you were given. You can try {left} more times.',
    fr: 'Vérifiez ce qui vous a été donné. Il vous reste {left} essais.',
  },
  openAgain: {
    en: 'Open the link once more from where you received it, and enter the code.',
    fr: 'Ouvrez de nouveau le lien là où vous l’avez reçu, puis saisissez le code.',
  },
  closedTitle: { en: 'This link opens nothing', fr: 'Ce lien n’ouvre rien' },
  closedText: {
    en: 'It was opened before, its time is over, or a wrong code was entered too often. This is no fault of yours: ask the service that gave it to you for a new one.',
    fr: 'Il a déjà été ouvert, il n’est plus valable, ou un code erroné a été saisi trop de fois. Vous n’y êtes pour rien : demandez-en un nouveau au service qui vous l’a donné.',
  },
  noLink: {
    en: 'Your link is missing: copy it whole and paste it below.',
    fr: 'Il manque votre lien : copiez-le en entier et collez-le ci-dessous.',
  },
  noCode: {
    en: 'No code, or used it before?',
    fr: 'Pas de code, ou un code déjà utilisé ?',
  },
  askCode: { en: 'Ask for a new code', fr: 'Demander un nouveau code' },
  askedTitle: { en: 'A new code is asked for', fr: 'Nouveau code demandé' },
  askedText: {
    en: 'If your service received this link by mail, whoever sent it now sees that you are waiting for a code. They tell it to you on the way that was agreed, never by mail. You need not ask again.',
    fr: 'Si votre service a reçu ce lien par courriel, l’expéditeur voit maintenant que vous attendez un code. Il vous le donnera par la voie convenue, jamais par courriel. Inutile de redemander.',
  },
  askedDesk: {
    en: 'If you were given the link at a desk, ask there for a new one.',
    fr: 'Si le lien vous a été remis à un accueil, demandez-en un nouveau à cet accueil.',
  },
  leftTitle: { en: 'Closed', fr: 'C’est fermé' },
  leftText: {
    en: 'The page is closed, and the link does not open it again. You can close this window.',
    fr: 'La page est fermée et le lien ne la rouvrira pas. Vous pouvez fermer cette fenêtre.',
  },

  // What can go wrong on the way
  goneTitle: { en: 'This page is closed', fr: 'Cette page est fermée' },
  goneText: {
    en: 'Nothing happened on it for 30 minutes, it was closed, or the link was taken back. What you had not sent was not recorded; what was confirmed to you stands. Ask for a new link to go on.',
    fr: 'Rien ne s’y est passé depuis 30 minutes, elle a été fermée, ou le lien a été retiré. Ce que vous n’aviez pas envoyé n’est pas enregistré ; ce qui vous a été confirmé reste valable. Demandez un nouveau lien pour continuer.',
  },
  tooManyTitle: { en: 'Please wait a little', fr: 'Patientez un peu' },
  tooManyText: {
    en: 'Too many links or codes were tried from this connection. Try again in a few minutes: your link is not lost.',
    fr: 'Trop de liens ou de codes ont été essayés depuis cette connexion. Réessayez dans quelques minutes : votre lien n’est pas perdu.',
  },
  csrfTitle: { en: 'Nothing was changed', fr: 'Rien n’a été modifié' },
  csrfText: {
    en: 'This form does not belong to the page that is open. Go back to your page and start there.',
    fr: 'Ce formulaire n’appartient pas à la page ouverte. Revenez à votre page et recommencez à partir de là.',
  },
  missingTitle: { en: 'There is nothing here', fr: 'Il n’y a rien ici' },
  missingText: {
    en: 'This page does not exist, or is not for this link.',
    fr: 'Cette page n’existe pas, ou n’est pas destinée à ce lien.',
  },
  movedTitle: { en: 'This was answered before', fr: 'Une réponse a déjà été donnée' },
  movedText: {
    en: 'An answer was given in the meantime, and this one does not fit it any more. Nothing was changed. Look at your page again.',
    fr: 'Une réponse a été donnée entre-temps, et celle-ci ne convient plus. Rien n’a été modifié. Regardez de nouveau votre page.',
  },
  invalidTitle: { en: 'Something is missing', fr: 'Il manque quelque chose' },
  invalidText: {
    en: 'The form was not filled in completely, or is too long. Go back and look at it again; nothing was recorded.',
    fr: 'Le formulaire est incomplet ou trop long. Revenez en arrière pour le vérifier ; rien n’a été enregistré.',
  },
  failedTitle: { en: 'This does not work just now', fr: 'Cela ne fonctionne pas pour l’instant' },
  failedText: {
    en: 'The fault is ours. Try again in a few minutes, or ask at the desk.',
    fr: 'Le problème vient de nous. Réessayez dans quelques minutes, ou adressez-vous à l’accueil.',
  },
  toDoor: { en: 'Enter a link and a code', fr: 'Saisir un lien et un code' },
  toPage: { en: 'Back to your page', fr: 'Revenir à votre page' },

  // The person's page
  desk: {
    en: 'Some things are only shown at the desk, to everybody in the same way. For the full list on paper, ask at the desk; it is free.',
    fr: 'Certaines choses ne sont montrées qu’à l’accueil, pour tout le monde de la même façon. Pour la liste complète sur papier, demandez à l’accueil ; c’est gratuit.',
  },
  consents: { en: 'What you said yes to', fr: 'Ce à quoi vous avez dit oui' },
  noConsents: {
    en: 'There is no yes of yours here that could be withdrawn.',
    fr: 'Il n’y a ici aucun accord de votre part à retirer.',
  },
  anyRecipient: { en: 'The services named in the agreement', fr: 'Les services nommés dans la convention' },
  consentFor: { en: 'For', fr: 'Pour' },
  consentWhat: { en: 'What may be passed on', fr: 'Ce qui peut être transmis' },
  consentSince: { en: 'Since', fr: 'Depuis le' },
  consentUntil: { en: 'Until', fr: 'Jusqu’au' },
  usual: { en: 'what is needed for it', fr: 'ce qui est nécessaire' },
  withdraw: { en: 'Withdraw', fr: 'Retirer mon accord' },
  withdrawTitle: { en: 'Withdraw your yes?', fr: 'Retirer votre accord ?' },
  withdrawText: {
    en: 'From that moment on nothing more is passed on. What was received before is not undone; whoever received it is told to stop using it. You need give no reason, and you lose no service that does not depend on it.',
    fr: 'À partir de ce moment, plus rien ne sera transmis. Ce qui a déjà été reçu n’est pas effacé d’office ; ceux qui l’ont reçu sont avertis de ne plus l’utiliser. Vous n’avez pas à donner de raison, et vous ne perdez aucun service qui n’en dépend pas.',
  },
  withdrawYes: { en: 'Yes, withdraw it', fr: 'Oui, je le retire' },
  withdrawNo: { en: 'No, keep it', fr: 'Non, je le garde' },
  withdrawnTitle: { en: 'Your yes is withdrawn', fr: 'Votre accord est retiré' },
  withdrawnText: {
    en: 'Nothing more is passed on under it.',
    fr: 'Plus rien ne sera transmis sur cette base.',
  },
  withdrawnStopped: {
    en: 'What was waiting was stopped, and nothing of it left: {references}.',
    fr: 'Ce qui attendait a été arrêté, et rien n’en est parti : {references}.',
  },
  withdrawnSent: {
    en: 'Something was already on its way at that moment and has arrived. Whoever received it is told to stop using it.',
    fr: 'Un envoi était déjà en route à ce moment et est arrivé. Son destinataire est averti de ne plus l’utiliser.',
  },
  withdrawnTold: {
    en: 'Whoever received something before is told to stop using it. You will see their answer here and at the desk.',
    fr: 'Ceux qui avaient déjà reçu quelque chose sont avertis de ne plus l’utiliser. Vous verrez leur réponse ici et à l’accueil.',
  },
  waitTitle: { en: 'It is recorded. One moment more.', fr: 'C’est enregistré. Encore un instant.' },
  waitText: {
    en: 'What you said is recorded and cannot be lost. Something had already begun to leave before; we do not know yet how it ended. Look again in a few seconds.',
    fr: 'Ce que vous avez dit est enregistré et ne peut pas se perdre. Un envoi avait commencé juste avant ; nous ne savons pas encore comment il s’est terminé. Regardez de nouveau dans quelques secondes.',
  },
  waitAgain: { en: 'Look again', fr: 'Regarder de nouveau' },

  object: { en: 'I object', fr: 'Je m’oppose' },
  wrong: { en: 'This is wrong', fr: 'C’est inexact' },
  more: { en: 'Something else', fr: 'Autre chose' },
  moreText: {
    en: 'You can object to anything being passed on, or say that something else is wrong.',
    fr: 'Vous pouvez vous opposer à toute transmission, ou signaler autre chose d’inexact.',
  },
  objectAll: { en: 'I object to anything being passed on', fr: 'Je m’oppose à toute transmission' },
  wrongOther: { en: 'Something else is wrong', fr: 'Autre chose est inexact' },
  objectionTitle: { en: 'Object', fr: 'S’opposer' },
  objectionText: {
    en: 'From now on nothing of it leaves until a person has answered you. You need not give a reason; a few words help.',
    fr: 'Dès maintenant, plus rien ne part tant qu’une personne ne vous a pas répondu. Vous n’êtes pas obligé·e de donner une raison ; quelques mots aident.',
  },
  correctionTitle: { en: 'Say that something is wrong', fr: 'Signaler une inexactitude' },
  correctionText: {
    en: 'What is wrong, and what would be right? A person reads it and answers you. If it is corrected, whoever received it is told.',
    fr: 'Qu’est-ce qui est inexact, et qu’est-ce qui serait juste ? Une personne le lit et vous répond. Si c’est rectifié, ceux qui l’ont reçu en sont avertis.',
  },
  aboutLine: { en: 'About number {reference}', fr: 'À propos du numéro {reference}' },
  words: { en: 'In your own words', fr: 'Avec vos mots' },
  wordsHint: {
    en: 'In any language. Send it within 30 minutes, or the page closes.',
    fr: 'Dans la langue de votre choix. Envoyez-le dans les 30 minutes, sinon la page se ferme.',
  },
  send: { en: 'Send', fr: 'Envoyer' },
  back: { en: 'No, go back', fr: 'Non, revenir' },
  contestTitle: { en: 'It is recorded', fr: 'C’est enregistré' },
  contestText: {
    en: 'A person answers by {date}. The answer is given to you at the desk.',
    fr: 'Une personne vous répond au plus tard le {date}. La réponse vous est donnée à l’accueil.',
  },
  objectedText: {
    en: 'Until then nothing of it leaves.',
    fr: 'D’ici là, plus rien n’en part.',
  },
} as const satisfies Record<string, Text>;

export type LinkText = keyof typeof LINK_TEXTS;
