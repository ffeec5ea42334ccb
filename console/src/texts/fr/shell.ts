import type { Catalogue } from '../catalogue.js';
import type { shell as english } from '../en/shell.js';

export const shell: Catalogue<typeof english> = {
  shell: {
    loading: 'Chargement…',
    signingIn: 'Ouverture de la page de connexion…',
    skip: 'Aller au contenu',
    navigation: 'Navigation principale',
    lock: 'Verrouiller',
    signOut: 'Se déconnecter',
    quickExit: 'Quitter vite',
    docs: 'Documentation de l’API',
    home: 'Revenir au début',
    notFound: 'Cette page n’existe pas',
    notFoundWhat: 'L’adresse est peut-être ancienne ou incomplète. Rien n’est perdu.',
    locked: 'Écran verrouillé',
    lockedWhat: 'Votre travail en cours est conservé. Reconnectez-vous pour continuer.',
    ended: 'Votre session est terminée',
    endedWhat: 'Votre saisie est conservée et rien n’a été envoyé deux fois. Reconnectez-vous pour continuer.',
    signInAgain: 'Se reconnecter',
    signInAgainFailed: 'La connexion n’a pas abouti. Réessayez.',
    signedInAgain: 'Vous êtes connecté·e. Vous pouvez fermer cette fenêtre.',
  },
  nav: {
    worklist: 'À traiter',
    find: 'Rechercher une personne',
    agreements: 'Conventions',
    oversight: 'À examiner',
    log: 'Journal',
    register: 'Registre',
    deliveries: 'Envois',
    partners: 'Partenaires',
    figures: 'Chiffres',
    mapping: 'Correspondances',
  },
  error: {
    title: 'L’opération n’a pas abouti',
    unknown:
      'Une erreur s’est produite de notre côté. Réessayez ; si elle persiste, prévenez la personne qui administre Relais.',
    network: 'Pas de connexion. Votre saisie est conservée ; réessayer n’enverra rien deux fois.',
    reference: 'Pour l’assistance :',
    retry: 'Réessayer',
  },
};
