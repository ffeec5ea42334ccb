import { addMs } from '../kernel/clock.js';
import { RelaisError } from '../kernel/errors.js';
import type { Actor } from '../kernel/actor.js';
import type { AuditFact } from '../domain/audit/entry.js';
import type { Store } from './ports.js';
import type { Claim, PartnerSign } from './transfer.js';

const WORKER: Actor = { type: 'system', id: 'worker', organizationId: null };
/** A record that fails by itself fails every time: it is not tried as often as a partner that is away. */
const ATTEMPTS = 3;
const CAUSE = 'record-unreadable';

/**
 * What to do with a delivery that failed before anything could leave, on its own record: stored bytes that cannot be
 * opened, a row that no rule foresaw. Tried three times, then a dead letter that a human sees; without this its lease
 * would run out and it would be claimed for ever. When the database is away it is not the record's fault: nothing is done,
 * the lease runs out, another attempt comes.
 */
export async function setAside(
  { store, retryDelayMs }: { readonly store: Store; readonly retryDelayMs: (attempt: number) => number },
  claim: Claim,
  error: unknown,
): Promise<void> {
  if (error instanceof RelaisError && error.status === 503) return;
  const fact = (action: AuditFact['action'], codes: NonNullable<AuditFact['codes']>): AuditFact => ({
    action,
    outcome: 'failure',
    actor: WORKER,
    organizations: [claim.senderOrganizationId],
    transferId: claim.transferId,
    codes: { ...codes, cause: CAUSE, fence: claim.fence },
  });
  // An attempt before this one may have reached the partner, and what is known of it could not be read: doubt stays.
  const sign: PartnerSign = { sign: 'unknown', unsure: claim.attempt > 1 };
  await store.asOrganization(claim.senderOrganizationId, async (tx) => {
    await tx.audit(fact('disclosure.failed', { attempt: claim.attempt }));
    if (claim.tries < ATTEMPTS) {
      await tx.finishRetry(claim, CAUSE, addMs(await tx.now(), retryDelayMs(claim.tries)), sign);
      return;
    }
    if (!(await tx.finishFailed(claim, CAUSE, sign))) return;
    await tx.audit(fact('transfer.abandoned', {}));
    await tx.announce(claim.transferId, 'transfer.status');
  });
}
