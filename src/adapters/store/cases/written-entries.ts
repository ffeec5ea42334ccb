import type { Actor } from '../../../kernel/actor.js';
import type { Instant } from '../../../kernel/clock.js';
import type { CaseId } from '../../../kernel/ids.js';
import type { EntryList, EntryTx, WrittenEntry } from '../../../transfer/entry-ports.js';
import type { TxContext } from '../tx-context.js';

const PUT = `
  insert into written_entry (organization_id, case_id, list, entry_id, version, actor) values ($1, $2, $3, $4, $5, $6)`;

export async function putWrittenEntry(
  tx: TxContext,
  { caseId, list, entryId, version, actor }: Parameters<EntryTx['putWrittenEntry']>[0],
): Promise<void> {
  await tx.client.query(PUT, [tx.organizationId, caseId, list, entryId, version, actor]);
}

const LIST = `
  select list, entry_id, array_agg(version order by version) as versions, max(written_at) as written_at,
         (array_agg(actor order by version))[1] as author
    from written_entry where organization_id = $1 and case_id = $2
   group by list, entry_id order by max(version) desc`;

interface Row {
  readonly list: EntryList;
  readonly entry_id: string;
  readonly versions: readonly number[];
  readonly written_at: Instant;
  readonly author: Actor;
}

export async function listWrittenEntries(tx: TxContext, caseId: CaseId): Promise<readonly WrittenEntry[]> {
  const { rows } = await tx.client.query<Row>({
    name: 'list-written-entries',
    text: LIST,
    values: [tx.organizationId, caseId],
  });
  return rows.map(({ list, entry_id: entryId, author, versions, written_at: writtenAt }) => ({
    list,
    entryId,
    author,
    versions,
    writtenAt,
  }));
}
