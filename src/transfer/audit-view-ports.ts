import type { AuditAction } from '../domain/audit/entry.js';
import type { Instant } from '../kernel/clock.js';
import type { Actor } from '../kernel/actor.js';
import type { AuditEntryId, OrganizationId, PersonId, TransferId } from '../kernel/ids.js';
import type { Audited } from '../domain/audit/fhir/audited.js';

/** What is looked for in the log; what is absent is not asked. */
export interface AuditSearch {
  readonly personId?: PersonId;
  /** Id of a transfer, its Task, a consent or a person. */
  readonly entity?: string;
  readonly from?: Instant;
  /** Exclusive. */
  readonly until?: Instant;
  /** The last of the page before. */
  readonly before?: { readonly at: string; readonly id: AuditEntryId };
  readonly limit: number;
  /** Not for this reader. */
  readonly without?: AuditAction;
}

/** By organization, never by worker. */
export interface FirstOpening {
  readonly at: Instant;
  readonly type: Actor['type'];
  readonly organizationId: OrganizationId;
}

/** The log as an organization may read it. */
export interface AuditViewTx {
  /** Newest first. */
  searchAudit(search: AuditSearch): Promise<readonly Audited[]>;
  /** When somebody else first read what this organization sent; null: nobody did, or their system never says so. */
  firstOpening(id: TransferId): Promise<FirstOpening | null>;
}
