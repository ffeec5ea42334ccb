import { notFound, RelaisError } from '../kernel/errors.js';
import type { AgreementId } from '../kernel/ids.js';
import { textOf, type Agreement } from '../domain/agreement/agreement.js';
import { contradictionsOf } from '../domain/agreement/check-agreement.js';
import type { AgreementOverview } from './agreement-ports.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';

/**
 * Stores a draft: a new agreement, or an amendment that is negotiated beside what is in force. Versions are never
 * overwritten, and a draft lets nothing happen: that takes the signatures of all parties (step-agreement).
 *
 * @param agreement where it stands is not asked of the caller: it is a draft, of the caller's party
 * @throws RelaisError 403 `agreement.not-a-party`, 422 `agreement.invalid`, 409 `agreement.version`,
 *   `agreement.negotiated` while somebody is invited, `agreement.step` once it was terminated; 404
 */
export async function putAgreement(
  { store }: { readonly store: Store },
  principal: Principal,
  agreement: Agreement,
  requestId: string,
): Promise<Agreement> {
  const { organizationId, actor } = principal;
  if (!agreement.parties.includes(organizationId)) {
    throw new RelaisError('agreement.not-a-party', 403, 'forbidden', 'Only a party to an agreement can change it.');
  }
  requireConsistent(agreement);
  return store.asOrganization(organizationId, async (tx) => {
    const standing = await tx.lockAgreement(agreement.id);
    if (standing?.inForce != null && !standing.inForce.parties.includes(organizationId)) throw notFound();
    if (agreement.version !== (standing?.version ?? 0) + 1) throw changedMeanwhile(standing?.version ?? 0);
    requireOpen(standing);
    const draft: Agreement = {
      ...textOf(agreement),
      id: agreement.id,
      version: agreement.version,
      status: 'draft',
      proposal: { kind: standing?.inForce == null ? 'new' : 'amendment', by: organizationId },
    };
    const before = standing?.inForce?.parties ?? [];
    await tx.putAgreement(draft, actor, { visibleTo: before });
    await tx.audit({
      action: 'agreement.changed',
      outcome: 'success',
      actor,
      organizations: [...new Set([...draft.parties, ...before])],
      requestId,
      codes: { agreement: draft.id, version: draft.version, status: draft.status },
    });
    return draft;
  });
}

/** @throws RelaisError 409 */
function requireOpen(
  standing: { readonly inForce: Agreement | null; readonly pending: Agreement | null } | null,
): void {
  if (standing?.inForce?.status === 'terminated') {
    throw new RelaisError('agreement.step', 409, 'business-rule', 'The agreement was terminated.', {
      details: { step: 'draft', from: 'terminated' },
    });
  }
  const { pending } = standing ?? {};
  // An invitation stands on the text that is in force.
  if (pending?.proposal?.kind === 'adhesion' && pending.status === 'proposed') {
    throw new RelaisError('agreement.negotiated', 409, 'business-rule', 'Something is negotiated already.');
  }
}

/** @throws RelaisError 422 `agreement.invalid` */
function requireConsistent(agreement: Agreement): void {
  const violations = contradictionsOf(agreement);
  if (violations.length === 0) return;
  throw new RelaisError('agreement.invalid', 422, 'business-rule', 'The agreement contradicts itself.', { violations });
}

export function changedMeanwhile(newestVersion: number): RelaisError {
  return new RelaisError('agreement.version', 409, 'conflict', 'The agreement has changed meanwhile: read it again.', {
    details: { newestVersion },
  });
}

/**
 * What is in force and what is negotiated; or one version.
 *
 * @throws RelaisError 404
 */
export async function getAgreement(
  { store }: { readonly store: Store },
  principal: Principal,
  id: AgreementId,
  version?: number,
): Promise<AgreementOverview> {
  const found = await store.asOrganization(principal.organizationId, async (tx) => {
    if (version === undefined) return tx.overviewOf(id);
    const one = await tx.loadAgreement(id, version);
    return one === null ? null : { current: one, pending: null };
  });
  if (found === null) throw notFound();
  return found;
}
