import { isUuid, type DecisionId, type PersonId, type TransferId } from '../../../kernel/ids.js';
import type { Agreement } from '../../../domain/agreement/agreement.js';
import type { ConsentTerms } from '../../../domain/consent/terms.js';
import type { Terms } from '../../../domain/decision/decision.js';
import type { DecisionReceipt } from '../../../domain/decision/receipt.js';
import { rememberDataKey, type TxContext } from '../tx-context.js';
import { openCircumstances, openTerms, type StoredTerms } from './load-terms.js';

const INSERT = `
  insert into decision (organization_id, id, transfer_id, person_id, receipt)
  select $1, (receipt ->> 'id')::uuid, (receipt ->> 'transferId')::uuid, (receipt #>> '{subject,personId}')::uuid, receipt
    from jsonb_array_elements($2::jsonb) as made (receipt)`;

export async function insertDecisions(tx: TxContext, receipts: readonly DecisionReceipt[]): Promise<void> {
  const values = [tx.organizationId, JSON.stringify(receipts)];
  await tx.client.query({ name: 'insert-decision', text: INSERT, values });
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
         (select jsonb_agg(case when c.terms is not null then jsonb_build_object('decided', encode(c.decided, 'base64'),
                   'terms', c.terms || jsonb_build_object('version', c.version)) end order by named.position)
            from rows from (jsonb_to_recordset($2) as (id uuid, version integer)) with ordinality as named (id, version, position)
            left join consent_version c on c.organization_id = $3 and c.consent_id = named.id and c.version = named.version) as consents,
         subject.*
    from (select) as always
    left join lateral (
      select p.id as person_id, p.wrapped_key, v.circumstances
        from case_version v
        join person p on p.organization_id = v.organization_id and p.id = v.person_id
       where v.organization_id = $3 and v.case_id = $4 and v.version = $5
    ) subject on true`;

/** The versions that a receipt names, in its order; null where one is missing, or was made unreadable with its person. */
export async function loadVersions(
  tx: TxContext,
  { agreements, consents, subject, request }: Pick<DecisionReceipt, 'agreements' | 'consents' | 'subject' | 'request'>,
): Promise<{
  agreements: readonly (Agreement | null)[];
  consents: readonly (ConsentTerms | null)[];
  circumstances: Terms['circumstances'];
}> {
  const { rows } = await tx.client.query<Row>({
    name: 'load-versions',
    text: VERSIONS,
    values: [
      JSON.stringify(agreements),
      JSON.stringify(consents),
      tx.organizationId,
      request.caseId,
      subject?.caseVersion ?? null,
    ],
  });
  const row = rows[0]!;
  const key =
    row.wrapped_key === null || row.person_id === null ? null : rememberDataKey(tx, row.person_id, row.wrapped_key);
  const of = { caseId: request.caseId, version: subject?.caseVersion ?? 0 };
  return {
    agreements: row.agreements ?? [],
    consents: (row.consents ?? []).map((stored) => (stored === null ? null : openTerms(tx, key, stored))),
    circumstances:
      key === null || row.circumstances === null ? null : openCircumstances(tx, key, of, row.circumstances),
  };
}

interface Row {
  readonly agreements: (Agreement | null)[] | null;
  readonly consents: (StoredTerms | null)[] | null;
  readonly person_id: PersonId | null;
  readonly wrapped_key: Buffer | null;
  readonly circumstances: Buffer | null;
}
