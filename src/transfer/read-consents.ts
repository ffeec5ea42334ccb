import { notFound } from '../kernel/errors.js';
import type { ConsentId, PersonId } from '../kernel/ids.js';
import type { ConsentTerms } from '../domain/consent/terms.js';
import { auditOwnRead } from './audit-read.js';
import type { Contest } from './notice-ports.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Principal } from './principal.js';

interface Deps {
  readonly store: Store;
}

interface StoredConsent {
  readonly resource: string;
  readonly terms: ConsentTerms;
}

/** @throws RelaisError 404 */
export function readConsent(
  { store }: Deps,
  principal: Principal,
  id: ConsentId,
  requestId: string,
): Promise<StoredConsent> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const found = await tx.loadConsent(id);
    if (found === null) throw notFound();
    const about = { personId: found.terms.personId, consentId: id };
    await auditOwnRead(tx, { principal, requestId }, 'consent.read', about, 1);
    return found;
  });
}

/** Every decision of a person; none for a person that the organization does not know. */
export function readConsents(
  { store }: Deps,
  principal: Principal,
  personId: PersonId,
  requestId: string,
): Promise<readonly StoredConsent[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const found = await tx.listConsents(personId);
    const known = found.length > 0 || (await tx.personExists(personId));
    await auditOwnRead(tx, { principal, requestId }, 'consent.searched', known ? { personId } : {}, found.length);
    return found;
  });
}

/** Objections and corrections, in the persons' words. */
export function readContests(
  { store }: Deps,
  principal: Principal,
  filter: Parameters<OrganizationTx['listContests']>[0],
  requestId: string,
): Promise<readonly Contest[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const contests = await tx.listContests(filter);
    await auditOwnRead(tx, { principal, requestId }, 'contest.searched', {}, contests.length);
    return contests;
  });
}
