import type { Instant } from '../../../kernel/clock.js';
import type { CaseId, OrganizationId, PersonId } from '../../../kernel/ids.js';
import type { StoredCase } from '../../../transfer/stored-case.js';
import { open, type Place } from '../crypto/envelope.js';
import { rememberDataKey, type TxContext } from '../tx-context.js';

export interface CaseRow {
  readonly case_id: CaseId;
  readonly person_id: PersonId;
  readonly version: number;
  readonly content: Buffer;
  readonly wrapped_key: Buffer;
  readonly stored_at: Instant;
}

const LOAD = `
  select c.case_id, c.person_id, c.version, c.content, c.stored_at, p.wrapped_key
    from case_version c
    join person p on p.organization_id = c.organization_id and p.id = c.person_id and p.erased_at is null
   where c.organization_id = $1 and c.case_id = $2 and ($3::integer is null or c.version = $3)
   order by c.version desc
   limit 1`;

/** The newest version, or the given one; null when there is none or its person was erased. */
export async function loadCase(tx: TxContext, caseId: CaseId, version?: number): Promise<StoredCase | null> {
  const { rows } = await tx.client.query<CaseRow>({
    name: 'load-case',
    text: LOAD,
    values: [tx.organizationId, caseId, version ?? null],
  });
  return rows[0] === undefined ? null : decryptCase(tx, rows[0]);
}

export function decryptCase(tx: TxContext, row: CaseRow): StoredCase {
  const key = rememberDataKey(tx, row.person_id, row.wrapped_key);
  return {
    caseId: row.case_id,
    personId: row.person_id,
    version: row.version,
    content: open(key, row.content, casePlace(tx.organizationId, row.case_id, row.version)).toString('utf8'),
    storedAt: row.stored_at,
  };
}

export function casePlace(organizationId: OrganizationId, caseId: CaseId, version: number): Place {
  return { table: 'case_version', row: `${organizationId}/${caseId}`, version };
}

export function circumstancesPlace(organizationId: OrganizationId, caseId: CaseId, version: number): Place {
  return { table: 'case_version', row: `${organizationId}/${caseId}`, version: `${version}/circumstances` };
}
