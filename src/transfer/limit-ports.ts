import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { PersonId, TransferId } from '../kernel/ids.js';

export const UNUSUAL_KINDS = ['files', 'searches'] as const;
export type UnusualKind = (typeof UNUSUAL_KINDS)[number];

/** How much one may look at within any hour, by the database's time. */
export interface AccessLimits {
  /** Files of a member of staff to which nothing ties them. */
  readonly filesPerHour: number;
  /** Searches for persons, of a member of staff or of a software. */
  readonly searchesPerHour: number;
}

/** Whether it is within the limit; when it is not, seconds until there is room again. */
export type Admission =
  { readonly outcome: 'admitted' } | { readonly outcome: 'over'; readonly retryAfterSeconds: number };

/** Somebody who asked for more than the limit, as the data-protection officer sees it. */
export interface UnusualAccess {
  readonly kind: UnusualKind;
  readonly actor: Pick<Actor, 'type' | 'id'>;
  /** The limit that was in force. */
  readonly most: number;
  /** How often it was refused. */
  readonly refused: number;
  readonly beganAt: Instant;
  readonly lastAt: Instant;
}

/** What the limits need of one organization's transaction. Calls about one actor come one after the other. */
export interface LimitTx {
  /**
   * Counts a file as opened, unless something ties the member of staff to it: they opened it by a signed link, wrote an entry
   * into it or sent from it within 90 days, or a transfer of it waits for their organization.
   */
  openFile(opening: {
    readonly staffId: string;
    /** The person, or the transfer that was received. */
    readonly file: PersonId | TransferId;
    readonly most: number;
  }): Promise<Admission>;
  countSearch(search: { readonly actorId: string; readonly most: number }): Promise<Admission>;
  /** @returns true when this is the first refusal of its kind for an hour */
  noteUnusual(unusual: {
    readonly kind: UnusualKind;
    readonly actor: Pick<Actor, 'type' | 'id'>;
    readonly most: number;
  }): Promise<boolean>;
  /** Of the last 90 days, the newest first; at most 200. */
  listUnusual(): Promise<readonly UnusualAccess[]>;
}
