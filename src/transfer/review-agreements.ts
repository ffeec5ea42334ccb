import { notFound } from '../kernel/errors.js';
import type { Lang } from '../kernel/i18n.js';
import type { AgreementId, OrganizationId } from '../kernel/ids.js';
import type { Agreement } from '../domain/agreement/agreement.js';
import { alertsOf, ALERT_LEVELS, type AgreementAlert } from '../domain/agreement/alerts.js';
import { diffAgreements, type AgreementChange } from '../domain/agreement/diff.js';
import { isWithin } from '../domain/agreement/reach.js';
import { registerLine, registerOf, type RegisterLine } from '../domain/agreement/register.js';
import type { NameOf } from '../domain/agreement/words.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Principal } from './principal.js';

interface Deps {
  readonly store: Store;
}

export interface AgreementDiff {
  readonly changes: readonly AgreementChange[];
  /** The later text lets something happen that the earlier does not. */
  readonly wider: boolean;
}

/**
 * What differs between two versions.
 *
 * @throws RelaisError 404 for a version that this organization may not read
 */
export async function diffVersions(
  { store }: Deps,
  principal: Principal,
  id: AgreementId,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<AgreementDiff> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const [before, after] = [await tx.loadAgreement(id, from), await tx.loadAgreement(id, to)];
    if (before === null || after === null) throw notFound();
    return { changes: diffAgreements(before, after, await namesOf(tx)), wider: !isWithin(after, before) };
  });
}

export interface DueAgreement {
  readonly agreement: Agreement;
  readonly alert: AgreementAlert;
}

/** Ends and reviews that are due, the most pressing first. */
export async function dueAgreements({ store }: Deps, principal: Principal): Promise<readonly DueAgreement[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const at = await tx.now();
    const due = (await tx.listAgreements())
      .filter(({ current }) => current.parties.includes(principal.organizationId))
      .flatMap(({ current }) => alertsOf(current, at).map((alert) => ({ agreement: current, alert })));
    const rank = ({ alert }: DueAgreement): number => ALERT_LEVELS.indexOf(alert.level);
    return due.sort((a, b) => rank(a) - rank(b) || a.alert.daysLeft - b.alert.daysLeft);
  });
}

/** The register of processing (GDPR art. 30), made from what is in force now. */
export async function processingRegister(
  { store }: Deps,
  organizationId: OrganizationId,
  lang: Lang,
): Promise<readonly RegisterLine[]> {
  return store.asOrganization(organizationId, async (tx) => {
    const agreements = (await tx.listAgreements()).map(({ current }) => current);
    const nameOf = await namesOf(tx);
    return registerOf(agreements, organizationId, await tx.now()).map((entry) => registerLine(entry, nameOf, lang));
  });
}

async function namesOf(tx: OrganizationTx): Promise<NameOf> {
  const names = new Map<string, string>((await tx.listOrganizations()).map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}
