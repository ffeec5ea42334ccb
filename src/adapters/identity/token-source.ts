import * as client from 'openid-client';
import { RelaisError } from '../../kernel/errors.js';
import type { Log } from '../../kernel/log.js';
import type { Fetch, TokenSource } from '../../transfer/identity-ports.js';
import type { PartnerEndpoint } from '../../transfer/partner.js';
import { boundedFetch } from './bounded-fetch.js';
import type { SigningKeys } from './signing-keys.js';
import { validateEndpointUrl } from './validate-endpoint-url.js';

const TIMEOUT_SECONDS = 10;
const LIMITS = { timeoutMs: TIMEOUT_SECONDS * 1000, maxBytes: 65_536 };
/** A token is renewed this long before it expires, or at four fifths of a shorter life. */
const RENEW_BEFORE_MS = 30_000;
/** RFC 6749 section 5.1 makes `expires_in` optional; without it a token is used briefly. */
const UNKNOWN_LIFE_SECONDS = 60;
const ASSERTION_SECONDS = 60;
const MAX_TOKENS = 10_000;

interface Held {
  token: string;
  renewAtMs: number;
}

/**
 * Access tokens for partners' endpoints: client credentials with private_key_jwt (ES384; SMART Backend Services),
 * kept until shortly before they expire. Callers that ask at once share one request, also after a failure.
 *
 * @param fetch checks addresses at connect time; it is never called for an address that registration would refuse
 * @param nowMs monotonic milliseconds
 */
export function createTokenSource(options: {
  readonly keys: SigningKeys;
  readonly fetch: Fetch;
  readonly allowPrivateEndpoints: boolean;
  readonly log: Log;
  readonly nowMs?: () => number;
}): TokenSource {
  const nowMs = options.nowMs ?? (() => performance.now());
  const fetch = boundedFetch(options.fetch, LIMITS);
  const held = new Map<string, Held>();
  const asking = new Map<string, Promise<string>>();

  async function ask(endpoint: PartnerEndpoint, key: string): Promise<string> {
    const answer = await requestToken(endpoint, { ...options, fetch });
    const lifeMs = (answer.expires_in ?? UNKNOWN_LIFE_SECONDS) * 1000;
    if (held.size >= MAX_TOKENS) held.clear();
    held.set(key, {
      token: answer.access_token,
      renewAtMs: nowMs() + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs * 0.8),
    });
    return answer.access_token;
  }

  return {
    async tokenFor(endpoint, signal) {
      signal?.throwIfAborted();
      const key = keyOf(endpoint);
      const known = held.get(key);
      if (known !== undefined && nowMs() < known.renewAtMs) return known.token;
      let request = asking.get(key);
      if (request === undefined) {
        request = ask(endpoint, key).finally(() => asking.delete(key));
        asking.set(key, request);
      }
      // One caller's abort must not take the token from the others, so it ends the waiting and not the request.
      return signal === undefined ? request : Promise.race([request, aborted(signal)]);
    },
    forget(endpoint) {
      held.delete(keyOf(endpoint));
    },
  };
}

async function requestToken(
  endpoint: PartnerEndpoint,
  options: Pick<Parameters<typeof createTokenSource>[0], 'keys' | 'fetch' | 'allowPrivateEndpoints' | 'log'>,
): Promise<client.TokenEndpointResponse> {
  validateEndpointUrl(endpoint.tokenUrl, { allowPrivate: options.allowPrivateEndpoints });
  const audience = endpoint.audience ?? endpoint.tokenUrl;
  const authentication = client.PrivateKeyJwt(await options.keys.signer(), {
    [client.modifyAssertion]: (header, payload) => {
      header['typ'] = 'JWT';
      payload['aud'] = audience;
      payload['exp'] = Number(payload['iat']) + ASSERTION_SECONDS;
    },
  });
  const server = { issuer: audience, token_endpoint: endpoint.tokenUrl };
  const configuration = new client.Configuration(server, endpoint.clientId, undefined, authentication);
  configuration.timeout = TIMEOUT_SECONDS;
  configuration[client.customFetch] = options.fetch as client.CustomFetch;
  if (options.allowPrivateEndpoints) client.allowInsecureRequests(configuration);
  try {
    return await client.clientCredentialsGrant(configuration, { scope: endpoint.scope });
  } catch (error) {
    throw classify(error, options.log);
  }
}

/** RFC 6749 section 5.2: an error object with a 4xx status is an answer; anything else means "try again". */
function classify(error: unknown, log: Log): RelaisError {
  if (error instanceof client.ResponseBodyError && error.status < 500 && error.status !== 429) {
    const known = /^[a-z_]{1,40}$/.test(error.error) ? error.error : 'unknown';
    log('identity.outgoing-token-refused', { code: known, status: error.status });
    return new RelaisError('delivery.token-refused', 502, 'security', 'The partner refuses to give Relais a token.', {
      details: { cause: 'token-refused', error: known, retryable: false },
    });
  }
  log('identity.outgoing-token-unavailable');
  return new RelaisError(
    'delivery.token-unavailable',
    503,
    'transient',
    "The partner's token endpoint does not answer.",
    {
      details: { cause: 'token-unavailable', retryable: true },
    },
  );
}

function keyOf(endpoint: PartnerEndpoint): string {
  return JSON.stringify([endpoint.tokenUrl, endpoint.clientId, endpoint.audience ?? null, endpoint.scope]);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
