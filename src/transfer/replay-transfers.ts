import { notFound, RelaisError } from '../kernel/errors.js';
import type { TransferId } from '../kernel/ids.js';
import type { OrganizationTx, Store } from './ports.js';
import type { ReplayFilter, Transfer } from './transfer.js';
import type { Principal } from './principal.js';

interface Deps {
  readonly store: Store;
  readonly wake: () => void;
}

/** So many are opened at once: one transaction, and an answer that can be read. */
const MAX_REPLAYED = 1_000;

/**
 * Sends a dead letter again. It is the same delivery, opened again: the same approved bytes, the same key at the partner
 * (which may have had its effect the first time), attempts numbered on, and decided again like every attempt, on the
 * grounds of that moment (ADR 0013). Asked twice, it is done once.
 *
 * @param notReceived a human has found out that it did not arrive: needed where that was in doubt
 * @throws RelaisError 404; 409 `replay.not-failed`, `replay.in-doubt`, `replay.content-gone`
 */
export async function replayTransfer(
  { store, wake }: Deps,
  principal: Principal,
  transferId: TransferId,
  { notReceived }: { readonly notReceived: boolean },
  requestId: string,
): Promise<Transfer> {
  const replayed = await store.asOrganization(principal.organizationId, async (tx) => {
    const transfer = await tx.loadTransfer(transferId);
    if (transfer === null || transfer.senderOrganizationId !== principal.organizationId) throw notFound();
    const opened = await tx.replay([transferId], principal.actor, notReceived);
    if (opened.length === 0) await refuse(tx, transfer);
    await note(tx, principal, opened, requestId, notReceived);
    return (await tx.loadTransfer(transferId)) ?? transfer;
  });
  wake();
  return replayed;
}

/** Nothing to do when somebody else has just done it. */
async function refuse(tx: OrganizationTx, { id, status }: Transfer): Promise<void> {
  const state = await tx.replayState(id);
  // Asked again after the lock: another click may have come first.
  const now = (await tx.loadTransfer(id))?.status ?? status;
  if (state !== null && state.replays > 0 && ['queued', 'sending', 'delivered'].includes(now)) return;
  const inDoubt = now === 'needs-review' && state?.unsure === true;
  if (now !== 'failed' && !inDoubt) {
    throw conflict('replay.not-failed', 'Only a transfer that failed, or whose arrival is in doubt, is sent again.');
  }
  if (state?.hasContent !== true) {
    throw conflict('replay.content-gone', 'What was to be sent is no longer kept. Ask for a new transfer.');
  }
  throw conflict('replay.in-doubt', 'It may have arrived. Ask the recipient, and say that it was not received.');
}

/**
 * Sends again what failed, by filter; with `dryRun` only says how many that are. In the order in which they were due.
 *
 * @returns `count`: how many the filter finds, at most 1,000; `more`: there are others beyond them
 */
export async function replayTransfers(
  { store, wake }: Deps,
  principal: Principal,
  filter: ReplayFilter,
  { dryRun }: { readonly dryRun: boolean },
  requestId: string,
): Promise<{ readonly count: number; readonly more: boolean; readonly replayed: readonly TransferId[] }> {
  const result = await store.asOrganization(principal.organizationId, async (tx) => {
    const found = await tx.findDeadLetters(filter, MAX_REPLAYED + 1);
    const ids = found.slice(0, MAX_REPLAYED);
    const replayed = dryRun ? [] : await tx.replay(ids, principal.actor, false);
    await note(tx, principal, replayed, requestId, false);
    return { count: ids.length, more: found.length > MAX_REPLAYED, replayed };
  });
  if (result.replayed.length > 0) wake();
  return result;
}

async function note(
  tx: OrganizationTx,
  { actor, organizationId }: Principal,
  ids: readonly TransferId[],
  requestId: string,
  notReceived: boolean,
): Promise<void> {
  for (const transferId of ids) {
    await tx.audit({
      action: 'transfer.replayed',
      outcome: 'success',
      actor,
      organizations: [organizationId],
      transferId,
      requestId,
      ...(notReceived && { codes: { notReceived } }),
    });
  }
}

function conflict(code: string, message: string): RelaisError {
  return new RelaisError(code, 409, 'business-rule', message);
}
