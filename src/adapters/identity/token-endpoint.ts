import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider as OidcProvider } from 'oidc-provider';
import type { Log } from '../../kernel/log.js';
import type { Registry, ReplayStore } from '../../transfer/identity-ports.js';
import { SCOPES } from '../../transfer/principal.js';
import { checkClientAssertion } from './check-client-assertion.js';
import { Provider, errors } from './oidc-library.js';
import { createPartnerAdapter } from './partner-adapter.js';
import type { RemoteKeySets } from './remote-key-sets.js';
import { OWN_ALGORITHM, type SigningKeys } from './signing-keys.js';
import { SIGNATURE_ALGORITHMS } from './verification-key.js';
import { describeTokenEndpoint, type TokenEndpointDescription } from './describe-token-endpoint.js';

/** SMART Backend Services: `expires_in` should not exceed 300. */
const ACCESS_TOKEN_SECONDS = 300;
/** Tolerance for a client's clock that runs ahead, RFC 7519 section 4.1.5 (threat 6). */
const CLOCK_TOLERANCE_SECONDS = 60;

export interface TokenEndpoint extends TokenEndpointDescription {
  /**
   * Answers `POST /oauth/token`; any other request gets 404. The body must not have been read. Mount it as
   * `app.all('/oauth/token', callback)`, before any body parser.
   */
  readonly callback: (request: IncomingMessage, response: ServerResponse) => void;
  /** What `/oauth/jwks` serves: keys that verify access tokens, those of Relais' own assertions, and of bundles. */
  jwks(): Promise<{ readonly keys: readonly unknown[] }>;
}

/**
 * `/oauth/token`: client credentials with private_key_jwt and nothing else (RFC 6749 section 4.4, RFC 7523 section
 * 2.2, SMART Backend Services). Clients are the partners of the registry, read at every call; tokens are JWTs (RFC
 * 9068) for this gateway alone.
 *
 * @param publicUrl issuer and audience
 */
export function createTokenEndpoint(options: {
  readonly publicUrl: string;
  readonly registry: Registry;
  readonly replay: ReplayStore;
  readonly tokenKeys: SigningKeys;
  readonly clientKeys: SigningKeys;
  readonly bundleKeys: SigningKeys;
  readonly keySets: RemoteKeySets;
  readonly log: Log;
}): TokenEndpoint {
  const description = describeTokenEndpoint(options.publicUrl);
  let built: { readonly kids: string; readonly handle: ReturnType<OidcProvider['callback']> } | null = null;

  /** The library reads its keys once, so a rotation makes a new provider. */
  async function handler(): Promise<ReturnType<OidcProvider['callback']>> {
    const { signing, all } = await options.tokenKeys.current();
    const kids = [signing.kid, ...all.map((key) => key.kid)].join();
    if (built?.kids !== kids) {
      const provider = buildProvider(description, options, signing.kid, [signing.privateJwk]);
      built = { kids, handle: provider.callback() };
    }
    return built.handle;
  }

  function callback(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('cache-control', 'no-store');
    const path = (request.url ?? '').split('?')[0];
    if (path !== '/oauth/token') return answer(response, 404, { error: 'not_found' });
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      return answer(response, 405, { error: 'invalid_request', error_description: 'Use POST.' });
    }
    // Errors are JSON for every caller, and no address is built from what the caller calls us.
    request.headers.accept = 'application/json';
    delete request.headers.origin;
    handler().then(
      (handle) => void handle(request, response),
      () => {
        options.log('identity.token-endpoint-failed');
        if (!response.headersSent) answer(response, 503, { error: 'temporarily_unavailable' });
      },
    );
  }

  return {
    ...description,
    callback,
    async jwks() {
      const sets = await Promise.all(
        [options.tokenKeys, options.clientKeys, options.bundleKeys].map((keys) => keys.current()),
      );
      return { keys: sets.flatMap((set) => set.all.map((key) => key.publicJwk)) };
    },
  };
}

function buildProvider(
  description: TokenEndpointDescription,
  options: Pick<Parameters<typeof createTokenEndpoint>[0], 'registry' | 'replay' | 'keySets' | 'log'>,
  kid: string,
  privateJwks: readonly Readonly<Record<string, unknown>>[],
): OidcProvider {
  const { issuer, tokenEndpoint } = description;
  const off = { enabled: false };
  const provider = new Provider(issuer, {
    adapter: createPartnerAdapter(options),
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: [...SIGNATURE_ALGORITHMS],
      idTokenSigningAlgValues: [OWN_ALGORITHM],
    },
    clientDefaults: { id_token_signed_response_alg: OWN_ALGORITHM },
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims, header) => {
      const broken = checkClientAssertion(claims, header, [tokenEndpoint, issuer], Date.now() / 1000);
      if (broken !== null) throw new errors.InvalidClientAuth(broken);
    },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
      rpInitiatedLogout: off,
      userinfo: off,
      resourceIndicators: {
        enabled: true,
        defaultResource: () => issuer,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== issuer) throw new errors.InvalidTarget();
          return {
            scope: SCOPES.join(' '),
            audience: issuer,
            accessTokenTTL: ACCESS_TOKEN_SECONDS,
            accessTokenFormat: 'jwt' as const,
            jwt: { sign: { alg: OWN_ALGORITHM, kid } },
          };
        },
      },
    },
    // Partners' keys are fetched by Relais' own door and handed over inline: this library needs no network.
    fetch: () => Promise.reject(new Error('The token endpoint makes no requests')),
    jwks: { keys: privateJwks.map((jwk) => ({ ...jwk })) },
    responseTypes: ['none'],
    routes: { token: '/oauth/token', jwks: '/oauth/jwks' },
    scopes: [...SCOPES],
    ttl: { ClientCredentials: ACCESS_TOKEN_SECONDS },
  });
  // Otherwise the library takes the Host header's word for where it is.
  Object.assign(provider.OIDCContext.prototype, {
    clientJwtAuthExpectedAudience: () => new Set([issuer, tokenEndpoint]),
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.status === 500) {
      // The database is restarting or full, most likely: a client that tries again will get its token.
      ctx.status = 503;
      ctx.set('retry-after', '1');
    }
    if (ctx.status >= 400) ctx.body = withoutEcho(ctx.body);
  });
  provider.on('grant.error', (_ctx, error) => {
    options.log('identity.token-refused', { code: error.message, cause: ruleOf(error) });
  });
  provider.on('server_error', () => {
    options.log('identity.token-endpoint-failed');
  });
  return provider;
}

/** Why a client was not authenticated, as a code: the library says it in a few fixed sentences, checkClientAssertion in codes. */
function ruleOf(error: { readonly message: string; readonly error_detail?: string | undefined }): string {
  const detail = error.message === 'invalid_client' ? (error.error_detail ?? '') : '';
  return detail
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80);
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  invalid_client: 'The client assertion was not accepted: see the rules for private_key_jwt in the documentation.',
  invalid_scope: 'A scope was asked for that is not registered for this client.',
  invalid_target: 'The resource must be this gateway.',
  unsupported_grant_type: 'Only client_credentials is supported.',
  unauthorized_client: 'This client may not use this grant.',
  invalid_request: 'The request is malformed: see RFC 6749 section 4.4 and RFC 7523 section 2.2.',
};

/** The library names the offending scope or parameter in its answer; an answer here repeats nothing that was sent. */
function withoutEcho(body: unknown): { error: string; error_description: string } {
  const named = typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : '';
  const error = named in DESCRIPTIONS ? named : named === 'server_error' ? named : 'invalid_request';
  return { error, error_description: DESCRIPTIONS[error] ?? 'The gateway failed; nothing was issued.' };
}

function answer(response: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
}
