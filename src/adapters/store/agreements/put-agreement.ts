import { RelaisError, notFound } from '../../../kernel/errors.js';
import { isUuid } from '../../../kernel/ids.js';
import type { Actor } from '../../../kernel/actor.js';
import type { Agreement } from '../../../domain/agreement/agreement.js';
import type { AgreementTx } from '../../../transfer/agreement-ports.js';
import type { TxContext } from '../tx-context.js';

/** `$6`: whether this version is what decisions look at; otherwise it is negotiated beside it. */
const HEAD = {
  first: `
    insert into agreement (id, version, parties, in_force, pending, valid_until)
    values ($1, $2::integer, $3, case when $6::boolean then $2::integer end, case when not $6 then $2::integer end, $7::timestamptz)
    on conflict do nothing returning id`,
  /** A version is added only on top of the one before it. Whoever may read one of the two that count, may read the head. */
  next: `
    update agreement a
       set version = $2::integer, updated_at = now(),
           in_force = case when $6::boolean then $2::integer else a.in_force end,
           pending = case when not $6 then $2::integer when $8::boolean then null else a.pending end,
           valid_until = case when $6 then $7::timestamptz else a.valid_until end,
           expiry_noted_at = case when $6 then null else a.expiry_noted_at end,
           parties = array(
             select unnest($3::uuid[]) union
             select unnest(v.parties) from agreement_version v
              where v.agreement_id = a.id
                and v.version = case when not $6 then a.in_force when $8 then null else a.pending end)
     where id = $1 and version = $2::integer - 1 returning id`,
};

/**
 * Appends a version. A party that leaves keeps the versions that it was party to, and the one by which it left.
 *
 * @throws RelaisError 409 `agreement.version-conflict` when `version` is not the next one, 404 for a non-party
 */
export async function putAgreement(
  tx: TxContext,
  agreement: Agreement,
  actor: Actor,
  { endsNegotiation = false, visibleTo = [] }: NonNullable<Parameters<AgreementTx['putAgreement']>[2]> = {},
): Promise<void> {
  const { id, version, status, validUntil } = agreement;
  const readers = [...new Set([...agreement.parties, ...visibleTo])];
  if (!isUuid(id) || !readers.includes(tx.organizationId)) throw notFound();
  const counts = status !== 'draft' && status !== 'proposed';
  const endsOn = status === 'active' || status === 'suspended' ? (validUntil ?? null) : null;
  const values = [id, version, readers, agreement, actor, counts, endsOn];
  const put = await tx.client.query(
    `with head as (${version === 1 ? HEAD.first : HEAD.next})
     insert into agreement_version (agreement_id, version, parties, content, actor) select id, $2::integer, $3, $4, $5 from head`,
    version === 1 ? values : [...values, endsNegotiation],
  );
  if (put.rowCount !== 1) {
    throw new RelaisError('agreement.version-conflict', 409, 'conflict', 'This agreement was changed meanwhile.');
  }
}
