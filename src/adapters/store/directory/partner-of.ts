import { isUuid, type OrganizationId, type PartnerId } from '../../../kernel/ids.js';
import type { GuestContact } from '../../../transfer/guest-ports.js';
import type { Partner, PartnerEndpoint } from '../../../transfer/partner.js';
import type { TxContext } from '../tx-context.js';

export interface PartnerRow {
  readonly id: PartnerId;
  readonly organization_id: OrganizationId;
  readonly name: string;
  readonly status: Partner['status'];
  readonly client_id: string;
  readonly issuer: string;
  readonly jwks: NonNullable<Partner['jwks']> | null;
  readonly jwks_uri: string | null;
  readonly scopes: readonly string[];
  readonly endpoint: PartnerEndpoint | null;
  readonly webhook: PartnerEndpoint | null;
  readonly guest: GuestContact | null;
}

/**
 * Who receives for an organization: what can receive before what only calls, so that a suspension is not got round by the
 * software beside it; of those an active one before a suspended one, a system before a guest, the first registered first.
 */
export const RECEIVING_PARTNER_ORDER = `(endpoint is not null or guest is not null) desc, (status = 'active') desc,
  (endpoint is not null) desc, created_at, id`;

export async function partnerOf(tx: TxContext, organizationId: OrganizationId): Promise<Partner | null> {
  if (!isUuid(organizationId)) return null;
  const { rows } = await tx.client.query<PartnerRow>(
    `select * from partner where organization_id = $1 order by ${RECEIVING_PARTNER_ORDER} limit 1`,
    [organizationId],
  );
  return rows[0] === undefined ? null : toPartner(rows[0]);
}

export function toPartner(row: PartnerRow): Partner {
  return {
    id: row.id,
    organizationId: row.organization_id,
    name: row.name,
    status: row.status,
    clientId: row.client_id,
    issuer: row.issuer,
    scopes: row.scopes,
    ...(row.jwks !== null && { jwks: row.jwks }),
    ...(row.jwks_uri !== null && { jwksUri: row.jwks_uri }),
    ...(row.endpoint !== null && { endpoint: row.endpoint }),
    ...(row.webhook !== null && { webhook: row.webhook }),
    ...(row.guest !== null && { guest: row.guest }),
  };
}
