import * as client from 'openid-client';
import { RelaisError } from '../../kernel/errors.js';
import type { Log } from '../../kernel/log.js';
import { SESSION_LIMITS, type Fetch, type StaffSessions } from '../../transfer/identity-ports.js';
import { boundedFetch } from './bounded-fetch.js';
import { claimedIdentity, type ClaimNames } from './claimed-identity.js';
import { localPath } from './local-path.js';
import { createCookieJar, derive, hashOf, newSecret } from './session-cookie.js';

/** Where the staff issuer sends the browser back to; register exactly `publicUrl` + this. */
export const CALLBACK_PATH = '/auth/callback';
const ATTEMPT_SECONDS = 600;
const TIMEOUT_SECONDS = 5;
const LIMITS = { timeoutMs: TIMEOUT_SECONDS * 1000, maxBytes: 1_048_576 };

export interface SignIn {
  /**
   * @param returnTo path on this host to come back to; anything else becomes `/`
   * @param lang language of the issuer's page, when known
   */
  begin(
    returnTo: string | undefined,
    lang?: 'en' | 'fr',
  ): Promise<{ readonly redirectUrl: string; readonly cookie: string }>;
  /**
   * @param currentUrl the callback as called: path and query, or absolute; the host is not taken from it
   * @param cookieHeader the request's `Cookie` header
   * @returns two `Set-Cookie` values: the new session, and the end of the attempt
   * @throws RelaisError 401 `auth.sign-in-failed`, 403 `auth.organization-unknown` or `auth.role-missing`, 503
   * `auth.issuer-unavailable`
   */
  finish(
    currentUrl: string,
    cookieHeader: string | undefined,
  ): Promise<{ readonly cookies: readonly string[]; readonly returnTo: string }>;
  /** Ends the session; `redirectUrl` ends it at the issuer too, where it offers that. */
  end(cookieHeader: string | undefined): Promise<{ readonly cookies: readonly string[]; readonly redirectUrl: string }>;
}

/**
 * Staff sign in at the configured issuer: OpenID Connect Core 1.0, authorization code with PKCE (RFC 7636, S256),
 * state, nonce, and the `iss` of the answer (RFC 9207, mix-up).
 *
 * The browser holds one random secret for the attempt; state, nonce and verifier are computed from it, and the store
 * keeps its hash, taken out by the first callback that names it: nothing can be replayed (threat 9).
 */
export function createSignIn(options: {
  readonly publicUrl: string;
  readonly staffIssuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly claims: ClaimNames;
  /** Plain http to the issuer: demo only. */
  readonly allowHttp: boolean;
  /** How long the cookie of a session is kept: as long as the session may last. */
  readonly sessionSeconds?: number;
  readonly sessions: StaffSessions;
  readonly fetch: Fetch;
  readonly log: Log;
}): SignIn {
  const { sessions, log, sessionSeconds = SESSION_LIMITS.absoluteSeconds } = options;
  const publicUrl = options.publicUrl.replace(/\/+$/, '');
  const redirectUri = `${publicUrl}${CALLBACK_PATH}`;
  const jar = createCookieJar(publicUrl);
  let discovering: Promise<client.Configuration> | null = null;

  function issuer(): Promise<client.Configuration> {
    discovering ??= discover(options).catch((error: unknown) => {
      discovering = null;
      log('identity.issuer-unavailable');
      throw new RelaisError('auth.issuer-unavailable', 503, 'transient', 'The sign-in service does not answer.', {
        retryAfterSeconds: 30,
        cause: error,
      });
    });
    return discovering;
  }

  return {
    async begin(returnTo, lang) {
      const config = await issuer();
      const secret = newSecret();
      await sessions.rememberAttempt(hashOf(secret), localPath(returnTo));
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile',
        response_type: 'code',
        code_challenge: await client.calculatePKCECodeChallenge(derive(secret, 'pkce')),
        code_challenge_method: 'S256',
        state: derive(secret, 'state'),
        nonce: derive(secret, 'nonce'),
        ...(lang === undefined ? {} : { ui_locales: lang }),
      });
      return { redirectUrl: url.href, cookie: jar.write(jar.attempt, secret, ATTEMPT_SECONDS) };
    },

    async finish(currentUrl, cookieHeader) {
      const secret = jar.read(cookieHeader, jar.attempt);
      const attempt = secret === null ? null : await sessions.takeAttempt(hashOf(secret));
      if (secret === null || attempt === null) throw failed('attempt');
      const config = await issuer();
      const claims = await exchange(config, new URL(new URL(currentUrl, publicUrl).search, redirectUri), secret);
      const who = await claimedIdentity(claims, options.claims, sessions);

      // A new id at every sign-in: one that was planted before is worth nothing (session fixation).
      const session = newSecret();
      await sessions.open({ idHash: hashOf(session), ...who });
      const before = jar.read(cookieHeader, jar.session);
      if (before !== null) await sessions.close(hashOf(before));
      log('identity.signed-in');
      return {
        cookies: [jar.write(jar.session, session, sessionSeconds), jar.write(jar.attempt, '', 0)],
        returnTo: attempt.returnTo,
      };
    },

    async end(cookieHeader) {
      const secret = jar.read(cookieHeader, jar.session);
      if (secret !== null) await sessions.close(hashOf(secret));
      const cookies = [jar.write(jar.session, '', 0)];
      try {
        const url = client.buildEndSessionUrl(await issuer(), { post_logout_redirect_uri: `${publicUrl}/` });
        return { cookies, redirectUrl: url.href };
      } catch {
        return { cookies, redirectUrl: '/' };
      }
    },
  };

  async function exchange(config: client.Configuration, url: URL, secret: string): Promise<client.IDToken> {
    try {
      const tokens = await client.authorizationCodeGrant(config, url, {
        pkceCodeVerifier: derive(secret, 'pkce'),
        expectedState: derive(secret, 'state'),
        expectedNonce: derive(secret, 'nonce'),
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims !== undefined) return claims;
    } catch (error) {
      throw failed('exchange', error);
    }
    throw failed('id-token');
  }

  function failed(step: string, cause?: unknown): RelaisError {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    log('identity.sign-in-failed', { kind: step, code });
    return new RelaisError('auth.sign-in-failed', 401, 'login', 'The sign-in did not succeed. Start again.', { cause });
  }
}

async function discover(options: Parameters<typeof createSignIn>[0]): Promise<client.Configuration> {
  const authentication = options.clientSecret ? client.ClientSecretBasic(options.clientSecret) : client.None();
  return client.discovery(new URL(options.staffIssuer), options.clientId, undefined, authentication, {
    [client.customFetch]: boundedFetch(options.fetch, LIMITS) as client.CustomFetch,
    timeout: TIMEOUT_SECONDS,
    // The ID token's signature is checked even though it came over TLS.
    execute: [client.enableNonRepudiationChecks, ...(options.allowHttp ? [client.allowInsecureRequests] : [])],
  });
}
