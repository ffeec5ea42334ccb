import { compactVerify, decodeJwt, decodeProtectedHeader, errors } from 'jose';
import type { Instant } from '../../kernel/clock.js';
import { RelaisError, type IssueType } from '../../kernel/errors.js';
import { OWN_ISSUER, type PublicJwk, type Registry } from '../../transfer/identity-ports.js';
import type { Partner } from '../../transfer/partner.js';
import { keysOf } from './partner-keys.js';
import type { RemoteKeySets } from './remote-key-sets.js';
import { OWN_ALGORITHM, type SigningKeys } from './signing-keys.js';
import { bringsItsOwnKey, importKey, isAcceptedAlgorithm, isPlainKid, keyNamed } from './verification-key.js';

/** RFC 7519 section 4.1.5 allows "a few minutes" for clocks that differ; threat 6 sets the bound. */
const NOT_BEFORE_TOLERANCE_SECONDS = 60;
const MAX_TOKEN_LENGTH = 16_384;

type Claims = Readonly<Record<string, unknown>>;

export interface VerifiedToken {
  readonly partner: Partner;
  /** Scopes of the token, space-separated, as issued. */
  readonly scope: string;
}

/**
 * Verifies an access token of Relais' own endpoint or of an external issuer that an admin bound to a partner (RFC
 * 9068 section 4, RFC 8725). The partner is read from the registry at every call.
 *
 * Order: form, header, who it claims to be from, signature, then claims by the database's time.
 *
 * @param issuer Relais' own issuer URL, also the only audience
 * @throws RelaisError 401 `auth.token-*`; no message repeats a claim
 */
export function createTokenVerifier(options: {
  readonly issuer: string;
  readonly registry: Registry;
  readonly tokenKeys: SigningKeys;
  readonly keySets: RemoteKeySets;
}): (token: string) => Promise<VerifiedToken> {
  const { issuer, registry, tokenKeys, keySets } = options;
  const signatures = rememberSignatures();

  return async (token) => {
    const { alg, kid, claims } = readToken(token);
    const own = claims['iss'] === issuer;
    const found = await registeredPartner(own ? OWN_ISSUER : claims['iss'], clientOf(claims), registry);
    if (own && alg !== OWN_ALGORITHM) throw refused('algorithm', 'The signature algorithm is not accepted.');

    const keys = own ? await tokenKeys.verifying(kid) : await keysOf(found.partner, keySets, kid);
    await signatures(token, keys, kid, alg);
    checkClaims(claims, issuer, found.at);
    return { partner: found.partner, scope: typeof claims['scope'] === 'string' ? claims['scope'] : '' };
  };
}

function readToken(token: string): { readonly alg: string; readonly kid: string; readonly claims: Claims } {
  if (token.length > MAX_TOKEN_LENGTH) throw refused('malformed', 'The access token is too long.');
  let header: Claims;
  let claims: Claims;
  try {
    header = decodeProtectedHeader(token);
    claims = decodeJwt(token);
  } catch {
    throw refused('malformed', 'The access token is not a JSON Web Token.');
  }
  const { alg, kid, typ } = header;
  if (!isAcceptedAlgorithm(alg)) throw refused('algorithm', 'The signature algorithm is not accepted.');
  // RFC 9068 section 4: an ID token or a client assertion is not an access token (threat 4).
  if (typeof typ !== 'string' || !['at+jwt', 'application/at+jwt'].includes(typ.toLowerCase())) {
    throw refused('type', 'The token is not of type at+jwt.');
  }
  if (bringsItsOwnKey(header)) throw refused('header', 'The token may not bring or point to a key.');
  if (!isPlainKid(kid)) throw refused('key', 'The token must name its key.');
  return { alg, kid, claims };
}

/** RFC 9068 demands client_id; azp and sub serve issuers that write it elsewhere. The first that is there counts. */
function clientOf(claims: Claims): unknown {
  return claims['client_id'] ?? claims['azp'] ?? claims['sub'];
}

async function registeredPartner(
  iss: unknown,
  clientId: unknown,
  registry: Registry,
): Promise<{ readonly partner: Partner; readonly at: Instant }> {
  const named = typeof iss === 'string' && typeof clientId === 'string' && isShort(iss) && isShort(clientId);
  const found = named ? await registry.partnerByClientId(iss, clientId) : null;
  if (found === null) throw refused('issuer', 'The issuer or its client is not registered here.');
  return found;
}

/** PostgreSQL refuses NUL in text; nothing registered is longer or holds control characters. */
function isShort(value: string): boolean {
  return value.length <= 2048 && !/\p{Cc}/u.test(value);
}

const MAX_REMEMBERED = 1_000;

/**
 * A client sends one token until it expires. The same bytes under the same key verify again, so that alone is kept: which
 * keys count, whose token it is and what it claims is looked at every time.
 */
function rememberSignatures(): (token: string, keys: readonly PublicJwk[], kid: string, alg: string) => Promise<void> {
  const verified = new Map<string, string>();
  return async (token, keys, kid, alg) => {
    const key = keyNamed(keys, kid, alg);
    if (key === null) throw refused('key', 'The key of the token is not known.');
    const under = JSON.stringify(key);
    if (verified.get(token) === under) return;
    await verifySignature(token, key, alg);
    if (verified.size >= MAX_REMEMBERED) verified.clear();
    verified.set(token, under);
  };
}

async function verifySignature(token: string, key: PublicJwk, alg: string): Promise<void> {
  try {
    await compactVerify(token, await importKey(key, alg), { algorithms: [alg] });
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException) {
      throw refused('signature', 'The signature does not verify.');
    }
    throw error;
  }
}

function checkClaims(claims: Claims, audience: string, at: Instant): void {
  const nowSeconds = Date.parse(at) / 1000;
  const { aud, exp, nbf, cnf } = claims;
  // A token that is good for somebody else too could be replayed here by them (threat 4).
  const only: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  if (only !== audience) throw refused('audience', 'The token is not for this gateway alone.');
  if (typeof exp !== 'number') throw refused('malformed', 'The token has no expiry.');
  if (exp <= nowSeconds) throw refused('expired', 'The token has expired.', 'expired');
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf - nowSeconds > NOT_BEFORE_TOLERANCE_SECONDS)) {
    throw refused('not-yet-valid', 'The token is not valid yet.');
  }
  // RFC 7800: it may only be used with proof of a key, which a bearer call does not carry.
  if (cnf !== undefined) throw refused('bound', 'The token is bound to a key and cannot be used as a bearer token.');
}

function refused(rule: string, message: string, issueType: IssueType = 'login'): RelaisError {
  return new RelaisError(`auth.token-${rule}`, 401, issueType, message);
}
