import type { Instant } from '../../../kernel/clock.js';
import type { OrganizationId, PartnerId } from '../../../kernel/ids.js';
import type { Organization, Partner, PartnerKeys } from '../../../transfer/partner.js';

export function organizationValues(organization: Organization): unknown[] {
  const { id, name, sector, function: words, secrecy, confidentialByNature } = organization;
  return [id, name, sector, words.en, words.fr, secrecy, confidentialByNature];
}

export function valuesOf(partner: Partner): unknown[] {
  const { id, name, status, clientId, issuer, jwks, jwksUri, scopes, endpoint, webhook, guest } = partner;
  const doors = [endpoint ?? null, webhook ?? null, guest ?? null];
  return [id, name, status, clientId, issuer, jwks ?? null, jwksUri ?? null, scopes, ...doors];
}

export const ORGANIZATION = 'id, name, sector, function_en, function_fr, secrecy, confidential_by_nature';
export interface OrganizationRow {
  id: OrganizationId;
  name: string;
  sector: Organization['sector'];
  function_en: string;
  function_fr: string;
  secrecy: Organization['secrecy'];
  confidential_by_nature: boolean;
}

export function organizationOf(row: OrganizationRow): Organization {
  return {
    id: row.id,
    name: row.name,
    sector: row.sector,
    function: { en: row.function_en, fr: row.function_fr },
    secrecy: row.secrecy,
    confidentialByNature: row.confidential_by_nature,
  };
}

/** Former keys that have ended are not read: the database's time decides (docs/architecture.md, "Time"). */
export const PARTNER = `id, organization_id, name, status, client_id, issuer, jwks, jwks_uri, scopes, endpoint, webhook, guest,
  case when former_keys_end_at > clock_timestamp() then former_keys end as former_keys, former_keys_end_at`;
export interface PartnerRow {
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
  former_keys: PartnerKeys | null;
  former_keys_end_at: Instant | null;
}

export function partnerOf(row: PartnerRow): Partner {
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
    ...(row.former_keys === null ? {} : { formerKeys: { ...row.former_keys, endAt: row.former_keys_end_at! } }),
  };
}
