import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { CaseId, OrganizationId, TransferId } from '../kernel/ids.js';
import type { OnwardRule } from '../domain/decision/onward.js';

/** Where a case comes from that was taken over, and what holds for it since. */
export interface TakenOver {
  readonly transferId: TransferId;
  readonly caseId: CaseId;
  /** Its sender, as this organization may call it. */
  readonly from: OrganizationId;
  readonly reference: string;
  readonly receivedAt: Instant;
  readonly takenAt: Instant;
  readonly onward: OnwardRule;
  /** Until when the agreement lets it be kept, and what happens then; null where it says nothing. */
  readonly keepUntil: Instant | null;
  readonly keepThen: 'return' | 'delete' | null;
  /** Items that could not stand in a file by themselves, because something of them had not been sent. */
  readonly leftOut: number;
}

export interface NewTakenOver extends Omit<TakenOver, 'takenAt'> {
  /** Its sender itself: giving something back is no onward disclosure. */
  readonly fromOrganizationId: OrganizationId;
  readonly actor: Actor;
}

/** What the story needs of the recipient's transaction. */
export interface TakeOverTx {
  /** With its line in the timeline of both. False when this transfer was taken over before; waits for who is at it. */
  putTakenOver(taken: NewTakenOver): Promise<boolean>;
  takenOver(by: { readonly transferId: TransferId } | { readonly caseId: CaseId }): Promise<TakenOver | null>;
}
