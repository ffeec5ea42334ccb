import type pg from 'pg';
import { isUuid, type NoticeId, type OrganizationId } from '../../../kernel/ids.js';
import type { Announcement, Dispatch } from '../../../transfer/ports.js';
import { translateError } from '../connection/errors.js';
import { inOrganization } from '../connection/in-organization.js';
import { RECEIVING_PARTNER_ORDER, toPartner, type PartnerRow } from '../directory/partner-of.js';

const CLAIM = `
  update announcement
     set fence = fence + 1, attempts = attempts + 1, lease_until = clock_timestamp() + make_interval(secs => $2)
   where id = $1 and open and next_attempt_at <= clock_timestamp() and (lease_until is null or lease_until <= clock_timestamp())
  returning organization_id, fence, attempts, body, notice_id`;

const WEBHOOK = `
  select * from partner where organization_id = $1 and status = 'active' and webhook is not null order by created_at, id limit 1`;

/** A notice goes to the door of its recipient, where there is one. */
const DOOR = `
  select p.* from notice n
    join lateral (
      select * from partner where organization_id = n.recipient_organization_id and status = 'active' and endpoint is not null
       order by ${RECEIVING_PARTNER_ORDER} limit 1
    ) p on true
   where n.id = $1 and n.answered_at is null`;

interface Claimed {
  readonly organization_id: OrganizationId;
  readonly fence: number;
  readonly attempts: number;
  readonly body: Announcement['body'];
  readonly notice_id: NoticeId | null;
}

/** Null when it is not due, already held, or there is no address for it any more (then it is closed). */
export async function claimAnnouncement(
  workerPool: pg.Pool,
  appPool: pg.Pool,
  id: string,
  leaseMs: number,
): Promise<Announcement | null> {
  if (!isUuid(id)) return null;
  const { rows } = await safely(() => workerPool.query<Claimed>(CLAIM, [id, leaseMs / 1000]));
  const claimed = rows[0];
  if (claimed === undefined) return null;
  // The worker's role cannot read the directory: the address is read as the organization that announces.
  const partner = await inOrganization(appPool, claimed.organization_id, async (client) => {
    const { notice_id: notice, organization_id: organization } = claimed;
    const found = await client.query<PartnerRow>(notice === null ? WEBHOOK : DOOR, [notice ?? organization]);
    return found.rows[0];
  });
  if (partner === undefined) {
    await finishAnnouncement(workerPool, id, claimed.fence, 'abandoned');
    return null;
  }
  return {
    id,
    fence: claimed.fence,
    attempt: claimed.attempts,
    organizationId: claimed.organization_id,
    partner: toPartner(partner),
    noticeId: claimed.notice_id,
    body: claimed.body,
  };
}

const CLOSE = `
  update announcement set open = false, enqueued_at = null, lease_until = null where id = $1 and fence = $2 and open`;
const RETRY = `
  update announcement set enqueued_at = null, lease_until = null, next_attempt_at = $3 where id = $1 and fence = $2 and open`;

export async function finishAnnouncement(
  workerPool: pg.Pool,
  id: string,
  fence: number,
  result: Parameters<Dispatch['finishAnnouncement']>[2],
): Promise<void> {
  await safely(() =>
    typeof result === 'string'
      ? workerPool.query(CLOSE, [id, fence])
      : workerPool.query(RETRY, [id, fence, result.retryAt]),
  );
}

async function safely<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateError(error);
  }
}
