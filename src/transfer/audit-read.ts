import type { AuditAction } from '../domain/audit/entry.js';
import type { PersonId } from '../kernel/ids.js';
import type { Notice } from './notice-ports.js';
import type { OrganizationTx } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Principal } from './principal.js';

/** Who reads, and under which request. */
export interface Reading {
  readonly principal: Principal;
  readonly requestId: string;
}

/**
 * Writes down, in the transaction that reads, that something about persons was read. The transaction commits before the
 * first byte of the answer: a log that refuses the entry refuses the answer.
 *
 * What another organization sent is read under that organization's eyes: each such transfer has an entry of its own, which
 * both may read and which the person's report counts. The reader does not know the person, so the entry names the
 * transfer alone.
 *
 * @param what what was looked at, as a code
 */
export async function auditTransferReads(
  tx: OrganizationTx,
  { principal, requestId }: Reading,
  what: 'transfer' | 'referral' | 'notice' | 'provenance' | 'content' | 'worklist' | 'reminders',
  read: readonly Transfer[] | readonly Notice[],
): Promise<void> {
  const { actor, organizationId } = principal;
  const shared = { outcome: 'success', actor, requestId } as const;
  const received = read.filter(({ senderOrganizationId }) => senderOrganizationId !== organizationId);
  const transfers = new Map(received.map((one) => [transferOf(one), one.senderOrganizationId]));
  for (const [transferId, sender] of transfers) {
    await tx.audit({
      ...shared,
      action: 'transfer.read',
      organizations: [organizationId, sender],
      transferId,
      codes: { as: 'recipient', what },
    });
  }
  const own = read.filter(({ senderOrganizationId }) => senderOrganizationId === organizationId);
  if (own.length === 1) {
    const [one] = own;
    const personId = one !== undefined && 'personId' in one ? one.personId : null;
    await tx.audit({
      ...shared,
      action: 'transfer.read',
      organizations: [organizationId],
      ...(personId !== null && { personId }),
      transferId: transferOf(one!),
      codes: { as: 'sender', what },
    });
  } else if (own.length > 1 || read.length === 0) {
    await tx.audit({
      ...shared,
      action: 'transfer.searched',
      organizations: [organizationId],
      codes: { what, found: own.length },
    });
  }
}

/** The same for what an organization reads of its own records. */
export async function auditOwnRead(
  tx: OrganizationTx,
  { principal, requestId }: Reading,
  action: Extract<
    AuditAction,
    | 'consent.read'
    | 'consent.searched'
    | 'contest.searched'
    | 'notice.deferrals-read'
    | 'access-link.searched'
    | 'sharing.declines-searched'
  >,
  about: { readonly personId?: PersonId; readonly consentId?: Parameters<OrganizationTx['loadConsent']>[0] },
  found: number,
): Promise<void> {
  await tx.audit({
    action,
    outcome: 'success',
    actor: principal.actor,
    organizations: [principal.organizationId],
    ...about,
    requestId,
    codes: { found },
  });
}

function transferOf(one: Transfer | Notice): Transfer['id'] {
  return 'transferId' in one ? one.transferId : one.id;
}
