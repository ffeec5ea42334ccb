import { randomBytes } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import type { Handler, Incoming } from './listen.js';

export interface TokenEndpointOptions {
  /** Where the caller (Relais) publishes its keys. */
  readonly jwksUrl: string;
  /** Name under which the caller is known here: `iss` and `sub` of its assertions. */
  readonly clientId: string;
  readonly lifetimeSeconds?: number;
}

export interface TokenEndpoint {
  /** RFC 6749 section 4.4 with RFC 7523 section 2.2 and SMART Backend Services; nothing else is granted. */
  readonly handle: Handler;
  /** True for a bearer token that was issued here and still lives. */
  accepts(request: Incoming): boolean;
  /** Makes every token that was issued invalid, as a restart of a real system would. */
  readonly revokeAll: () => void;
  /** Tokens issued so far. */
  issued(): number;
  /** The address of this endpoint as the caller knows it: `aud` of its assertions. */
  setUrl(url: string): void;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LONGEST_ASSERTION_SECONDS = 300;

/** A partner's own authorization server: opaque tokens of a few minutes for a signed client assertion. */
export function createTokenEndpoint({ jwksUrl, clientId, lifetimeSeconds = 300 }: TokenEndpointOptions): TokenEndpoint {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 3_000, cooldownDuration: 1_000 });
  const tokens = new Map<string, number>();
  const seenIds = new Set<string>();
  let issued = 0;
  let url = '';

  const refuse = (error: string): Awaited<ReturnType<Handler>> => ({
    status: error === 'invalid_client' ? 401 : 400,
    body: { error },
    headers: { 'cache-control': 'no-store' },
  });

  return {
    async handle(request) {
      const form = new URLSearchParams(request.body.toString('utf8'));
      if (request.method !== 'POST') return { status: 405 };
      if (form.get('grant_type') !== 'client_credentials') return refuse('unsupported_grant_type');
      if (form.get('client_assertion_type') !== ASSERTION_TYPE) return refuse('invalid_client');
      try {
        const assertion = form.get('client_assertion') ?? '';
        if (decodeProtectedHeader(assertion).kid === undefined) return refuse('invalid_client');
        const { payload } = await jwtVerify(assertion, keys, {
          issuer: clientId,
          subject: clientId,
          audience: url,
          algorithms: ['ES384', 'ES256', 'RS384', 'PS384', 'EdDSA'],
          requiredClaims: ['exp', 'jti'],
          clockTolerance: 10,
        });
        const { exp = 0, jti = '' } = payload;
        if (exp > Date.now() / 1000 + LONGEST_ASSERTION_SECONDS + 10 || seenIds.has(jti))
          return refuse('invalid_client');
        seenIds.add(jti);
      } catch {
        return refuse('invalid_client');
      }
      const token = randomBytes(32).toString('base64url');
      tokens.set(token, Date.now() + lifetimeSeconds * 1000);
      issued += 1;
      return {
        status: 200,
        body: {
          access_token: token,
          token_type: 'Bearer',
          expires_in: lifetimeSeconds,
          ...(form.has('scope') && { scope: form.get('scope') }),
        },
        headers: { 'cache-control': 'no-store' },
      };
    },
    accepts: ({ headers }) => {
      const token = /^Bearer ([\w-]+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
      return (tokens.get(token) ?? 0) > Date.now();
    },
    revokeAll: () => tokens.clear(),
    issued: () => issued,
    setUrl: (own) => {
      url = own;
    },
  };
}
