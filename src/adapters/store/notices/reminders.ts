import type { Actor } from '../../../kernel/actor.js';
import type { Instant } from '../../../kernel/clock.js';
import { isUuid, type ReminderId, type TransferId } from '../../../kernel/ids.js';
import type { NewReminder, Reminder, ReminderState } from '../../../transfer/reminder-ports.js';
import { RECEIVING_PARTNER_ORDER } from '../directory/partner-of.js';
import { NOT_STOPPED } from '../dispatch/not-stopped.js';
import type { TxContext } from '../tx-context.js';

/** The lock that an answer takes too (record-referral). */
const LOCK = 'select from referral where transfer_id = $1 and sender_organization_id = $2 for update';

export async function lockReferral(tx: TxContext, transferId: TransferId): Promise<void> {
  if (isUuid(transferId)) await tx.client.query(LOCK, [transferId, tx.organizationId]);
}

const STATE = `
  select database_time() as at, t.quiet_since,
         exists (select from notice n where n.transfer_id = t.id and n.kind = 'stop-using') as stop_using,
         not ${NOT_STOPPED} or exists (
           select from (select p.id from partner p where p.organization_id = t.recipient_organization_id
                         order by ${RECEIVING_PARTNER_ORDER} limit 1) receiver
             join partner_delivery d on d.partner_id = receiver.id where d.stopped_at is not null) as stopped
    from transfer t where t.id = $1 and t.sender_organization_id = $2`;

const REMINDERS = `
  select id, transfer_id, period, issued_at, issued_by, unsure, delivered_at, cause
    from reminder where transfer_id = $1 and sender_organization_id = $2 order by issued_at, id`;

interface StateRow {
  readonly at: Instant;
  readonly quiet_since: Instant | null;
  readonly stop_using: boolean;
  readonly stopped: boolean;
}

interface Row {
  readonly id: ReminderId;
  readonly transfer_id: TransferId;
  readonly period: string;
  readonly issued_at: Instant;
  readonly issued_by: Actor;
  readonly unsure: boolean;
  readonly delivered_at: Instant | null;
  readonly cause: string | null;
}

/** In statements of their own, after the lock: they see what the one before has just committed. */
export async function loadReminders(tx: TxContext, transferId: TransferId): Promise<ReminderState | null> {
  if (!isUuid(transferId)) return null;
  const values = [transferId, tx.organizationId];
  const [state, reminders] = await Promise.all([
    tx.client.query<StateRow>(STATE, values),
    tx.client.query<Row>(REMINDERS, values),
  ]);
  const row = state.rows[0];
  if (row === undefined) return null;
  const { at, quiet_since: quietSince, stop_using: stopUsing, stopped } = row;
  return { at, quietSince, stopUsing, stopped, reminders: reminders.rows.map(toReminder) };
}

function toReminder(row: Row): Reminder {
  return {
    id: row.id,
    transferId: row.transfer_id,
    period: row.period,
    issuedAt: row.issued_at,
    issuedBy: row.issued_by,
    unsure: row.unsure,
    deliveredAt: row.delivered_at,
    cause: row.cause,
  };
}

const PUT = `
  with issued as (
    insert into reminder (id, transfer_id, sender_organization_id, recipient_organization_id, period, issued_at, issued_by)
    values ($1, $2, $3, $4, $5, database_time(), $6)
    on conflict (transfer_id, period) do nothing
    returning id
  ), queued as (
    insert into announcement (organization_id, told_organization_id, transfer_id, body, reminder_id)
    select $3, $4, $2, $7, id from issued
  )
  select id from issued`;

export async function putReminder(tx: TxContext, reminder: NewReminder): Promise<boolean> {
  const { rowCount } = await tx.client.query(PUT, [
    reminder.id,
    reminder.transferId,
    tx.organizationId,
    reminder.recipientOrganizationId,
    reminder.period,
    reminder.issuedBy,
    reminder.message,
  ]);
  return rowCount === 1;
}

const MARK = 'update reminder set unsure = $3 where id = $1 and sender_organization_id = $2';

export async function markReminder(tx: TxContext, id: ReminderId, unsure: boolean): Promise<void> {
  await tx.client.query(MARK, [id, tx.organizationId, unsure]);
}

const EVENT = `
  insert into transfer_event (transfer_id, sender_organization_id, recipient_organization_id, shared, status, actor, cause)
  select transfer_id, sender_organization_id, recipient_organization_id`;
const OPEN = 'where id = $1 and sender_organization_id = $2 and delivered_at is null and ended_at is null returning *';

/** The recipient sees it, in its own timeline. */
const DELIVERED = `
  with ended as (update reminder set delivered_at = database_time(), unsure = false ${OPEN})
  ${EVENT}, true, 'reminder:sent', issued_by, null from ended`;

export async function reminderDelivered(tx: TxContext, id: ReminderId): Promise<boolean> {
  return (await tx.client.query(DELIVERED, [id, tx.organizationId])).rowCount === 1;
}

const GIVEN_UP = `
  with ended as (update reminder set ended_at = database_time(), cause = $3 ${OPEN})
  ${EVENT}, false, 'reminder:not-sent', issued_by, cause from ended`;

export async function reminderGivenUp(tx: TxContext, id: ReminderId, cause: string): Promise<boolean> {
  return (await tx.client.query(GIVEN_UP, [id, tx.organizationId, cause])).rowCount === 1;
}

const QUIET = `
  update transfer set quiet_since = case when $3 then database_time() end, quiet_by = case when $3 then $4::jsonb end
   where id = $1 and sender_organization_id = $2 and (quiet_since is not null) <> $3`;

export async function setQuiet(tx: TxContext, transferId: TransferId, quiet: boolean, actor: Actor): Promise<boolean> {
  if (!isUuid(transferId)) return false;
  return (await tx.client.query(QUIET, [transferId, tx.organizationId, quiet, actor])).rowCount === 1;
}

const LOOK_AGAIN = 'update referral set remind_at = $3 where transfer_id = $1 and sender_organization_id = $2';

export async function lookAgainAt(tx: TxContext, transferId: TransferId, at: Instant | null): Promise<void> {
  await tx.client.query(LOOK_AGAIN, [transferId, tx.organizationId, at]);
}
