import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { CaseId } from '../kernel/ids.js';

/** Lists of a case in which somebody may write in Relais. */
export const ENTRY_LISTS = ['interventions', 'workingNotes'] as const;
export type EntryList = (typeof ENTRY_LISTS)[number];

/** An entry of a case that was written in Relais. */
export interface WrittenEntry {
  readonly list: EntryList;
  readonly entryId: string;
  /** Who wrote it first: nobody else corrects it. */
  readonly author: Actor;
  /** Of the case: the one it was written in, then those of its corrections. */
  readonly versions: readonly number[];
  /** The newest of them. */
  readonly writtenAt: Instant;
}

/** What writing in a case needs of one organization's transaction. */
export interface EntryTx {
  putWrittenEntry(entry: {
    readonly caseId: CaseId;
    readonly list: EntryList;
    readonly entryId: string;
    readonly version: number;
    readonly actor: Actor;
  }): Promise<void>;
  listWrittenEntries(caseId: CaseId): Promise<readonly WrittenEntry[]>;
}
