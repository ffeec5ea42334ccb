import { isUuid } from '../../../kernel/ids.js';
import type { NewRefusal } from '../../../transfer/transfer.js';
import type { TxContext } from '../tx-context.js';

/** A refusal has no content and no outbox row. Of the stated ground only its kind is kept: nothing was disclosed on it. */
const INSERT = `
  with t as (
    insert into transfer (id, sender_organization_id, recipient_organization_id, reference, status, case_id, person_id,
      purpose, ground_kind, requested, permitted, reasons, actor)
    values ($1, $2, $3, next_reference($2), 'refused', $4, $5, $6, $7, $8, 0, $9, $10)
    returning reference
  ), event as (
    insert into transfer_event (transfer_id, sender_organization_id, recipient_organization_id, shared, status, actor, reasons)
    values ($1, $2, $3, false, 'refused', $10, $9)
  )
  select reference from t`;

export async function insertRefusal(tx: TxContext, refusal: NewRefusal): Promise<{ reference: string }> {
  const { id, request, personId, reasons, actor } = refusal;
  const { rows } = await tx.client.query<{ reference: string }>({
    name: 'insert-refusal',
    text: INSERT,
    values: [
      id,
      tx.organizationId,
      // Anything else names no organization; the reasons say so.
      isUuid(request.recipientOrganizationId) ? request.recipientOrganizationId : NOBODY,
      request.caseId,
      personId,
      request.purpose,
      request.ground.kind,
      request.requested ?? null,
      JSON.stringify(reasons),
      actor,
    ],
  });
  return { reference: rows[0]!.reference };
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
