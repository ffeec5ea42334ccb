import type { Text } from '../kernel/i18n.js';

/** Registering partners, trying their systems, and what their token endpoints say. */
export const PARTNER_ERRORS: Readonly<Record<string, Text>> = {
  'partner.invalid': {
    en: 'The partner cannot be registered like this.',
    fr: 'Le partenaire ne peut pas être enregistré ainsi.',
  },
  'partner.duplicate': {
    en: 'Such a partner is already registered.',
    fr: 'Un tel partenaire est déjà enregistré.',
  },
  'partner.keys-same': {
    en: 'These are the keys that the partner has already.',
    fr: 'Ce sont les clés que le partenaire a déjà.',
  },
  'partner.no-endpoint': {
    en: 'The partner has no endpoint to be tried: say first where it is reached.',
    fr: 'Le partenaire n’a pas d’adresse à tester : indiquez d’abord où le joindre.',
  },
  'partner.receives-already': {
    en: 'This organization receives already: by a system, or as a partner without one. Look for it in the list of partners; what has changed is changed there.',
    fr: 'Cet organisme reçoit déjà : par un système, ou comme partenaire sans système. Cherchez-le dans la liste des partenaires ; c’est là que l’on modifie ce qui a changé.',
  },
  'partner.test-running': {
    en: 'A test of this partner is running; wait for its end.',
    fr: 'Un test de ce partenaire est en cours ; attendez sa fin.',
  },
  'partner.suspended': {
    en: 'The partner is suspended: lift that first, and its deliveries start again.',
    fr: 'Le partenaire est suspendu : levez d’abord la suspension, ses envois reprendront.',
  },
  'partner.organization-unknown': { en: 'There is no such organization.', fr: 'Cet organisme n’existe pas.' },
  'partner.url-refused': { en: 'The address is refused.', fr: 'L’adresse est refusée.' },
  'delivery.token-refused': {
    en: 'The partner’s token endpoint refuses us.',
    fr: 'Le point de jetons du partenaire nous refuse.',
  },
  'delivery.token-unavailable': {
    en: 'The partner’s token endpoint gives no token.',
    fr: 'Le point de jetons du partenaire ne donne pas de jeton.',
  },
};
