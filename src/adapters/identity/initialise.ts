import { RelaisError } from '../../kernel/errors.js';
import type { Text } from '../../kernel/i18n.js';
import type { OrganizationId, StaffId } from '../../kernel/ids.js';
import type { StaffSessions } from '../../transfer/identity-ports.js';
import type { Organization } from '../../transfer/partner.js';
import type { StaffRole } from '../../transfer/principal.js';

/** The first admin may do what an installation needs; casework is not among it. */
const FIRST_ADMIN_ROLES: readonly StaffRole[] = ['operator', 'agreement-owner', 'data-protection-officer'];

const FUNCTION: Readonly<Record<Organization['sector'], Text>> = {
  social: { en: 'social service', fr: 'service social' },
  health: { en: 'health service', fr: 'service de santé' },
  housing: { en: 'housing service', fr: 'service logement' },
};

/**
 * `relais init`: the operator's organization and its first admin, once. Whoever signs in at the staff issuer with this
 * subject then holds the admin roles; everybody else gets theirs from the issuer's claims.
 *
 * @param staffIssuer the configured staff issuer
 * @param adminSubject the `sub` of the admin at that issuer
 * @throws RelaisError `init.already-done` (409), `init.invalid` (422)
 */
export async function initialise(
  input: {
    readonly organizationName: string;
    readonly sector: Organization['sector'];
    readonly secrecy?: Organization['secrecy'];
    readonly confidentialByNature?: boolean;
    readonly staffIssuer: string;
    readonly adminSubject: string;
    readonly adminRoles?: readonly StaffRole[];
  },
  sessions: StaffSessions,
): Promise<{ readonly organizationId: OrganizationId; readonly staffId: StaffId }> {
  const adminRoles = input.adminRoles ?? FIRST_ADMIN_ROLES;
  const wordless = (text: string, max: number): boolean =>
    text.trim() === '' || text.length > max || /\p{Cc}/u.test(text);
  if (wordless(input.organizationName, 200) || wordless(input.adminSubject, 255) || adminRoles.length === 0) {
    throw new RelaisError('init.invalid', 422, 'value', 'init needs a name of the organization, a subject and a role.');
  }
  return sessions.initialise({
    organization: {
      name: input.organizationName.trim(),
      sector: input.sector,
      function: FUNCTION[input.sector],
      secrecy: input.secrecy ?? 'professional-secrecy',
      confidentialByNature: input.confidentialByNature ?? false,
    },
    adminIssuer: plainIssuer(input.staffIssuer),
    adminSubject: input.adminSubject,
    adminRoles,
  });
}

/** Issuers are written with and without a final slash; Relais keeps them without. */
export function plainIssuer(issuer: string): string {
  return issuer.replace(/\/+$/, '');
}
