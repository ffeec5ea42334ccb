import { KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { BundleSigner } from '../../transfer/door-ports.js';
import type { SigningKeys } from './signing-keys.js';

const signElsewhere = promisify(sign);
/** Up to here signing takes less than handing it to another thread and back; beyond it would hold up everything else. */
const LONGEST_HERE = 256 * 1024;

/**
 * Signs the bytes of a bundle as they leave: a detached JWS (RFC 7515 appendix F; RFC 7797, `b64: false`), so that the
 * recipient verifies what it received and not what somebody parsed of it. Keys are in `/oauth/jwks`.
 *
 * @param keys of the purpose `bundle`
 */
export function createBundleSigner(keys: SigningKeys): BundleSigner {
  let last: { readonly kid: string; readonly key: KeyObject; readonly start: string } | undefined;
  return async (wire) => {
    const { key, kid } = await keys.signer();
    if (last?.kid !== kid) last = { kid, key: KeyObject.from(key), start: `${headerOf(kid)}.` };
    // RFC 7797 section 3: the payload as it is, after the header and a full stop.
    const signed = Buffer.concat([Buffer.from(last.start, 'ascii'), wire]);
    const { start, key: signer } = last;
    const signature =
      signed.length <= LONGEST_HERE ? sign(null, signed, signer) : await signElsewhere(null, signed, signer);
    return `${start}.${signature.toString('base64url')}`;
  };
}

function headerOf(kid: string): string {
  return Buffer.from(JSON.stringify({ alg: 'EdDSA', kid, b64: false, crit: ['b64'] })).toString('base64url');
}
