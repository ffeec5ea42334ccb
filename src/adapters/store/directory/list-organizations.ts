import { isUuid, type OrganizationId } from '../../../kernel/ids.js';
import type { Organization } from '../../../transfer/partner.js';
import type { TxContext } from '../tx-context.js';

interface Row {
  readonly id: OrganizationId;
  readonly name: string;
  readonly sector: Organization['sector'];
  readonly function_en: string;
  readonly function_fr: string;
  readonly secrecy: Organization['secrecy'];
  readonly confidential_by_nature: boolean;
}

const SELECT = `select id, name, sector, function_en, function_fr, secrecy, confidential_by_nature from organization`;

/** Every organization of the gateway, by name. */
export async function listOrganizations(tx: TxContext): Promise<readonly Organization[]> {
  const { rows } = await tx.client.query<Row>(`${SELECT} order by name, id`);
  return rows.map(toOrganization);
}

export async function loadOrganizations(
  tx: TxContext,
  ids: readonly OrganizationId[],
): Promise<readonly (Organization | null)[]> {
  const { rows } = await tx.client.query<Row>({
    name: 'load-organization',
    text: `${SELECT} where id = any ($1::uuid[])`,
    values: [[...new Set(ids)].filter(isUuid)],
  });
  const found = new Map(rows.map((row) => [row.id, toOrganization(row)]));
  return ids.map((id) => found.get(id) ?? null);
}

function toOrganization(row: Row): Organization {
  return {
    id: row.id,
    name: row.name,
    sector: row.sector,
    function: { en: row.function_en, fr: row.function_fr },
    secrecy: row.secrecy,
    confidentialByNature: row.confidential_by_nature,
  };
}
