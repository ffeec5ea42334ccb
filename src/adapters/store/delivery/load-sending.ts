import type { AgreementId, TaskId, TransferId } from '../../../kernel/ids.js';
import type { Claim, Sending } from '../../../transfer/transfer.js';
import { NotTogether } from '../connection/together.js';
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
  select o.transfer_id, t.recipient_organization_id, t.case_id, t.case_version, t.person_id, t.purpose, t.stated, t.requested, t.permitted, t.agreement_id, t.task_id, o.unsure or t.status = 'sending' as unsure,
         t.digest, c.key_id, c.wrapped_key, c.wire, p.wrapped_key as person_key, to_jsonb(partner) as partner
    from unnest($1::uuid[], $3::integer[]) as asked (transfer_id, fence)
    join outbox o on o.transfer_id = asked.transfer_id and o.fence = asked.fence
    join transfer t on t.id = o.transfer_id and t.status in ('held', 'queued', 'sending')
    join transfer_content c on c.transfer_id = o.transfer_id and c.wire is not null
    join person p on p.id = t.person_id and p.erased_at is null
    join partner on partner.id = t.recipient_partner_id
   where o.organization_id = $2 and o.open and o.lease_until > clock_timestamp()
     for update of o`;
/** Several are not kept waiting by whoever holds one of them. */
const LOAD_FREE = `${LOAD} skip locked`;

interface Row extends StatedRow {
  readonly transfer_id: TransferId;
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
 *
 * @throws NotTogether when one of several is locked, or gone: which of the two, it finds out by itself
 */
export async function loadSendings(tx: TxContext, claims: readonly Claim[]): Promise<readonly (Sending | null)[]> {
  const isOne = claims.length === 1;
  const { rows } = await tx.client.query<Row>({
    name: isOne ? 'load-sending' : 'load-sendings',
    text: isOne ? LOAD : LOAD_FREE,
    values: [claims.map(({ transferId }) => transferId), tx.organizationId, claims.map(({ fence }) => fence)],
  });
  if (!isOne && rows.length < claims.length) throw new NotTogether();
  const found = new Map(rows.map((row) => [row.transfer_id, row]));
  return claims.map(({ transferId }) => {
    const row = found.get(transferId);
    return row === undefined ? null : toSending(tx, transferId, row);
  });
}

function toSending(tx: TxContext, transferId: TransferId, row: Row): Sending {
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
