import type { Actor } from '../../../kernel/actor.js';
import type { Instant } from '../../../kernel/clock.js';
import { isUuid, type PersonId, type TransferId } from '../../../kernel/ids.js';
import type { GroundKind } from '../../../domain/decision/ground.js';
import type { NoticeDeferral, OversightTx } from '../../../transfer/oversight-ports.js';
import { open, seal, type Place } from '../crypto/envelope.js';
import { dataKeyOf, rememberDataKey, type TxContext } from '../tx-context.js';

/** Of a transfer `t`: whether the person may not read of it now. Decided by the database's time. */
export const NOTICE_DEFERRED = 'exists (select from notice_deferral d where d.transfer_id = t.id and is_deferred(d))';

export async function noticeOf(tx: TxContext, id: TransferId): ReturnType<OversightTx['noticeOf']> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<{ person_id: PersonId; ground_kind: GroundKind; unconfirmed: boolean }>(
    `select t.person_id, t.ground_kind,
            exists (select from notice_deferral d where d.transfer_id = t.id and d.confirmed_at is null) as unconfirmed
       from transfer t where t.id = $1 and t.sender_organization_id = $2 and t.person_id is not null`,
    [id, tx.organizationId],
  );
  const row = rows[0];
  return row === undefined ? null : { personId: row.person_id, ground: row.ground_kind, unconfirmed: row.unconfirmed };
}

export async function deferNotice(
  tx: TxContext,
  { transferId, personId, reason, reviewOn, actor }: Parameters<OversightTx['deferNotice']>[0],
): Promise<void> {
  const key = await dataKeyOf(tx, personId);
  await tx.client.query(
    `insert into notice_deferral (organization_id, transfer_id, reason, review_on, actor) values ($1, $2, $3, $4, $5)`,
    [tx.organizationId, transferId, seal(key, reason, reasonPlace(transferId)), reviewOn, actor],
  );
}

interface Row {
  readonly transfer_id: TransferId;
  readonly reference: string;
  readonly person_id: PersonId;
  readonly wrapped_key: Buffer | null;
  readonly reason: Buffer;
  readonly review_on: string;
  readonly actor: Actor;
  readonly deferred_at: Instant;
  readonly confirmed_at: Instant | null;
  readonly lapses_at: Instant;
}

const SELECT = `
  select d.transfer_id, t.reference, t.person_id, p.wrapped_key, d.reason, d.review_on::text as review_on, d.actor, d.deferred_at,
         d.confirmed_at, d.deferred_at + interval '72 hours' as lapses_at
    from notice_deferral d
    join transfer t on t.id = d.transfer_id
    join person p on p.organization_id = d.organization_id and p.id = t.person_id
   where d.organization_id = $1 and is_deferred(d)`;

export async function listDeferrals(tx: TxContext): Promise<readonly NoticeDeferral[]> {
  const { rows } = await tx.client.query<Row>(`${SELECT} order by d.review_on, d.deferred_at limit 200`, [
    tx.organizationId,
  ]);
  return rows.map((row) => toDeferral(tx, row));
}

/** Locked, so that two acts on it come one after the other. */
export async function loadDeferral(tx: TxContext, id: TransferId): Promise<NoticeDeferral | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<Row>(
    `${SELECT} and d.transfer_id = $2 order by d.deferred_at desc limit 1 for update of d`,
    [tx.organizationId, id],
  );
  return rows[0] === undefined ? null : toDeferral(tx, rows[0]);
}

function toDeferral(tx: TxContext, row: Row): NoticeDeferral {
  const { wrapped_key: wrapped, person_id: personId, transfer_id: transferId } = row;
  const key = wrapped === null ? null : rememberDataKey(tx, personId, wrapped);
  return {
    transferId,
    reference: row.reference,
    personId,
    reason: key === null ? null : open(key, row.reason, reasonPlace(transferId)).toString('utf8'),
    reviewOn: row.review_on,
    actor: row.actor,
    deferredAt: row.deferred_at,
    confirmedAt: row.confirmed_at,
    lapsesAt: row.lapses_at,
  };
}

export async function confirmDeferral(tx: TxContext, id: TransferId, secondReader: Actor): Promise<void> {
  await tx.client.query(
    `update notice_deferral d set second_reader = $3, confirmed_at = now()
      where d.organization_id = $1 and d.transfer_id = $2 and d.confirmed_at is null and is_deferred(d)`,
    [tx.organizationId, id, secondReader],
  );
}

export async function liftDeferral(tx: TxContext, id: TransferId, actor: Actor): Promise<void> {
  await tx.client.query(
    `update notice_deferral set lifted_by = $3, lifted_at = now()
      where organization_id = $1 and transfer_id = $2 and lifted_at is null`,
    [tx.organizationId, id, actor],
  );
}

const reasonPlace = (id: TransferId): Place => ({ table: 'notice_deferral', row: id, version: 'reason' });
