import type { DisclosureRequest } from '../../../domain/decision/decision.js';
import type { StatedGround } from '../../../domain/decision/ground.js';
import type { PurposeOfUse } from '../../../domain/decision/purpose.js';
import type { CaseId, OrganizationId, PersonId, TransferId } from '../../../kernel/ids.js';
import { open } from '../crypto/envelope.js';
import { rememberDataKey, type TxContext } from '../tx-context.js';
import { statedPlace } from './insert-transfer.js';

/** Columns of a transfer, with the person's wrapped key, from which what was asked can be told again. */
export interface StatedRow {
  readonly recipient_organization_id: OrganizationId;
  readonly case_id: CaseId;
  readonly person_id: PersonId;
  readonly purpose: PurposeOfUse;
  readonly stated: Buffer;
  readonly requested: number | null;
  readonly person_key: Buffer;
}

/** What its author asked for, to be decided again; the words of its ground are opened under the person's key. */
export function statedRequest(tx: TxContext, transferId: TransferId, row: StatedRow): DisclosureRequest {
  const personKey = rememberDataKey(tx, row.person_id, row.person_key);
  const stated = open(personKey, row.stated, statedPlace(transferId, row.person_id));
  return {
    senderOrganizationId: tx.organizationId,
    recipientOrganizationId: row.recipient_organization_id,
    caseId: row.case_id,
    purpose: row.purpose,
    ground: JSON.parse(stated.toString('utf8')) as StatedGround,
    ...(row.requested !== null && { requested: row.requested }),
  };
}
