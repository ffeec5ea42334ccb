import type { AgreementId, TaskId } from '../../../kernel/ids.js';
import type { Claim, Sending } from '../../../transfer/transfer.js';
import { open } from '../crypto/envelope.js';
import { toPartner, type PartnerRow } from '../directory/partner-of.js';
import { contentKeyPlace, wirePlace } from '../transfers/insert-transfer.js';
import { statedRequest, type StatedRow } from '../transfers/stated-request.js';
import type { TxContext } from '../tx-context.js';

/**
 * The lock is the one that a withdrawal takes: it comes before this decision or after this lease. The conditions are
 * read again once the lock is granted, and at that moment's time, not at the transaction's.
 */
const LOAD = `
  select t.recipient_organization_id, t.case_id, t.case_version, t.person_id, t.purpose, t.stated, t.requested, t.permitted, t.agreement_id, t.task_id, o.unsure or t.status = 'sending' as unsure,
         t.digest, c.key_id, c.wrapped_key, c.wire, p.wrapped_key as person_key, to_jsonb(partner) as partner
    from outbox o
    join transfer t on t.id = o.transfer_id and t.status in ('held', 'queued', 'sending')
    join transfer_content c on c.transfer_id = o.transfer_id and c.wire is not null
    join person p on p.id = t.person_id and p.erased_at is null
    join partner on partner.id = t.recipient_partner_id
   where o.transfer_id = $1 and o.organization_id = $2 and o.open and o.fence = $3 and o.lease_until > clock_timestamp()
     for update of o`;

interface Row extends StatedRow {
  readonly case_version: number;
  readonly permitted: number;
  readonly agreement_id: AgreementId;
  readonly digest: string;
  readonly task_id: TaskId;
  readonly unsure: boolean;
  readonly key_id: string;
  readonly wrapped_key: Buffer;
  readonly wire: Buffer;
  readonly partner: PartnerRow;
}

/**
 * What is needed to decide again and to send; null when the fence is no longer ours or the transfer is not on its way.
 * One that is still `sending` was left by a worker that vanished: what became of it is not known.
 */
export async function loadSending(tx: TxContext, claim: Claim): Promise<Sending | null> {
  const { transferId } = claim;
  const { rows } = await tx.client.query<Row>({
    name: 'load-sending',
    text: LOAD,
    values: [transferId, tx.organizationId, claim.fence],
  });
  const row = rows[0];
  if (row === undefined) return null;
  const contentKey = tx.keyring.unwrap(row.wrapped_key, contentKeyPlace(transferId, row.key_id));
  return {
    request: statedRequest(tx, transferId, row),
    caseVersion: row.case_version,
    permitted: row.permitted,
    agreementId: row.agreement_id,
    recipientPartner: toPartner(row.partner),
    wire: open(contentKey, row.wire, wirePlace(transferId)),
    digest: row.digest,
    taskId: row.task_id,
    unsure: row.unsure,
  };
}
