import type pg from 'pg';
import type { Instant } from '../../../kernel/clock.js';
import { notFound, RelaisError } from '../../../kernel/errors.js';
import { isUuid, newId, type OrganizationId, type PartnerId, type PartnerTestId } from '../../../kernel/ids.js';
import type { PartnerTest, PartnerTests, ProbeStep } from '../../../transfer/partner-ports.js';
import { inTransaction, type AuditWriter } from './in-transaction.js';
import { concerned } from './registry.js';

/** A test ends sooner than this; one that did not was left by a process that is gone. */
const LONGEST_SECONDS = 90;
/** Of each partner; older ones say nothing that counts. */
const KEPT = 20;

const RUNNING = `ended_at is null and started_at > clock_timestamp() - make_interval(secs => ${LONGEST_SECONDS})`;

const NEWEST = `
  select distinct on (t.partner_id) t.partner_id, t.id, t.started_at, t.steps, coalesce(t.endpoint = p.endpoint, t.email = p.guest ->> 'email', false) as current,
         case when t.passed then 'passed' when not t.passed then 'failed' when ${RUNNING} then 'running' else 'interrupted' end as state
    from partner_test t join partner p on p.id = t.partner_id
   order by t.partner_id, t.started_at desc`;

const PRUNE = `
  delete from partner_test where partner_id = $1 and id not in (
    select id from partner_test where partner_id = $1 order by started_at desc limit ${KEPT - 1})`;

/** Port `PartnerTests`, on connections of the role relais_identity. */
export function createPartnerTests({ pool, audit }: { pool: pg.Pool; audit: AuditWriter }): PartnerTests {
  return {
    begin: (partnerId, actor, requestId) =>
      inTransaction(pool, async (client) => {
        if (!isUuid(partnerId)) throw notFound();
        // The lock lets one of two clicks through.
        const { rows } = await client.query<Tried>(
          `select organization_id, endpoint, guest ->> 'email' as email from partner where id = $1 for update`,
          [partnerId],
        );
        const partner = rows[0];
        if (partner === undefined) throw notFound();
        if (partner.endpoint === null && partner.email === null) {
          throw new RelaisError(
            'partner.no-endpoint',
            409,
            'business-rule',
            'The partner has no endpoint to be tried.',
          );
        }
        if (
          (await client.query(`select from partner_test where partner_id = $1 and ${RUNNING}`, [partnerId])).rowCount
        ) {
          throw new RelaisError('partner.test-running', 409, 'business-rule', 'A test of this partner is running.');
        }
        await client.query(PRUNE, [partnerId]);
        const id = newId<PartnerTestId>();
        await client.query('insert into partner_test (id, partner_id, endpoint, email) values ($1, $2, $3, $4)', [
          id,
          partnerId,
          partner.endpoint,
          partner.email,
        ]);
        await audit(client, {
          action: 'partner.test-begun',
          outcome: 'success',
          actor,
          organizations: concerned(partner.organization_id, actor),
          requestId,
          codes: { partnerId, testId: id },
        });
        return id;
      }),

    async addStep(id, step) {
      await pool.query('update partner_test set steps = steps || $2::jsonb where id = $1 and ended_at is null', [
        id,
        JSON.stringify([step]),
      ]);
    },

    end: (id, actor, requestId) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<Ended>(END, [id]);
        const ended = rows[0];
        if (ended === undefined) return;
        const { organization_id, partner_id: partnerId, passed, steps } = ended;
        const failed = steps.find(({ result }) => result === 'failed');
        await audit(client, {
          action: 'partner.test-ended',
          outcome: passed ? 'success' : 'failure',
          actor,
          organizations: concerned(organization_id, actor),
          requestId,
          codes: {
            partnerId,
            testId: id,
            ...(failed !== undefined && { step: failed.step, cause: failed.cause ?? 'unknown' }),
          },
        });
      }),

    async newest() {
      const { rows } = await pool.query<NewestRow>(NEWEST);
      return new Map(
        rows.map(({ partner_id, id, started_at, state, steps, current }): [PartnerId, PartnerTest] => [
          partner_id,
          { id, startedAt: started_at, state, steps, current: current === true },
        ]),
      );
    },
  };
}

const END = `
  update partner_test t
     set ended_at = clock_timestamp(), passed = jsonb_array_length(steps) > 0 and not steps @> '[{"result": "failed"}]'
    from partner p where t.id = $1 and t.ended_at is null and p.id = t.partner_id
  returning t.partner_id, p.organization_id, t.passed, t.steps`;

interface Tried {
  readonly organization_id: OrganizationId;
  readonly endpoint: object | null;
  readonly email: string | null;
}

interface Ended {
  readonly partner_id: PartnerId;
  readonly organization_id: OrganizationId;
  readonly passed: boolean;
  readonly steps: readonly ProbeStep[];
}

interface NewestRow {
  readonly partner_id: PartnerId;
  readonly id: PartnerTestId;
  readonly started_at: Instant;
  readonly state: PartnerTest['state'];
  readonly steps: readonly ProbeStep[];
  readonly current: boolean | null;
}
