import { isUuid, type CaseId, type OrganizationId, type PersonId, type TransferId } from '../../../kernel/ids.js';
import type { Actor } from '../../../kernel/actor.js';
import type { Instant } from '../../../kernel/clock.js';
import type { StatedGround } from '../../../domain/decision/ground.js';
import type { PurposeOfUse } from '../../../domain/decision/purpose.js';
import type { BrokenGlass, OversightTx } from '../../../transfer/oversight-ports.js';
import type { TransferStatus } from '../../../transfer/status.js';
import { open, seal, type Place } from '../crypto/envelope.js';
import { statedPlace } from '../transfers/insert-transfer.js';
import { dataKeyOf, rememberDataKey, type TxContext } from '../tx-context.js';

interface Row {
  readonly id: TransferId;
  readonly reference: string;
  readonly status: TransferStatus;
  readonly recipient_organization_id: OrganizationId;
  readonly case_id: CaseId;
  readonly person_id: PersonId;
  readonly purpose: PurposeOfUse;
  readonly permitted: number;
  readonly requested_at: Instant;
  readonly actor: Actor;
  readonly stated: Buffer | null;
  readonly wrapped_key: Buffer | null;
  readonly due_at: Instant;
  readonly reviewed: boolean;
}

const SELECT = `
  select t.id, t.reference, t.status, t.recipient_organization_id, t.case_id, t.person_id, t.purpose, t.permitted, t.requested_at,
         t.actor, t.stated, p.wrapped_key, r.transfer_id is not null as reviewed,
         t.requested_at + make_interval(days => coalesce((v.content #>> '{emergency,reviewWithinDays}')::integer, 1)) as due_at
    from transfer t
    join person p on p.organization_id = t.sender_organization_id and p.id = t.person_id
    left join agreement_version v on v.agreement_id = t.agreement_id and v.version = t.agreement_version
    left join break_glass_review r on r.transfer_id = t.id
   where t.sender_organization_id = $1 and t.ground_kind = 'break-glass' and t.status <> 'refused'`;

export async function listBrokenGlass(tx: TxContext): Promise<readonly BrokenGlass[]> {
  const { rows } = await tx.client.query<Row>(
    `${SELECT} and r.transfer_id is null order by t.requested_at, t.id limit 200`,
    [tx.organizationId],
  );
  return rows.map((row) => toBrokenGlass(tx, row));
}

export async function loadBrokenGlass(tx: TxContext, id: TransferId): Promise<BrokenGlass | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<Row>(`${SELECT} and t.id = $2`, [tx.organizationId, id]);
  return rows[0] === undefined ? null : toBrokenGlass(tx, rows[0]);
}

function toBrokenGlass(tx: TxContext, row: Row): BrokenGlass {
  return {
    transferId: row.id,
    reference: row.reference,
    status: row.status,
    recipientOrganizationId: row.recipient_organization_id,
    caseId: row.case_id,
    personId: row.person_id,
    purpose: row.purpose,
    permitted: row.permitted,
    requestedAt: row.requested_at,
    actor: row.actor,
    reason: reasonOf(tx, row),
    dueAt: row.due_at,
    reviewed: row.reviewed,
  };
}

function reasonOf(tx: TxContext, { id, person_id: personId, stated, wrapped_key: wrapped }: Row): string | null {
  if (stated === null || wrapped === null) return null;
  const key = rememberDataKey(tx, personId, wrapped);
  const ground = JSON.parse(open(key, stated, statedPlace(id, personId)).toString('utf8')) as StatedGround;
  return ground.kind === 'break-glass' ? ground.reason : null;
}

export async function putGlassReview(
  tx: TxContext,
  { transferId, personId, outcome, note, actor }: Parameters<OversightTx['putGlassReview']>[0],
): Promise<boolean> {
  const key = await dataKeyOf(tx, personId);
  const stored = await tx.client.query(
    `insert into break_glass_review (transfer_id, organization_id, outcome, note, actor) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [transferId, tx.organizationId, outcome, seal(key, note, notePlace(transferId)), actor],
  );
  return stored.rowCount === 1;
}

const notePlace = (id: TransferId): Place => ({ table: 'break_glass_review', row: id, version: 'note' });
