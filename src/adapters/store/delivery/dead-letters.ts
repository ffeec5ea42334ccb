import type { Instant } from '../../../kernel/clock.js';
import type { OrganizationId, PartnerId, TransferId } from '../../../kernel/ids.js';
import type { DeadLetter, DeadLetterFilter } from '../../../transfer/dead-letters.js';
import type { TransferStatus } from '../../../transfer/status.js';
import type { TxContext } from '../tx-context.js';

/**
 * Dead letters, and what was sent again within the last day, wherever it stands; the newest end first. Each half has an index of
 * its own; nothing of a person, a case or a content is read.
 */
const LIST = `
  with found as (
    select t.id from transfer t where t.sender_organization_id = $1 and t.status = 'failed'
    union
    select o.transfer_id from outbox o
     where o.organization_id = $1 and o.replays > 0 and o.due_at > now() - interval '1 day'
  )
  select t.id, t.reference, t.status, t.recipient_organization_id, t.recipient_partner_id, last.at, ended.cause,
         o.attempts, o.replays, c.wire is not null as kept
    from found
    join transfer t on t.id = found.id
    join outbox o on o.transfer_id = t.id
    left join transfer_content c on c.transfer_id = t.id
    join lateral (
      select e.at from transfer_event e where e.transfer_id = t.id order by e.position desc limit 1
    ) last on true
    left join lateral (
      select e.cause from transfer_event e
       where e.transfer_id = t.id and e.status = 'failed' order by e.position desc limit 1
    ) ended on true
   where ($2::uuid is null or t.recipient_partner_id = $2) and ($3::text is null or ended.cause = $3)
   order by last.at desc, t.id limit $4`;

interface Row {
  readonly id: TransferId;
  readonly reference: string;
  readonly status: TransferStatus;
  readonly recipient_organization_id: OrganizationId;
  readonly recipient_partner_id: PartnerId | null;
  readonly at: Instant;
  readonly cause: string | null;
  readonly attempts: number;
  readonly replays: number;
  readonly kept: boolean | null;
}

export async function listDeadLetters(
  { client, organizationId }: TxContext,
  { partnerId, cause }: DeadLetterFilter,
  limit: number,
): Promise<readonly DeadLetter[]> {
  const { rows } = await client.query<Row>(LIST, [organizationId, partnerId ?? null, cause ?? null, limit]);
  return rows.map((row) => ({
    transferId: row.id,
    reference: row.reference,
    status: row.status,
    recipientOrganizationId: row.recipient_organization_id,
    partnerId: row.recipient_partner_id,
    at: row.at,
    cause: row.cause ?? 'unknown',
    attempts: row.attempts,
    replays: row.replays,
    contentKept: row.kept === true,
  }));
}
