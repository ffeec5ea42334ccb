import type { Instant } from '../../../kernel/clock.js';
import type { Actor } from '../../../kernel/actor.js';
import type { TransferId } from '../../../kernel/ids.js';
import type { Reason } from '../../../domain/decision/reasons.js';
import type { Receipt } from '../../../transfer/door-ports.js';
import type { Claim, PartnerSign } from '../../../transfer/transfer.js';
import type { TxContext } from '../tx-context.js';
import { partnerStanding, standingValues } from './partner-standing.js';

/**
 * How deliveries go on and end. Each is one statement that begins by ending the lease of this very fence; when another
 * claim has taken over, nothing is written.
 */

const WORKER: Actor = { type: 'system', id: 'worker', organizationId: null };
/** A decision ended it: the partner was not asked anything. */
const NOTHING_SENT: PartnerSign = { sign: 'unknown' };
const EVENT_COLUMNS = 'transfer_id, sender_organization_id, recipient_organization_id, shared, status, actor';

const SENDING = `
  with held as (
    select o.transfer_id, o.recipient_organization_id, sent.signature
      from unnest($1::uuid[], $3::integer[], $5::text[]) as sent (transfer_id, fence, signature)
      join outbox o on o.transfer_id = sent.transfer_id and o.organization_id = $2 and o.fence = sent.fence and o.open
  ), moved as (
    update transfer t set status = 'sending', signature = held.signature from held where t.id = held.transfer_id
  )
  insert into transfer_event (${EVENT_COLUMNS})
  select transfer_id, $2, recipient_organization_id, false, 'sending', $4 from held`;

/** queued → sending with the signature that goes along, so that a withdrawal waits for this delivery or stops it. */
export async function markSending(tx: TxContext, sent: readonly Sent[]): Promise<void> {
  const claims = sent.map(({ claim }) => claim);
  const values = [...valuesOf(tx, claims), WORKER, sent.map(({ signature }) => signature)];
  await tx.client.query({ name: 'mark-sending', text: SENDING, values });
}

export interface Sent {
  readonly claim: Claim;
  readonly signature: string;
}

const valuesOf = (tx: TxContext, claims: readonly Claim[]): readonly unknown[] => [
  claims.map(({ transferId }) => transferId),
  tx.organizationId,
  claims.map(({ fence }) => fence),
];

const DELIVERED = `
  with answered as (
    select * from unnest($1::uuid[], $3::integer[], $5::integer[], $6::text[], $7::text[], $10::boolean[])
      as answered (transfer_id, fence, status, digest, location, found)
  ), closed as (
    update outbox o set open = false, enqueued_at = null, lease_until = null from answered
     where o.transfer_id = answered.transfer_id and o.organization_id = $2 and o.fence = answered.fence and o.open
    returning o.transfer_id, o.recipient_organization_id, o.partner_id
  ), moved as (
    update transfer t
       set status = 'delivered', delivered_at = now(), purge_at = now() + make_interval(days => t.purge_after_days)
      from closed where t.id = closed.transfer_id
    returning t.id, t.recipient_organization_id, t.delivered_at, t.purge_at
  ), content as (
    update transfer_content c set delivered_at = moved.delivered_at, purge_at = moved.purge_at
      from moved where c.transfer_id = moved.id
  ), proof as (
    insert into receipt (transfer_id, sender_organization_id, recipient_organization_id, status, digest, location, found_by_query)
    select id, $2, recipient_organization_id, answered.status, digest, location, found
      from moved join answered on answered.transfer_id = moved.id
  ), asked as (
    insert into referral (transfer_id, sender_organization_id, recipient_organization_id, status)
    select id, $2, recipient_organization_id, 'requested' from moved
  ), ${partnerStanding('closed', 8, 9)}
  insert into transfer_event (${EVENT_COLUMNS}, cause)
  select id, $2, recipient_organization_id, true, 'delivered', $4, case when found then 'found-by-query' end
    from moved join answered on answered.transfer_id = moved.id
  returning transfer_id`;

export interface Answered {
  readonly claim: Claim;
  readonly receipt: Receipt;
}

/** @returns for each whether its fence was still ours */
export async function finishDelivered(tx: TxContext, answered: readonly Answered[]): Promise<readonly boolean[]> {
  const claims = answered.map(({ claim }) => claim);
  const receipts = answered.map(({ receipt }) => receipt);
  const { rows } = await tx.client.query<{ transfer_id: TransferId }>({
    name: 'finish-delivered',
    text: DELIVERED,
    values: [
      ...valuesOf(tx, claims),
      WORKER,
      receipts.map(({ status }) => status),
      receipts.map(({ digest }) => digest),
      receipts.map(({ location }) => (location === null ? null : location.slice(0, 500))),
      ...standingValues({ sign: 'answers' }),
      receipts.map(({ found }) => found === true),
    ],
  });
  const finished = new Set(rows.map(({ transfer_id: id }) => id));
  return claims.map(({ transferId }) => finished.has(transferId));
}

const RETRY = `
  with again as (
    update outbox set lease_until = null, enqueued_at = null, next_attempt_at = $6, unsure = unsure or $9
     where transfer_id = $1 and organization_id = $2 and fence = $3 and open
    returning transfer_id, recipient_organization_id, partner_id
  ), moved as (
    update transfer t set status = 'queued' from again where t.id = again.transfer_id
  ), ${partnerStanding('again', 7, 8)}
  insert into transfer_event (${EVENT_COLUMNS}, cause)
  select transfer_id, $2, recipient_organization_id, false, 'queued', $4, $5 from again`;

export async function finishRetry(
  tx: TxContext,
  claim: Claim,
  cause: string,
  nextAttemptAt: Instant,
  sign: PartnerSign,
): Promise<boolean> {
  return run(tx, 'finish-retry', RETRY, claim, [
    WORKER,
    asCode(cause),
    nextAttemptAt,
    ...standingValues(sign),
    sign.unsure === true,
  ]);
}

/** `$8`: whether the content is due for the purge at once, or after the agreement's term (it may be replayed). */
const ENDED = `
  with closed as (
    update outbox set open = false, unsure = unsure or $11, enqueued_at = null, lease_until = null
     where transfer_id = $1 and organization_id = $2 and fence = $3 and open
    returning transfer_id, recipient_organization_id, partner_id
  ), moved as (
    update transfer t
       set status = $5, purge_at = now() + make_interval(days => case when $8::boolean then 0 else t.purge_after_days end)
      from closed where t.id = closed.transfer_id
    returning t.id, t.recipient_organization_id, t.purge_at
  ), content as (
    update transfer_content c set purge_at = moved.purge_at from moved where c.transfer_id = moved.id
  ), ${partnerStanding('closed', 9, 10)}
  insert into transfer_event (${EVENT_COLUMNS}, cause, reasons)
  select id, $2, recipient_organization_id, false, $5, $4, $6, $7 from moved`;

export async function finishFailed(tx: TxContext, claim: Claim, cause: string, sign: PartnerSign): Promise<boolean> {
  const values = [WORKER, 'failed', asCode(cause), '[]', false, ...standingValues(sign), sign.unsure === true];
  return run(tx, 'finish-ended', ENDED, claim, values);
}

export async function finishStopped(
  tx: TxContext,
  claim: Claim,
  status: 'stopped' | 'needs-review',
  reasons: readonly Reason[],
  sign: PartnerSign = NOTHING_SENT,
): Promise<boolean> {
  const values = [
    WORKER,
    status,
    null,
    JSON.stringify(reasons),
    status === 'stopped',
    ...standingValues(sign),
    sign.unsure === true,
  ];
  return run(tx, 'finish-ended', ENDED, claim, values);
}

async function run(
  tx: TxContext,
  name: string,
  text: string,
  claim: Claim,
  rest: readonly unknown[],
): Promise<boolean> {
  const values = [claim.transferId, tx.organizationId, claim.fence, ...rest];
  const { rowCount } = await tx.client.query({ name, text, values });
  return rowCount === 1;
}

/** A cause is a code. Should words of a partner ever come this way, they are not kept. */
function asCode(cause: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$/.test(cause) ? cause : 'unspecified';
}
