import { randomUUID } from 'node:crypto';
import type { PersonId, TransferId } from '../../../kernel/ids.js';
import type { NewTransfer } from '../../../transfer/transfer.js';
import { seal, type Place } from '../crypto/envelope.js';
import { dataKeyOf, type TxContext } from '../tx-context.js';

/** Transfer, content, first event and outbox row: one round trip. */
const INSERT = `
  with t as (
    insert into transfer (
      id, sender_organization_id, recipient_organization_id, recipient_partner_id, reference, status, case_id, case_version,
      person_id, task_id, purpose, ground, ground_kind, stated, requested, permitted, agreement_id, agreement_version,
      purge_after_days, mapping_version, reasons, withheld_elements, digest, actor, send_after, answer_expected_by, commitment_salt, follows)
    values ($1, $2, $3, $4, next_reference($2), case when $5::timestamptz > now() then 'held' else 'queued' end, $6, $7,
      $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
      $18, $19, $20, $21, $22, $23, $5, $24, $29, $30)
    returning id, reference, status
  ), content as (
    insert into transfer_content (transfer_id, sender_organization_id, recipient_organization_id, person_id, key_id, wrapped_key, wire)
    values ($1, $2, $3, $8, $25, $26, $27)
  ), event as (
    insert into transfer_event (transfer_id, sender_organization_id, recipient_organization_id, shared, status, actor, reasons)
    select id, $2, $3, false, status, $23, $20 from t
  ), due as (
    insert into outbox (transfer_id, organization_id, recipient_organization_id, partner_id, person_id, consent_ids, due_at, next_attempt_at)
    values ($1, $2, $3, $4, $8, $28, greatest(now(), $5), greatest(now(), $5))
  )
  select reference from t`;

export async function insertTransfer(tx: TxContext, transfer: NewTransfer): Promise<{ reference: string }> {
  const { id, permit, disclosable } = transfer;
  const { request, ground, agreement } = permit;
  const personKey = await dataKeyOf(tx, permit.personId);
  const contentKey = tx.keyring.newDataKey();
  const keyId = randomUUID();
  const { rows } = await tx.client.query<{ reference: string }>({
    name: 'insert-transfer',
    text: INSERT,
    values: [
      id,
      tx.organizationId,
      request.recipientOrganizationId,
      permit.recipientPartnerId,
      transfer.sendAfter,
      request.caseId,
      permit.caseVersion,
      permit.personId,
      transfer.taskId,
      request.purpose,
      ground,
      ground.secrecy.kind,
      seal(personKey, JSON.stringify(request.ground), statedPlace(id, permit.personId)),
      request.requested ?? null,
      permit.permitted,
      agreement.id,
      agreement.version,
      agreement.purgeAfterDays,
      transfer.mappingVersion,
      JSON.stringify(transfer.reasons),
      disclosable.withheldElements,
      disclosable.digest,
      transfer.actor,
      transfer.answerExpectedBy,
      keyId,
      tx.keyring.wrap(contentKey, contentKeyPlace(id, keyId)),
      seal(contentKey, disclosable.wire, wirePlace(id)),
      ground.secrecy.kind === 'consent' ? ground.secrecy.consents.map((consent) => consent.id) : [],
      transfer.commitmentSalt,
      transfer.follows ?? null,
    ],
  });
  return { reference: rows[0]!.reference };
}

/** The stated ground: its justification is in words, so it is kept under the person's key. */
export function statedPlace(id: TransferId, personId: PersonId): Place {
  return { table: 'transfer', row: `${id}/${personId}`, version: 'stated' };
}

export function contentKeyPlace(id: TransferId, keyId: string): Place {
  return { table: 'transfer_content', row: id, version: keyId };
}

export function wirePlace(id: TransferId): Place {
  return { table: 'transfer_content', row: id, version: 'wire' };
}
