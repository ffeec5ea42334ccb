import { bringsItsOwnKey, isPlainKid } from './verification-key.js';

/** SMART Backend Services: an assertion expires at most five minutes after it is used. */
const MAX_LIFE_SECONDS = 300;
const MAX_JTI_LENGTH = 256;

/**
 * What Relais demands of a client assertion beyond RFC 7523 section 3 (threat 5). Signature, `iss`, `sub`, `exp` in
 * the past and `nbf` were checked before; `jti` is spent after.
 *
 * @param claims payload of the assertion, untrusted
 * @param audiences the token endpoint and the issuer; exactly one of them must be the whole audience
 * @param nowSeconds time of this process, in seconds since 1970
 * @returns the code of the rule that is broken; null when none is
 */
export function checkClientAssertion(
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>>,
  audiences: readonly string[],
  nowSeconds: number,
): string | null {
  if (bringsItsOwnKey(header)) return 'header-brings-key';
  if (!isPlainKid(header['kid'])) return 'kid-not-plain';
  const typ = typeof header['typ'] === 'string' ? header['typ'].toLowerCase() : header['typ'];
  // RFC 8725 section 3.11: an access token or an ID token is not an assertion.
  if (typ !== undefined && typ !== 'jwt' && typ !== 'client-authentication+jwt') return 'typ-not-jwt';
  const aud =
    Array.isArray(claims['aud']) && claims['aud'].length === 1 ? (claims['aud'] as unknown[])[0] : claims['aud'];
  if (typeof aud !== 'string' || !audiences.includes(aud)) return 'aud-not-this-endpoint-alone';
  const { exp, iat, jti } = claims;
  if (typeof exp !== 'number' || exp - nowSeconds > MAX_LIFE_SECONDS) return 'exp-beyond-five-minutes';
  if (iat !== undefined && (typeof iat !== 'number' || exp - iat > MAX_LIFE_SECONDS)) {
    return 'exp-beyond-five-minutes-of-iat';
  }
  if (typeof jti !== 'string' || jti.length > MAX_JTI_LENGTH) return 'jti-too-long';
  return null;
}
