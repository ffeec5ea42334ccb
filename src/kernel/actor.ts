import type { OrganizationId } from './ids.js';

/** Who did something. Every act carries one (GDPR art. 5(2), accountability). */
export interface Actor {
  readonly type: 'partner' | 'staff' | 'person' | 'guest' | 'system';
  /** PartnerId, StaffId, PersonId, or for a `guest`, who has no account, the AccessLinkId; for `system` the name of the process: `worker`, `sequencer`, `retention`. */
  readonly id: string;
  readonly organizationId: OrganizationId | null;
  /** A partner's system that acts for a member of staff names them by their id at the agency. */
  readonly onBehalfOf?: string;
}
