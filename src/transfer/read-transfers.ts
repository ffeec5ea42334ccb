import { notFound } from '../kernel/errors.js';
import type { TaskId, TransferId } from '../kernel/ids.js';
import { auditTransferReads } from './audit-read.js';
import type { Notice } from './notice-ports.js';
import type { BundleFrame } from './pin-bundle.js';
import type { OrganizationTx, Store, Transfer } from './ports.js';
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
    return asSeenBy(frame, tx, transfer);
  });
}
