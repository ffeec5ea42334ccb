import { instant } from '../kernel/clock.js';
import type { AgreementId, OrganizationId } from '../kernel/ids.js';
import type { Agreement, AgreementPurpose } from '../domain/agreement/agreement.js';
import type { Organization } from '../transfer/partner.js';
import type { StaffRole } from '../transfer/principal.js';

/** Valmont, a town that does not exist: its organizations, their agreements and the people who sign in. */
const id = (n: number): OrganizationId => `5a1d0000-0000-4000-8000-00000000000${n}` as OrganizationId;

export const CCAS: Organization = {
  id: id(1),
  name: 'CCAS de Valmont',
  sector: 'social',
  function: { en: 'municipal social service', fr: "centre communal d'action sociale" },
  secrecy: 'professional-secrecy',
  confidentialByNature: false,
};
export const TOIT_COMMUN: Organization = {
  id: id(2),
  name: 'Toit Commun',
  sector: 'housing',
  function: { en: 'supported housing', fr: 'logement accompagné' },
  secrecy: 'professional-secrecy',
  confidentialByNature: false,
};
export const LES_TILLEULS: Organization = {
  id: id(3),
  name: 'Centre de santé Les Tilleuls',
  sector: 'health',
  function: { en: 'health centre', fr: 'centre de santé' },
  secrecy: 'professional-secrecy',
  confidentialByNature: false,
};
export const VALMONT_HABITAT: Organization = {
  id: id(4),
  name: 'Valmont Habitat',
  sector: 'housing',
  function: { en: 'social landlord', fr: 'bailleur social' },
  secrecy: 'duty-of-discretion',
  confidentialByNature: false,
};
export const CONSEIL_DETTES: Organization = {
  id: id(5),
  name: 'Conseil Dettes',
  sector: 'social',
  function: { en: 'debt advice', fr: 'conseil en gestion de dettes' },
  secrecy: 'duty-of-discretion',
  confidentialByNature: false,
};
export const ORGANIZATIONS = [CCAS, TOIT_COMMUN, LES_TILLEULS, VALMONT_HABITAT, CONSEIL_DETTES];

const clause = (
  purpose: AgreementPurpose['purpose'],
  recipient: Organization,
  categories: AgreementPurpose['categories'],
): AgreementPurpose => ({
  purpose,
  senders: [CCAS.id],
  recipients: [recipient.id],
  categories,
  sensitivities: [],
  dataProtectionBasis: 'public-task',
  secrecyGrounds: ['consent'],
  roles: [CCAS, recipient].map(({ id: party }) => ({ party, role: 'controller' })),
  recipientFunctions: [{ en: 'whoever follows the person', fr: 'la personne qui suit le dossier' }],
});

const agreement = (
  n: number,
  title: Agreement['title'],
  parties: readonly Organization[],
  purposes: readonly AgreementPurpose[],
): Agreement => ({
  id: `5a1d0000-0000-4000-8000-0000000000a${n}` as AgreementId,
  version: 1,
  title,
  status: 'active',
  parties: parties.map((party) => party.id),
  purposes,
  validFrom: instant('2026-01-01T00:00:00Z'),
  purgeAfterDays: 30,
  dpia: { opinion: 'favourable', reference: `AIPD 2025-${n}` },
  retention: { days: 365, then: 'delete', certificate: true },
  onward: { kind: 'consented' },
  emergency: { allowed: true, categories: ['identity', 'contact'], maxHours: 24, reviewWithinDays: 7 },
  adhesion: { open: false },
  auditRight: { noticeDays: 30 },
  breachNotice: { withinHours: 24 },
  reviewOn: '2027-01-01',
  thirdCountries: [],
});

export const AGREEMENTS: readonly Agreement[] = [
  agreement(
    1,
    { en: 'Housing and health in Valmont', fr: 'Logement et santé à Valmont' },
    [CCAS, TOIT_COMMUN, LES_TILLEULS],
    [
      clause('HOUSING', TOIT_COMMUN, ['identity', 'contact', 'household', 'housing', 'income', 'needs', 'plan']),
      clause('COC', LES_TILLEULS, ['identity', 'contact', 'health']),
    ],
  ),
  agreement(
    2,
    { en: 'Debt advice', fr: 'Conseil en gestion de dettes' },
    [CCAS, CONSEIL_DETTES],
    [clause('DEBTADVICE', CONSEIL_DETTES, ['identity', 'contact', 'income'])],
  ),
  agreement(
    3,
    { en: 'Landlord of Valmont', fr: 'Bailleur de Valmont' },
    [CCAS, VALMONT_HABITAT],
    [clause('HOUSING', VALMONT_HABITAT, ['identity', 'contact', 'housing'])],
  ),
];

export interface DemoUser {
  readonly subject: string;
  readonly name: string;
  readonly organizationId: OrganizationId;
  readonly roles: readonly StaffRole[];
}

export const USERS: readonly DemoUser[] = [
  { subject: 'helene', name: 'Hélène Roy', organizationId: CCAS.id, roles: ['caseworker'] },
  { subject: 'marc', name: 'Marc Diallo', organizationId: CCAS.id, roles: ['caseworker'] },
  { subject: 'nadia', name: 'Nadia Lefort', organizationId: CCAS.id, roles: ['agreement-owner'] },
  { subject: 'paul', name: 'Paul Tremblay', organizationId: CCAS.id, roles: ['data-protection-officer'] },
  { subject: 'ines', name: 'Inès Morel', organizationId: CCAS.id, roles: ['operator'] },
  { subject: 'lea', name: 'Léa Fontaine', organizationId: TOIT_COMMUN.id, roles: ['agreement-owner'] },
  { subject: 'omar', name: 'Omar Haddad', organizationId: LES_TILLEULS.id, roles: ['agreement-owner'] },
  { subject: 'karim', name: 'Karim Benali', organizationId: TOIT_COMMUN.id, roles: ['caseworker'] },
];
