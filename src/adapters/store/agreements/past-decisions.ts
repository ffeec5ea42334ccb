import type { PastDecision } from '../../../domain/agreement/simulate.js';
import type { DecisionReceipt } from '../../../domain/decision/receipt.js';
import type { AgreementTx } from '../../../transfer/agreement-ports.js';
import { loadVersions } from '../transfers/decisions.js';
import type { TxContext } from '../tx-context.js';

const PAGE_ROWS = 200;

/** By the index of the decisions of requests; `at` as text, because a moment of JavaScript is less exact. */
const PAGE = `
  select d.decided_at::text as at, d.id, d.receipt, t.reference
    from decision d left join transfer t on t.id = d.transfer_id
   where d.organization_id = $1 and d.receipt ->> 'stage' = 'request' and (d.decided_at, d.id) > ($2::timestamptz, $3::uuid)
     and d.receipt ->> 'outcome' = 'permit' and d.receipt -> 'agreements' @> jsonb_build_array(jsonb_build_object('id', $4::text))
   order by d.decided_at, d.id limit $5`;

interface Row {
  readonly at: string;
  readonly id: string;
  readonly receipt: DecisionReceipt;
  readonly reference: string | null;
}

/** A page of receipts is in memory, never the whole; the versions that one names are read as a replay reads them. */
export async function* pastDecisions(
  tx: TxContext,
  { agreementId, since }: Parameters<AgreementTx['pastDecisions']>[0],
): AsyncGenerator<PastDecision> {
  let after = { at: since as string, id: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const { rows } = await tx.client.query<Row>({
      name: 'past-decisions',
      text: PAGE,
      values: [tx.organizationId, after.at, after.id, agreementId, PAGE_ROWS],
    });
    for (const { receipt, reference } of rows) yield { receipt, reference, ...(await loadVersions(tx, receipt)) };
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return;
    after = { at: last.at, id: last.id };
  }
}
