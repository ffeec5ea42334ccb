import { createPublicKey, verify, type KeyObject } from 'node:crypto';

/**
 * The signature that goes with a bundle: a JWS whose payload is the very bytes on the wire and is not repeated in it (RFC
 * 7515 appendix F, RFC 7797 with `b64: false`), Ed25519 (RFC 8037). Compact form: `<protected header>..<signature>`.
 */
export interface DetachedHeader {
  readonly kid: string;
}

/** A public key as RFC 7517 writes it. */
export type Jwk = Readonly<Record<string, unknown>>;

const SHAPE = /^([A-Za-z0-9_-]{1,1000})\.\.([A-Za-z0-9_-]{86})$/;

/** The protected header of a detached JWS of this kind; null for anything else. It says who claims to have signed. */
export function readDetached(jws: string): DetachedHeader | null {
  const [, encoded] = SHAPE.exec(jws) ?? [];
  if (encoded === undefined) return null;
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  if (typeof header !== 'object' || header === null) return null;
  const { alg, b64, crit, kid } = header as Record<string, unknown>;
  const understood = Array.isArray(crit) && crit.length === 1 && crit[0] === 'b64';
  return alg === 'EdDSA' && b64 === false && understood && typeof kid === 'string' ? { kid } : null;
}

/** Did the holder of this key sign these bytes? False for a key of another kind or name, and for another algorithm. */
export function verifyDetached(jws: string, payload: Uint8Array, jwk: Jwk): boolean {
  const header = readDetached(jws);
  const [, encoded, signature] = SHAPE.exec(jws) ?? [];
  if (header === null || encoded === undefined || signature === undefined || jwk['kid'] !== header.kid) return false;
  const key = ed25519(jwk);
  if (key === null) return false;
  // RFC 7797 section 3: the payload as it is, after the header and a full stop.
  const signed = Buffer.concat([Buffer.from(`${encoded}.`, 'ascii'), payload]);
  return verify(null, signed, key, Buffer.from(signature, 'base64url'));
}

function ed25519({ kty, crv, x }: Jwk): KeyObject | null {
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string') return null;
  try {
    return createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
  } catch {
    return null;
  }
}
