import type { Catalogue } from '../i18n.js';
import type { spoken as english } from '../en/spoken.js';

export const spoken: Catalogue<typeof english> = {
  aloud: {
    ask: 'Nous souhaitons transmettre des informations sur vous à {{organization}}, pour la finalité suivante : {{purpose}}.',
    askAnother:
      'Nous souhaitons transmettre des informations sur la personne pour laquelle vous décidez à {{organization}}, pour la finalité suivante : {{purpose}}.',
    what: 'Il s’agirait de : {{list}}.',
    atMost: 'Au plus, il s’agirait de : {{list}}. Vous dites lesquelles.',
    until: 'Votre accord vaudrait jusqu’au {{date}}.',
    untilOpen: 'Vous dites aussi jusqu’à quand.',
    free: 'Vous pouvez dire non. Cela ne vous prive d’aucun autre service.',
    withdraw: 'Si vous dites oui, vous pouvez revenir dessus à tout moment ; plus rien ne part alors.',
  },
  receipt: {
    title: 'Des informations vous concernant ont été transmises',
    lead: '{{organization}} a transmis ce qui figure ici, et rien d’autre.',
    number: 'Numéro',
    to: 'À qui',
    on: 'Le',
    why: 'Pourquoi',
    what: 'Quoi',
    answerBy: 'Réponse attendue pour le',
    rights: 'Ce que vous pouvez faire',
    withdraw: 'Revenir sur votre accord : dites-le à {{organization}}. Plus rien ne part à partir de là.',
    report: 'Demander la liste de tout ce qui a été transmis sur vous. C’est gratuit.',
    wrong: 'Signaler une erreur, ou vous opposer. Une personne vous répond.',
  },
};
