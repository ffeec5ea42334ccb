import type pg from 'pg';
import { isUuid, type NoticeId, type OrganizationId } from '../../../kernel/ids.js';
import type { Announcement, Dispatch } from '../../../transfer/ports.js';
import { translateError } from '../connection/errors.js';
import { inOrganization } from '../connection/in-organization.js';
import { NOT_STOPPED } from './take-due.js';
import { RECEIVING_PARTNER_ORDER, toPartner, type PartnerRow } from '../directory/partner-of.js';

const CLAIM = `
  update announcement
     set fence = fence + 1, attempts = attempts + 1, lease_until = clock_timestamp() + make_interval(secs => $2)
   where id = $1 and open and next_attempt_at <= clock_timestamp() and (lease_until is null or lease_until <= clock_timestamp())
     and ${NOT_STOPPED}
  returning organization_id, told_organization_id, fence, attempts, body, notice_id`;

const STOPPED = `exists (select from partner_delivery d where d.partner_id = p.id and d.stopped_at is not null) as stopped`;

const WEBHOOK = `
  select p.*, ${STOPPED} from partner p
   where organization_id = $1 and status = 'active' and webhook is not null order by created_at, id limit 1`;

/** A notice goes to the door of its recipient, where there is one. */
const DOOR = `
  select p.*, ${STOPPED} from notice n
    join lateral (
      select * from partner where organization_id = n.recipient_organization_id and status = 'active' and endpoint is not null
       order by ${RECEIVING_PARTNER_ORDER} limit 1
    ) p on true
   where n.id = $1 and n.answered_at is null`;

interface Claimed {
  readonly organization_id: OrganizationId;
  readonly told_organization_id: OrganizationId | null;
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
    const { notice_id: notice, organization_id: announcing, told_organization_id: told } = claimed;
    const found = await client.query<PartnerRow & { readonly stopped: boolean }>(notice === null ? WEBHOOK : DOOR, [
      notice ?? told ?? announcing,
    ]);
    return found.rows[0];
  });
  if (partner === undefined) {
    await finishAnnouncement(workerPool, id, claimed.fence, 'abandoned');
    return null;
  }
  if (partner.stopped) {
    await safely(() => workerPool.query(HOLD_BACK, [id, claimed.fence, LOOK_AGAIN_SECONDS]));
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

/** It was not tried: the attempt does not count. */
const HOLD_BACK = `
  update announcement
     set attempts = attempts - 1, enqueued_at = null, lease_until = null, next_attempt_at = clock_timestamp() + make_interval(secs => $3)
   where id = $1 and fence = $2 and open`;
const LOOK_AGAIN_SECONDS = 10;

const MAY_LEAVE = `
  select from announcement a where a.id = $1 and a.fence = $2 and a.open and a.lease_until > clock_timestamp() and ${NOT_STOPPED}
     and not exists (select from partner_delivery d where d.partner_id = $3 and d.stopped_at is not null)`;

/** Asked right before the first byte, as for a transfer. */
export async function announcementMayLeave(
  workerPool: pg.Pool,
  { id, fence, partner }: Pick<Announcement, 'id' | 'fence' | 'partner'>,
): Promise<boolean> {
  const name = 'announcement-may-leave';
  return (
    (await safely(() => workerPool.query({ name, text: MAY_LEAVE, values: [id, fence, partner.id] }))).rowCount === 1
  );
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
