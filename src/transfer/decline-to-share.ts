import { notFound, RelaisError } from '../kernel/errors.js';
import { newId, type DeclinedShareId, type OrganizationId, type PersonId } from '../kernel/ids.js';
import type { PurposeOfUse } from '../domain/decision/purpose.js';
import { auditOwnRead } from './audit-read.js';
import type { DeclinedShare, DeclineReason } from './decline-ports.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';

interface Deps {
  readonly store: Store;
}

export interface DeclineCommand {
  /** Chosen by whoever may send the same twice; then it is recorded once. */
  readonly id?: DeclinedShareId;
  readonly personId: PersonId;
  readonly recipientOrganizationId: OrganizationId;
  readonly purpose: PurposeOfUse;
  readonly reason: DeclineReason;
  readonly words: string | null;
  readonly requestId: string;
}

/**
 * Records that a professional declines to share: an outcome like any other, and theirs to take (Code pénal art. 226-13).
 * No transfer is made and no agreement is asked; the recipient learns nothing of it. The person may read it in their
 * report, save where it would endanger (disclosure-report).
 *
 * @throws RelaisError 404 for a person who is not the caller's, 422 `decline.recipient`
 */
export async function declineToShare(
  { store }: Deps,
  principal: Principal,
  { requestId, ...command }: DeclineCommand,
): Promise<DeclinedShare> {
  const { personId, recipientOrganizationId, purpose, reason } = command;
  return store.asOrganization(principal.organizationId, async (tx) => {
    if (!(await tx.personExists(personId))) throw notFound();
    if (
      recipientOrganizationId === principal.organizationId ||
      (await tx.loadOrganization(recipientOrganizationId)) === null
    ) {
      throw new RelaisError('decline.recipient', 422, 'business-rule', 'No other organization has this id.', {
        violations: [{ path: '/recipientOrganizationId', rule: 'decline.recipient', message: 'Another organization.' }],
      });
    }
    const id = command.id ?? newId<DeclinedShareId>();
    const isNew = await tx.putDeclinedShare({ ...command, id });
    const declined = await tx.loadDeclinedShare(id);
    if (declined?.personId !== personId) throw notFound();
    if (isNew) {
      await tx.audit({
        action: 'sharing.declined',
        outcome: 'success',
        actor: principal.actor,
        organizations: [principal.organizationId],
        personId,
        requestId,
        codes: { declined: id, recipient: recipientOrganizationId, purpose, reason },
      });
    }
    return declined;
  });
}

/**
 * What the organization's people declined to share about a person, newest first, without who did. Reading is audited.
 *
 * @throws RelaisError 404
 */
export async function listDeclinedShares(
  { store }: Deps,
  principal: Principal,
  personId: PersonId,
  requestId: string,
): Promise<readonly DeclinedShare[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    if (!(await tx.personExists(personId))) throw notFound();
    const declined = await tx.listDeclinedShares(personId);
    await auditOwnRead(tx, { principal, requestId }, 'sharing.declines-searched', { personId }, declined.length);
    return declined;
  });
}
