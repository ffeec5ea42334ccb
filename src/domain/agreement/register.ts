import type { Instant } from '../../kernel/clock.js';
import { writeCsv } from '../../kernel/csv.js';
import { say, withPlainSpaces, type Lang, type Text } from '../../kernel/i18n.js';
import type { OrganizationId } from '../../kernel/ids.js';
import type { Agreement, AgreementPurpose, AgreementStatus, ProcessingRole } from './agreement.js';
import { statusAt } from './lifecycle.js';
import {
  BASIS_WORDS,
  ROLE_WORDS,
  sayClause,
  sayDays,
  sayDpia,
  sayLabels,
  sayList,
  sayOnward,
  sayPurpose,
  sayRetention,
  SECRECY_WORDS,
  type NameOf,
} from './words.js';

/** One processing in which an organization takes part (GDPR art. 30(1), 30(2)). */
export interface RegisterEntry {
  readonly agreement: Agreement;
  readonly status: AgreementStatus;
  readonly purpose: AgreementPurpose;
  /** Null where the agreement does not say. */
  readonly ownRole: ProcessingRole | null;
}

/** One line of the register, in words. */
export type RegisterLine = Readonly<Record<Column, string>>;

/** In the order of GDPR art. 30(1), letters a to g. */
const COLUMNS = {
  agreement: { en: 'agreement', fr: 'convention' },
  version: { en: 'version', fr: 'version' },
  status: { en: 'status', fr: 'état' },
  ownRole: { en: 'own role', fr: 'rôle propre' },
  controllers: { en: 'controllers', fr: 'responsables du traitement' },
  jointControllers: { en: 'joint controllers', fr: 'responsables conjoints' },
  processors: { en: 'processors', fr: 'sous-traitants' },
  purpose: { en: 'purpose', fr: 'finalité' },
  basis: { en: 'data-protection basis', fr: 'base légale' },
  article9: { en: 'article 9 condition', fr: 'condition de l’article 9' },
  secrecyGrounds: { en: 'secrecy grounds', fr: 'fondements au regard du secret' },
  subjects: { en: 'data subjects', fr: 'personnes concernées' },
  categories: { en: 'categories of data', fr: 'catégories de données' },
  sensitive: { en: 'sensitive data', fr: 'données sensibles' },
  senders: { en: 'senders', fr: 'expéditeurs' },
  recipients: { en: 'recipients', fr: 'destinataires' },
  functions: { en: 'functions at the recipient', fr: 'fonctions chez le destinataire' },
  onward: { en: 'onward disclosure', fr: 'retransmission' },
  thirdCountries: { en: 'third countries', fr: 'pays tiers' },
  retention: { en: 'retention at the recipient', fr: 'conservation chez le destinataire' },
  copy: { en: 'copy kept by Relais', fr: 'copie conservée par Relais' },
  dpia: { en: 'impact assessment', fr: 'analyse d’impact' },
  from: { en: 'in force from', fr: 'en vigueur à partir du' },
  until: { en: 'in force until', fr: 'en vigueur jusqu’au' },
  measures: { en: 'security measures', fr: 'mesures de sécurité' },
} as const satisfies Record<string, Text>;
type Column = keyof typeof COLUMNS;
export const REGISTER_COLUMNS = Object.keys(COLUMNS) as readonly Column[];

const STATUS_WORDS: Readonly<Record<AgreementStatus, Text>> = {
  draft: { en: 'draft', fr: 'projet' },
  proposed: { en: 'proposed', fr: 'proposée' },
  active: { en: 'active', fr: 'active' },
  suspended: { en: 'suspended', fr: 'suspendue' },
  terminated: { en: 'terminated', fr: 'résiliée' },
  expired: { en: 'expired', fr: 'expirée' },
};
const SUBJECTS: Text = {
  en: 'persons whose record an agency keeps, and their household',
  fr: 'personnes dont un organisme tient le dossier, et leur foyer',
};
/** GDPR art. 30(1)(g) and 32: what the gateway itself does. */
const MEASURES: Text = {
  en: 'encryption at rest with a key for each person; TLS; decision before reading and again before sending; separation of organizations in the database; tamper-evident log; purge after the term',
  fr: 'chiffrement au repos par une clé propre à chaque personne ; TLS ; décision avant lecture et de nouveau avant envoi ; cloisonnement des organismes en base de données ; journal infalsifiable ; purge au terme',
};
const UNSAID: Text = { en: 'not said', fr: 'non précisé' };

/** Every processing of the live agreements (in force or suspended) in which this organization takes part. */
export function registerOf(
  agreements: readonly Agreement[],
  organizationId: OrganizationId,
  at: Instant,
): RegisterEntry[] {
  return agreements.flatMap((agreement) => {
    const status = statusAt(agreement, at);
    if (status !== 'active' && status !== 'suspended') return [];
    return agreement.purposes
      .filter(({ senders, recipients, roles = [] }) =>
        [...senders, ...recipients, ...roles.map(({ party }) => party)].includes(organizationId),
      )
      .map((purpose) => ({
        agreement,
        status,
        purpose,
        ownRole: purpose.roles?.find(({ party }) => party === organizationId)?.role ?? null,
      }));
  });
}

export function registerLine(
  { agreement, status, purpose, ownRole }: RegisterEntry,
  nameOf: NameOf,
  lang: Lang,
): RegisterLine {
  const unsaid = say(UNSAID, lang);
  const names = (ids: readonly OrganizationId[]): string => sayList(ids.map(nameOf), lang);
  const inRole = (role: ProcessingRole): string =>
    purpose.roles === undefined
      ? unsaid
      : names(purpose.roles.filter((one) => one.role === role).map(({ party }) => party));
  return {
    agreement: agreement.title[lang],
    version: String(agreement.version),
    status: say(STATUS_WORDS[status], lang),
    ownRole: ownRole === null ? unsaid : say(ROLE_WORDS[ownRole], lang),
    controllers: inRole('controller'),
    jointControllers: inRole('joint-controller'),
    processors: inRole('processor'),
    purpose: sayPurpose(purpose.purpose, lang),
    basis: say(BASIS_WORDS[purpose.dataProtectionBasis], lang),
    article9: purpose.article9Condition ?? '',
    secrecyGrounds: purpose.secrecyGrounds.map((kind) => say(SECRECY_WORDS[kind], lang)).join(', '),
    subjects: say(SUBJECTS, lang),
    categories: sayLabels(purpose.categories, lang),
    sensitive: sayLabels(purpose.sensitivities, lang),
    senders: names(purpose.senders),
    recipients: names(purpose.recipients),
    functions: purpose.recipientFunctions?.map((text) => text[lang]).join(', ') ?? unsaid,
    onward: agreement.onward === undefined ? unsaid : sayOnward(agreement.onward, lang),
    thirdCountries: sayClause(agreement, 'thirdCountries', lang) ?? unsaid,
    retention: agreement.retention === undefined ? unsaid : sayRetention(agreement.retention, lang),
    copy: sayDays(agreement.purgeAfterDays, lang),
    dpia: agreement.dpia === undefined ? unsaid : sayDpia(agreement.dpia, lang),
    from: agreement.validFrom.slice(0, 10),
    until: agreement.validUntil?.slice(0, 10) ?? '',
    measures: say(MEASURES, lang),
  };
}

/** The register as CSV with one line of headings. */
export function registerCsv(lines: readonly RegisterLine[], lang: Lang): string {
  return writeCsv([
    REGISTER_COLUMNS.map((column) => say(COLUMNS[column], lang)),
    ...lines.map((line) => REGISTER_COLUMNS.map((column) => withPlainSpaces(line[column]))),
  ]);
}
