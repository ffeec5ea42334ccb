import { notFound } from '../kernel/errors.js';
import type { TaskId, TransferId } from '../kernel/ids.js';
import { auditTransferReads } from './audit-read.js';
import type { Notice } from './notice-ports.js';
import type { BundleFrame } from './pin-bundle.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Principal } from './principal.js';
import { asSeenBy, eachAsSeenBy } from './sender-face.js';

interface Deps {
  readonly store: Store;
  readonly frame: BundleFrame;
}

/**
 * One transfer, as its sender or its recipient may see it. Reading is audited; what another organization sent counts as
 * a disclosure.
 *
 * @throws RelaisError 404, the same for what is another's
 */
export function readTransfer(deps: Deps, principal: Principal, id: TransferId, requestId: string): Promise<Transfer> {
  return readOne(deps, principal, requestId, 'transfer', (tx) => tx.loadTransfer(id));
}

/** The same by its referral. */
export function readReferral(deps: Deps, principal: Principal, id: TaskId, requestId: string): Promise<Transfer> {
  return readOne(deps, principal, requestId, 'referral', (tx) => tx.findTransferByTask(id));
}

/** A page of transfers, newest first; audited in the same way, each received one by itself. */
export function readTransfers(
  { store, frame }: Deps,
  principal: Principal,
  filter: Parameters<OrganizationTx['listTransfers']>[0],
  requestId: string,
): Promise<readonly Transfer[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const transfers = await tx.listTransfers(filter);
    await auditTransferReads(tx, { principal, requestId }, 'transfer', transfers);
    return eachAsSeenBy(frame, tx, transfers);
  });
}

/** Notices about transfers, sent or received. */
export function readNotices(
  { store, frame }: Deps,
  principal: Principal,
  filter: Parameters<OrganizationTx['listNotices']>[0],
  requestId: string,
): Promise<readonly Notice[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const notices = await tx.listNotices(filter);
    await auditTransferReads(tx, { principal, requestId }, 'notice', notices);
    return eachAsSeenBy(frame, tx, notices);
  });
}

function readOne(
  { store, frame }: Deps,
  principal: Principal,
  requestId: string,
  what: 'transfer' | 'referral',
  find: (tx: OrganizationTx) => Promise<Transfer | null>,
): Promise<Transfer> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const transfer = await find(tx);
    if (transfer === null) throw notFound();
    await auditTransferReads(tx, { principal, requestId }, what, [transfer]);
    return asSeenBy(frame, tx, what === 'transfer' ? await withOpening(tx, transfer) : transfer);
  });
}

/**
 * Its sender sees in the timeline when the other side first opened it: the organization, and the first time only. It is the
 * entry of the log that the sender may read as it is; a system that takes records and never says that somebody read them shows
 * nothing here.
 */
async function withOpening(tx: OrganizationTx, transfer: Transfer): Promise<Transfer> {
  if (transfer.senderOrganizationId !== tx.organizationId || transfer.deliveredAt === null) return transfer;
  const opening = await tx.firstOpening(transfer.id);
  if (opening === null) return transfer;
  const { at, type, organizationId } = opening;
  const opened = { at, status: 'opened', actor: { type, id: organizationId, organizationId }, reasons: [] } as const;
  const later = transfer.timeline.findIndex((event) => event.at > at);
  const place = later < 0 ? transfer.timeline.length : later;
  return { ...transfer, timeline: transfer.timeline.toSpliced(place, 0, opened) };
}
