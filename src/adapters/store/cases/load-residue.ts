import type { CaseId, OrganizationId, PersonId } from '../../../kernel/ids.js';
import type { StoredResidue } from '../../../transfer/stored-case.js';
import { open, type Place } from '../crypto/envelope.js';
import { rememberDataKey, type TxContext } from '../tx-context.js';

const LOAD = `
  select r.person_id, r.mapping_version, r.content, p.wrapped_key
    from residue r
    join person p on p.organization_id = r.organization_id and p.id = r.person_id and p.erased_at is null
   where r.organization_id = $1 and r.case_id = $2 and r.version = $3`;

interface Row {
  readonly person_id: PersonId;
  readonly mapping_version: string;
  readonly content: Buffer;
  readonly wrapped_key: Buffer;
}

/** What was kept aside of one version of one's own case; null when nothing was, or its person was erased. */
export async function loadResidue(tx: TxContext, caseId: CaseId, version: number): Promise<StoredResidue | null> {
  const { rows } = await tx.client.query<Row>({
    name: 'load-residue',
    text: LOAD,
    values: [tx.organizationId, caseId, version],
  });
  const row = rows[0];
  if (row === undefined) return null;
  const key = rememberDataKey(tx, row.person_id, row.wrapped_key);
  const content = open(key, row.content, residuePlace(tx.organizationId, caseId, version)).toString('utf8');
  return { content, mappingVersion: row.mapping_version };
}

export function residuePlace(organizationId: OrganizationId, caseId: CaseId, version: number): Place {
  return { table: 'residue', row: `${organizationId}/${caseId}`, version };
}
