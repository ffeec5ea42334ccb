import type pg from 'pg';
import type { Instant } from '../../../kernel/clock.js';
import type { CaseId, PersonId, StaffId } from '../../../kernel/ids.js';
import type { DeskTx, Draft, DraftPart } from '../../../transfer/desk-ports.js';
import { acrossOrganizations } from '../connection/in-organization.js';
import { open, seal, type Place } from '../crypto/envelope.js';
import { dataKeyOf, type TxContext } from '../tx-context.js';

const PUT = `
  insert into draft (organization_id, staff_id, case_id, person_id, content, part, saved_at)
  values ($1, $2, $3, $4, $5, $6, database_time())
  on conflict (organization_id, staff_id, case_id, part) do update
    set person_id = excluded.person_id, content = excluded.content, saved_at = excluded.saved_at
  returning saved_at, xmax = 0 as is_new`;

export async function putDraft(
  tx: TxContext,
  { caseId, staffId, part, personId, content }: Parameters<DeskTx['putDraft']>[0],
): ReturnType<DeskTx['putDraft']> {
  const key = await dataKeyOf(tx, personId);
  const { rows } = await tx.client.query<{ saved_at: Instant; is_new: boolean }>({
    name: 'put-draft',
    text: PUT,
    values: [
      tx.organizationId,
      staffId,
      caseId,
      personId,
      seal(key, content, draftPlace(tx, staffId, caseId, part)),
      part,
    ],
  });
  return { savedAt: rows[0]!.saved_at, isNew: rows[0]!.is_new };
}

/** Past its term it is not there any more, whether or not it was deleted yet. */
const LOAD = `
  select person_id, content, saved_at from draft
   where organization_id = $1 and staff_id = $2 and case_id = $3 and part = $4
     and saved_at > database_time() - interval '14 days'`;

export async function loadDraft(
  tx: TxContext,
  staffId: StaffId,
  caseId: CaseId,
  part: DraftPart,
): Promise<Draft | null> {
  const { rows } = await tx.client.query<{ person_id: PersonId; content: Buffer; saved_at: Instant }>({
    name: 'load-draft',
    text: LOAD,
    values: [tx.organizationId, staffId, caseId, part],
  });
  const row = rows[0];
  if (row === undefined) return null;
  const key = await dataKeyOf(tx, row.person_id);
  const content = open(key, row.content, draftPlace(tx, staffId, caseId, part)).toString('utf8');
  return { personId: row.person_id, content, savedAt: row.saved_at };
}

export async function deleteDraft(tx: TxContext, staffId: StaffId, caseId: CaseId, part: DraftPart): Promise<boolean> {
  const { rowCount } = await tx.client.query(
    'delete from draft where organization_id = $1 and staff_id = $2 and case_id = $3 and part = $4',
    [tx.organizationId, staffId, caseId, part],
  );
  return rowCount === 1;
}

/**
 * Forgets drafts of which 14 days are over.
 *
 * @param pool acts as relais_worker, which can delete old drafts and read nothing of them
 */
export async function deleteOldDrafts(pool: pg.Pool): Promise<number> {
  return acrossOrganizations(pool, async (client) => {
    const { rowCount } = await client.query(`delete from draft where saved_at <= database_time() - interval '14 days'`);
    return rowCount ?? 0;
  });
}

function draftPlace({ organizationId }: TxContext, staffId: StaffId, caseId: CaseId, part: DraftPart): Place {
  return { table: 'draft', row: `${organizationId}/${staffId}/${caseId}`, version: part === 'send' ? 1 : part };
}
