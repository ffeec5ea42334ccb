import { RelaisError } from '../kernel/errors.js';
import { isCaseId, type CaseId, type PersonId } from '../kernel/ids.js';
import type { VerifyLaunch } from './identity-ports.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';

/**
 * Opens a case for a member of staff from a link that their agency's own software signed. Nothing of the case is read: the
 * answer says which one it is. What is not right about a link is in the log and not in the answer.
 *
 * @throws RelaisError 403 `launch.invalid`, whatever is wrong with it
 */
export async function openLaunch(
  { store, verifyLaunch }: { readonly store: Store; readonly verifyLaunch: VerifyLaunch },
  principal: Principal,
  launch: string,
  requestId: string,
): Promise<{ readonly caseId: CaseId; readonly personId: PersonId }> {
  const verified = await verifyLaunch(launch, principal.organizationId);
  if (verified === null || !isCaseId(verified.caseId)) throw invalid();
  const { caseId, partnerId } = verified;
  return store.asOrganization(principal.organizationId, async (tx) => {
    const personId = await tx.personOfCase(caseId);
    if (personId === null) throw invalid();
    await tx.audit({
      action: 'case.opened',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId,
      requestId,
      codes: { by: 'launch', partnerId },
    });
    return { caseId, personId };
  });
}

function invalid(): RelaisError {
  return new RelaisError(
    'launch.invalid',
    403,
    'forbidden',
    'This link does not open a case here: open it again from your own software.',
  );
}
