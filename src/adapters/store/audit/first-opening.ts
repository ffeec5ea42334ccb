import { instant } from '../../../kernel/clock.js';
import type { Actor } from '../../../kernel/actor.js';
import { isUuid, type OrganizationId, type TransferId } from '../../../kernel/ids.js';
import type { FirstOpening } from '../../../transfer/audit-view-ports.js';
import type { TxContext } from '../tx-context.js';

/** A guest reads by its page; staff open the content by itself, and what else they look at shows nothing of it. */
const FIRST = `
  select at, entry #>> '{actor,type}' as type, entry #>> '{actor,organizationId}' as organization_id
    from audit_entry
   where transfer_id = $1 and entry ->> 'action' = 'transfer.read' and entry ->> 'outcome' = 'success'
     and entry #>> '{actor,organizationId}' <> $2
     and (entry #>> '{codes,what}' = 'content' or entry #>> '{actor,type}' = 'guest')
   order by at limit 1`;

interface Row {
  readonly at: string;
  readonly type: Actor['type'];
  readonly organization_id: OrganizationId;
}

/** When somebody else first read what this organization sent, as the log has it; null: nobody did, or their system never says. */
export async function firstOpening(tx: TxContext, id: TransferId): Promise<FirstOpening | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<Row>({ name: 'first-opening', text: FIRST, values: [id, tx.organizationId] });
  const [row] = rows;
  return row === undefined ? null : { at: instant(row.at), type: row.type, organizationId: row.organization_id };
}
