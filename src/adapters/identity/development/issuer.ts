import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import type { Provider as OidcProvider } from 'oidc-provider';
import type { Config } from '../../../config.js';
import { RelaisError } from '../../../kernel/errors.js';
import type { Lang } from '../../../kernel/i18n.js';
import type { OrganizationId } from '../../../kernel/ids.js';
import type { StaffRole } from '../../../transfer/principal.js';
import { Provider, interactionPolicy } from '../oidc-library.js';
import { createMemoryAdapter } from './memory-adapter.js';
import { signInPage } from './sign-in-page.js';

const ALGORITHM = 'ES256';
const MAX_FORM_BYTES = 4_096;
const TTL_SECONDS = 3_600;

/** Somebody whom a visitor of the demo may be. */
export interface DevelopmentUser {
  readonly id: string;
  readonly name: string;
  readonly organizationId: OrganizationId;
  readonly organizationName: string;
  readonly roles: readonly StaffRole[];
}

export interface DevelopmentClient {
  readonly clientId: string;
  readonly redirectUris: readonly string[];
}

export interface DevelopmentIssuer {
  readonly issuer: string;
  close(): Promise<void>;
}

/**
 * An OpenID issuer for the demo: the visitor clicks on the person they want to be, no password, no question. It exists
 * only in demo mode and only on 127.0.0.1; what it knows is forgotten when it ends.
 *
 * Everything else is as a real issuer does it: authorization code with PKCE (required, S256), exact redirect addresses,
 * single-use codes, `iss` in the answer.
 *
 * @param port 0 picks a free one
 * @throws RelaisError `config.invalid` in any other mode
 */
export async function createDevelopmentIssuer(options: {
  readonly mode: Config['mode'];
  readonly port: number;
  readonly users: readonly DevelopmentUser[];
  readonly clients: readonly DevelopmentClient[];
  readonly rolesClaim: string;
  readonly organizationClaim: string;
  readonly lang?: Lang;
}): Promise<DevelopmentIssuer> {
  if (options.mode !== 'demo') {
    throw new RelaisError('config.invalid', 500, 'exception', 'The development issuer exists in demo mode only.');
  }
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = await buildProvider(issuer, options);
  const handle = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // Another name for this address is another site's trick (DNS rebinding).
    if (request.headers.host !== `127.0.0.1:${port}`) return end(response, 421, 'This is not the host you asked for.');
    const uid = /^\/interaction\/[A-Za-z0-9_-]+(\?|$)/.test(request.url ?? '');
    if (!uid) return void handle(request, response);
    interact(provider, request, response, options).catch(() => {
      if (!response.headersSent) end(response, 400, 'This sign-in has ended. Go back and start again.');
    });
  });
  return { issuer, close: () => closeServer(server) };
}

async function interact(
  provider: OidcProvider,
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly users: readonly DevelopmentUser[]; readonly lang?: Lang },
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response);
  if (request.method === 'POST') {
    const chosen = new URLSearchParams(await readForm(request)).get('user');
    const user = options.users.find(({ id }) => id === chosen);
    if (user === undefined) return end(response, 400, 'Nobody of that name is in the demo.');
    return provider.interactionFinished(request, response, { login: { accountId: user.id, remember: false } });
  }
  const asked = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('lang');
  const wanted = [asked, interaction.params['ui_locales'], options.lang, request.headers['accept-language'], 'en'];
  const lang = wanted.map(langOf).find((found) => found !== null) ?? 'en';
  const page = signInPage(options.users, lang, new URL(String(interaction.params['redirect_uri'])).origin);
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': page.contentSecurityPolicy,
    'content-language': lang,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(page.html);
}

function langOf(wish: unknown): Lang | null {
  const tag = typeof wish === 'string' ? wish.slice(0, 2).toLowerCase() : '';
  return tag === 'fr' || tag === 'en' ? tag : null;
}

async function buildProvider(
  issuer: string,
  options: Parameters<typeof createDevelopmentIssuer>[0],
): Promise<OidcProvider> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const off = { enabled: false };
  const policy = interactionPolicy.base();
  // The visitor chooses anew each time: that is how one changes from the caseworker to the admin.
  policy
    .get('login')
    ?.checks.add(
      new interactionPolicy.Check('choose_user', 'a demo user must be chosen', (ctx) =>
        ctx.oidc.result?.['login'] === undefined
          ? interactionPolicy.Check.REQUEST_PROMPT
          : interactionPolicy.Check.NO_NEED_TO_PROMPT,
      ),
    );
  return new Provider(issuer, {
    adapter: createMemoryAdapter(),
    claims: { openid: ['sub', 'name', options.rolesClaim, options.organizationClaim] },
    clientAuthMethods: ['none'],
    clients: options.clients.map((client) => ({
      client_id: client.clientId,
      redirect_uris: [...client.redirectUris],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
    })),
    clientBasedCORS: () => false,
    clientDefaults: { id_token_signed_response_alg: ALGORITHM },
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    enabledJWA: { idTokenSigningAlgValues: [ALGORITHM] },
    features: {
      devInteractions: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
      rpInitiatedLogout: off,
      userinfo: off,
    },
    findAccount: (_ctx, accountId) => {
      const user = options.users.find(({ id }) => id === accountId);
      if (user === undefined) return undefined;
      const claims = {
        sub: user.id,
        name: user.name,
        [options.rolesClaim]: [...user.roles],
        [options.organizationClaim]: user.organizationId,
      };
      return { accountId, claims: () => claims };
    },
    interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: ALGORITHM, use: 'sig', kid: 'development' }] },
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client!.clientId,
        accountId: ctx.oidc.session!.accountId!,
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    renderError: (ctx, out) => {
      ctx.type = 'text/plain';
      ctx.body = `The sign-in failed: ${/^[a-z_]+$/.test(out.error) ? out.error : 'error'}.`;
    },
    responseTypes: ['code'],
    scopes: ['openid', 'profile'],
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      Grant: TTL_SECONDS,
      IdToken: 300,
      Interaction: TTL_SECONDS,
      Session: TTL_SECONDS,
    },
  });
}

async function readForm(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > MAX_FORM_BYTES) throw new Error('The form is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function end(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': "default-src 'none'",
  });
  response.end(words);
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
}
