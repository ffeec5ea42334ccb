import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';

/** How a partner reaches Relais: what an integrator gets when the partner is registered. */
export interface RelaisAccess {
  /** Base URL of Relais, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  /** The partner's own private key, with `kid` and `alg`. */
  readonly privateJwk: JWK;
  readonly scope: string;
}

export interface RelaisAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface RelaisClient {
  /** Sends a request with a bearer token; a token that Relais refuses is renewed once. */
  readonly call: (
    method: string,
    path: string,
    options?: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
  ) => Promise<RelaisAnswer>;
  /** A valid access token, to be pasted into a command. */
  readonly token: () => Promise<string>;
  /** Address that opens a case in the console; the signed part stands in the fragment and lives four minutes. */
  readonly openLink: (caseId: string) => Promise<string>;
}

const TIMEOUT_MS = 15_000;

/** OAuth 2 client credentials with private_key_jwt (RFC 7523, SMART Backend Services), by hand: an integrator's view. */
export function createRelaisClient(access: RelaisAccess): RelaisClient {
  let held: { readonly token: string; readonly until: number } | undefined;

  const assertion = async (audience: string, claims: JWTPayload = {}): Promise<string> => {
    const { privateJwk, clientId } = access;
    const alg = privateJwk.alg ?? 'ES384';
    return new SignJWT(claims)
      .setProtectedHeader({ alg, typ: 'JWT', ...(privateJwk.kid !== undefined && { kid: privateJwk.kid }) })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('4m')
      .setJti(randomUUID())
      .sign(await importJWK(privateJwk, alg));
  };

  const token = async (): Promise<string> => {
    if (held !== undefined && Date.now() < held.until) return held.token;
    const response = await fetch(access.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: access.scope,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertion(access.tokenUrl),
      }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = (await response.json().catch(() => ({}))) as {
      access_token?: string;
      expires_in?: number;
      error?: string;
    };
    if (!response.ok || answer.access_token === undefined) {
      throw new Error(`Relais gives no token: ${response.status} ${answer.error ?? ''}`.trim());
    }
    held = { token: answer.access_token, until: Date.now() + Math.max((answer.expires_in ?? 60) - 30, 5) * 1000 };
    return held.token;
  };

  const once = async (...[method, path, options = {}]: Parameters<RelaisClient['call']>): Promise<RelaisAnswer> => {
    const { body, headers } = options;
    const response = await fetch(new URL(path, access.url), {
      method,
      headers: {
        authorization: `Bearer ${await token()}`,
        accept: path.startsWith('/fhir/') ? 'application/fhir+json' : 'application/json',
        ...(body !== undefined && {
          'content-type': path.startsWith('/fhir/') ? 'application/fhir+json' : 'application/json',
        }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), body: parsed(text) };
  };

  return {
    token,
    async openLink(caseId) {
      const page = `${access.url.replace(/\/+$/, '')}/console/open`;
      return `${page}#${await assertion(page, { case: caseId })}`;
    },
    async call(...request) {
      const answer = await once(...request);
      if (answer.status !== 401) return answer;
      held = undefined;
      return once(...request);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
