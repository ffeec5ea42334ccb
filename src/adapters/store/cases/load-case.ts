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
  select asked.position, found.*
    from unnest($2::text[], $3::integer[]) with ordinality as asked (case_id, version, position)
    cross join lateral (
      select c.case_id, c.person_id, c.version, c.content, c.stored_at, p.wrapped_key
        from case_version c
        join person p on p.organization_id = c.organization_id and p.id = c.person_id and p.erased_at is null
       where c.organization_id = $1 and c.case_id = asked.case_id and (asked.version is null or c.version = asked.version)
       order by c.version desc
       limit 1
    ) found`;

/** A version of a case; the newest, where none is named. */
export interface AskedCase {
  readonly caseId: CaseId;
  readonly version: number | undefined;
}

/** For each null when there is none or its person was erased. */
export async function loadCases(tx: TxContext, asked: readonly AskedCase[]): Promise<readonly (StoredCase | null)[]> {
  const values = [tx.organizationId, asked.map(({ caseId }) => caseId), asked.map(({ version }) => version ?? null)];
  const { rows } = await tx.client.query<CaseRow & { position: number }>({ name: 'load-case', text: LOAD, values });
  const found = new Map(rows.map((row) => [row.position, row]));
  return asked.map((_case, index) => {
    const row = found.get(index + 1);
    return row === undefined ? null : decryptCase(tx, row);
  });
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
