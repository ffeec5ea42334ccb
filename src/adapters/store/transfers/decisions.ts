import { isUuid, type DecisionId, type TransferId } from '../../../kernel/ids.js';
import type { Agreement } from '../../../domain/agreement/agreement.js';
import type { ConsentTerms } from '../../../domain/consent/terms.js';
import type { DecisionReceipt } from '../../../domain/decision/receipt.js';
import type { TxContext } from '../tx-context.js';

export async function insertDecision(tx: TxContext, receipt: DecisionReceipt): Promise<void> {
  await tx.client.query({
    name: 'insert-decision',
    text: 'insert into decision (organization_id, id, transfer_id, person_id, receipt) values ($1, $2, $3, $4, $5)',
    values: [tx.organizationId, receipt.id, receipt.transferId, receipt.subject?.personId ?? null, receipt],
  });
}

/** The decision of this id, or all of the transfer of this id, oldest first. */
export async function loadDecisions(tx: TxContext, id: DecisionId | TransferId): Promise<readonly DecisionReceipt[]> {
  if (!isUuid(id)) return [];
  const { rows } = await tx.client.query<{ receipt: DecisionReceipt }>({
    name: 'load-decisions',
    text: `select receipt from decision where organization_id = $1 and (id = $2 or transfer_id = $2) order by decided_at, id`,
    values: [tx.organizationId, id],
  });
  return rows.map(({ receipt }) => receipt);
}

const VERSIONS = `
  select (select jsonb_agg(v.content order by named.position)
            from rows from (jsonb_to_recordset($1) as (id uuid, version integer)) with ordinality as named (id, version, position)
            left join agreement_version v on v.agreement_id = named.id and v.version = named.version) as agreements,
         (select jsonb_agg(c.terms || jsonb_build_object('version', c.version) order by named.position)
            from rows from (jsonb_to_recordset($2) as (id uuid, version integer)) with ordinality as named (id, version, position)
            left join consent_version c on c.organization_id = $3 and c.consent_id = named.id and c.version = named.version) as consents`;

/** The versions that a receipt names, in its order; null where one is missing. */
export async function loadVersions(
  tx: TxContext,
  { agreements, consents }: Pick<DecisionReceipt, 'agreements' | 'consents'>,
): Promise<{ agreements: readonly (Agreement | null)[]; consents: readonly (ConsentTerms | null)[] }> {
  const { rows } = await tx.client.query<{
    agreements: (Agreement | null)[] | null;
    consents: (ConsentTerms | null)[] | null;
  }>({
    name: 'load-versions',
    text: VERSIONS,
    values: [JSON.stringify(agreements), JSON.stringify(consents), tx.organizationId],
  });
  return { agreements: rows[0]?.agreements ?? [], consents: rows[0]?.consents ?? [] };
}
