import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { OrganizationId, ReminderId, TransferId } from '../kernel/ids.js';

/** That a recipient was reminded of a transfer, or is to be. */
export interface Reminder {
  readonly id: ReminderId;
  readonly transferId: TransferId;
  /** See reminder-rule: one reminder each. */
  readonly period: string;
  readonly issuedAt: Instant;
  readonly issuedBy: Actor;
  /** An attempt's end is not known. */
  readonly unsure: boolean;
  /** The recipient's system, or the mail server, took it. */
  readonly deliveredAt: Instant | null;
  /** Why it was given up, as a code; null: it was not. */
  readonly cause: string | null;
}

export interface NewReminder extends Pick<Reminder, 'id' | 'transferId' | 'period' | 'issuedBy'> {
  readonly recipientOrganizationId: OrganizationId;
  /** As the recipient's system gets it: a FHIR R4 transaction with one Task. */
  readonly message: Readonly<Record<string, unknown>>;
}

/** What a reminder depends on beside the transfer itself. */
export interface ReminderState {
  /** The database's time. */
  readonly at: Instant;
  readonly quietSince: Instant | null;
  readonly stopUsing: boolean;
  readonly stopped: boolean;
  /** Oldest first. */
  readonly reminders: readonly Reminder[];
}

/** What the story of reminders needs of one organization's transaction, as the sender. */
export interface ReminderTx {
  /** An answer comes before this transaction, which then sees it, or after it. */
  lockReferral(transferId: TransferId): Promise<void>;
  /** null for what is not this sender's. */
  loadReminders(transferId: TransferId): Promise<ReminderState | null>;
  /** False when this period has had its reminder. Queues it to the recipient. */
  putReminder(reminder: NewReminder): Promise<boolean>;
  /** An attempt begins, whose end is not known until it is; or nothing of it has left. */
  markReminder(id: ReminderId, unsure: boolean): Promise<void>;
  /** Each writes the event; false when it had ended. */
  reminderDelivered(id: ReminderId): Promise<boolean>;
  reminderGivenUp(id: ReminderId, cause: string): Promise<boolean>;
  /** False when it was so before. */
  setQuiet(transferId: TransferId, quiet: boolean, actor: Actor): Promise<boolean>;
  /** When to look again whether one is due; null: not until something changes. */
  lookAgainAt(transferId: TransferId, at: Instant | null): Promise<void>;
}

/** Across organizations: ids and times alone. */
export interface ReminderWatch {
  /** Transfers to be looked at now, each for one worker: whoever takes them says when to look again. */
  takeUnanswered(
    limit: number,
  ): Promise<readonly { readonly transferId: TransferId; readonly organizationId: OrganizationId }[]>;
}
