import type { Instant } from '../kernel/clock.js';
import type { TransferId } from '../kernel/ids.js';
import type { DecisionReceipt } from '../domain/decision/receipt.js';

/** What a transfer left behind besides itself. */
export interface TransferProofs {
  /** Detached JWS over the bytes; null before they were sent and after an erasure. */
  readonly signature: string | null;
  /** Opens the log's commitment; null after an erasure. */
  readonly commitmentSalt: Buffer | null;
  readonly mappingVersion: string | null;
  readonly receipt: {
    readonly status: number;
    readonly digest: string;
    readonly location: string | null;
    readonly receivedAt: Instant;
  } | null;
}

/** What evidence needs of one organization's transaction; for the sender alone. */
export interface EvidenceTx {
  /** Null for a transfer that this organization did not send. */
  proofsOf(id: TransferId): Promise<TransferProofs | null>;
  /** Every decision about the transfer, oldest first. */
  decisionsOf(id: TransferId): Promise<readonly DecisionReceipt[]>;
}
