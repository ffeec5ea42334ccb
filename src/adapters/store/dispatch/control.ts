import type pg from 'pg';
import type { Actor } from '../../../kernel/actor.js';
import { notFound, RelaisError } from '../../../kernel/errors.js';
import { isUuid, type OrganizationId, type PartnerId } from '../../../kernel/ids.js';
import type {
  DeliveryControl,
  DeliveryLimits,
  DeliveryStatus,
  PartnerDeliveryStatus,
} from '../../../transfer/delivery-control.js';
import { inTransaction, type AuditWriter } from '../identity/in-transaction.js';

const STATUS = `
  select p.id, p.organization_id, p.name, p.status = 'suspended' as suspended, d.max_in_flight, d.rate_per_second, d.burst, d.breaker_failures, d.breaker_pause_ms, d.failures,
         case when d.failures < d.breaker_failures then 'closed' when d.open_until > clock_timestamp() then 'open' else 'half-open' end
           as breaker,
         case when d.paused_until > clock_timestamp() then d.paused_until end as paused_until, d.stopped_at,
         coalesce(w.waiting, 0) as waiting, coalesce(w.in_flight, 0) as in_flight, coalesce(w.on_the_wire, 0) as on_the_wire, w.oldest
    from partner p
    join partner_delivery d on d.partner_id = p.id
    left join (
      select partner_id, count(*)::int as waiting, count(enqueued_at)::int as in_flight,
             (count(*) filter (where lease_until > clock_timestamp()))::int as on_the_wire, min(due_at) as oldest
        from outbox where open group by partner_id
    ) w on w.partner_id = p.id
   where p.endpoint is not null or w.waiting > 0
   order by p.created_at, p.id`;

/** Deliveries whose lease is live: their first byte may have left before the stop. */
const ON_THE_WIRE = `
  select count(*)::int as n from outbox where open and lease_until > clock_timestamp() and ($1::uuid is null or partner_id = $1)`;

const COLUMNS: Readonly<Record<keyof DeliveryLimits, string>> = {
  maxInFlight: 'max_in_flight',
  ratePerSecond: 'rate_per_second',
  burst: 'burst',
  breakerFailures: 'breaker_failures',
  breakerPauseMs: 'breaker_pause_ms',
};

/**
 * What an operator may do with deliveries: look, stop, start, set limits. Each change and its entry in the log are one
 * transaction. The switch is a row that the hand-out, the claim and the fence look at, so it acts on all processes at once.
 *
 * @param pool connections of the role relais_identity
 */
export function createDeliveryControl({ pool, audit }: { pool: pg.Pool; audit: AuditWriter }): DeliveryControl {
  async function turn(on: boolean, partnerId: PartnerId | null, actor: Actor): Promise<{ onTheWire: number }> {
    return inTransaction(pool, async (client) => {
      const organizations = partnerId === null ? [] : [await organizationOf(client, partnerId)];
      if (on && partnerId !== null) await refuseSuspended(client, partnerId);
      const set = 'set stopped_at = case when $1::boolean then null else clock_timestamp() end, stopped_by = $2';
      // Whoever stopped it first stays named.
      const values = [on, on ? null : actor];
      const { rowCount } =
        partnerId === null
          ? await client.query(`update delivery_switch ${set} where (stopped_at is null) <> $1`, values)
          : await client.query(`update partner_delivery ${set} where partner_id = $3 and (stopped_at is null) <> $1`, [
              ...values,
              partnerId,
            ]);
      if (rowCount === 1) {
        await audit(client, {
          action: on ? 'delivery.started' : 'delivery.stopped',
          outcome: 'success',
          actor,
          organizations,
          codes: { scope: partnerId === null ? 'all' : 'partner', ...(partnerId !== null && { partnerId }) },
        });
      }
      const { rows } = await client.query<{ n: number }>(ON_THE_WIRE, [partnerId]);
      return { onTheWire: rows[0]!.n };
    });
  }

  return {
    async status(): Promise<DeliveryStatus> {
      const global = await pool.query<{ stopped_at: DeliveryStatus['stoppedAt'] }>(
        'select stopped_at from delivery_switch',
      );
      const { rows } = await pool.query<Row>(STATUS);
      return { stoppedAt: global.rows[0]?.stopped_at ?? null, partners: rows.map(statusOf) };
    },
    stop: (partnerId, actor) => turn(false, partnerId, actor),
    start: async (partnerId, actor) => {
      await turn(true, partnerId, actor);
    },
    restored: (actor) =>
      inTransaction(pool, async (client) => {
        await client.query(
          'update delivery_switch set stopped_at = clock_timestamp(), stopped_by = $1 where stopped_at is null',
          [actor],
        );
        const { rowCount } = await client.query('update outbox set unsure = true where open');
        const inDoubt = rowCount ?? 0;
        const codes = { inDoubt };
        await audit(client, { action: 'delivery.restored', outcome: 'success', actor, organizations: [], codes });
        return { inDoubt };
      }),
    async setLimits(partnerId, limits, actor) {
      const given = Object.entries(limits) as [keyof DeliveryLimits, number][];
      if (given.length === 0) return;
      await inTransaction(pool, async (client) => {
        const organizationId = await organizationOf(client, partnerId);
        const set = given.map(([name], index) => `${COLUMNS[name]} = $${index + 2}`).join(', ');
        await client.query(`update partner_delivery set ${set} where partner_id = $1`, [
          partnerId,
          ...given.map(([, value]) => value),
        ]);
        await audit(client, {
          action: 'delivery.limits-set',
          outcome: 'success',
          actor,
          organizations: [organizationId],
          codes: { partnerId, ...Object.fromEntries(given) },
        });
      });
    },
  };
}

/**
 * What waits for a suspended partner would be decided, refused and so ended.
 *
 * @throws RelaisError 409 `partner.suspended`
 */
async function refuseSuspended(client: pg.ClientBase, partnerId: PartnerId): Promise<void> {
  const { rowCount } = await client.query(`select from partner where id = $1 and status = 'suspended' for share`, [
    partnerId,
  ]);
  if (rowCount === 0) return;
  throw new RelaisError('partner.suspended', 409, 'business-rule', 'The partner is suspended: lift that first.');
}

async function organizationOf(client: pg.ClientBase, partnerId: PartnerId): Promise<OrganizationId> {
  if (!isUuid(partnerId)) throw notFound();
  const { rows } = await client.query<{ organization_id: OrganizationId }>(
    'select organization_id from partner where id = $1',
    [partnerId],
  );
  if (rows[0] === undefined) throw notFound();
  return rows[0].organization_id;
}

interface Row {
  readonly id: PartnerId;
  readonly organization_id: OrganizationId;
  readonly name: string;
  readonly suspended: boolean;
  readonly max_in_flight: number;
  readonly rate_per_second: number;
  readonly burst: number;
  readonly breaker_failures: number;
  readonly breaker_pause_ms: number;
  readonly failures: number;
  readonly breaker: PartnerDeliveryStatus['breaker'];
  readonly paused_until: PartnerDeliveryStatus['pausedUntil'];
  readonly stopped_at: PartnerDeliveryStatus['stoppedAt'];
  readonly waiting: number;
  readonly in_flight: number;
  readonly on_the_wire: number;
  readonly oldest: PartnerDeliveryStatus['oldestDueAt'];
}

function statusOf(row: Row): PartnerDeliveryStatus {
  return {
    partnerId: row.id,
    organizationId: row.organization_id,
    name: row.name,
    suspended: row.suspended,
    waiting: row.waiting,
    inFlight: row.in_flight,
    onTheWire: row.on_the_wire,
    oldestDueAt: row.oldest,
    failures: row.failures,
    breaker: row.breaker,
    pausedUntil: row.paused_until,
    stoppedAt: row.stopped_at,
    limits: {
      maxInFlight: row.max_in_flight,
      ratePerSecond: row.rate_per_second,
      burst: row.burst,
      breakerFailures: row.breaker_failures,
      breakerPauseMs: row.breaker_pause_ms,
    },
  };
}
