import { canonicalJson } from '../../kernel/canonical-json.js';
import { say, type Lang, type Text } from '../../kernel/i18n.js';
import type { DataLabel } from '../labels/labels.js';
import type { Agreement, AgreementPurpose } from './agreement.js';
import {
  BASIS_WORDS,
  CLAUSES,
  ROLE_WORDS,
  sayClause,
  sayLabels,
  sayPurpose,
  SECRECY_WORDS,
  type Clause,
  type NameOf,
} from './words.js';

type ListElement =
  'senders' | 'recipients' | 'categories' | 'sensitivities' | 'secrecyGrounds' | 'recipientFunctions' | 'roles';
type Element = Clause | 'parties' | 'purpose' | 'dataProtectionBasis' | 'article9Condition' | ListElement;

/** One element that differs between two texts, in words of both languages. */
export interface AgreementChange {
  /** JSON Pointer into the later text; of what was removed, into the earlier. */
  readonly path: string;
  readonly element: Element;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Whether it lets more happen or less; `other`: neither by itself. */
  readonly effect: 'wider' | 'narrower' | 'other';
  readonly text: Text;
}

const NAMES: Readonly<Record<Element, Text>> = {
  title: { en: 'Title', fr: 'Titre' },
  validFrom: { en: 'In force from', fr: 'En vigueur à partir du' },
  validUntil: { en: 'In force until', fr: 'En vigueur jusqu’au' },
  purgeAfterDays: { en: 'Copy kept by Relais', fr: 'Copie conservée par Relais' },
  dpia: { en: 'Impact assessment', fr: 'Analyse d’impact' },
  retention: { en: 'Retention at the recipient', fr: 'Conservation chez le destinataire' },
  onward: { en: 'Onward disclosure', fr: 'Retransmission' },
  emergency: { en: 'Emergency', fr: 'Urgence' },
  adhesion: { en: 'Adhesion', fr: 'Adhésion' },
  auditRight: { en: 'Notice of an audit', fr: 'Préavis d’audit' },
  breachNotice: { en: 'Notice of a breach', fr: 'Notification d’une violation' },
  answerWithinDays: { en: 'Term of an answer', fr: 'Délai de réponse' },
  reviewOn: { en: 'Review', fr: 'Réexamen' },
  thirdCountries: { en: 'Third countries', fr: 'Pays tiers' },
  parties: { en: 'Parties', fr: 'Parties' },
  purpose: { en: 'Purpose', fr: 'Finalité' },
  dataProtectionBasis: { en: 'Data-protection basis', fr: 'Base légale' },
  article9Condition: { en: 'Article 9 condition', fr: 'Condition de l’article 9' },
  senders: { en: 'Senders', fr: 'Expéditeurs' },
  recipients: { en: 'Recipients', fr: 'Destinataires' },
  categories: { en: 'Categories', fr: 'Catégories' },
  sensitivities: { en: 'Sensitive data', fr: 'Données sensibles' },
  secrecyGrounds: { en: 'Secrecy grounds', fr: 'Fondements au regard du secret' },
  recipientFunctions: { en: 'Functions at the recipient', fr: 'Fonctions chez le destinataire' },
  roles: { en: 'Role', fr: 'Rôle' },
};
const SENTENCES: Readonly<Record<AgreementChange['kind'], Text>> = {
  added: { en: '{where}{element}: {after} is added.', fr: '{where}{element} : ajout de « {after} ».' },
  removed: { en: '{where}{element}: {before} is removed.', fr: '{where}{element} : retrait de « {before} ».' },
  changed: {
    en: '{where}{element}: {before} becomes {after}.',
    fr: '{where}{element} : « {before} » devient « {after} ».',
  },
};
const WHERE: Text = { en: 'For {purpose} · ', fr: 'Pour {purpose} · ' };

type Words = (lang: Lang) => string | null;

/**
 * What differs between two texts, element by element, in the order of the form: clauses, parties, purposes. Purposes are
 * matched by their code, lists by what is in them; their order says nothing. Pure.
 */
export function diffAgreements(before: Agreement, after: Agreement, nameOf: NameOf = (id) => id): AgreementChange[] {
  return [
    ...CLAUSES.flatMap((clause) => clauseChange(before, after, clause)),
    ...listChanges('', 'parties', before.parties, after.parties, (id) => () => nameOf(id), null),
    ...purposeChanges(before, after, nameOf),
  ];
}

function clauseChange(before: Agreement, after: Agreement, clause: Clause): AgreementChange[] {
  if (canonicalJson(before[clause] ?? null) === canonicalJson(after[clause] ?? null)) return [];
  return [
    change(`/${clause}`, clause, effectOfClause(before, after, clause), null, {
      before: (lang) => sayClause(before, clause, lang),
      after: (lang) => sayClause(after, clause, lang),
    }),
  ];
}

function effectOfClause(before: Agreement, after: Agreement, clause: Clause): AgreementChange['effect'] {
  const END = '9999';
  if (clause === 'validUntil') return (after.validUntil ?? END) > (before.validUntil ?? END) ? 'wider' : 'narrower';
  if (clause === 'validFrom') return after.validFrom < before.validFrom ? 'wider' : 'narrower';
  if (clause !== 'emergency') return 'other';
  const allowed = ({ emergency }: Agreement): readonly string[] =>
    emergency?.allowed === true ? emergency.categories : [];
  const more = allowed(after).some((category) => !allowed(before).includes(category));
  const less = allowed(before).some((category) => !allowed(after).includes(category));
  return more ? 'wider' : less ? 'narrower' : 'other';
}

function purposeChanges(before: Agreement, after: Agreement, nameOf: NameOf): AgreementChange[] {
  const changes: AgreementChange[] = [];
  const old = keyed(before.purposes);
  const fresh = keyed(after.purposes);
  for (const [key, { purpose, index }] of old) {
    if (fresh.has(key)) continue;
    changes.push(
      change(`/purposes/${index}`, 'purpose', 'narrower', null, { before: purposeWords(purpose), after: null }),
    );
  }
  for (const [key, { purpose, index }] of fresh) {
    const known = old.get(key)?.purpose;
    const path = `/purposes/${index}`;
    if (known === undefined)
      changes.push(change(path, 'purpose', 'wider', null, { before: null, after: purposeWords(purpose) }));
    else changes.push(...changesWithin(path, known, purpose, nameOf));
  }
  return changes;
}

/** Two clauses may be about one purpose: the first of one text is compared with the first of the other. */
function keyed(purposes: readonly AgreementPurpose[]): Map<string, { purpose: AgreementPurpose; index: number }> {
  const map = new Map<string, { purpose: AgreementPurpose; index: number }>();
  purposes.forEach((purpose, index) => {
    let n = 0;
    while (map.has(`${purpose.purpose}#${n}`)) n += 1;
    map.set(`${purpose.purpose}#${n}`, { purpose, index });
  });
  return map;
}

function changesWithin(
  path: string,
  before: AgreementPurpose,
  after: AgreementPurpose,
  nameOf: NameOf,
): AgreementChange[] {
  const where: Words = (lang) => say(WHERE, lang, { purpose: sayPurpose(after.purpose, lang) });
  const name =
    (id: string): Words =>
    () =>
      nameOf(id);
  const label =
    (one: DataLabel): Words =>
    (lang) =>
      sayLabels([one], lang);
  const list = <T>(element: ListElement, of: (purpose: AgreementPurpose) => readonly T[], words: (item: T) => Words) =>
    listChanges(path, element, of(before), of(after), words, where);
  const single = (element: 'dataProtectionBasis' | 'article9Condition', words: (purpose: AgreementPurpose) => Words) =>
    before[element] === after[element]
      ? []
      : [change(`${path}/${element}`, element, 'other', where, { before: words(before), after: words(after) })];
  return [
    ...list('senders', ({ senders }) => senders, name),
    ...list('recipients', ({ recipients }) => recipients, name),
    ...list('categories', ({ categories }) => categories, label),
    ...list('sensitivities', ({ sensitivities }) => sensitivities, label),
    ...list(
      'secrecyGrounds',
      ({ secrecyGrounds }) => secrecyGrounds,
      (kind) => (lang) => say(SECRECY_WORDS[kind], lang),
    ),
    ...list(
      'recipientFunctions',
      ({ recipientFunctions = [] }) => recipientFunctions,
      (text) => (lang) => text[lang],
    ),
    ...list(
      'roles',
      ({ roles = [] }) => roles,
      ({ party, role }) =>
        (lang) =>
          `${nameOf(party)}, ${say(ROLE_WORDS[role], lang)}`,
    ),
    ...single('dataProtectionBasis', (purpose) => (lang) => say(BASIS_WORDS[purpose.dataProtectionBasis], lang)),
    ...single('article9Condition', (purpose) => () => purpose.article9Condition ?? null),
  ];
}

/** What lets more happen when there is more of it. */
const REACHES: ReadonlySet<Element> = new Set([
  'senders',
  'recipients',
  'categories',
  'sensitivities',
  'secrecyGrounds',
]);

function listChanges<T>(
  path: string,
  element: ListElement | 'parties',
  before: readonly T[],
  after: readonly T[],
  words: (item: T) => Words,
  where: Words | null,
): AgreementChange[] {
  const has = (list: readonly T[], item: T): boolean => list.some((one) => canonicalJson(one) === canonicalJson(item));
  const reaches = REACHES.has(element);
  return [
    ...before
      .map((item, index) => ({ item, index }))
      .filter(({ item }) => !has(after, item))
      .map(({ item, index }) =>
        change(`${path}/${element}/${index}`, element, reaches ? 'narrower' : 'other', where, {
          before: words(item),
          after: null,
        }),
      ),
    ...after
      .map((item, index) => ({ item, index }))
      .filter(({ item }) => !has(before, item))
      .map(({ item, index }) =>
        change(`${path}/${element}/${index}`, element, reaches ? 'wider' : 'other', where, {
          before: null,
          after: words(item),
        }),
      ),
  ];
}

const purposeWords =
  ({ purpose }: AgreementPurpose): Words =>
  (lang) =>
    sayPurpose(purpose, lang);

function change(
  path: string,
  element: Element,
  effect: AgreementChange['effect'],
  where: Words | null,
  values: { readonly before: Words | null; readonly after: Words | null },
): AgreementChange {
  const before = values.before?.('en') ?? null;
  const after = values.after?.('en') ?? null;
  const kind = before === null ? 'added' : after === null ? 'removed' : 'changed';
  const sentence = (lang: Lang): string =>
    say(SENTENCES[kind], lang, {
      where: where?.(lang) ?? '',
      element: say(NAMES[element], lang),
      before: values.before?.(lang) ?? '',
      after: values.after?.(lang) ?? '',
    });
  return { path, element, kind, effect, text: { en: sentence('en'), fr: sentence('fr') } };
}
