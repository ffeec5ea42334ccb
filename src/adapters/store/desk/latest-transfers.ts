import type { CaseId, TransferId } from '../../../kernel/ids.js';
import type { StoredCase } from '../../../transfer/stored-case.js';
import type { Transfer } from '../../../transfer/transfer.js';
import { decryptCase, type CaseRow } from '../cases/load-case.js';
import { open } from '../crypto/envelope.js';
import { contentKeyPlace, wirePlace } from '../transfers/insert-transfer.js';
import { SELECT_TRANSFER, toTransfer, type TransferRow } from '../transfers/transfer-row.js';
import type { TxContext } from '../tx-context.js';

const MOST = 200;
/** How many events are looked through for each transfer that is wanted; few have more than ten. */
const EVENTS_EACH = 20;

/** The newest events of what was sent and of what was received, each from its index and no further than needed. */
const LATEST = `
  with page as materialized (
    select id, max(at) as changed_at from (
      (select transfer_id as id, at from transfer_event where sender_organization_id = $1 order by at desc limit $3)
      union all
      (select transfer_id as id, at from transfer_event
        where recipient_organization_id = $1 and sender_organization_id <> $1 and shared order by at desc limit $3)
    ) event group by id order by changed_at desc, id limit $2
  )
  ${SELECT_TRANSFER} join page on page.id = t.id order by page.changed_at desc, t.id`;

export async function latestTransfers(tx: TxContext, limit: number): Promise<readonly Transfer[]> {
  const most = Math.max(1, Math.min(limit, MOST));
  const { rows } = await tx.client.query<TransferRow>({
    name: 'latest-transfers',
    text: LATEST,
    values: [tx.organizationId, most, most * EVENTS_EACH],
  });
  return rows.map((row) => toTransfer(tx, row));
}

const NEWEST_CASES = `
  select c.case_id, c.person_id, c.version, c.content, c.stored_at, p.wrapped_key
    from unnest($2::text[]) as wanted (case_id)
    cross join lateral (
      select * from case_version v where v.organization_id = $1 and v.case_id = wanted.case_id
       order by v.version desc limit 1
    ) c
    join person p on p.organization_id = $1 and p.id = c.person_id and p.erased_at is null`;

export async function newestCases(tx: TxContext, ids: readonly CaseId[]): Promise<readonly StoredCase[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.client.query<CaseRow>({
    name: 'newest-cases',
    text: NEWEST_CASES,
    values: [tx.organizationId, [...new Set(ids)]],
  });
  return rows.map((row) => decryptCase(tx, row));
}

export async function loadWires(tx: TxContext, ids: readonly TransferId[]): Promise<ReadonlyMap<TransferId, Buffer>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.client.query<{
    transfer_id: TransferId;
    key_id: string;
    wrapped_key: Buffer;
    wire: Buffer;
  }>({
    name: 'load-wires',
    text: `select transfer_id, key_id, wrapped_key, wire from transfer_content where transfer_id = any ($1) and wire is not null`,
    values: [ids],
  });
  return new Map(
    rows.map(({ transfer_id: id, key_id: keyId, wrapped_key: wrapped, wire }) => [
      id,
      open(tx.keyring.unwrap(wrapped, contentKeyPlace(id, keyId)), wire, wirePlace(id)),
    ]),
  );
}
