import { RelaisError } from '../../kernel/errors.js';
import type { OrganizationId } from '../../kernel/ids.js';
import type { StaffSessions } from '../../transfer/identity-ports.js';
import { STAFF_ROLES, type StaffRole } from '../../transfer/principal.js';
import { plainIssuer } from './initialise.js';

export interface ClaimNames {
  readonly roles: string;
  readonly organization: string;
}

export interface ClaimedIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly organizationId: OrganizationId;
  readonly displayName: string;
  readonly roles: readonly StaffRole[];
}

const MAX_NAME_LENGTH = 120;

/**
 * Role and organization of a member of staff: from the configured claims of a verified ID token, and from what `relais
 * init` bound. A role that Relais does not know is ignored; an organization that it does not know is refused, and so
 * is somebody without any role: nobody gets in by omission.
 *
 * @throws RelaisError 403 `auth.organization-unknown`, `auth.role-missing`
 */
export async function claimedIdentity(
  claims: Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string },
  names: ClaimNames,
  sessions: Pick<StaffSessions, 'boundStaff' | 'organizationNamed'>,
): Promise<ClaimedIdentity> {
  const issuer = plainIssuer(claims.iss);
  const bound = await sessions.boundStaff(issuer, claims.sub);
  const organizationId = bound?.organizationId ?? (await claimedOrganization(claims[names.organization], sessions));
  if (organizationId === null) {
    throw new RelaisError('auth.organization-unknown', 403, 'forbidden', 'Your organization is not registered here.');
  }
  const roles = new Set([...(bound?.roles ?? []), ...claimedRoles(claims[names.roles])]);
  if (roles.size === 0) {
    throw new RelaisError('auth.role-missing', 403, 'forbidden', 'Your account has no role here. Ask your admin.');
  }
  return {
    issuer,
    subject: claims.sub,
    organizationId,
    displayName: displayName(claims),
    roles: [...roles],
  };
}

/** Issuers write lists as an array or as one string with blanks. */
function claimedRoles(claim: unknown): readonly StaffRole[] {
  const values: readonly unknown[] = typeof claim === 'string' ? claim.split(/\s+/) : Array.isArray(claim) ? claim : [];
  return STAFF_ROLES.filter((role) => values.includes(role));
}

async function claimedOrganization(
  claim: unknown,
  sessions: Pick<StaffSessions, 'organizationNamed'>,
): Promise<OrganizationId | null> {
  // Several organizations would leave to chance whose files are opened.
  const value: unknown = Array.isArray(claim) && claim.length === 1 ? claim[0] : claim;
  const usable = typeof value === 'string' && value.length > 0 && value.length <= 200 && !/\p{Cc}/u.test(value);
  return usable ? sessions.organizationNamed(value) : null;
}

function displayName(claims: Readonly<Record<string, unknown>>): string {
  const name = claims['name'] ?? claims['preferred_username'];
  const text = typeof name === 'string' ? name.replace(/[\p{Cc}\p{Cf}]/gu, '').trim() : '';
  return text.slice(0, MAX_NAME_LENGTH);
}
