import { say, type Lang, type Text } from '../../kernel/i18n.js';
import { labelText } from '../labels/label-texts.js';
import type { DataLabel } from '../labels/labels.js';
import { PURPOSES } from '../decision/purpose.js';
import type { SecrecyGroundKind } from '../decision/ground.js';
import type {
  AdhesionClause,
  Agreement,
  DataProtectionBasis,
  Dpia,
  EmergencyClause,
  OnwardDisclosure,
  ProcessingRole,
  Retention,
} from './agreement.js';

/** Names for ids; what is not known is shown as its id. */
export type NameOf = (organizationId: string) => string;

export const ROLE_WORDS: Readonly<Record<ProcessingRole, Text>> = {
  controller: { en: 'controller', fr: 'responsable du traitement' },
  'joint-controller': { en: 'joint controller', fr: 'responsable conjoint du traitement' },
  processor: { en: 'processor', fr: 'sous-traitant' },
};

export const BASIS_WORDS: Readonly<Record<DataProtectionBasis, Text>> = {
  consent: { en: 'consent (GDPR art. 6(1)(a))', fr: 'consentement (RGPD, art. 6, §1, a)' },
  contract: { en: 'contract (GDPR art. 6(1)(b))', fr: 'contrat (RGPD, art. 6, §1, b)' },
  'legal-obligation': { en: 'legal obligation (GDPR art. 6(1)(c))', fr: 'obligation légale (RGPD, art. 6, §1, c)' },
  'vital-interests': { en: 'vital interests (GDPR art. 6(1)(d))', fr: 'intérêts vitaux (RGPD, art. 6, §1, d)' },
  'public-task': { en: 'public task (GDPR art. 6(1)(e))', fr: 'mission d’intérêt public (RGPD, art. 6, §1, e)' },
  'legitimate-interests': {
    en: 'legitimate interests (GDPR art. 6(1)(f))',
    fr: 'intérêts légitimes (RGPD, art. 6, §1, f)',
  },
};

export const SECRECY_WORDS: Readonly<Record<SecrecyGroundKind, Text>> = {
  consent: { en: 'express consent', fr: 'consentement exprès' },
  'care-team': { en: 'non-opposition within one care team', fr: 'non-opposition au sein d’une même équipe' },
  statute: { en: 'a statute, cited', fr: 'un texte de loi, cité' },
  safeguarding: { en: 'safeguarding', fr: 'protection d’une personne en danger' },
  'vital-interest': { en: 'vital interest', fr: 'intérêt vital' },
};

const OPINIONS: Readonly<Record<Dpia['opinion'], Text>> = {
  favourable: { en: 'favourable opinion', fr: 'avis favorable' },
  'with-conditions': { en: 'favourable opinion with conditions', fr: 'avis favorable sous conditions' },
  unfavourable: { en: 'unfavourable opinion', fr: 'avis défavorable' },
  'not-required': { en: 'not required', fr: 'non requise' },
};
const AND: Text = { en: '; ', fr: ' ; ' };
const NONE: Text = { en: 'none', fr: 'aucun' };
const RETENTION: Readonly<Record<Retention['then'], Text>> = {
  return: { en: '{days} days, then returned', fr: '{days} jours, puis restitution' },
  delete: { en: '{days} days, then deleted', fr: '{days} jours, puis suppression' },
};
const CERTIFIED: Text = { en: ', with a certificate', fr: ', avec attestation' };
const ONWARD: Readonly<Record<OnwardDisclosure['kind'], Text>> = {
  forbidden: { en: 'forbidden', fr: 'interdite' },
  consented: { en: 'with the person’s consent', fr: 'avec le consentement de la personne' },
  listed: { en: 'to {recipients} only', fr: 'à {recipients} seulement' },
};
const EMERGENCY: Text = {
  en: '{categories}; for {hours} hours; reviewed within {days} days',
  fr: '{categories} ; pendant {hours} heures ; examen sous {days} jours',
};
const NOT_ALLOWED: Text = { en: 'not allowed', fr: 'non admise' };
const CLOSED: Text = { en: 'closed', fr: 'fermée' };
const PLACE: Readonly<Record<'sender' | 'recipient', Text>> = {
  sender: { en: '{purpose}: as sender, {role}', fr: '{purpose} : comme expéditeur, {role}' },
  recipient: { en: '{purpose}: as recipient, {role}', fr: '{purpose} : comme destinataire, {role}' },
};
const DAYS: Text = { en: '{n} days', fr: '{n} jours' };
const HOURS: Text = { en: '{n} hours', fr: '{n} heures' };

export function sayLabels(labels: readonly DataLabel[], lang: Lang): string {
  return labels.map((label) => say(labelText(label), lang)).join(', ');
}

export const sayPurpose = (purpose: keyof typeof PURPOSES, lang: Lang): string => say(PURPOSES[purpose].text, lang);
export const sayDays = (n: number, lang: Lang): string => say(DAYS, lang, { n: String(n) });
const sayHours = (n: number, lang: Lang): string => say(HOURS, lang, { n: String(n) });

export function sayDpia({ opinion, reference, reason }: Dpia, lang: Lang): string {
  return [say(OPINIONS[opinion], lang), reference, reason].filter((part) => part !== undefined).join(say(AND, lang));
}

export function sayRetention({ days, then, certificate }: Retention, lang: Lang): string {
  return say(RETENTION[then], lang, { days: String(days) }) + (certificate ? say(CERTIFIED, lang) : '');
}

export function sayOnward(onward: OnwardDisclosure, lang: Lang): string {
  return say(ONWARD[onward.kind], lang, onward.kind === 'listed' ? { recipients: onward.recipients.join(', ') } : {});
}

function sayEmergency(emergency: EmergencyClause, lang: Lang): string {
  if (!emergency.allowed) return say(NOT_ALLOWED, lang);
  return say(EMERGENCY, lang, {
    categories: sayLabels(emergency.categories, lang),
    hours: String(emergency.maxHours),
    days: String(emergency.reviewWithinDays),
  });
}

function sayAdhesion(adhesion: AdhesionClause, lang: Lang): string {
  if (!adhesion.open) return say(CLOSED, lang);
  return adhesion.places
    .map(({ purpose, as, role }) =>
      say(PLACE[as], lang, { purpose: sayPurpose(purpose, lang), role: say(ROLE_WORDS[role], lang) }),
    )
    .join(say(AND, lang));
}

export const sayList = (list: readonly string[], lang: Lang): string =>
  list.length === 0 ? say(NONE, lang) : list.join(', ');

/** The clauses of a text that are about all of its purposes, in the order in which they are read. */
export const CLAUSES = [
  'title',
  'validFrom',
  'validUntil',
  'purgeAfterDays',
  'dpia',
  'retention',
  'onward',
  'emergency',
  'adhesion',
  'auditRight',
  'breachNotice',
  'answerWithinDays',
  'reviewOn',
  'thirdCountries',
] as const;
export type Clause = (typeof CLAUSES)[number];

/** One clause in words; null where the text has none. */
export function sayClause(agreement: Agreement, clause: Clause, lang: Lang): string | null {
  const { title, validFrom, validUntil, purgeAfterDays, dpia, retention, onward, emergency, adhesion } = agreement;
  const { auditRight, breachNotice, answerWithinDays, reviewOn, thirdCountries } = agreement;
  switch (clause) {
    case 'title':
      return title[lang];
    case 'validFrom':
      return validFrom;
    case 'validUntil':
      return validUntil ?? null;
    case 'purgeAfterDays':
      return sayDays(purgeAfterDays, lang);
    case 'dpia':
      return dpia === undefined ? null : sayDpia(dpia, lang);
    case 'retention':
      return retention === undefined ? null : sayRetention(retention, lang);
    case 'onward':
      return onward === undefined ? null : sayOnward(onward, lang);
    case 'emergency':
      return emergency === undefined ? null : sayEmergency(emergency, lang);
    case 'adhesion':
      return adhesion === undefined ? null : sayAdhesion(adhesion, lang);
    case 'auditRight':
      return auditRight === undefined ? null : sayDays(auditRight.noticeDays, lang);
    case 'breachNotice':
      return breachNotice === undefined ? null : sayHours(breachNotice.withinHours, lang);
    case 'answerWithinDays':
      return answerWithinDays === undefined ? null : sayDays(answerWithinDays, lang);
    case 'reviewOn':
      return reviewOn ?? null;
    case 'thirdCountries':
      return thirdCountries === undefined ? null : sayList(thirdCountries, lang);
  }
}
