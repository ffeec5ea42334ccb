import { RelaisError, notFound } from '../../../kernel/errors.js';
import { isUuid } from '../../../kernel/ids.js';
import type { Actor } from '../../../kernel/actor.js';
import type { Agreement } from '../../../domain/agreement/agreement.js';
import type { TxContext } from '../tx-context.js';

const HEAD = {
  first: 'insert into agreement (id, version, parties) values ($1, $2, $3) on conflict do nothing returning id',
  /** A version is added only on top of the one before it. */
  next: 'update agreement set version = $2, parties = $3, updated_at = now() where id = $1 and version = $2 - 1 returning id',
};

/**
 * Appends a version. A party that leaves keeps the versions that it was party to.
 *
 * @throws RelaisError 409 `agreement.version-conflict` when `version` is not the next one, 404 for a non-party
 */
export async function putAgreement(tx: TxContext, agreement: Agreement, actor: Actor): Promise<void> {
  const { id, version, parties } = agreement;
  if (!isUuid(id) || !parties.includes(tx.organizationId)) throw notFound();
  const put = await tx.client.query(
    `with head as (${version === 1 ? HEAD.first : HEAD.next})
     insert into agreement_version (agreement_id, version, parties, content, actor) select id, $2, $3, $4, $5 from head`,
    [id, version, parties, agreement, actor],
  );
  if (put.rowCount !== 1) {
    throw new RelaisError('agreement.version-conflict', 409, 'conflict', 'This agreement was changed meanwhile.');
  }
}
