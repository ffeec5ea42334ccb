import { notFound } from '../kernel/errors.js';
import { say, type Lang } from '../kernel/i18n.js';
import type { ConsentId, ContestId, TransferId } from '../kernel/ids.js';
import { labelText } from '../domain/labels/label-texts.js';
import { PURPOSES } from '../domain/decision/purpose.js';
import { stateDecisions } from '../domain/consent/supersede.js';
import type { ConsentTerms } from '../domain/consent/terms.js';
import { auditOwnRead } from './audit-read.js';
import type { LinkPrincipal } from './access-link-ports.js';
import { recordContest, type ContestCommand } from './contest.js';
import { isDeskOnly, isDeskOnlyConsent } from './desk-only.js';
import type { Contest } from './notice-ports.js';
import type { BundleFrame } from './pin-bundle.js';
import type { Organization } from './partner.js';
import type { OrganizationTx, Store } from './ports.js';
import { withdrawConsent, type Withdrawal } from './withdraw-consent.js';

interface Deps {
  readonly store: Store;
  readonly patienceMs: number;
  readonly frame: BundleFrame;
}

/** A yes that stands, in plain words. */
export interface StandingConsent {
  readonly id: ConsentId;
  /** Names; empty: whoever an agreement names. */
  readonly recipients: readonly string[];
  readonly purposes: readonly string[];
  readonly categories: readonly string[];
  readonly decidedAt: string;
  /** Last moment, where it names one. */
  readonly until: string | null;
}

/**
 * The decisions that the person may withdraw by their link: permissions that stand and are no matter for the desk.
 * Reading is audited.
 */
export async function standingConsents(
  { store }: Pick<Deps, 'store'>,
  principal: LinkPrincipal,
  lang: Lang,
  requestId: string,
): Promise<readonly StandingConsent[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const { personId } = principal.holder;
    const terms = (await tx.listConsents(personId)).map((listed) => listed.terms);
    const organizationOf = await directory(tx);
    const now = await tx.now();
    const standing = stateDecisions(terms, now)
      .filter(({ decision, state }) => state === 'in-force' && decision.status === 'active')
      .map(({ decision }) => decision)
      .filter((decision) => decision.rules.some(({ type, until }) => type === 'permit' && (until ?? now) >= now))
      .filter((decision) => !isDeskOnlyConsent(decision, organizationOf));
    await auditOwnRead(tx, { principal, requestId }, 'consent.searched', { personId }, standing.length);
    return standing.map((decision) => inWords(decision, organizationOf, lang));
  });
}

/**
 * The person takes a yes back, by themselves (GDPR art. 7(3)): the same promise as at the desk. Twice is once.
 *
 * @throws RelaisError 404 for what is not theirs or is a matter for the desk, 503 `consent.delivery-live` (it stands)
 */
export async function withdrawByLink(
  deps: Deps,
  principal: LinkPrincipal,
  id: ConsentId,
  requestId: string,
): Promise<Withdrawal & { readonly stoppedReferences: readonly string[] }> {
  await deps.store.asOrganization(principal.organizationId, async (tx) => {
    const consent = await tx.loadConsent(id);
    if (consent?.terms.personId !== principal.holder.personId) throw notFound();
    if (isDeskOnlyConsent(consent.terms, await directory(tx))) throw notFound();
  });
  const withdrawal = await withdrawConsent(deps, principal, id, requestId);
  const stoppedReferences = await deps.store.asOrganization(principal.organizationId, async (tx) => {
    const shown = await shownTransfers(tx, principal);
    return [...shown].filter(([, transferId]) => withdrawal.stopped.includes(transferId)).map(([name]) => name);
  });
  return { ...withdrawal, stoppedReferences };
}

/** What the person objects to or calls wrong; `reference` names a line of their page. */
export interface LinkedContest {
  /** Of the form, so that a form that is sent twice says it once. */
  readonly id: ContestId;
  readonly kind: Contest['kind'];
  readonly reference: string | null;
  readonly words: string;
}

/**
 * @throws RelaisError 404 for a line that the page does not show, 503 `consent.delivery-live` (the objection stands)
 */
export async function contestByLink(
  deps: Deps,
  principal: LinkPrincipal,
  { id, kind, reference, words }: LinkedContest,
  requestId: string,
): Promise<Contest> {
  const transferId = await deps.store.asOrganization(principal.organizationId, async (tx) => {
    if (reference === null) return undefined;
    const found = (await shownTransfers(tx, principal)).get(reference);
    if (found === undefined) throw notFound();
    return found;
  });
  const command: ContestCommand = {
    id,
    personId: principal.holder.personId,
    kind,
    words,
    requestId,
    ...(transferId !== undefined && { transferId }),
  };
  return (await recordContest(deps, principal, command)).contest;
}

/** By reference, what the page shows. A line of the desk is like one that is not there. */
async function shownTransfers(tx: OrganizationTx, principal: LinkPrincipal): Promise<ReadonlyMap<string, TransferId>> {
  const organizationOf = await directory(tx);
  const rows = await tx.disclosuresOf(principal.holder.personId);
  return new Map(
    rows
      .filter(({ transfer }) => !isDeskOnly(transfer, organizationOf(transfer.recipientOrganizationId)))
      .map(({ transfer }) => [transfer.reference, transfer.id]),
  );
}

async function directory(tx: OrganizationTx): Promise<(id: string) => Organization | undefined> {
  const organizations = new Map<string, Organization>((await tx.listOrganizations()).map((one) => [one.id, one]));
  return (id) => organizations.get(id);
}

function inWords(
  { id, rules, decidedAt }: ConsentTerms,
  organizationOf: (id: string) => Organization | undefined,
  lang: Lang,
): StandingConsent {
  const permits = rules.filter(({ type }) => type === 'permit');
  const all = <T>(of: (rule: (typeof permits)[number]) => readonly T[] | undefined): T[] => [
    ...new Set(permits.flatMap((rule) => of(rule) ?? [])),
  ];
  const ends = permits.map(({ until }) => until);
  return {
    id,
    recipients: all(({ recipients }) => recipients).map((recipient) => organizationOf(recipient)?.name ?? ''),
    purposes: all(({ purposes }) => purposes).map((purpose) => say(PURPOSES[purpose].text, lang)),
    categories: all(({ labels }) => labels).map((label) => say(labelText(label), lang)),
    decidedAt,
    until: ends.includes(undefined) ? null : (ends.toSorted().at(-1) ?? null),
  };
}
