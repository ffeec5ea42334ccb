import type { Text } from '../kernel/i18n.js';

/** How one comes in without the API's own keys: by a link with a code, from the agency's software, through the console. */
export const ACCESS_ERRORS: Readonly<Record<string, Text>> = {
  'access.closed': {
    en: 'This page has been closed. Ask for a new link.',
    fr: 'Cette page est fermée. Demandez un nouveau lien.',
  },
  'access.csrf': {
    en: 'This form does not belong to this page any more. Nothing was changed.',
    fr: 'Ce formulaire n’appartient plus à cette page. Rien n’a été modifié.',
  },
  'access.foreign': {
    en: 'This form was sent from another site. Nothing was opened.',
    fr: 'Ce formulaire vient d’un autre site. Rien n’a été ouvert.',
  },
  'access.too-many': {
    en: 'Too many links or codes were tried from here. Wait a few minutes.',
    fr: 'Trop de liens ou de codes ont été essayés depuis cet accès. Patientez quelques minutes.',
  },
  'access.not-waiting': {
    en: 'No notice of this transfer waits at a recipient without a system.',
    fr: 'Aucun avis de ce transfert n’attend chez un destinataire sans système.',
  },
  'console.not-built': {
    en: 'The console is not built here. Whoever runs Relais runs `npm run build`.',
    fr: 'La console n’est pas construite ici. La personne qui administre Relais lance `npm run build`.',
  },
  'file.too-many': {
    en: 'Within an hour you have opened {most} files to which nothing ties you: no more are opened. Open the person from your agency’s software, or take what waits in your worklist. The data-protection officer is told.',
    fr: 'En une heure, vous avez ouvert {most} dossiers auxquels rien ne vous rattache : il ne s’en ouvre pas davantage. Ouvrez la personne depuis le logiciel de votre organisme, ou traitez ce qui attend dans votre liste. La ou le délégué·e à la protection des données en est informé·e.',
  },
  'person.too-many-searches': {
    en: 'There were {most} searches for persons within an hour, which is the most. Wait before you search again. The data-protection officer is told.',
    fr: 'Il y a eu {most} recherches de personnes en une heure, ce qui est le maximum. Attendez avant de chercher de nouveau. La ou le délégué·e à la protection des données en est informé·e.',
  },
  'events.too-many': {
    en: 'Too many pages of this session are open, or of all together: close some.',
    fr: 'Trop de pages de cette session, ou au total, sont ouvertes : fermez-en quelques-unes.',
  },
  'events.closing': {
    en: 'This gateway is about to stop: ask again.',
    fr: 'Cette passerelle va s’arrêter : redemandez.',
  },
  'launch.invalid': {
    en: 'This link does not open a case here: open it again from your own software.',
    fr: 'Ce lien n’ouvre aucun dossier ici : ouvrez-le de nouveau depuis votre logiciel.',
  },
};
