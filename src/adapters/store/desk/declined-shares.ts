import type { Instant } from '../../../kernel/clock.js';
import { isUuid, type DeclinedShareId, type OrganizationId, type PersonId } from '../../../kernel/ids.js';
import type { PurposeOfUse } from '../../../domain/decision/purpose.js';
import type { DeclinedShare, DeclineReason, NewDeclinedShare } from '../../../transfer/decline-ports.js';
import { open, seal, type Place } from '../crypto/envelope.js';
import { dataKeyOf, rememberDataKey, type TxContext } from '../tx-context.js';

const PUT = `
  insert into declined_share (organization_id, id, person_id, recipient_organization_id, purpose, reason, words)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (organization_id, id) do nothing`;

/** @throws RelaisError `store.erased` (404) */
export async function putDeclinedShare(tx: TxContext, declined: NewDeclinedShare): Promise<boolean> {
  const { id, personId, words } = declined;
  const key = await dataKeyOf(tx, personId);
  const { rowCount } = await tx.client.query(PUT, [
    tx.organizationId,
    id,
    personId,
    declined.recipientOrganizationId,
    declined.purpose,
    declined.reason,
    words === null ? null : seal(key, words, wordsPlace(tx, id)),
  ]);
  return rowCount === 1;
}

interface Row {
  readonly id: DeclinedShareId;
  readonly person_id: PersonId;
  readonly recipient_organization_id: OrganizationId;
  readonly purpose: PurposeOfUse;
  readonly reason: DeclineReason;
  readonly words: Buffer | null;
  readonly recorded_at: Instant;
  readonly wrapped_key: Buffer;
}

const SELECT = `
  select d.id, d.person_id, d.recipient_organization_id, d.purpose, d.reason, d.words, d.recorded_at, p.wrapped_key
    from declined_share d
    join person p on p.organization_id = d.organization_id and p.id = d.person_id and p.erased_at is null
   where d.organization_id = $1`;

export async function loadDeclinedShare(tx: TxContext, id: DeclinedShareId): Promise<DeclinedShare | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<Row>(`${SELECT} and d.id = $2`, [tx.organizationId, id]);
  return rows[0] === undefined ? null : toDeclined(tx, rows[0]);
}

export async function listDeclinedShares(tx: TxContext, personId: PersonId): Promise<readonly DeclinedShare[]> {
  if (!isUuid(personId)) return [];
  const { rows } = await tx.client.query<Row>(
    `${SELECT} and d.person_id = $2 order by d.recorded_at desc, d.id limit 200`,
    [tx.organizationId, personId],
  );
  return rows.map((row) => toDeclined(tx, row));
}

function toDeclined(tx: TxContext, row: Row): DeclinedShare {
  const key = rememberDataKey(tx, row.person_id, row.wrapped_key);
  return {
    id: row.id,
    personId: row.person_id,
    recipientOrganizationId: row.recipient_organization_id,
    purpose: row.purpose,
    reason: row.reason,
    words: row.words === null ? null : open(key, row.words, wordsPlace(tx, row.id)).toString('utf8'),
    recordedAt: row.recorded_at,
  };
}

function wordsPlace({ organizationId }: TxContext, id: DeclinedShareId): Place {
  return { table: 'declined_share', row: `${organizationId}/${id}`, version: 'words' };
}
