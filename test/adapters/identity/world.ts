import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthenticator } from '../../../src/adapters/identity/authenticate.js';
import { createPartnerRules } from '../../../src/adapters/identity/check-partner.js';
import { createRemoteKeySets } from '../../../src/adapters/identity/remote-key-sets.js';
import { createSigningKeys } from '../../../src/adapters/identity/signing-keys.js';
import { createTokenEndpoint } from '../../../src/adapters/identity/token-endpoint.js';
import { insertEntry } from '../../../src/adapters/store/audit/insert-entry.js';
import { createRegistry } from '../../../src/adapters/store/identity/registry.js';
import { createReplayStore } from '../../../src/adapters/store/identity/replay.js';
import { createSigningKeyStore } from '../../../src/adapters/store/identity/signing-keys.js';
import { createStaffSessions } from '../../../src/adapters/store/identity/staff-sessions.js';
import type { Actor } from '../../../src/kernel/actor.js';
import type { OrganizationId } from '../../../src/kernel/ids.js';
import type { Credentials, NewOrganization } from '../../../src/transfer/identity-ports.js';
import { createTestDatabase } from '../../support/database.js';

export const OPERATOR: Actor = { type: 'system', id: 'test', organizationId: null };

export type World = Awaited<ReturnType<typeof createWorld>>;

/** A database of its own and two gateways on it, as two processes would be: each with caches and keys of its own. */
export async function createWorld() {
  const database = await createTestDatabase();
  const pool = database.pool('relais_identity');
  const events: { event: string; fields: Record<string, unknown> }[] = [];
  const log = (event: string, fields: Record<string, unknown> = {}): void => {
    events.push({ event, fields });
  };

  const registryFor = (publicUrl: string) =>
    createRegistry({ pool, audit: insertEntry, rules: createPartnerRules({ publicUrl, allowPrivateEndpoints: true }) });
  const sessions = createStaffSessions({ pool, audit: insertEntry });
  const replay = createReplayStore({ pool });
  const storage = createSigningKeyStore({ pool, masterKey: database.masterKey });
  const server = createServer();
  await listen(server);
  const publicUrl = urlOf(server);
  const registry = registryFor(publicUrl);

  /** @param nowMs moves the clock of caches, not that of the database */
  function gateway(nowMs?: () => number) {
    const clock = nowMs === undefined ? {} : { nowMs };
    const keySets = createRemoteKeySets({ fetch, allowPrivateEndpoints: true, log, ...clock });
    const tokenKeys = createSigningKeys({ purpose: 'access-token', storage, ...clock });
    const clientKeys = createSigningKeys({ purpose: 'client-assertion', storage, ...clock });
    const bundleKeys = createSigningKeys({ purpose: 'bundle', storage, ...clock });
    const shared = { publicUrl, registry, tokenKeys, clientKeys, bundleKeys, keySets, log };
    const endpoint = createTokenEndpoint({ ...shared, replay });
    const authenticate = createAuthenticator({ ...shared, sessions });
    return { endpoint, authenticate, keySets, tokenKeys, clientKeys, bundleKeys };
  }

  const first = gateway();
  const second = gateway();
  const other = createServer(second.endpoint.callback);
  await listen(other);
  server.on('request', first.endpoint.callback);

  async function organization(changes: Partial<NewOrganization> = {}): Promise<OrganizationId> {
    const created = await registry.createOrganization({ ...ORGANIZATION, ...changes }, OPERATOR);
    return created.id;
  }

  return {
    publicUrl,
    /** The second gateway answers for the same public URL at another address, as behind a load balancer. */
    otherUrl: urlOf(other),
    tokenUrl: `${publicUrl}/oauth/token`,
    otherTokenUrl: `${urlOf(other)}/oauth/token`,
    registry,
    sessions,
    replay,
    storage,
    pool,
    database,
    first,
    second,
    gateway,
    organization,
    events,
    log,
    async close() {
      for (const running of [server, other]) {
        running.closeAllConnections();
        await new Promise((resolve) => running.close(resolve));
      }
      await database.drop();
    },
  };
}

const ORGANIZATION: NewOrganization = {
  name: 'Toit Commun',
  sector: 'housing',
  function: { en: 'housing service', fr: 'service logement' },
  secrecy: 'duty-of-discretion',
  confidentialByNature: false,
};

export function bearer(token: string, changes: Partial<Credentials> = {}): Credentials {
  return {
    authorization: `Bearer ${token}`,
    cookie: undefined,
    method: 'GET',
    csrfToken: undefined,
    origin: undefined,
    ...changes,
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
