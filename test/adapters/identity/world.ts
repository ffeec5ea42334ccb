import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { inject } from 'vitest';
import { createAuthenticator } from '../../../src/adapters/identity/authenticate.js';
import { createPartnerRules } from '../../../src/adapters/identity/check-partner.js';
import { createRemoteKeySets } from '../../../src/adapters/identity/remote-key-sets.js';
import { createSigningKeys } from '../../../src/adapters/identity/signing-keys.js';
import { createTokenEndpoint } from '../../../src/adapters/identity/token-endpoint.js';
import { createPool } from '../../../src/adapters/store/connection/pool.js';
import type { AuditWriter } from '../../../src/adapters/store/identity/in-transaction.js';
import { createRegistry } from '../../../src/adapters/store/identity/registry.js';
import { createReplayStore } from '../../../src/adapters/store/identity/replay.js';
import { createSigningKeyStore } from '../../../src/adapters/store/identity/signing-keys.js';
import { createStaffSessions } from '../../../src/adapters/store/identity/staff-sessions.js';
import type { Actor } from '../../../src/kernel/actor.js';
import type { OrganizationId } from '../../../src/kernel/ids.js';
import type { Credentials, NewOrganization } from '../../../src/transfer/identity-ports.js';
import { administer, databaseUrl } from '../../support/global-setup.js';

export const OPERATOR: Actor = { type: 'system', id: 'test', organizationId: null };
const MASTER_KEY = randomBytes(32);

export interface World extends Awaited<ReturnType<typeof createWorld>> {}

/** A database of its own and two gateways on it, as two processes would be: each with caches and keys of its own. */
export async function createWorld() {
  const adminUrl = inject('adminUrl');
  const name = `relais_identity_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create database ${name} template ${inject('templateDatabase')}`);
  const url = databaseUrl(adminUrl, name);
  const pool = createPool({ url, role: 'relais_identity', max: 8 });
  const owner = new pg.Pool({ connectionString: url, max: 2, options: '-c search_path=relais' });
  const events: { event: string; fields: Record<string, unknown> }[] = [];
  const log = (event: string, fields: Record<string, unknown> = {}): void => {
    events.push({ event, fields });
  };

  const registryFor = (publicUrl: string) =>
    createRegistry({ pool, audit, rules: createPartnerRules({ publicUrl, allowPrivateEndpoints: true }) });
  const sessions = createStaffSessions({ pool, audit });
  const replay = createReplayStore({ pool });
  const storage = createSigningKeyStore({ pool, masterKey: MASTER_KEY });
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
    const shared = { publicUrl, registry, tokenKeys, clientKeys, keySets, log };
    const endpoint = createTokenEndpoint({ ...shared, replay });
    const authenticate = createAuthenticator({ ...shared, sessions });
    return { endpoint, authenticate, keySets, tokenKeys, clientKeys };
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
    owner,
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
      await pool.end();
      await owner.end();
      await administer(adminUrl, `drop database if exists ${name} with (force)`);
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

const audit: AuditWriter = async (client, fact) => {
  const id = randomUUID();
  const entry = { ...fact, id, at: new Date().toISOString() };
  await client.query('insert into audit_entry (id, entry) values ($1, $2)', [id, entry]);
  await client.query('insert into audit_pending (entry_id, organizations) values ($1, $2)', [id, fact.organizations]);
};

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
