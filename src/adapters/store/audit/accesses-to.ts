import { instant } from '../../../kernel/clock.js';
import type { Actor } from '../../../kernel/actor.js';
import type { OrganizationId, TransferId } from '../../../kernel/ids.js';
import type { TransferAccess } from '../../../transfer/transfer.js';
import type { TxContext } from '../tx-context.js';

/** A day is one in UTC: `at` is text and begins with it. */
const ACCESSES = `
  select transfer_id, entry ->> 'action' as action, entry #>> '{actor,organizationId}' as organization_id,
         entry #>> '{actor,type}' as actor_type, entry #>> '{codes,outcome}' as outcome,
         min(at) as at, count(*)::integer as count
    from audit_entry
   where transfer_id = any ($1)
     and (entry ->> 'action' = 'break-glass.reviewed'
          or entry ->> 'action' = 'transfer.read' and entry #>> '{actor,organizationId}' <> $2)
   group by 1, 2, 3, 4, 5, left(at, 10)
   order by min(at)`;

interface Row {
  readonly transfer_id: TransferId;
  readonly action: string;
  readonly organization_id: OrganizationId;
  readonly actor_type: Actor['type'];
  readonly outcome: string | null;
  readonly at: string;
  readonly count: number;
}

/** What the log says of others who read these transfers, and of reviews. */
export async function accessesTo(tx: TxContext, transfers: readonly TransferId[]): Promise<readonly TransferAccess[]> {
  if (transfers.length === 0) return [];
  const { rows } = await tx.client.query<Row>(ACCESSES, [transfers, tx.organizationId]);
  return rows.map(({ transfer_id: transferId, action, organization_id, actor_type, outcome, at, count }) =>
    action === 'transfer.read'
      ? { kind: 'read', transferId, organizationId: organization_id, by: actor_type, at: instant(at), count }
      : { kind: 'review', transferId, outcome: outcome ?? '', at: instant(at) },
  );
}
