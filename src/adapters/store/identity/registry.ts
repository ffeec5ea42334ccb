import type pg from 'pg';
import type { Actor } from '../../../kernel/actor.js';
import type { Instant } from '../../../kernel/clock.js';
import { newId, type OrganizationId, type PartnerId } from '../../../kernel/ids.js';
import { RelaisError, notFound } from '../../../kernel/errors.js';
import type { NewPartner, PartnerChange, Registry } from '../../../transfer/identity-ports.js';
import type { Organization, Partner } from '../../../transfer/ports.js';
import { translateError } from '../connection/errors.js';
import { inTransaction, type AuditWriter } from './in-transaction.js';

/** Rules that a partner must keep; given by the composition root (adapters/identity/check-partner). */
export type PartnerRules = (partner: Omit<Partner, 'id' | 'status'>) => void;

/**
 * Organizations and partners in PostgreSQL, as relais_identity. Every change and its audit entry are one transaction.
 *
 * @param pool connections of the role relais_identity
 * @param rules throws a RelaisError for a partner that may not be registered
 */
export function createRegistry(options: {
  readonly pool: pg.Pool;
  readonly audit: AuditWriter;
  readonly rules: PartnerRules;
}): Registry {
  const { pool, audit, rules } = options;

  async function changePartner(
    id: PartnerId,
    actor: Actor,
    change: string,
    apply: (before: Partner) => Partner,
  ): Promise<Partner> {
    return inTransaction(pool, async (client) => {
      const { rows } = await client.query<PartnerRow>(`select ${PARTNER} from partner where id = $1 for update`, [id]);
      const row = rows[0];
      if (row === undefined) throw notFound();
      const after = apply(partnerOf(row));
      await client.query(
        `update partner set name = $2, status = $3, client_id = $4, issuer = $5, jwks = $6, jwks_uri = $7, scopes = $8,
                endpoint = $9, webhook = $10, guest = $11 where id = $1`,
        valuesOf(after),
      );
      await audit(client, changed(after, actor, change));
      return after;
    }).catch(orDuplicate);
  }

  return {
    async partnerByClientId(issuer, clientId) {
      // Asked for every call: planned once, and a database that is too busy is no failure of ours (503, not 500).
      const { rows } = await pool
        .query<PartnerRow & { at: Instant }>({
          name: 'partner-by-client-id',
          text: `select ${PARTNER}, now() as at from partner where issuer = $1 and client_id = $2`,
          values: [issuer, clientId],
        })
        .catch((error: unknown) => {
          throw translateError(error);
        });
      return rows[0] === undefined ? null : { partner: partnerOf(rows[0]), at: rows[0].at };
    },

    async partner(id) {
      const { rows } = await pool.query<PartnerRow>(`select ${PARTNER} from partner where id = $1`, [id]);
      return rows[0] === undefined ? null : partnerOf(rows[0]);
    },

    async listPartners() {
      const { rows } = await pool.query<PartnerRow>(`select ${PARTNER} from partner order by created_at, id`);
      return rows.map(partnerOf);
    },

    async organization(id) {
      const { rows } = await pool.query<OrganizationRow>(`select ${ORGANIZATION} from organization where id = $1`, [
        id,
      ]);
      return rows[0] === undefined ? null : organizationOf(rows[0]);
    },

    async listOrganizations() {
      const { rows } = await pool.query<OrganizationRow>(
        `select ${ORGANIZATION} from organization order by created_at, id`,
      );
      return rows.map(organizationOf);
    },

    async createOrganization(input, actor) {
      const organization: Organization = { ...input, id: input.id ?? newId<OrganizationId>() };
      await inTransaction(pool, async (client) => {
        await insertOrganization(client, organization);
        await audit(client, organizationChanged(organization, actor, 'organization-created'));
      }).catch(orDuplicate);
      return organization;
    },

    async updateOrganization(organization, actor) {
      await inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(
          `update organization set name = $2, sector = $3, function_en = $4, function_fr = $5, secrecy = $6,
                  confidential_by_nature = $7 where id = $1`,
          organizationValues(organization),
        );
        if (rowCount === 0) throw notFound();
        await audit(client, organizationChanged(organization, actor, 'organization-updated'));
      });
      return organization;
    },

    async createPartner(input: NewPartner, actor) {
      rules(input);
      const partner: Partner = { ...input, id: input.id ?? newId<PartnerId>(), status: 'active' };
      await inTransaction(pool, async (client) => {
        await client.query(
          `insert into partner (id, name, status, client_id, issuer, jwks, jwks_uri, scopes, endpoint, webhook, guest, organization_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
          [...valuesOf(partner), partner.organizationId],
        );
        await audit(client, changed(partner, actor, 'created'));
      }).catch(orDuplicate);
      return partner;
    },

    updatePartner: (id, change, actor) =>
      changePartner(id, actor, 'updated', (before) => {
        const after = withChange(before, change);
        rules(after);
        return after;
      }),
    suspendPartner: (id, actor) =>
      changePartner(id, actor, 'suspended', (before) => ({ ...before, status: 'suspended' })),
    reactivatePartner: (id, actor) =>
      changePartner(id, actor, 'reactivated', (before) => ({ ...before, status: 'active' })),
  };
}

/** `null` in a change removes the member. */
function withChange(partner: Partner, change: PartnerChange): Partner {
  const merged = Object.entries({ ...partner, ...change }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(merged) as unknown as Partner;
}

function changed(partner: Partner, actor: Actor, change: string): Parameters<AuditWriter>[1] {
  return {
    action: 'partner.changed',
    outcome: 'success',
    actor,
    organizations: [partner.organizationId],
    codes: { change, partnerId: partner.id, status: partner.status, scopes: [...partner.scopes] },
  };
}

function organizationChanged(organization: Organization, actor: Actor, change: string): Parameters<AuditWriter>[1] {
  return { action: 'partner.changed', outcome: 'success', actor, organizations: [organization.id], codes: { change } };
}

export async function insertOrganization(client: pg.ClientBase, organization: Organization): Promise<void> {
  await client.query(
    `insert into organization (id, name, sector, function_en, function_fr, secrecy, confidential_by_nature)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    organizationValues(organization),
  );
}

function organizationValues(organization: Organization): unknown[] {
  const { id, name, sector, function: words, secrecy, confidentialByNature } = organization;
  return [id, name, sector, words.en, words.fr, secrecy, confidentialByNature];
}

function valuesOf(partner: Partner): unknown[] {
  const { id, name, status, clientId, issuer, jwks, jwksUri, scopes, endpoint, webhook, guest } = partner;
  const doors = [endpoint ?? null, webhook ?? null, guest ?? null];
  return [id, name, status, clientId, issuer, jwks ?? null, jwksUri ?? null, scopes, ...doors];
}

const ORGANIZATION = 'id, name, sector, function_en, function_fr, secrecy, confidential_by_nature';
interface OrganizationRow {
  id: OrganizationId;
  name: string;
  sector: Organization['sector'];
  function_en: string;
  function_fr: string;
  secrecy: Organization['secrecy'];
  confidential_by_nature: boolean;
}

function organizationOf(row: OrganizationRow): Organization {
  return {
    id: row.id,
    name: row.name,
    sector: row.sector,
    function: { en: row.function_en, fr: row.function_fr },
    secrecy: row.secrecy,
    confidentialByNature: row.confidential_by_nature,
  };
}

const PARTNER =
  'id, organization_id, name, status, client_id, issuer, jwks, jwks_uri, scopes, endpoint, webhook, guest';
interface PartnerRow {
  id: PartnerId;
  organization_id: OrganizationId;
  name: string;
  status: Partner['status'];
  client_id: string;
  issuer: string;
  jwks: NonNullable<Partner['jwks']> | null;
  jwks_uri: string | null;
  scopes: string[];
  endpoint: NonNullable<Partner['endpoint']> | null;
  webhook: NonNullable<Partner['webhook']> | null;
  guest: NonNullable<Partner['guest']> | null;
}

function partnerOf(row: PartnerRow): Partner {
  return {
    id: row.id,
    organizationId: row.organization_id,
    name: row.name,
    status: row.status,
    clientId: row.client_id,
    issuer: row.issuer,
    scopes: row.scopes,
    ...(row.jwks === null ? {} : { jwks: row.jwks }),
    ...(row.jwks_uri === null ? {} : { jwksUri: row.jwks_uri }),
    ...(row.endpoint === null ? {} : { endpoint: row.endpoint }),
    ...(row.webhook === null ? {} : { webhook: row.webhook }),
    ...(row.guest === null ? {} : { guest: row.guest }),
  };
}

/** Unique and foreign keys of the directory, said in words. */
function orDuplicate(error: unknown): never {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === '23505') {
    throw new RelaisError(
      'partner.duplicate',
      409,
      'duplicate',
      'This id, or this issuer with this client id, is already registered.',
    );
  }
  if (code === '23503') {
    throw new RelaisError('partner.organization-unknown', 422, 'value', 'The organization is not registered.');
  }
  throw error;
}
