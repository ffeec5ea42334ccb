import { FlattenedSign } from 'jose';
import type { BundleSigner } from '../../transfer/ports.js';
import type { SigningKeys } from './signing-keys.js';

/**
 * Signs the bytes of a bundle as they leave: a detached JWS (RFC 7515 appendix F; RFC 7797, `b64: false`), so that the
 * recipient verifies what it received and not what somebody parsed of it. Keys are in `/oauth/jwks`.
 *
 * @param keys of the purpose `bundle`
 */
export function createBundleSigner(keys: SigningKeys): BundleSigner {
  return async (wire) => {
    const { key, kid } = await keys.signer();
    const header = { alg: 'EdDSA', kid, b64: false, crit: ['b64'] };
    const { protected: encoded, signature } = await new FlattenedSign(wire).setProtectedHeader(header).sign(key);
    return `${encoded}..${signature}`;
  };
}
