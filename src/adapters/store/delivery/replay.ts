import { isUuid, type TransferId } from '../../../kernel/ids.js';
import type { Actor } from '../../../kernel/actor.js';
import type { ReplayFilter } from '../../../transfer/transfer.js';
import type { TxContext } from '../tx-context.js';

/**
 * Opens deliveries again that ended as dead letters, or where a human has found out that nothing arrived. The content is
 * locked first: a purge comes before, and there is nothing left to send, or after, and finds it kept. Several go in the
 * order in which they were due, behind what is open by now.
 */
const REOPEN = `
  with kept as (
    select o.transfer_id, o.recipient_organization_id, row_number() over (order by o.due_at, o.transfer_id) as place
      from (select o.transfer_id, o.recipient_organization_id, o.due_at
              from outbox o
              join transfer t on t.id = o.transfer_id
              join transfer_content c on c.transfer_id = o.transfer_id and c.wire is not null
              join person p on p.id = o.person_id and p.erased_at is null
             where o.transfer_id = any ($1::uuid[]) and o.organization_id = $2 and not o.open
               and (t.status = 'failed' or t.status = 'needs-review' and o.unsure and $4::boolean)
             order by o.transfer_id for update of o, c) o
  ), opened as (
    update outbox o
       set open = true, enqueued_at = null, lease_until = null, next_attempt_at = clock_timestamp(),
           due_at = clock_timestamp() + kept.place * interval '1 microsecond',
           replays = replays + 1, attempts_before = attempts, unsure = unsure and not $4::boolean
      from kept where o.transfer_id = kept.transfer_id
    returning o.transfer_id, o.recipient_organization_id
  ), moved as (
    update transfer t set status = 'queued', purge_at = null from opened where t.id = opened.transfer_id
  ), content as (
    update transfer_content c set purge_at = null from opened where c.transfer_id = opened.transfer_id
  ), noted as (
    insert into transfer_event (transfer_id, sender_organization_id, recipient_organization_id, shared, status, actor, cause)
    select transfer_id, $2, recipient_organization_id, false, 'queued', $3, 'replayed' from opened
  )
  select transfer_id from opened`;

/** @returns ids that were opened again */
export async function replay(
  tx: TxContext,
  ids: readonly TransferId[],
  actor: Actor,
  notReceived: boolean,
): Promise<readonly TransferId[]> {
  const { rows } = await tx.client.query<{ transfer_id: TransferId }>({
    name: 'replay',
    text: REOPEN,
    values: [ids.filter(isUuid), tx.organizationId, actor, notReceived],
  });
  return rows.map((row) => row.transfer_id);
}

/** How often it was opened again, and whether its end is in doubt. */
export async function replayState(
  tx: TxContext,
  id: TransferId,
): Promise<{ readonly replays: number; readonly unsure: boolean; readonly hasContent: boolean } | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<{ replays: number; unsure: boolean; has_content: boolean }>(
    `select o.replays, o.unsure, exists (select from transfer_content c where c.transfer_id = o.transfer_id and c.wire is not null) as has_content
       from outbox o where o.transfer_id = $1 and o.organization_id = $2`,
    [id, tx.organizationId],
  );
  const row = rows[0];
  return row === undefined ? null : { replays: row.replays, unsure: row.unsure, hasContent: row.has_content };
}

/** Dead letters whose content is still there, the oldest first. When and why they ended is their last event. */
const FIND = `
  select t.id from transfer t
    join lateral (
      select e.at, e.cause from transfer_event e
       where e.transfer_id = t.id and e.status = 'failed' order by e.position desc limit 1
    ) ended on true
   where t.sender_organization_id = $1 and t.status = 'failed'
     and exists (select from transfer_content c where c.transfer_id = t.id and c.wire is not null)
     and ($2::uuid is null or t.recipient_partner_id = $2) and ($3::text is null or ended.cause = $3)
     and ($4::timestamptz is null or ended.at >= $4) and ($5::timestamptz is null or ended.at < $5)
     and ($7::uuid is null or t.id = $7)
   order by t.requested_at, t.id limit $6`;

export async function findDeadLetters(
  tx: TxContext,
  { partnerId, cause, from, to, transferId }: ReplayFilter,
  limit: number,
): Promise<readonly TransferId[]> {
  const values = [
    tx.organizationId,
    partnerId ?? null,
    cause ?? null,
    from ?? null,
    to ?? null,
    limit,
    transferId ?? null,
  ];
  const { rows } = await tx.client.query<{ id: TransferId }>(FIND, values);
  return rows.map(({ id }) => id);
}
