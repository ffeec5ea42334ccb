import type pg from 'pg';
import type { Actor } from '../../../kernel/actor.js';
import { canonicalJson } from '../../../kernel/canonical-json.js';
import { newId, type OrganizationId, type PartnerId } from '../../../kernel/ids.js';
import { RelaisError, notFound } from '../../../kernel/errors.js';
import type { NewPartner, PartnerChange, Registry } from '../../../transfer/identity-ports.js';
import type { Organization, Partner } from '../../../transfer/partner.js';
import { inTransaction, type AuditWriter } from './in-transaction.js';
import { mustReceiveNothing } from './must-receive-nothing.js';
import { createPartnerByClientId } from './partner-by-client-id.js';
import {
  ORGANIZATION,
  organizationOf,
  organizationValues,
  PARTNER,
  partnerOf,
  valuesOf,
  type OrganizationRow,
  type PartnerRow,
} from './registry-rows.js';

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

  async function insertPartner(client: pg.ClientBase, input: NewPartner, actor: Actor): Promise<Partner> {
    rules(input);
    if (input.guest !== undefined) await mustReceiveNothing(client, input.organizationId);
    const partner: Partner = { ...input, id: input.id ?? newId<PartnerId>(), status: 'active' };
    await client.query(
      `insert into partner (id, name, status, client_id, issuer, jwks, jwks_uri, scopes, endpoint, webhook, guest, organization_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [...valuesOf(partner), partner.organizationId],
    );
    await audit(client, changed(partner, actor, 'created'));
    return partner;
  }

  async function changePartner(
    id: PartnerId,
    actor: Actor,
    change: string,
    requestId: string | undefined,
    apply: (before: Partner) => Partner,
    beside: (client: pg.ClientBase, before: Partner) => Promise<void> = () => Promise.resolve(),
  ): Promise<Partner> {
    return inTransaction(pool, async (client) => {
      const { rows } = await client.query<PartnerRow>(`select ${PARTNER} from partner where id = $1 for update`, [id]);
      const row = rows[0];
      if (row === undefined) throw notFound();
      const before = partnerOf(row);
      const after = apply(before);
      if (after === before) return before;
      await client.query(
        `update partner set name = $2, status = $3, client_id = $4, issuer = $5, jwks = $6, jwks_uri = $7, scopes = $8,
                endpoint = $9, webhook = $10, guest = $11 where id = $1`,
        valuesOf(after),
      );
      await beside(client, before);
      await audit(client, changed(after, actor, change, requestId));
      return load(client, id);
    }).catch(orDuplicate);
  }

  return {
    partnerByClientId: createPartnerByClientId(pool),

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

    createPartner: (input, actor) =>
      inTransaction(pool, (client) => insertPartner(client, input, actor)).catch(orDuplicate),

    registerPartner: (input, organization, actor) =>
      inTransaction(pool, async (client) => {
        if (typeof organization === 'string')
          return insertPartner(client, { ...input, organizationId: organization }, actor);
        const made: Organization = { ...organization, id: organization.id ?? newId<OrganizationId>() };
        await insertOrganization(client, made);
        await audit(client, organizationChanged(made, actor, 'organization-created'));
        return insertPartner(client, { ...input, organizationId: made.id }, actor);
      }).catch(orDuplicate),

    updatePartner: (id, change, actor, requestId) =>
      changePartner(id, actor, 'updated', requestId, (before) => {
        const after = withChange(before, change);
        rules(after);
        return after;
      }),
    changeContact: (id, guest, actor, requestId) =>
      changePartner(id, actor, 'contact-changed', requestId, (before) => {
        rules({ ...before, guest });
        return canonicalJson(before.guest ?? null) === canonicalJson(guest) ? before : { ...before, guest };
      }),
    replaceKeys: (id, keys, formerSeconds, actor, requestId) =>
      changePartner(
        id,
        actor,
        'keys-replaced',
        requestId,
        (before) => {
          const after = withChange(before, { jwks: keys.jwks ?? null, jwksUri: keys.jwksUri ?? null });
          rules(after);
          mustDiffer(before, after);
          return after;
        },
        async (client, { jwks, jwksUri }) => {
          const former = { ...(jwks !== undefined && { jwks }), ...(jwksUri !== undefined && { jwksUri }) };
          await client.query(END_FORMER, [id, formerSeconds, former]);
        },
      ),
    suspendPartner: (id, actor, requestId) =>
      changePartner(
        id,
        actor,
        'suspended',
        requestId,
        (before) => (before.status === 'suspended' ? before : { ...before, status: 'suspended' }),
        async (client) => void (await client.query(STOP_SUSPENDED, [id, actor])),
      ),
    reactivatePartner: (id, actor, requestId) =>
      changePartner(
        id,
        actor,
        'reactivated',
        requestId,
        (before) => (before.status === 'active' ? before : { ...before, status: 'active' }),
        async (client) => void (await client.query(START_SUSPENDED, [id])),
      ),
  };
}

/** In the transaction of the status, so that no delivery is decided between the two and ended by it. */
const STOP_SUSPENDED = `
  update partner_delivery set stopped_at = clock_timestamp(), stopped_by = $2, suspended = true
   where partner_id = $1 and stopped_at is null`;
/** What an operator had stopped before stays stopped. */
const START_SUSPENDED = `
  update partner_delivery set stopped_at = null, stopped_by = null, suspended = false where partner_id = $1 and suspended`;

const END_FORMER = `
  update partner set former_keys = case when $2::float8 > 0 then $3::jsonb end,
         former_keys_end_at = case when $2::float8 > 0 then clock_timestamp() + make_interval(secs => $2::float8) end
   where id = $1`;

async function load(client: pg.ClientBase, id: PartnerId): Promise<Partner> {
  const { rows } = await client.query<PartnerRow>(`select ${PARTNER} from partner where id = $1`, [id]);
  return partnerOf(rows[0]!);
}

/** @throws RelaisError `partner.keys-same` (422) */
function mustDiffer(before: Partner, after: Partner): void {
  const keysOf = ({ jwks, jwksUri }: Partner): string =>
    canonicalJson({ jwks: jwks ?? null, jwksUri: jwksUri ?? null });
  if (keysOf(before) !== keysOf(after)) return;
  throw new RelaisError('partner.keys-same', 422, 'business-rule', 'These are the keys that the partner has already.');
}

/** `null` in a change removes the member. */
function withChange(partner: Partner, change: PartnerChange): Partner {
  const merged = Object.entries({ ...partner, ...change }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(merged) as unknown as Partner;
}

function changed(partner: Partner, actor: Actor, change: string, requestId?: string): Parameters<AuditWriter>[1] {
  return {
    action: 'partner.changed',
    outcome: 'success',
    actor,
    organizations: concerned(partner.organizationId, actor),
    ...(requestId !== undefined && { requestId }),
    codes: { change, partnerId: partner.id, status: partner.status, scopes: [...partner.scopes] },
  };
}

/** The partner's organization, and the one whose operator acts. */
export function concerned(organizationId: OrganizationId, actor: Actor): readonly OrganizationId[] {
  const own = actor.organizationId;
  return own === null || own === organizationId ? [organizationId] : [organizationId, own];
}

function organizationChanged(organization: Organization, actor: Actor, change: string): Parameters<AuditWriter>[1] {
  return {
    action: 'partner.changed',
    outcome: 'success',
    actor,
    organizations: concerned(organization.id, actor),
    codes: { change },
  };
}

export async function insertOrganization(client: pg.ClientBase, organization: Organization): Promise<void> {
  await client.query(
    `insert into organization (id, name, sector, function_en, function_fr, secrecy, confidential_by_nature)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    organizationValues(organization),
  );
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
