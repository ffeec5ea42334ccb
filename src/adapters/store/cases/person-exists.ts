import { isUuid, type CaseId, type PersonId } from '../../../kernel/ids.js';
import type { TxContext } from '../tx-context.js';

export async function personExists(tx: TxContext, personId: PersonId): Promise<boolean> {
  if (!isUuid(personId)) return false;
  const found = await tx.client.query({
    text: 'select from person where organization_id = $1 and id = $2 and erased_at is null',
    values: [tx.organizationId, personId],
  });
  return found.rowCount === 1;
}

/** Whose case it is, without opening it. */
export async function personOfCase(tx: TxContext, caseId: CaseId): Promise<PersonId | null> {
  const { rows } = await tx.client.query<{ person_id: PersonId }>({
    name: 'person-of-case',
    text: `select c.person_id from case_version c
             join person p on p.organization_id = c.organization_id and p.id = c.person_id and p.erased_at is null
            where c.organization_id = $1 and c.case_id = $2 order by c.version desc limit 1`,
    values: [tx.organizationId, caseId],
  });
  return rows[0]?.person_id ?? null;
}
