import type { AuditAction } from '../domain/audit/entry.js';
import type { Instant } from '../kernel/clock.js';
import type { AuditEntryId, PersonId } from '../kernel/ids.js';
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

/** The log as an organization may read it. */
export interface AuditViewTx {
  /** Newest first. */
  searchAudit(search: AuditSearch): Promise<readonly Audited[]>;
}
