import type { Instant } from '../../../kernel/clock.js';
import type { PersonId, TransferId } from '../../../kernel/ids.js';
import type { SaltedEntry } from '../../../domain/audit/chain.js';
import type { AuditAction, StoredAuditEntry } from '../../../domain/audit/entry.js';
import type { TxContext } from '../tx-context.js';

export interface AuditFilter {
  readonly personId?: PersonId;
  readonly transferId?: TransferId;
  readonly action?: AuditAction;
  readonly before?: Instant;
  /** At most 1,000. */
  readonly limit: number;
}

/** An entry with its number in the log; null until the sequencer has come by. */
export type ListedAuditEntry = StoredAuditEntry & { readonly seq: number | null };

const LIST = `
  select e.entry, l.seq
    from audit_entry e left join audit_log l on l.entry_id = e.id
   where ($1::uuid is null or e.person_id = $1) and ($2::uuid is null or e.transfer_id = $2)
     and ($3::text is null or e.entry ->> 'action' = $3) and ($4::text is null or e.at < $4)
   order by e.at desc, l.seq desc nulls first, e.id
   limit $5`;

/** What this organization may read of the log, newest first. */
export async function listAudit(tx: TxContext, filter: AuditFilter): Promise<readonly ListedAuditEntry[]> {
  const { rows } = await tx.client.query<{ entry: SaltedEntry; seq: number | null }>(LIST, [
    filter.personId ?? null,
    filter.transferId ?? null,
    filter.action ?? null,
    filter.before ?? null,
    Math.max(1, Math.min(filter.limit, 1_000)),
  ]);
  return rows.map(({ entry: { salt: _salt, ...entry }, seq }) => ({ ...entry, seq }));
}
