import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { OrganizationId } from '../kernel/ids.js';

/** What staff may be. One person may hold several. */
export const STAFF_ROLES = ['caseworker', 'agreement-owner', 'data-protection-officer', 'operator'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/**
 * OAuth scopes that Relais understands. SMART v2 form (https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html)
 * for FHIR resources, `relais/…` for what FHIR has no resource for.
 */
export const SCOPES = [
  'relais/Case.cru',
  'relais/Transfer.cru',
  'relais/Disclosure.r',
  'relais/Agreement.r',
  'system/Consent.cru',
  'system/Task.ru',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who is calling, after authentication: a partner's system with scopes, staff with roles, or who holds a link, with neither. */
export interface Principal {
  readonly actor: Actor;
  readonly organizationId: OrganizationId;
  readonly via: 'access-token' | 'staff-session' | 'access-link';
  readonly scopes: ReadonlySet<Scope>;
  readonly roles: ReadonlySet<StaffRole>;
  /** Sessions: must come back with every unsafe request, of staff in `X-CSRF-Token`, of a link in its forms. */
  readonly csrfToken?: string;
  readonly displayName?: string;
  /** Staff sessions: when it ends in any case, and how long after its last request. */
  readonly session?: { readonly expiresAt: Instant; readonly idleSeconds: number };
}
