import { addMs, type Instant } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import type { AuditAction } from '../../../domain/audit/entry.js';
import type { Admission, LimitTx, UnusualAccess, UnusualKind } from '../../../transfer/limit-ports.js';
import type { TxContext } from '../tx-context.js';

/** How long an own act ties somebody to a file, and how long the data-protection officer finds what was unusual. */
const TIE_DAYS = 90;
/** Acts that tie. Each is bounded itself (a file is opened before one writes into it or sends from it), or vouched for by a signature. */
const TIES: readonly AuditAction[] = [
  'case.opened',
  'case.entry-written',
  'case.entry-corrected',
  'transfer.permitted',
];

/** Of one actor one at a time: fifty calls at once are no way around a limit. */
const TURN = `select pg_advisory_xact_lock(hashtextextended('limit/' || $1 || '/' || $2, 0))`;

/**
 * $1 organization, $2 staff, $3 file, $4 limit, $5 acts that tie, $6 since when. What waits for the organization is what its
 * worklist calls its turn (src/transfer/whose-turn.ts): the duty queue. A received transfer waits until it is answered.
 */
const OPEN = `
  with tie as (
    select exists (select from audit_entry e
                    where e.person_id = $3 and e.entry #>> '{actor,id}' = $2 and e.entry ->> 'action' = any ($5) and e.at > $6)
        or exists (select from transfer t left join referral r on r.transfer_id = t.id
                    where t.sender_organization_id = $1 and t.person_id = $3 and t.requested_at > now() - make_interval(days => ${TIE_DAYS})
                      and (t.status in ('needs-review', 'failed', 'stopped')
                           or t.status = 'delivered' and r.status in ('rejected', 'cancelled', 'failed', 'on-hold')
                           or t.status in ('held', 'queued', 'sending', 'delivered') and t.answer_expected_by < now()
                              and coalesce(r.status, 'requested') in ('requested', 'received', 'on-hold')))
        or exists (select from transfer t left join referral r on r.transfer_id = t.id
                    where t.id = $3 and t.recipient_organization_id = $1
                      and coalesce(r.status, 'requested') not in ('completed', 'rejected', 'cancelled', 'failed')) as holds
  ), others as (
    select count(*) as opened, min(opened_at) as first_at from file_opening
     where organization_id = $1 and staff_id = $2 and file_id <> $3
  ), counted as (
    insert into file_opening (organization_id, staff_id, file_id)
    select $1, $2, $3 from tie, others where not tie.holds and others.opened < $4
    on conflict (organization_id, staff_id, file_id) do update set opened_at = now()
    returning file_id
  )
  select tie.holds or exists (select from counted) as admitted,
         ceil(extract(epoch from others.first_at + interval '1 hour' - now()))::integer as seconds
    from tie, others`;

export async function openFile(
  tx: TxContext,
  { staffId, file, most }: Parameters<LimitTx['openFile']>[0],
): Promise<Admission> {
  await tx.client.query(TURN, [tx.organizationId, staffId]);
  await tx.client.query(
    `delete from file_opening where organization_id = $1 and opened_at <= now() - interval '1 hour'`,
    [tx.organizationId],
  );
  const since = addMs(await tx.at, -TIE_DAYS * 86_400_000);
  const { rows } = await tx.client.query<Admitted>(OPEN, [tx.organizationId, staffId, file, most, TIES, since]);
  return admissionOf(rows[0]!);
}

const COUNT = `
  with before as (
    select coalesce(sum(searches), 0) as searches, min(minute) as first_at from search_count
     where organization_id = $1 and actor_id = $2
  ), counted as (
    insert into search_count (organization_id, actor_id, minute, searches)
    select $1, $2, date_trunc('minute', now()), 1 from before where before.searches < $3
    on conflict (organization_id, actor_id, minute) do update set searches = search_count.searches + 1
    returning minute
  )
  select exists (select from counted) as admitted,
         ceil(extract(epoch from before.first_at + interval '1 hour' - now()))::integer as seconds
    from before`;

export async function countSearch(
  tx: TxContext,
  { actorId, most }: Parameters<LimitTx['countSearch']>[0],
): Promise<Admission> {
  await tx.client.query(TURN, [tx.organizationId, actorId]);
  await tx.client.query(`delete from search_count where organization_id = $1 and minute <= now() - interval '1 hour'`, [
    tx.organizationId,
  ]);
  const { rows } = await tx.client.query<Admitted>(COUNT, [tx.organizationId, actorId, most]);
  return admissionOf(rows[0]!);
}

interface Admitted {
  readonly admitted: boolean;
  readonly seconds: number | null;
}

function admissionOf({ admitted, seconds }: Admitted): Admission {
  return admitted ? { outcome: 'admitted' } : { outcome: 'over', retryAfterSeconds: Math.max(1, seconds ?? 1) };
}

const AGAIN = `
  update unusual_access set refused = refused + 1, last_at = now()
   where organization_id = $1 and actor_type = $2 and actor_id = $3 and kind = $4 and last_at > now() - interval '1 hour'`;

export async function noteUnusual(
  tx: TxContext,
  { kind, actor, most }: Parameters<LimitTx['noteUnusual']>[0],
): Promise<boolean> {
  const again = await tx.client.query(AGAIN, [tx.organizationId, actor.type, actor.id, kind]);
  if (again.rowCount !== 0) return false;
  await tx.client.query(
    `delete from unusual_access where organization_id = $1 and last_at <= now() - make_interval(days => ${TIE_DAYS})`,
    [tx.organizationId],
  );
  await tx.client.query(
    'insert into unusual_access (organization_id, id, kind, actor_type, actor_id, most) values ($1, $2, $3, $4, $5, $6)',
    [tx.organizationId, newId(), kind, actor.type, actor.id, most],
  );
  return true;
}

interface Row {
  readonly kind: UnusualKind;
  readonly actor_type: UnusualAccess['actor']['type'];
  readonly actor_id: string;
  readonly most: number;
  readonly refused: number;
  readonly began_at: Instant;
  readonly last_at: Instant;
}

export async function listUnusual(tx: TxContext): Promise<readonly UnusualAccess[]> {
  const { rows } = await tx.client.query<Row>(
    `select kind, actor_type, actor_id, most, refused, began_at, last_at from unusual_access
      where organization_id = $1 and last_at > now() - make_interval(days => ${TIE_DAYS})
      order by last_at desc, id limit 200`,
    [tx.organizationId],
  );
  return rows.map((row) => ({
    kind: row.kind,
    actor: { type: row.actor_type, id: row.actor_id },
    most: row.most,
    refused: row.refused,
    beganAt: row.began_at,
    lastAt: row.last_at,
  }));
}
