import { RelaisError } from '../../kernel/errors.js';
import type { Log } from '../../kernel/log.js';
import type { Authenticate, Credentials, Registry, StaffSessions } from '../../transfer/identity-ports.js';
import { SCOPES, type Principal } from '../../transfer/principal.js';
import type { RemoteKeySets } from './remote-key-sets.js';
import { createCookieJar, derive, hashOf, sameSecret } from './session-cookie.js';
import type { SigningKeys } from './signing-keys.js';
import { createTokenVerifier } from './verify-access-token.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Who is calling: a partner by its access token, or staff by their session. Reads nothing but five header values, so
 * it runs before any body is read.
 *
 * An `Authorization` header decides alone when there is one: a browser never adds it by itself, so those calls need no
 * CSRF token.
 *
 * @throws RelaisError 401 `auth.token-missing`, `auth.token-…`, `auth.session-expired`; 403 `auth.partner-suspended`,
 * `auth.csrf`
 */
export function createAuthenticator(options: {
  readonly publicUrl: string;
  readonly registry: Registry;
  readonly sessions: StaffSessions;
  readonly tokenKeys: SigningKeys;
  readonly keySets: RemoteKeySets;
  readonly log: Log;
}): Authenticate {
  const issuer = options.publicUrl.replace(/\/+$/, '');
  const verify = createTokenVerifier({ ...options, issuer });
  const jar = createCookieJar(issuer);
  const origin = new URL(issuer).origin;

  async function partner(authorization: string): Promise<Principal> {
    const token = /^bearer ([A-Za-z0-9_.-]+)$/i.exec(authorization.trim())?.[1];
    if (token === undefined) {
      throw new RelaisError(
        'auth.token-malformed',
        401,
        'login',
        'The Authorization header must be: Bearer, one token.',
      );
    }
    const verified = await verify(token);
    if (verified.partner.status !== 'active') {
      options.log('identity.partner-suspended', { partnerId: verified.partner.id });
      throw new RelaisError('auth.partner-suspended', 403, 'forbidden', 'This partner is suspended.');
    }
    const { id, organizationId, name, scopes: registered } = verified.partner;
    const asked = new Set(verified.scope.split(' '));
    return {
      actor: { type: 'partner', id, organizationId },
      organizationId,
      via: 'access-token',
      // A scope taken from the partner is gone from tokens that were issued before.
      scopes: new Set(SCOPES.filter((scope) => asked.has(scope) && registered.includes(scope))),
      roles: new Set(),
      displayName: name,
    };
  }

  async function staff(secret: string, credentials: Credentials): Promise<Principal> {
    const session = await options.sessions.touch(hashOf(secret));
    if (session === null) {
      throw new RelaisError('auth.session-expired', 401, 'expired', 'The session has ended. Sign in again.');
    }
    const csrfToken = derive(secret, 'csrf');
    if (!SAFE_METHODS.has(credentials.method.toUpperCase())) {
      const foreign = credentials.origin !== undefined && credentials.origin !== origin;
      if (foreign || !sameSecret(credentials.csrfToken ?? '', csrfToken)) {
        throw new RelaisError('auth.csrf', 403, 'security', 'The request does not carry the token of this session.');
      }
    }
    return {
      actor: { type: 'staff', id: session.staffId, organizationId: session.organizationId },
      organizationId: session.organizationId,
      via: 'staff-session',
      scopes: new Set(),
      roles: new Set(session.roles),
      csrfToken,
      displayName: session.displayName,
      session: { expiresAt: session.expiresAt, idleSeconds: session.idleSeconds },
    };
  }

  return async (credentials) => {
    if (credentials.authorization !== undefined) return partner(credentials.authorization);
    const secret = jar.read(credentials.cookie, jar.session);
    if (secret !== null) return staff(secret, credentials);
    throw new RelaisError('auth.token-missing', 401, 'login', 'This call needs an access token or a session.');
  };
}

/** Whether the session of a Cookie header still lives; asking does not keep it alive. */
export function createSessionWatch(options: {
  readonly publicUrl: string;
  readonly sessions: Pick<StaffSessions, 'lives'>;
}): (cookieHeader: string | undefined) => Promise<boolean> {
  const jar = createCookieJar(options.publicUrl.replace(/\/+$/, ''));
  return async (cookieHeader) => {
    const secret = jar.read(cookieHeader, jar.session);
    return secret !== null && (await options.sessions.lives(hashOf(secret)));
  };
}
