import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair, type JWK, type CryptoKey } from 'jose';

/** A key pair of a partner or of an external issuer in a test. */
export interface Signer {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  /** Signs any header and payload; `alg` and `kid` are the signer's unless the header says otherwise. */
  sign(payload: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

export async function createSigner(kid = `key-${randomUUID()}`, alg = 'ES384'): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  return {
    kid,
    alg,
    privateKey,
    publicJwk,
    sign: (payload, header = {}) => new SignJWT(payload).setProtectedHeader({ alg, kid, ...header }).sign(privateKey),
  };
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Claims of a client assertion as SMART Backend Services asks for them (RFC 7523), one minute long. */
export function assertionClaims(clientId: string, audience: string): Record<string, unknown> {
  const now = nowSeconds();
  return { iss: clientId, sub: clientId, aud: audience, jti: randomUUID(), iat: now, exp: now + 60 };
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: { readonly access_token?: string; readonly expires_in?: number; readonly error?: string } & Record<
    string,
    unknown
  >;
}

/** Posts an assertion to a token endpoint, as any partner would. */
export async function requestToken(
  tokenUrl: string,
  assertion: string,
  form: Record<string, string> = {},
): Promise<TokenAnswer> {
  const response = await fetch(tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      ...form,
    }),
  });
  return { status: response.status, body: (await response.json()) as TokenAnswer['body'] };
}

/**
 * An access token for a registered partner, through the real token endpoint.
 *
 * @param partner its client id, its key, and the scopes to ask for (blank-separated)
 */
export async function tokenForPartner(
  gatewayUrl: string,
  partner: { readonly clientId: string; readonly signer: Signer; readonly scope: string },
): Promise<string> {
  const tokenUrl = `${gatewayUrl}/oauth/token`;
  const assertion = await partner.signer.sign(assertionClaims(partner.clientId, tokenUrl), { typ: 'JWT' });
  const { status, body } = await requestToken(tokenUrl, assertion, { scope: partner.scope });
  if (body.access_token === undefined) throw new Error(`No token: ${status} ${String(body.error)}`);
  return body.access_token;
}

export interface KeyServer {
  readonly url: string;
  /** How many times the set was read. */
  reads(): number;
  /** What is answered from now on. */
  publish(keys: readonly JWK[]): void;
  close(): Promise<void>;
}

/** A web server on 127.0.0.1 that publishes a key set, as a partner or an external issuer does. */
export async function startKeyServer(initial: readonly JWK[] = []): Promise<KeyServer> {
  let keys = initial;
  let reads = 0;
  const server = createServer((_request, response) => {
    reads += 1;
    response.setHeader('content-type', 'application/jwk-set+json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/keys`,
    reads: () => reads,
    publish: (next) => {
      keys = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** An issuer that Relais does not run: signs access tokens (RFC 9068) for a client that an admin bound to a partner. */
export async function createExternalIssuer(issuer: string): Promise<{
  readonly signer: Signer;
  accessToken(claims: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}> {
  const signer = await createSigner();
  return {
    signer,
    accessToken: (claims, header = {}) => {
      const now = nowSeconds();
      return signer.sign(
        { iss: issuer, sub: 'client', iat: now, exp: now + 60, jti: randomUUID(), ...claims },
        { typ: 'at+jwt', ...header },
      );
    },
  };
}
