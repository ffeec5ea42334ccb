import { frameOf } from '../composition/frame-of.js';
import { openDatabase } from '../composition/open-database.js';
import type { Config } from '../config.js';
import type { Text } from '../kernel/i18n.js';
import { RelaisError } from '../kernel/errors.js';
import { isUuid, type OrganizationId } from '../kernel/ids.js';
import type { Registry } from '../transfer/identity-ports.js';
import { createPartnerRules } from '../adapters/identity/check-partner.js';
import { createBundleSigner } from '../adapters/identity/sign-bundle.js';
import { createSigningKeys } from '../adapters/identity/signing-keys.js';
import { insertEntry } from '../adapters/store/audit/insert-entry.js';
import { createPool } from '../adapters/store/connection/pool.js';
import { createDeliveryControl } from '../adapters/store/dispatch/control.js';
import { createStore } from '../adapters/store/create-store.js';
import { createRegistry } from '../adapters/store/identity/registry.js';
import { createSigningKeyStore } from '../adapters/store/identity/signing-keys.js';
import { createStaffSessions } from '../adapters/store/identity/staff-sessions.js';
import { createImportStore } from '../adapters/store/imports/create-import-store.js';
import type { Opened } from './context.js';

const LOCAL_ORGANIZATION_MADE: Text = {
  en: 'The local store had no organization yet; "{name}" was made in it ({id}).',
  fr: 'Le dépôt local ne comptait encore aucun organisme ; « {name} » y a été créé ({id}).',
};
const LOCAL_NAME = 'Local';

/**
 * The store of the configuration; without DATABASE_URL the local one: an embedded PostgreSQL in the state directory,
 * brought up to date, stopped at the end by the last process that uses it.
 *
 * @param tell says what was done unasked
 */
export async function openStore(
  config: Config,
  tell: (text: Text, parameters: Readonly<Record<string, string>>) => void,
): Promise<Opened> {
  const database = await openDatabase(config);
  const store = createStore({ url: database.url, masterKey: database.masterKey, maxConnections: 4, waitMs: 10_000 });
  const pool = createPool({ url: database.url, role: 'relais_identity', max: 2, waitMs: 10_000 });
  const frame = frameOf(config, database.masterKey);
  const { allowPrivateEndpoints } = config;
  const rules = createPartnerRules({ publicUrl: frame.publicUrl, allowPrivateEndpoints });
  const registry = createRegistry({ pool, audit: insertEntry, rules });
  const signingKeys = createSigningKeyStore({ pool, masterKey: database.masterKey });
  const local = config.databaseUrl === undefined;
  return {
    store,
    frame,
    registry,
    imports: createImportStore(store),
    evidence: {
      sign: createBundleSigner(createSigningKeys({ purpose: 'bundle', storage: signingKeys })),
      bundleKeys: () => signingKeys.publicKeys('bundle'),
    },
    staffSessions: createStaffSessions({ pool, audit: insertEntry }),
    deliveries: createDeliveryControl({ pool, audit: insertEntry }),
    organization: (id) => chooseOrganization(registry, id, local, tell),
    close: async () => {
      await Promise.all([store.close(), pool.end()]);
      await database.stop();
    },
  };
}

async function chooseOrganization(
  registry: Registry,
  id: string | undefined,
  local: boolean,
  tell: (text: Text, parameters: Readonly<Record<string, string>>) => void,
): Promise<OrganizationId> {
  const organizations = await registry.listOrganizations();
  if (id !== undefined) {
    const found = isUuid(id) ? organizations.find((organization) => organization.id === id) : undefined;
    if (found === undefined) throw refused('No organization has this id.');
    return found.id;
  }
  if (organizations.length === 1) return organizations[0]!.id;
  if (organizations.length > 1) {
    const list = organizations.map((organization) => `${organization.id} (${organization.name})`).join(', ');
    throw refused(`There are several organizations; say for which with --organization: ${list}.`);
  }
  if (!local) throw refused('There is no organization yet; run: relais init');
  const made = await registry.createOrganization(
    {
      name: LOCAL_NAME,
      sector: 'social',
      function: { en: 'local use', fr: 'usage local' },
      secrecy: 'professional-secrecy',
      confidentialByNature: false,
    },
    { type: 'system', id: 'command-line', organizationId: null },
  );
  tell(LOCAL_ORGANIZATION_MADE, { name: made.name, id: made.id });
  return made.id;
}

function refused(message: string): RelaisError {
  return new RelaisError('cli.organization', 422, 'value', message);
}
