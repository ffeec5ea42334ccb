import type { Instant } from '../kernel/clock.js';
import type { CaseId, OrganizationId, PersonId, StaffId, TransferId } from '../kernel/ids.js';
import type { StoredCase } from './stored-case.js';
import type { Transfer } from './transfer.js';

/** A transfer that is being prepared, or an entry that is being written. */
export const DRAFT_PARTS = ['send', 'entry'] as const;
export type DraftPart = (typeof DRAFT_PARTS)[number];

/** What somebody has begun to write about a case. */
export interface Draft {
  readonly personId: PersonId;
  /** A JSON object as written by `writeJson`: the console's own, read by nothing else. */
  readonly content: string;
  readonly savedAt: Instant;
}

/** That something changed, never what: whoever wants to know asks, and is asked who they are. */
export type Change = { readonly kind: 'transfer'; readonly id: TransferId } | { readonly kind: 'worklist' };

export interface ChangeListener {
  readonly changed: (change: Change) => void;
  /** Nothing more will be told. */
  readonly ended: () => void;
}

export interface ChangeFeed {
  /**
   * Resolves once everything that happens from now on will be told.
   *
   * @returns stops listening
   */
  listen(organizationId: OrganizationId, listener: ChangeListener): Promise<() => void>;
  /** Tells all who listen that it has ended. */
  close(): Promise<void>;
}

/** What the caseworker's desk needs of one organization's transaction. */
export interface DeskTx {
  /** Sent and received, what happened last first; at most 200. */
  latestTransfers(limit: number): Promise<readonly Transfer[]>;
  /** The newest version of each; without those whose person was erased. */
  newestCases(ids: readonly CaseId[]): Promise<readonly StoredCase[]>;
  /** The bytes that left or will leave, of those that still have them. */
  loadWires(ids: readonly TransferId[]): Promise<ReadonlyMap<TransferId, Buffer>>;
  /** null when there is no such case, or its person was erased. */
  personOfCase(caseId: CaseId): Promise<PersonId | null>;
  /** One of each part per member of staff and case; encrypted under the person's key. */
  putDraft(draft: {
    readonly caseId: CaseId;
    readonly staffId: StaffId;
    readonly part: DraftPart;
    readonly personId: PersonId;
    readonly content: string;
  }): Promise<{ readonly savedAt: Instant; readonly isNew: boolean }>;
  /** null when there is none, or none of the last 14 days. */
  loadDraft(staffId: StaffId, caseId: CaseId, part: DraftPart): Promise<Draft | null>;
  /** @returns false when there was none */
  deleteDraft(staffId: StaffId, caseId: CaseId, part: DraftPart): Promise<boolean>;
}
