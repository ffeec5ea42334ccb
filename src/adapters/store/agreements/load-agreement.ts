import { isUuid, type AgreementId } from '../../../kernel/ids.js';
import type { Agreement } from '../../../domain/agreement/agreement.js';
import type { TxContext } from '../tx-context.js';

/** The newest version, or the given one, of an agreement to which this organization is party. */
export async function loadAgreement(tx: TxContext, id: AgreementId, version?: number): Promise<Agreement | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<{ content: Agreement }>({
    text: `select content from agreement_version
            where agreement_id = $1 and ($2::integer is null or version = $2) order by version desc limit 1`,
    values: [id, version ?? null],
  });
  return rows[0]?.content ?? null;
}

/** The newest version of each agreement of this organization. */
export async function listAgreements(tx: TxContext): Promise<readonly Agreement[]> {
  const { rows } = await tx.client.query<{ content: Agreement }>(
    `select v.content from agreement a join agreement_version v on v.agreement_id = a.id and v.version = a.version
      order by a.updated_at desc, a.id`,
  );
  return rows.map(({ content }) => content);
}
