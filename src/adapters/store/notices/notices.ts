import type { Actor } from '../../../kernel/actor.js';
import type { Instant } from '../../../kernel/clock.js';
import { isUuid, type NoticeId, type OrganizationId, type TransferId } from '../../../kernel/ids.js';
import type { NewNotice, Notice, NoticeAnswer } from '../../../transfer/notice-ports.js';
import type { OrganizationTx } from '../../../transfer/ports.js';
import { open, seal, type Place } from '../crypto/envelope.js';
import type { TxContext } from '../tx-context.js';

/** The same recipient is told the same of a transfer once. */
const PUT = `
  with told as (
    insert into notice (id, kind, transfer_id, sender_organization_id, recipient_organization_id, person_id, reference,
      corrected_transfer_id, corrected_reference, due_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (transfer_id, kind, corrected_transfer_id) do nothing
    returning id
  ), queued as (
    insert into announcement (organization_id, told_organization_id, transfer_id, body, notice_id)
    select $4, $5, $3, $11, id from told
  )
  select id from told`;

export async function putNotice(tx: TxContext, notice: NewNotice): Promise<boolean> {
  const { corrected } = notice;
  const { rowCount } = await tx.client.query(PUT, [
    notice.id,
    notice.kind,
    notice.transferId,
    tx.organizationId,
    notice.recipientOrganizationId,
    notice.personId,
    notice.reference,
    corrected?.id ?? null,
    corrected?.reference ?? null,
    notice.dueAt,
    notice.message,
  ]);
  return rowCount === 1;
}

interface Row {
  readonly id: NoticeId;
  readonly kind: Notice['kind'];
  readonly transfer_id: TransferId;
  readonly sender_organization_id: OrganizationId;
  readonly recipient_organization_id: OrganizationId;
  readonly reference: string;
  readonly corrected_transfer_id: TransferId | null;
  readonly corrected_reference: string | null;
  readonly due_at: Instant;
  readonly created_at: Instant;
  readonly delivered_at: Instant | null;
  readonly answer: NoticeAnswer | null;
  readonly answered_at: Instant | null;
  readonly wrapped_key: Buffer | null;
  readonly words: Buffer | null;
  readonly overdue: boolean;
}

const SELECT = 'select n.*, n.answered_at is null and n.due_at <= database_time() as overdue from notice n';
const STATES = {
  open: 'n.answered_at is null',
  answered: 'n.answered_at is not null',
  overdue: 'n.answered_at is null and n.due_at <= database_time()',
};

export async function loadNotice(tx: TxContext, id: NoticeId): Promise<Notice | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<Row>(`${SELECT} where n.id = $1`, [id]);
  return rows[0] === undefined ? null : toNotice(tx, rows[0]);
}

export async function listNotices(
  tx: TxContext,
  { as, state, personId }: Parameters<OrganizationTx['listNotices']>[0],
): Promise<readonly Notice[]> {
  if (personId !== undefined && !isUuid(personId)) return [];
  const { rows } = await tx.client.query<Row>(
    `${SELECT} where n.${as}_organization_id = $1 and ($2::uuid is null or n.person_id = $2)
        and ${state === undefined ? 'true' : STATES[state]}
      order by n.created_at desc, n.id limit 200`,
    [tx.organizationId, personId ?? null],
  );
  return rows.map((row) => toNotice(tx, row));
}

export async function noticeDelivered(tx: TxContext, id: NoticeId): Promise<boolean> {
  const { rowCount } = await tx.client.query(
    'update notice set delivered_at = now() where id = $1 and sender_organization_id = $2 and delivered_at is null',
    [id, tx.organizationId],
  );
  return rowCount === 1;
}

const ANSWER = `
  update notice set answer = $3, answered_at = now(), answered_by = $4, wrapped_key = $5, words = $6
   where id = $1 and sender_organization_id = $2 and answered_at is null`;

/** The words get a key of their own: they may come after the person was erased, and go when the notice's do. */
export async function answerNotice(
  tx: TxContext,
  id: NoticeId,
  answer: NoticeAnswer,
  words: string | null,
  actor: Actor,
): Promise<boolean> {
  if (!isUuid(id)) return false;
  const key = words === null ? null : tx.keyring.newDataKey();
  const { rowCount } = await tx.client.query(ANSWER, [
    id,
    tx.organizationId,
    answer,
    actor,
    key === null ? null : tx.keyring.wrap(key, place(id, 'key')),
    key === null || words === null ? null : seal(key, words, place(id, 'words')),
  ]);
  return rowCount === 1;
}

function toNotice(tx: TxContext, row: Row): Notice {
  const key = row.wrapped_key === null ? null : tx.keyring.unwrap(row.wrapped_key, place(row.id, 'key'));
  return {
    id: row.id,
    kind: row.kind,
    transferId: row.transfer_id,
    senderOrganizationId: row.sender_organization_id,
    recipientOrganizationId: row.recipient_organization_id,
    reference: row.reference,
    corrected:
      row.corrected_transfer_id === null
        ? null
        : { id: row.corrected_transfer_id, reference: row.corrected_reference! },
    dueAt: row.due_at,
    createdAt: row.created_at,
    deliveredAt: row.delivered_at,
    answer: row.answer,
    answeredAt: row.answered_at,
    words: key === null || row.words === null ? null : open(key, row.words, place(row.id, 'words')).toString('utf8'),
    overdue: row.overdue,
  };
}

function place(id: NoticeId, version: 'key' | 'words'): Place {
  return { table: 'notice', row: id, version };
}
