import { scrypt } from 'node:crypto';
import type { AccessLinkId, OrganizationId } from '../../../kernel/ids.js';
import type { Keyring } from '../crypto/keyring.js';

/** RFC 7914; about 50 ms and 16 MB on one core, which the five tries of a link never make a burden. */
const COST = { N: 16_384, r: 8, p: 1 };

/**
 * What is kept of a code: scrypt over a hash keyed by the master key. A million codes are soon tried, so a leaked table
 * must not be enough to try them.
 *
 * @returns 32 bytes
 */
export function hashCode(
  keyring: Keyring,
  organizationId: OrganizationId,
  linkId: AccessLinkId,
  code: string,
): Promise<Buffer> {
  const keyed = keyring.blind(organizationId, 'access-code', `${linkId}/${code}`);
  return new Promise((resolve, reject) => {
    scrypt(keyed, linkId, 32, COST, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}
