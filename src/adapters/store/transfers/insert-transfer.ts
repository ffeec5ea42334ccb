import { randomUUID } from 'node:crypto';
import type { PersonId, TransferId } from '../../../kernel/ids.js';
import type { NewTransfer } from '../../../transfer/transfer.js';
import { seal, type Place } from '../crypto/envelope.js';
import { dataKeyOf, type TxContext } from '../tx-context.js';

/** What is bytes comes as one parameter, and each row says where its own begin: an array of them would be sent as text. */
const COLUMNS = [
  'recipient uuid, partner uuid, send_after timestamptz, case_id text, case_version integer, person_id uuid, task_id uuid',
  'purpose text, ground jsonb, ground_kind text, requested integer, permitted integer, agreement_id uuid, agreement_version integer',
  'purge_after_days integer, mapping_version text, reasons jsonb, withheld integer, digest text, actor jsonb, answer_by timestamptz',
  'follows uuid, consents uuid[], key_id uuid, salt_at integer, stated_at integer, key_at integer, wire_at integer, end_at integer',
].join(', ');
const bytes = (from: string, to: string): string => `substring($4::bytea from ${from} for ${to} - ${from})`;

/** Transfers, their contents, first events and outbox rows: one round trip. */
const INSERT = `
  with asked as (
    select * from rows from (unnest($1::uuid[]), jsonb_to_recordset($3::jsonb) as (${COLUMNS})) as asked (id)
  ), t as (
    insert into transfer (
      id, sender_organization_id, recipient_organization_id, recipient_partner_id, reference, status, case_id, case_version,
      person_id, task_id, purpose, ground, ground_kind, stated, requested, permitted, agreement_id, agreement_version,
      purge_after_days, mapping_version, reasons, withheld_elements, digest, actor, send_after, answer_expected_by, commitment_salt, follows)
    select id, $2, recipient, partner, next_reference($2), case when send_after > now() then 'held' else 'queued' end, case_id, case_version,
      person_id, task_id, purpose, ground, ground_kind, ${bytes('stated_at', 'key_at')}, requested, permitted, agreement_id, agreement_version,
      purge_after_days, mapping_version, reasons, withheld, digest, actor, send_after, answer_by, ${bytes('salt_at', 'stated_at')}, follows
      from asked
    returning id, reference, status
  ), content as (
    insert into transfer_content (transfer_id, sender_organization_id, recipient_organization_id, person_id, key_id, wrapped_key, wire)
    select id, $2, recipient, person_id, key_id, ${bytes('key_at', 'wire_at')}, ${bytes('wire_at', 'end_at')} from asked
  ), event as (
    insert into transfer_event (transfer_id, sender_organization_id, recipient_organization_id, shared, status, actor, reasons)
    select id, $2, recipient, false, t.status, actor, reasons from t join asked using (id)
  ), due as (
    insert into outbox (transfer_id, organization_id, recipient_organization_id, partner_id, person_id, consent_ids, due_at, next_attempt_at)
    select id, $2, recipient, partner, person_id, consents, greatest(now(), send_after), greatest(now(), send_after) from asked
  )
  select id, reference from t`;

/** A transfer, its ciphertexts apart from the rest. */
interface Sealed {
  readonly transfer: NewTransfer;
  readonly keyId: string;
  readonly stated: Buffer;
  readonly wrappedKey: Buffer;
  readonly wire: Buffer;
}

/** Encrypts: the stated ground under the person's key, the bytes that leave under a key of their own. */
export async function sealTransfer(tx: TxContext, transfer: NewTransfer): Promise<Sealed> {
  const { id, permit, disclosable } = transfer;
  const personKey = await dataKeyOf(tx, permit.personId);
  const contentKey = tx.keyring.newDataKey();
  const keyId = randomUUID();
  return {
    transfer,
    keyId,
    stated: seal(personKey, JSON.stringify(permit.request.ground), statedPlace(id, permit.personId)),
    wrappedKey: tx.keyring.wrap(contentKey, contentKeyPlace(id, keyId)),
    wire: seal(contentKey, disclosable.wire, wirePlace(id)),
  };
}

/** @returns for each its reference */
export async function insertTransfers(
  tx: TxContext,
  sealed: readonly Sealed[],
): Promise<readonly { readonly reference: string }[]> {
  const ids = sealed.map(({ transfer }) => transfer.id);
  const parts: Buffer[] = [];
  // PostgreSQL counts bytes from one.
  let at = 1;
  const put = (part: Buffer): number => {
    parts.push(part);
    at += part.length;
    return at - part.length;
  };
  const rows = sealed.map(({ transfer, keyId, stated, wrappedKey, wire }) => {
    const { permit, disclosable } = transfer;
    const { request, ground, agreement } = permit;
    return {
      recipient: request.recipientOrganizationId,
      partner: permit.recipientPartnerId,
      send_after: transfer.sendAfter,
      case_id: request.caseId,
      case_version: permit.caseVersion,
      person_id: permit.personId,
      task_id: transfer.taskId,
      purpose: request.purpose,
      ground,
      ground_kind: ground.secrecy.kind,
      requested: request.requested,
      permitted: permit.permitted,
      agreement_id: agreement.id,
      agreement_version: agreement.version,
      purge_after_days: agreement.purgeAfterDays,
      mapping_version: transfer.mappingVersion,
      reasons: transfer.reasons,
      withheld: disclosable.withheldElements,
      digest: disclosable.digest,
      actor: transfer.actor,
      answer_by: transfer.answerExpectedBy,
      follows: transfer.follows,
      consents: ground.secrecy.kind === 'consent' ? ground.secrecy.consents.map((consent) => consent.id) : [],
      key_id: keyId,
      salt_at: put(transfer.commitmentSalt),
      stated_at: put(stated),
      key_at: put(wrappedKey),
      wire_at: put(wire),
      end_at: at,
    };
  });
  const { rows: inserted } = await tx.client.query<{ id: TransferId; reference: string }>({
    name: 'insert-transfer',
    text: INSERT,
    values: [ids, tx.organizationId, JSON.stringify(rows), Buffer.concat(parts)],
  });
  const references = new Map(inserted.map(({ id, reference }) => [id, { reference }]));
  return ids.map((id) => references.get(id)!);
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
