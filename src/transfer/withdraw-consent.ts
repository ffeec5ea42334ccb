import { setTimeout as sleep } from 'node:timers/promises';
import { notFound, RelaisError } from '../kernel/errors.js';
import { readJson, writeJson } from '../kernel/json.js';
import type { ConsentId, PersonId, TransferId } from '../kernel/ids.js';
import type { Reason } from '../domain/decision/reasons.js';
import { awaitLiveDeliveries, stillLive } from './await-live-deliveries.js';
import { notifyOfWithdrawal } from './notify-recipients.js';
import type { OrganizationTx, Store } from './ports.js';
import type { BundleFrame } from './pin-bundle.js';
import type { Principal } from './principal.js';

export interface Withdrawal {
  readonly consentId: ConsentId;
  readonly version: number;
  /** Transfers that were still waiting: nothing of them left. */
  readonly stopped: readonly TransferId[];
  /** Transfers that were on the wire at that moment and arrived: said plainly, never hidden. */
  readonly alreadySent: readonly TransferId[];
  /** Transfers whose recipients are told to stop using them, by this call. */
  readonly notified: readonly TransferId[];
}

const POLL_MS = 100;

/**
 * Withdraws a consent (GDPR art. 7(3)). From the commit on, no decision counts it. Transfers that stand on it and have
 * not left are stopped in the same transaction; one that a worker is sending right now is waited for. The answer comes
 * only when no delivery under this consent is live, so an acknowledged withdrawal means that nothing more leaves. Whoever
 * received something that stood on it is told to stop using it.
 *
 * @param patienceMs how long to wait for a live delivery; longer than a lease
 * @throws RelaisError 404, or 503 `consent.delivery-live` (the withdrawal itself stands) when a delivery stays live
 */
export async function withdrawConsent(
  { store, patienceMs, frame }: { readonly store: Store; readonly patienceMs: number; readonly frame: BundleFrame },
  principal: Principal,
  consentId: ConsentId,
  requestId: string,
): Promise<Withdrawal> {
  const inFlight = new Set<TransferId>();
  const stopped: TransferId[] = [];
  const alreadySent: TransferId[] = [];
  const notified: TransferId[] = [];
  const tell = async (tx: OrganizationTx): Promise<void> => {
    const told = await notifyOfWithdrawal(tx, frame, consentId, principal.actor);
    notified.push(...told.map(({ transferId }) => transferId));
  };

  const mark = (): Promise<{ version: number; personId: PersonId }> =>
    store.asOrganization(principal.organizationId, async (tx) => {
      const newest = await markWithdrawn(tx, principal, consentId, requestId);
      await stopWaiting(tx, principal, consentId, stopped, inFlight);
      await tell(tx);
      return newest;
    });
  // Another version came between reading and writing, as with a double click: what is newest now is withdrawn.
  const { version, personId } = await mark().catch((error: unknown) => {
    if (error instanceof RelaisError && error.code === 'consent.version-conflict') return mark();
    throw error;
  });

  const giveUpAt = Date.now() + patienceMs;
  while (inFlight.size > 0) {
    if (Date.now() > giveUpAt) {
      throw stillLive();
    }
    await sleep(POLL_MS);
    await store.asOrganization(principal.organizationId, async (tx) => {
      const live = new Set<TransferId>();
      await stopWaiting(tx, principal, consentId, stopped, live);
      for (const id of inFlight) {
        if (live.has(id)) continue;
        inFlight.delete(id);
        const transfer = await tx.loadTransfer(id);
        if (transfer?.status === 'delivered') alreadySent.push(id);
        // The worker's own second decision may have stopped it first.
        else if (transfer?.status === 'stopped' && !stopped.includes(id)) stopped.push(id);
      }
      if (inFlight.size === 0) await tell(tx);
    });
  }
  // A delivery that was decided on this consent beside others may name only the others.
  await awaitLiveDeliveries({ store, patienceMs }, principal.organizationId, { personId });
  return { consentId, version, stopped, alreadySent, notified };
}

async function markWithdrawn(
  tx: OrganizationTx,
  principal: Principal,
  consentId: ConsentId,
  requestId: string,
): Promise<{ version: number; personId: PersonId }> {
  const consent = await tx.loadConsent(consentId);
  if (consent === null) throw notFound();
  const { personId } = consent.terms;
  if (consent.terms.status === 'inactive') return { version: consent.terms.version, personId };
  const at = await tx.now();
  const resource = { ...(readJson(consent.resource) as Record<string, unknown>), status: 'inactive' };
  const { version } = await tx.putConsent({
    id: consentId,
    personId: consent.terms.personId,
    resource: writeJson(resource),
    terms: { ...consent.terms, status: 'inactive', decidedAt: at },
    actor: principal.actor,
    expectedVersion: consent.terms.version,
  });
  await tx.audit({
    action: 'consent.withdrawn',
    outcome: 'success',
    actor: principal.actor,
    organizations: [principal.organizationId],
    personId: consent.terms.personId,
    consentId,
    requestId,
    codes: { version },
  });
  return { version, personId };
}

async function stopWaiting(
  tx: OrganizationTx,
  principal: Principal,
  consentId: ConsentId,
  stopped: TransferId[],
  live: Set<TransferId>,
): Promise<void> {
  const date = (await tx.now()).slice(0, 10);
  for (const { transferId, leaseLive } of await tx.lockUndelivered(consentId)) {
    if (leaseLive) {
      live.add(transferId);
      continue;
    }
    const transfer = await tx.loadTransfer(transferId);
    if (transfer === null) continue;
    const reason: Reason = {
      code: 'deny.consent-withdrawn',
      parameters: { recipient: transfer.recipientOrganizationId, date },
    };
    if (!(await tx.stopTransfer(transferId, 'stopped', [reason], principal.actor))) continue;
    stopped.push(transferId);
    await tx.audit({
      action: 'transfer.stopped',
      outcome: 'refused',
      actor: principal.actor,
      organizations: [principal.organizationId],
      transferId,
      consentId,
      codes: { reasons: [reason.code] },
    });
    await tx.announce(transferId, 'transfer.status');
  }
}
