import type { Server } from 'node:http';
import { Registry } from 'prom-client';
import request from 'supertest';
import { expect, onTestFinished } from 'vitest';
import { getCurrentTest } from 'vitest/suite';
import { createApp, type HttpApp } from '../../src/http/app.js';
import { createHttpServer, type ServerLimits } from '../../src/http/create-server.js';
import type { HttpDeps, Refusal } from '../../src/http/deps.js';
import type { Route } from '../../src/http/route.js';
import { ROUTES } from '../../src/http/routes.js';
import { operationOutcome, problem, refusedTransfer } from '../../src/http/schemas/problem.js';
import type { Story } from '../../src/http/story.js';
import { systemClock } from '../../src/kernel/clock.js';
import { RelaisError } from '../../src/kernel/errors.js';
import type { OrganizationId } from '../../src/kernel/ids.js';
import type { Credentials } from '../../src/transfer/identity-ports.js';
import { SCOPES, type Principal, type Scope, type StaffRole } from '../../src/transfer/principal.js';

export const CCAS = '5a1d0000-0000-4000-8000-000000000001' as OrganizationId;
export const TOIT_COMMUN = '5a1d0000-0000-4000-8000-000000000002' as OrganizationId;
export const PUBLIC_URL = 'https://relais.test';
export const CSRF = 'csrf-of-this-session';

export function partner(organizationId = CCAS, scopes: readonly Scope[] = SCOPES): Principal {
  return {
    actor: { type: 'partner', id: '7e57aaaa-0000-4000-8000-000000000001', organizationId },
    organizationId,
    via: 'access-token',
    scopes: new Set(scopes),
    roles: new Set(),
  };
}

export function staffMember(...roles: readonly StaffRole[]): Principal {
  return {
    actor: { type: 'staff', id: '7e57bbbb-0000-4000-8000-000000000001', organizationId: CCAS },
    organizationId: CCAS,
    via: 'staff-session',
    scopes: new Set(),
    roles: new Set(roles),
    csrfToken: CSRF,
    displayName: 'Hélène Roy',
  };
}

/**
 * Stands for the identity adapter: `Bearer NAME` or cookie `relais-session=NAME` names a principal of the table. It
 * keeps the adapter's promises (401, CSRF), which are tested with the real one in test/adapters/identity.
 */
function authenticateFrom(principals: Readonly<Record<string, Principal>>) {
  return async ({ authorization, cookie, method, csrfToken }: Credentials): Promise<Principal> => {
    const name = authorization?.replace(/^Bearer /, '') ?? /relais-session=([^;]+)/.exec(cookie ?? '')?.[1];
    if (name === undefined) {
      throw new RelaisError('auth.token-missing', 401, 'login', 'This call needs an access token or a session.');
    }
    const principal = principals[name];
    if (principal === undefined) {
      throw new RelaisError('auth.token-signature', 401, 'login', 'The signature does not verify.');
    }
    if (principal.via === 'staff-session' && method !== 'GET' && csrfToken !== principal.csrfToken) {
      throw new RelaisError('auth.csrf', 403, 'security', 'The request does not carry the token of this session.');
    }
    return principal;
  };
}

export interface TestServer {
  readonly server: Server;
  readonly log: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[];
  readonly refusals: Refusal[];
  /** Flushes the counts of anonymous refusals. */
  readonly close: () => void;
}

type Parts = {
  readonly story?: Partial<Story>;
  readonly principals?: Readonly<Record<string, Principal>>;
} & Partial<Omit<HttpDeps, 'story'>>;

/** The real app on a real server; what a test does not give is a part that must not be reached. */
export function startHttp(parts: Parts = {}, limits: ServerLimits = {}): TestServer {
  const { app, ...seen } = createTestApp(parts);
  return { server: serve(app, limits), ...seen, close: app.close };
}

/** @returns a server of this test's own; it is closed when the test ends */
export function serve(app: HttpApp, limits: ServerLimits = {}): Server {
  const server = createHttpServer(app.express, limits);
  // Asked for in a hook, there is no test to end with: supertest closes it with the answer.
  if (getCurrentTest() !== undefined) {
    onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  }
  return server;
}

export function createTestApp(parts: Parts = {}) {
  const { story = {}, principals = { partner: partner() }, ...rest } = parts;
  const log: TestServer['log'] = [];
  const refusals: Refusal[] = [];
  const app = createApp({
    config: { mode: 'production' },
    publicUrl: PUBLIC_URL,
    story: new Proxy(story as Story, {
      get: (target, name: keyof Story) =>
        target[name] ??
        (() => {
          throw new Error(`The test did not expect ${String(name)}`);
        }),
    }),
    mapping: () => {
      throw new Error('The test did not expect a mapping');
    },
    authenticate: authenticateFrom(principals),
    sessionLives: () => Promise.resolve(true),
    changes: {
      listen: () => {
        throw new Error('The test did not expect a stream');
      },
      close: () => Promise.resolve(),
    },
    accessDoor: {
      open: () => {
        throw new Error('The test did not expect a link');
      },
      askForCode: () => Promise.resolve(),
      admit: async () => {
        throw new RelaisError('access.closed', 403, 'expired', 'This page has been closed. Ask for a new link.');
      },
      leave: async () => 'relais-access=',
    },
    signIn: null,
    tokenEndpoint: {
      callback: (_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.statusCode = 400;
        response.end('{"error":"unsupported_grant_type"}');
      },
      jwks: async () => ({ keys: [] }),
      metadata: { issuer: PUBLIC_URL },
      smartConfiguration: { issuer: PUBLIC_URL },
    },
    log: (event, fields = {}) => void log.push({ event, fields }),
    clock: systemClock,
    metrics: new Registry(),
    causeText: (cause) => ({ en: `cause ${cause}`, fr: `cause ${cause}` }),
    onRefused: (refusal) => void refusals.push(refusal),
    ...rest,
  });
  return { app, log, refusals };
}

/** supertest, with every answer held against the table: status, media type and schema. */
export function api(server: Server, token?: string) {
  const call = (method: 'get' | 'post' | 'put') => (path: string) => {
    const test = request(server)
      [method](path)
      .expect((answer) => honours(method, path, answer));
    return token === undefined ? test : test.set('Authorization', `Bearer ${token}`);
  };
  return { get: call('get'), post: call('post'), put: call('put') };
}

/** @throws when the answer is not one that the table, and so the OpenAPI document, describes */
export function honours(method: string, path: string, answer: request.Response): void {
  expect(answer.headers['cache-control'], 'nothing is cached').toBe('no-store');
  expect(answer.headers['x-request-id']).toMatch(/^[A-Za-z0-9._-]{8,64}$/);
  const route = routeOf(method, path);
  const rule = route?.operation.responses[answer.status];
  if (rule !== undefined && !isError(answer)) {
    const other = rule.others?.[answer.type];
    if (other !== undefined) {
      const body: unknown = answer.type.endsWith('json') ? JSON.parse(answer.text) : answer.text;
      expect(other.schema.parse(body)).toBeDefined();
      return;
    }
    if (rule.mediaType !== undefined) expect(answer.type).toBe(rule.mediaType.split(';')[0]);
    if (rule.schema !== undefined) expect(rule.schema.parse(JSON.parse(answer.text))).toBeDefined();
    return;
  }
  expect(answer.status, `${method} ${path} does not declare this status`).toBeGreaterThanOrEqual(400);
  if (/^\/access(\/|\?|$)/.test(path)) {
    expect(answer.type).toBe('text/html');
    return;
  }
  const body: unknown = JSON.parse(answer.text);
  if (path.startsWith('/fhir')) {
    expect(answer.type).toBe('application/fhir+json');
    operationOutcome.parse(body);
  } else {
    expect(answer.type).toBe('application/problem+json');
    const { code } = problem.parse(body);
    if (code === 'transfer.refused') refusedTransfer.parse(body);
  }
}

function isError(answer: request.Response): boolean {
  return (
    answer.type === 'application/problem+json' ||
    (answer.text as string | undefined)?.includes('"OperationOutcome"') === true
  );
}

function routeOf(method: string, path: string): Route | undefined {
  const [pathname = ''] = path.split('?');
  return ROUTES.find(
    (route) => route.method === method && new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(pathname),
  );
}
