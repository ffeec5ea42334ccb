import type pg from 'pg';
import type { AuditEntryId, OrganizationId } from '../../../kernel/ids.js';
import { createChainCheck, type BadLink, type SaltedEntry } from '../../../domain/audit/chain.js';
import { acrossOrganizations } from '../connection/in-organization.js';

const PAGE = `
  select l.seq, l.entry_id, l.leaf_hash, l.chain_hash, l.organizations, e.entry
    from audit_log l left join audit_entry e on e.id = l.entry_id
   where l.seq >= $1 order by l.seq limit $2`;

const REST = `
  select (select size from audit_head) as size, (select chain_hash from audit_head) as chain_hash,
         (select count(*) from audit_entry e where not exists (select from audit_log l where l.entry_id = e.id)) as unsequenced`;

interface Row {
  readonly seq: number;
  readonly entry_id: AuditEntryId;
  readonly leaf_hash: Buffer;
  readonly chain_hash: Buffer;
  readonly organizations: readonly OrganizationId[];
  readonly entry: SaltedEntry | null;
}

export interface AuditVerdict {
  /** Entries that were found in order, up to the first bad one. */
  readonly entries: number;
  /** Entries that no number stands for yet; the sequencer leaves none for longer than a second. */
  readonly unsequenced: number;
  readonly ok: boolean;
  readonly firstBad?: BadLink;
}

/**
 * Reads the whole log in one snapshot, a page at a time, and computes every hash again.
 *
 * @param pool acts as relais_worker
 */
export async function verifyAudit(pool: pg.Pool, pageSize = 5_000): Promise<AuditVerdict> {
  return acrossOrganizations(
    pool,
    async (client) => {
      const rest = await client.query<{ size: number | null; chain_hash: Buffer | null; unsequenced: number }>(REST);
      const { size, chain_hash: end, unsequenced } = rest.rows[0]!;
      const check = createChainCheck();
      let entries = 0;
      let firstBad: BadLink | null = null;
      for (
        let page = await read(client, 0, pageSize);
        page.length > 0;
        page = await read(client, page.at(-1)!.seq + 1, pageSize)
      ) {
        for (const row of page) {
          firstBad = checkRow(check, row);
          if (firstBad !== null) break;
          entries += 1;
        }
        if (firstBad !== null || page.length < pageSize) break;
      }
      firstBad ??= check.end({ size: size ?? 0, chainHash: end ?? Buffer.alloc(0) });
      return { entries, unsequenced, ok: firstBad === null, ...(firstBad !== null && { firstBad }) };
    },
    'repeatable read read only',
  );
}

function checkRow(check: ReturnType<typeof createChainCheck>, row: Row): BadLink | null {
  const { seq, entry_id: entryId, entry } = row;
  const bad = check.next({ seq, entryId, leafHash: row.leaf_hash, chainHash: row.chain_hash }, entry);
  if (bad !== null) return bad;
  // The copy that row level security reads must say the same as the entry.
  const same = JSON.stringify(entry?.organizations) === JSON.stringify(row.organizations) && entry?.id === entryId;
  return same ? null : { seq, kind: 'entry-changed', entryId };
}

async function read(client: pg.PoolClient, from: number, pageSize: number): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>({ name: 'verify-audit', text: PAGE, values: [from, pageSize] });
  return rows;
}
