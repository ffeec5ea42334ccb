import { say, type Lang, type Text } from '../../kernel/i18n.js';
import type { Scope, StaffRole } from '../../transfer/principal.js';
import type { Access } from '../access.js';
import type { Group } from '../route.js';

export const TITLE: Text = {
  en: 'Pass a person’s record from one service to another: with a ground, under an agreement, with proof.',
  fr: 'Transmettre le dossier d’une personne d’un service à un autre : sur un fondement, sous convention, avec preuve.',
};

export const GROUP_TEXTS: Readonly<Record<Group, Text>> = {
  transfers: { en: 'Transfers', fr: 'Transferts' },
  cases: { en: 'Cases and persons', fr: 'Dossiers et personnes' },
  consents: { en: 'Consents', fr: 'Consentements' },
  agreements: { en: 'Agreements', fr: 'Conventions' },
  referrals: { en: 'Referrals', fr: 'Orientations' },
  audit: { en: 'Proof', fr: 'Preuves' },
  mappings: { en: 'Mappings', fr: 'Correspondances' },
  links: { en: 'Links without an account', fr: 'Liens sans compte' },
  identity: { en: 'Tokens and sessions', fr: 'Jetons et sessions' },
  operation: { en: 'Operation', fr: 'Exploitation' },
  site: { en: 'Pages', fr: 'Pages' },
};

export const SCOPE_TEXTS: Readonly<Record<Scope, Text>> = {
  'relais/Case.cru': { en: 'Store and read one’s own cases', fr: 'Enregistrer et lire ses propres dossiers' },
  'relais/Transfer.cru': { en: 'Ask for and follow transfers', fr: 'Demander et suivre des transferts' },
  'relais/Disclosure.r': { en: 'Read disclosure reports', fr: 'Lire les relevés des communications' },
  'relais/Agreement.r': { en: 'Read agreements', fr: 'Lire les conventions' },
  'system/Consent.cru': { en: 'Record and read consents', fr: 'Consigner et lire des consentements' },
  'system/Task.ru': { en: 'Read and report on referrals', fr: 'Lire les orientations et en rendre compte' },
};

const ROLE_TEXTS: Readonly<Record<StaffRole, Text>> = {
  caseworker: { en: 'caseworker', fr: 'intervenant·e' },
  'agreement-owner': { en: 'agreement owner', fr: 'responsable des conventions' },
  'data-protection-officer': { en: 'data-protection officer', fr: 'délégué·e à la protection des données' },
  operator: { en: 'operator', fr: 'exploitant·e' },
};

export const ERROR_ANSWER: Text = { en: 'What went wrong', fr: 'Ce qui n’a pas été' };

const ANYBODY: Text = { en: 'Anybody', fr: 'Tout le monde' };
const HOLDER: Text = { en: 'Whoever opened such a link', fr: 'Qui a ouvert un tel lien' };
const ANY_PARTNER: Text = { en: 'Every partner', fr: 'Tout partenaire' };
const ANY_STAFF: Text = { en: 'all staff', fr: 'tout le personnel' };
const LOCAL: Text = { en: 'A process on this machine', fr: 'Un processus de cette machine' };

/** Who may, in words. */
export function accessText(access: Access, lang: Lang): string {
  if (access.kind === 'open') return say(ANYBODY, lang);
  if (access.kind === 'link') return say(HOLDER, lang);
  const roles =
    access.roles === 'any' ? [say(ANY_STAFF, lang)] : access.roles.map((role) => say(ROLE_TEXTS[role], lang));
  if (access.kind === 'local') return [say(LOCAL, lang), ...roles].join(' · ');
  const { scope } = access;
  const partner = scope === null ? [] : [scope === 'any' ? say(ANY_PARTNER, lang) : `scope ${scope}`];
  return [...partner, ...roles].join(' · ');
}
