import type pg from 'pg';
import type { Config } from '../config.js';
import type { AuditFact } from '../domain/audit/entry.js';
import type { Refusal } from '../http/deps.js';
import type { DeliveryControl } from '../transfer/delivery-control.js';
import { systemClock } from '../kernel/clock.js';
import type { Log } from '../kernel/log.js';
import type { AccessDoor } from '../transfer/access-link-ports.js';
import type {
  Authenticate,
  PublicJwk,
  Registry,
  ReplayStore,
  StaffSessions,
  TokenSource,
  VerifyLaunch,
} from '../transfer/identity-ports.js';
import type { PartnerTests } from '../transfer/partner-ports.js';
import type { BundleSigner } from '../transfer/door-ports.js';
import { createLaunchVerifier } from '../adapters/identity/verify-launch.js';
import { createAccessDoor } from '../adapters/identity/access-door.js';
import { createAuthenticator, createSessionWatch } from '../adapters/identity/authenticate.js';
import { createPartnerRules } from '../adapters/identity/check-partner.js';
import { createRemoteKeySets } from '../adapters/identity/remote-key-sets.js';
import { createSignIn, type SignIn } from '../adapters/identity/sign-in.js';
import { createBundleSigner } from '../adapters/identity/sign-bundle.js';
import { createSigningKeys } from '../adapters/identity/signing-keys.js';
import { createTokenEndpoint, type TokenEndpoint } from '../adapters/identity/token-endpoint.js';
import { createTokenSource } from '../adapters/identity/token-source.js';
import { createAccessSessions } from '../adapters/store/access/access-sessions.js';
import { insertEntry } from '../adapters/store/audit/insert-entry.js';
import { recordMappingVersion } from '../adapters/store/record-mapping-version.js';
import { translateError } from '../adapters/store/connection/errors.js';
import { createPool } from '../adapters/store/connection/pool.js';
import { createDeliveryControl } from '../adapters/store/dispatch/control.js';
import { createPartnerTests } from '../adapters/store/identity/partner-tests.js';
import { createRegistry } from '../adapters/store/identity/registry.js';
import { createReplayStore } from '../adapters/store/identity/replay.js';
import { createSigningKeyStore } from '../adapters/store/identity/signing-keys.js';
import { createStaffSessions } from '../adapters/store/identity/staff-sessions.js';

export interface Identity {
  readonly registry: Registry;
  readonly sessions: StaffSessions;
  readonly replay: ReplayStore;
  readonly authenticate: Authenticate;
  readonly verifyLaunch: VerifyLaunch;
  readonly sessionLives: ReturnType<typeof createSessionWatch>;
  readonly accessDoor: AccessDoor;
  readonly tokenEndpoint: TokenEndpoint;
  readonly signIn: SignIn | null;
  readonly tokens: TokenSource;
  readonly deliveries: DeliveryControl;
  readonly partnerTests: PartnerTests;
  /** How many usable keys a partner publishes at an address. */
  readonly countKeys: (jwksUri: string) => Promise<number>;
  readonly signBundle: BundleSigner;
  /** Public keys that signed bundles, retired ones too. */
  readonly bundleKeys: () => Promise<readonly PublicJwk[]>;
  /** Refusals at the door belong to no organization's transaction. Nobody's address is written. */
  auditRefusal(refusal: Refusal): Promise<void>;
  /** Keeps what a mapping's version stands for. */
  recordMapping(mapping: Parameters<typeof recordMappingVersion>[1]): Promise<void>;
  close(): Promise<void>;
}

/** Everything about who calls and whom Relais calls, on connections that act as relais_identity. */
export function openIdentity(options: {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly masterKey: Buffer;
  readonly publicUrl: string;
  /** Checks addresses at connect time. */
  readonly fetch: typeof fetch;
  readonly log: Log;
}): Identity {
  const { config, publicUrl, fetch, log } = options;
  const { allowPrivateEndpoints } = config;
  const pool = createPool({ url: options.databaseUrl, role: 'relais_identity', max: 4 });
  const registry = createRegistry({
    pool,
    audit: insertEntry,
    rules: createPartnerRules({ publicUrl, allowPrivateEndpoints }),
  });
  const limits = { idleSeconds: config.sessionIdleMinutes * 60, absoluteSeconds: config.sessionHours * 3600 };
  const sessions = createStaffSessions({ pool, audit: insertEntry, limits });
  const accessSessions = createAccessSessions({ pool, masterKey: options.masterKey, audit: insertEntry });
  const replay = createReplayStore({ pool, limits });
  const storage = createSigningKeyStore({ pool, masterKey: options.masterKey });
  const keySets = createRemoteKeySets({ fetch, allowPrivateEndpoints, log });
  const tokenKeys = createSigningKeys({ purpose: 'access-token', storage });
  const clientKeys = createSigningKeys({ purpose: 'client-assertion', storage });
  const bundleKeys = createSigningKeys({ purpose: 'bundle', storage });
  const authenticate = createAuthenticator({ publicUrl, registry, tokenKeys, keySets, sessions, log });
  const shared = { publicUrl, registry, tokenKeys, clientKeys, bundleKeys, keySets, log };
  return {
    registry,
    sessions,
    replay,
    // Who calls is read from the database: when that is away, the caller is told to come back and not that we failed.
    authenticate: (credentials) =>
      authenticate(credentials).catch((error: unknown) => {
        throw translateError(error);
      }),
    verifyLaunch: createLaunchVerifier({ publicUrl, registry, replay, keySets, log }),
    accessDoor: createAccessDoor({ publicUrl, sessions: accessSessions, clock: systemClock }),
    tokenEndpoint: createTokenEndpoint({ ...shared, replay }),
    sessionLives: createSessionWatch({ publicUrl, sessions }),
    signIn: openSignIn(config, { publicUrl, sessions, sessionSeconds: limits.absoluteSeconds, fetch, log }),
    signBundle: createBundleSigner(bundleKeys),
    bundleKeys: () => storage.publicKeys('bundle'),
    tokens: createTokenSource({ keys: clientKeys, fetch, allowPrivateEndpoints, log }),
    deliveries: createDeliveryControl({ pool, audit: insertEntry }),
    partnerTests: createPartnerTests({ pool, audit: insertEntry }),
    countKeys: async (jwksUri) => (await keySets.keysAt(jwksUri)).length,
    auditRefusal: (refusal) => withClient(pool, (client) => insertEntry(client, factOf(refusal))),
    recordMapping: (mapping) => recordMappingVersion(pool, mapping),
    close: () => pool.end(),
  };
}

function openSignIn(
  config: Config,
  shared: { publicUrl: string; sessions: StaffSessions; sessionSeconds: number; fetch: typeof fetch; log: Log },
): SignIn | null {
  if (config.staffIssuer === undefined || config.staffClientId === undefined) return null;
  return createSignIn({
    ...shared,
    staffIssuer: config.staffIssuer,
    clientId: config.staffClientId,
    clientSecret: config.staffClientSecret,
    claims: { roles: config.staffRolesClaim, organization: config.staffOrganizationClaim },
    allowHttp: config.mode === 'demo',
  });
}

async function withClient(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await work(client);
  } finally {
    client.release();
  }
}

function factOf(refusal: Refusal): AuditFact {
  if (refusal.kind === 'anonymous') {
    return {
      action: 'access.refused',
      outcome: 'refused',
      actor: { type: 'system', id: 'door', organizationId: null },
      organizations: [],
      codes: { minute: refusal.minute, count: refusal.count, codes: Object.keys(refusal.codes) },
    };
  }
  const { principal, code, status, route, requestId } = refusal;
  return {
    action: 'access.refused',
    outcome: 'refused',
    actor: principal.actor,
    organizations: [principal.organizationId],
    requestId,
    codes: { code, status, route },
  };
}
