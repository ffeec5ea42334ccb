import { notFound, RelaisError } from '../kernel/errors.js';
import type { AgreementId } from '../kernel/ids.js';
import type { Agreement } from '../domain/agreement/agreement.js';
import { awaitLiveDeliveries } from './await-live-deliveries.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';

/**
 * Stores the next version of a data-sharing agreement. Versions are never overwritten; a suspension or termination acts
 * from the commit on, on transfers that wait as well (they are decided again).
 *
 * @throws RelaisError 403 `agreement.not-a-party`, 422 `agreement.invalid`, 409 `agreement.version`
 */
export async function putAgreement(
  { store, patienceMs }: { readonly store: Store; readonly patienceMs: number },
  principal: Principal,
  agreement: Agreement,
  requestId: string,
): Promise<Agreement> {
  if (!agreement.parties.includes(principal.organizationId)) {
    throw new RelaisError('agreement.not-a-party', 403, 'forbidden', 'Only a party to an agreement can change it.');
  }
  requireConsistent(agreement);
  await store.asOrganization(principal.organizationId, async (tx) => {
    const newest = await tx.loadAgreement(agreement.id);
    if (agreement.version !== (newest?.version ?? 0) + 1) {
      throw new RelaisError(
        'agreement.version',
        409,
        'conflict',
        'The agreement has changed meanwhile: read it again.',
        {
          details: { newestVersion: newest?.version ?? 0 },
        },
      );
    }
    if (newest !== null && !newest.parties.includes(principal.organizationId)) throw notFound();
    await tx.putAgreement(agreement, principal.actor);
    await tx.audit({
      action: 'agreement.changed',
      outcome: 'success',
      actor: principal.actor,
      organizations: [...new Set([...agreement.parties, ...(newest?.parties ?? [])])],
      requestId,
      codes: { agreement: agreement.id, version: agreement.version, status: agreement.status },
    });
  });
  // Suspended means that nothing leaves from now on, whichever party sends.
  for (const party of agreement.parties) {
    await awaitLiveDeliveries({ store, patienceMs }, party, { agreementId: agreement.id });
  }
  return agreement;
}

/** @throws RelaisError 422 `agreement.invalid` */
function requireConsistent(agreement: Agreement): void {
  const violations = agreement.purposes.flatMap((purpose, index) => {
    const path = `/purposes/${index}`;
    const outside = [...purpose.senders, ...purpose.recipients].some((id) => !agreement.parties.includes(id));
    return [
      ...(outside ? [{ path, rule: 'agreement.party', message: 'Senders and recipients must be parties.' }] : []),
      // GDPR art. 9(2): special categories need a condition of their own.
      ...(purpose.sensitivities.length > 0 && purpose.article9Condition === undefined
        ? [{ path, rule: 'agreement.article-9', message: 'Sensitive data need an Article 9 condition.' }]
        : []),
    ];
  });
  if (agreement.validUntil !== undefined && agreement.validUntil <= agreement.validFrom) {
    violations.push({ path: '/validUntil', rule: 'agreement.period', message: 'The end must be after the beginning.' });
  }
  if (new Set(agreement.parties).size < 2) {
    violations.push({ path: '/parties', rule: 'agreement.parties', message: 'An agreement has at least two parties.' });
  }
  if (violations.length > 0) {
    throw new RelaisError('agreement.invalid', 422, 'business-rule', 'The agreement contradicts itself.', {
      violations,
    });
  }
}

/** @throws RelaisError 404 */
export async function getAgreement(
  { store }: { readonly store: Store },
  principal: Principal,
  id: AgreementId,
): Promise<Agreement> {
  const agreement = await store.asOrganization(principal.organizationId, (tx) => tx.loadAgreement(id));
  if (agreement === null) throw notFound();
  return agreement;
}
