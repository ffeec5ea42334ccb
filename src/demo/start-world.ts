import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { createPartnerRules } from '../adapters/identity/check-partner.js';
import { insertEntry } from '../adapters/store/audit/insert-entry.js';
import { createPool } from '../adapters/store/connection/pool.js';
import { createStore, type PostgresStore } from '../adapters/store/create-store.js';
import { startEmbeddedPostgres } from '../adapters/store/embedded/start-embedded-postgres.js';
import { createRegistry } from '../adapters/store/identity/registry.js';
import { createScratchDatabase } from '../adapters/store/scratch-database.js';
import { migrateAll } from '../composition/open-database.js';
import type { Actor } from '../kernel/actor.js';
import type { Lang } from '../kernel/i18n.js';
import type { OrganizationId } from '../kernel/ids.js';
import type { GuestContact } from '../transfer/guest-ports.js';
import type { Registry } from '../transfer/identity-ports.js';
import type { Organization } from '../transfer/partner.js';
import { SCOPES } from '../transfer/principal.js';
import { registerGuest } from '../transfer/register-guest.js';
import { freePort, startProcess, type RunningProcess } from './processes.js';
import {
  AGREEMENTS,
  CCAS,
  CONSEIL_DETTES,
  LES_TILLEULS,
  ORGANIZATIONS,
  TOIT_COMMUN,
  USERS,
  VALMONT_HABITAT,
} from './world.js';

const STAFF_CLIENT = 'relais-staff';
/** Under this client id Relais is known at every partner. */
const RELAIS_CLIENT = 'relais';
const ADMIN: Actor = { type: 'system', id: 'demo', organizationId: null };

interface PartnerReady {
  readonly url?: string;
  readonly tokenUrl: string;
  readonly webhookUrl?: string;
  readonly controlUrl: string;
  /** The agency's alone: opens a case of its own in Relais. */
  readonly openUrl?: string;
}

/** A partner system in a process of its own, driven through its control port as its own staff would drive it. */
export interface RemotePartner {
  readonly organization: Organization;
  readonly clientId: string;
  readonly privateJwk: JWK;
  readonly process: RunningProcess<PartnerReady>;
  control<T>(path: string, body?: unknown): Promise<T>;
}

interface MailboxReady {
  readonly url: string;
  readonly smtpUrl: string;
  readonly controlUrl: string;
}

/** A mail that arrived, readable. */
export interface ArrivedMail {
  readonly to: string;
  readonly at: string;
  readonly subject: string;
  readonly text: string;
}

/** The mailbox of organizations without a system, in a process of its own. */
export interface RemoteMailbox {
  /** The page that shows it. */
  readonly url: string;
  readonly smtpUrl: string;
  mails(): Promise<readonly ArrivedMail[]>;
  /** `door: refusing`: the mail server is away; `answer`: what it says to a recipient. */
  behave(behaviour: { readonly door?: 'open' | 'refusing'; readonly answer?: string }): Promise<void>;
}

export interface World {
  readonly publicUrl: string;
  readonly issuerUrl: string;
  readonly databaseUrl: string;
  readonly masterKey: Buffer;
  readonly store: PostgresStore;
  readonly registry: Registry;
  readonly partners: ReadonlyMap<OrganizationId, RemotePartner>;
  /** Where notices to organizations without a system arrive; null where everyone has one. */
  readonly mailbox: RemoteMailbox | null;
  /** What a gateway process needs to run in this world; tests start, kill and restart their own. */
  readonly gatewayEnvironment: Readonly<Record<string, string>>;
  startGateway(
    role?: 'all' | 'serve' | 'worker',
    environment?: Readonly<Record<string, string>>,
  ): Promise<RunningProcess<{ port: number }>>;
  stop(): Promise<void>;
}

/**
 * Valmont on this machine: a database of its own, the issuer, the partner systems, organizations, agreements and
 * registrations. The gateway is started by the caller.
 *
 * @param options.port wanted port of the gateway; another one when it is taken
 * @param options.withoutSystem who receives as a guest, by mail; what is tested of systems' doors gives everyone a system
 */
export async function startWorld(options: {
  readonly lang: Lang;
  readonly port?: number;
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly withoutSystem?: readonly Organization[];
}): Promise<World> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const undo of stops.splice(0).reverse()) await undo();
  };
  try {
    const databaseUrl = await openScratch(options.databaseUrl, stops);
    await migrateAll(databaseUrl);
    const masterKey = randomBytes(32);
    const store = createStore({ url: databaseUrl, masterKey, maxConnections: 4 });
    stops.push(() => store.close());

    const port = await freePort(options.port ?? 0);
    const publicUrl = `http://127.0.0.1:${port}`;
    const registry = openRegistry(databaseUrl, publicUrl, stops);
    for (const organization of ORGANIZATIONS) await registry.createOrganization(organization, ADMIN);
    for (const agreement of AGREEMENTS) {
      await store.asOrganization(CCAS.id, (tx) => tx.putAgreement(agreement, ADMIN));
    }
    const issuer = await startIssuer(publicUrl, options.lang);
    stops.push(() => issuer.stop());

    const { withoutSystem = [CONSEIL_DETTES] } = options;
    const mailbox = withoutSystem.length === 0 ? null : await startMailbox(publicUrl, options.lang, stops);
    for (const organization of withoutSystem) {
      await registerGuest(registry, organization.id, contactOf(organization, options.lang), ADMIN);
    }

    const partners = new Map<OrganizationId, RemotePartner>();
    const systems = [CCAS, TOIT_COMMUN, LES_TILLEULS, VALMONT_HABITAT, CONSEIL_DETTES].filter(
      (organization) => !withoutSystem.includes(organization),
    );
    for (const organization of systems) {
      const partner = await startPartner(organization, publicUrl, registry);
      stops.push(() => partner.process.stop());
      partners.set(organization.id, partner);
    }
    const gatewayEnvironment = {
      RELAIS_MODE: 'demo',
      RELAIS_HOST: '127.0.0.1',
      RELAIS_PORT: String(port),
      RELAIS_PUBLIC_URL: publicUrl,
      RELAIS_MASTER_KEY: masterKey.toString('base64'),
      RELAIS_STAFF_ISSUER: issuer.ready.issuer,
      RELAIS_STAFF_CLIENT_ID: STAFF_CLIENT,
      RELAIS_ALLOW_PRIVATE_ENDPOINTS: 'true',
      RELAIS_RETRY_BASE_MS: '400',
      RELAIS_QUEUE_PREFIX: `demo-${randomBytes(6).toString('hex')}`,
      RELAIS_LOG_LEVEL: 'info',
      DATABASE_URL: databaseUrl,
      ...(mailbox !== null && { RELAIS_SMTP_URL: mailbox.smtpUrl, RELAIS_MAIL_FROM: 'relais@valmont.example' }),
      ...(options.redisUrl !== undefined && { REDIS_URL: options.redisUrl }),
    };
    return {
      publicUrl,
      issuerUrl: issuer.ready.issuer,
      databaseUrl,
      masterKey,
      store,
      registry,
      partners,
      mailbox,
      gatewayEnvironment,
      startGateway: async (role = 'all', environment = {}) => {
        const gateway = await startProcess<{ port: number }>('main.js', [role], {
          ...gatewayEnvironment,
          ...environment,
        });
        stops.push(() => gateway.stop());
        return gateway;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openScratch(adminUrl: string | undefined, stops: (() => Promise<void>)[]): Promise<string> {
  if (adminUrl !== undefined) {
    const scratch = await createScratchDatabase(adminUrl);
    stops.push(() => scratch.drop());
    return scratch.url;
  }
  const embedded = await startEmbeddedPostgres({ ephemeral: true });
  stops.push(() => embedded.stop());
  return embedded.url;
}

function openRegistry(url: string, publicUrl: string, stops: (() => Promise<void>)[]): Registry {
  const pool = createPool({ url, role: 'relais_identity', max: 2 });
  stops.push(() => pool.end());
  return createRegistry({
    pool,
    rules: createPartnerRules({ publicUrl, allowPrivateEndpoints: true }),
    audit: insertEntry,
  });
}

async function startIssuer(publicUrl: string, lang: Lang): Promise<RunningProcess<{ issuer: string }>> {
  const names = new Map(ORGANIZATIONS.map(({ id, name }) => [id, name]));
  const issuerOptions = {
    port: 0,
    lang,
    rolesClaim: 'relais_roles',
    organizationClaim: 'relais_organization',
    users: USERS.map(({ subject, name, organizationId, roles }) => ({
      id: subject,
      name,
      organizationId,
      organizationName: names.get(organizationId) ?? '',
      roles,
    })),
    clients: [{ clientId: STAFF_CLIENT, redirectUris: [`${publicUrl}/auth/callback`] }],
  };
  return startProcess('demo/issuer.js', [], { RELAIS_MODE: 'demo', ISSUER_OPTIONS: JSON.stringify(issuerOptions) });
}

async function startMailbox(publicUrl: string, lang: Lang, stops: (() => Promise<void>)[]): Promise<RemoteMailbox> {
  const mailbox = await startProcess<MailboxReady>('demo/mailbox.js', [], {
    RELAIS_MODE: 'demo',
    MAILBOX_OPTIONS: JSON.stringify({ lang, publicUrl, port: await freePort() }),
  });
  stops.push(() => mailbox.stop());
  const { url, smtpUrl, controlUrl } = mailbox.ready;
  return {
    url,
    smtpUrl,
    mails: async () => ((await ask(controlUrl, '/mails')) as { mails: ArrivedMail[] }).mails,
    behave: async (behaviour) => {
      await ask(controlUrl, '/control', behaviour);
    },
  };
}

/** A number that nobody has (ARCEP keeps 01 99 00 xx xx for fiction), at a name that nobody can have (RFC 2606). */
const contactOf = ({ name }: Organization, lang: Lang): GuestContact => ({
  email: `accueil@${slug(name)}.example`,
  lang,
  channel: { kind: 'phone', hint: '01 99 00 24 16' },
});

function slug(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z]+/g, '-');
}

async function startPartner(organization: Organization, publicUrl: string, registry: Registry): Promise<RemotePartner> {
  const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
  const kid = `${organization.id}-1`;
  const privateJwk: JWK = { ...(await exportJWK(privateKey)), kid, alg: 'ES384' };
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES384', use: 'sig' };
  const clientId = slug(organization.name);
  const isAgency = organization.id === CCAS.id;
  const scopes = isAgency ? SCOPES.filter((scope) => scope !== 'system/Task.ru') : ['system/Task.ru' as const];
  const configuration = {
    name: organization.name,
    jwksUrl: `${publicUrl}/oauth/jwks`,
    clientId: RELAIS_CLIENT,
    relais: { url: publicUrl, tokenUrl: `${publicUrl}/oauth/token`, clientId, privateJwk, scope: scopes.join(' ') },
  };
  const program = isAgency ? 'demo/partners/agency.js' : 'demo/partners/receiver.js';
  const process = await startProcess<PartnerReady>(program, [], { PARTNER_CONFIG: JSON.stringify(configuration) });
  const { url, webhookUrl, tokenUrl, controlUrl } = process.ready;
  const door = (address: string, scope: string) => ({
    url: address,
    tokenUrl,
    clientId: RELAIS_CLIENT,
    scope,
    idempotency: 'key' as const,
  });
  await registry.createPartner(
    {
      organizationId: organization.id,
      name: `${organization.name} · ${isAgency ? 'case software' : 'system'}`,
      clientId,
      issuer: 'relais',
      jwks: { keys: [publicJwk] },
      scopes,
      ...(url !== undefined && { endpoint: door(url, 'system/Bundle.c') }),
      ...(webhookUrl !== undefined && { webhook: door(webhookUrl, 'relais/Event.c') }),
    },
    ADMIN,
  );
  return {
    organization,
    clientId,
    privateJwk,
    process,
    control: async <T>(path: string, body?: unknown): Promise<T> => (await ask(controlUrl, path, body)) as T,
  };
}

/** One order to the control port of a process. */
async function ask(controlUrl: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(new URL(path, controlUrl), {
    method: body === undefined ? 'GET' : 'POST',
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 200)}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
