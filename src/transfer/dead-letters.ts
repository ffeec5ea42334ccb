import type { Instant } from '../kernel/clock.js';
import type { OrganizationId, PartnerId, TransferId } from '../kernel/ids.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';
import type { TransferStatus } from './status.js';

/** A delivery that failed for good, or was sent again after that, as an operator sees it: whose it is about is not said. */
export interface DeadLetter {
  readonly transferId: TransferId;
  /** The sender's short reference, e.g. `R-0142`. */
  readonly reference: string;
  readonly status: TransferStatus;
  readonly recipientOrganizationId: OrganizationId;
  readonly partnerId: PartnerId | null;
  /** When it last moved: of a failed one, when it failed. */
  readonly at: Instant;
  /** Code of why it ended, the last time. */
  readonly cause: string;
  readonly attempts: number;
  readonly replays: number;
  /** Without it there is nothing to send again. */
  readonly contentKept: boolean;
}

export interface DeadLetterFilter {
  readonly partnerId?: PartnerId;
  readonly cause?: string;
}

export interface DeadLetterTx {
  /** The newest first. */
  listDeadLetters(filter: DeadLetterFilter, limit: number): Promise<readonly DeadLetter[]>;
}

/** So many are shown at once; a filter finds the others. */
export const MAX_DEAD_LETTERS = 1_000;

/** Looking is audited, as every look at transfers is. `more`: there are others beyond these. */
export function readDeadLetters(
  { store }: { readonly store: Store },
  { organizationId, actor }: Principal,
  filter: DeadLetterFilter,
  requestId: string,
): Promise<{ readonly deadLetters: readonly DeadLetter[]; readonly more: boolean }> {
  return store.asOrganization(organizationId, async (tx) => {
    const found = await tx.listDeadLetters(filter, MAX_DEAD_LETTERS + 1);
    const deadLetters = found.slice(0, MAX_DEAD_LETTERS);
    await tx.audit({
      action: 'transfer.searched',
      outcome: 'success',
      actor,
      organizations: [organizationId],
      requestId,
      codes: { what: 'dead-letters', found: deadLetters.length },
    });
    return { deadLetters, more: found.length > MAX_DEAD_LETTERS };
  });
}
