import { randomUUID } from 'node:crypto';
import { RelaisError, notFound } from '../../../kernel/errors.js';
import { isUuid } from '../../../kernel/ids.js';
import type { OrganizationTx } from '../../../transfer/ports.js';
import { notAsked } from '../../../transfer/answer-question.js';
import { mayFollow, type ReferralStatus } from '../../../transfer/status.js';
import { seal } from '../crypto/envelope.js';
import type { TxContext } from '../tx-context.js';
import { contentKeyPlace } from './insert-transfer.js';
import { messagePlace } from './transfer-row.js';

/** The lock puts two reports in an order; each is checked against the one before it. */
const LOCK = `
  select t.person_id, t.recipient_organization_id, t.purge_after_days, r.status, c.key_id, c.wrapped_key
    from transfer t
    join referral r on r.transfer_id = t.id
    left join transfer_content c on c.transfer_id = t.id
   where t.id = $1 and t.sender_organization_id = $2
     for update of r`;

/** A message that comes after the purge gets a key of its own, and a purge of its own. */
const NEW_KEY = `
  insert into transfer_content (transfer_id, sender_organization_id, recipient_organization_id, person_id, key_id, wrapped_key,
    delivered_at, purge_at)
  values ($1, $2, $3, $4, $5, $6, now(), now() + make_interval(days => $7))`;

/** Whoever has not said yes or no may be reminded, once its question is answered; any other answer is an answer. */
const RECORD = `
  with moved as (
    update referral set status = $4, updated_at = now(),
           remind_at = case when $4 in ('requested', 'received', 'on-hold') then now() + interval '1 day' end
     where transfer_id = $1
  )
  insert into transfer_event (transfer_id, sender_organization_id, recipient_organization_id, shared, status, actor, key_id, message, declined)
  values ($1, $2, $3, true, 'referral:' || $4, $5, $6, $7, $8)`;

/** Its state stays: the recipient alone moves it on. */
const SAY = `
  insert into transfer_event (transfer_id, sender_organization_id, recipient_organization_id, shared, status, actor, key_id, message)
  values ($1, $2, $3, true, 'message', $4, $5, $6)`;

interface Locked {
  readonly person_id: string;
  readonly recipient_organization_id: string;
  readonly purge_after_days: number;
  readonly status: ReferralStatus;
  readonly key_id: string | null;
  readonly wrapped_key: Buffer | null;
}

/**
 * The recipient's answer, kept in the sender's transaction: what it wrote is about the sender's person.
 *
 * @throws RelaisError 404 unless delivered, 409 `task.transition` when the state may not follow the present one
 */
export async function recordReferral(
  tx: TxContext,
  input: Parameters<OrganizationTx['recordReferral']>[0],
): Promise<void> {
  const { transferId, status, declined = null, message, actor } = input;
  if (!isUuid(transferId)) throw notFound();
  const { rows } = await tx.client.query<Locked>(LOCK, [transferId, tx.organizationId]);
  const found = rows[0];
  if (found === undefined) throw notFound();
  if (found.status !== status && !mayFollow(found.status, status)) {
    const text = 'The referral has moved on: this state cannot follow its present one.';
    throw new RelaisError('task.transition', 409, 'business-rule', text, {
      details: { from: found.status, to: status },
    });
  }
  const key = message === null ? null : await keyFor(tx, transferId, found);
  await tx.client.query(RECORD, [
    transferId,
    tx.organizationId,
    found.recipient_organization_id,
    status,
    actor,
    key?.id ?? null,
    key === null || message === null ? null : seal(key.key, message, messagePlace(transferId)),
    declined,
  ]);
}

/**
 * What the sender says to the recipient, sealed like the question that it answers.
 *
 * @throws RelaisError 404 unless delivered, 409 `message.not-asked` unless the referral is on hold
 */
export async function recordMessage(
  tx: TxContext,
  { transferId, words, actor }: Parameters<OrganizationTx['recordMessage']>[0],
): Promise<void> {
  if (!isUuid(transferId)) throw notFound();
  const { rows } = await tx.client.query<Locked>(LOCK, [transferId, tx.organizationId]);
  const found = rows[0];
  if (found === undefined) throw notFound();
  if (found.status !== 'on-hold') throw notAsked();
  const key = await keyFor(tx, transferId, found);
  const sealed = seal(key.key, words, messagePlace(transferId));
  await tx.client.query(SAY, [transferId, tx.organizationId, found.recipient_organization_id, actor, key.id, sealed]);
}

async function keyFor(
  tx: TxContext,
  transferId: Parameters<typeof contentKeyPlace>[0],
  found: Locked,
): Promise<{ id: string; key: Buffer }> {
  if (found.key_id !== null && found.wrapped_key !== null) {
    return { id: found.key_id, key: tx.keyring.unwrap(found.wrapped_key, contentKeyPlace(transferId, found.key_id)) };
  }
  const id = randomUUID();
  const key = tx.keyring.newDataKey();
  const wrapped = tx.keyring.wrap(key, contentKeyPlace(transferId, id));
  const days = found.purge_after_days;
  await tx.client.query(NEW_KEY, [
    transferId,
    tx.organizationId,
    found.recipient_organization_id,
    found.person_id,
    id,
    wrapped,
    days,
  ]);
  return { id, key };
}
