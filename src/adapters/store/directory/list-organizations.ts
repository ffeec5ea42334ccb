import type { OrganizationId } from '../../../kernel/ids.js';
import type { Organization } from '../../../transfer/ports.js';
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

/** Every organization of the gateway, by name. */
export async function listOrganizations(tx: TxContext): Promise<readonly Organization[]> {
  const { rows } = await tx.client.query<Row>(
    `select id, name, sector, function_en, function_fr, secrecy, confidential_by_nature from organization order by name, id`,
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    sector: row.sector,
    function: { en: row.function_en, fr: row.function_fr },
    secrecy: row.secrecy,
    confidentialByNature: row.confidential_by_nature,
  }));
}
