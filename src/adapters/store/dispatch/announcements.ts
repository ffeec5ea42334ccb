import type pg from 'pg';
import type { Instant } from '../../../kernel/clock.js';
import { isUuid, type NoticeId, type OrganizationId, type ReminderId, type TransferId } from '../../../kernel/ids.js';
import type { Announcement, Dispatch } from '../../../transfer/ports.js';
import { translateError } from '../connection/errors.js';
import { inOrganization } from '../connection/in-organization.js';
import { NOT_STOPPED } from './not-stopped.js';
import { RECEIVING_PARTNER_ORDER, toPartner, type PartnerRow } from '../directory/partner-of.js';

const CLAIM = `
  update announcement
     set fence = fence + 1, attempts = attempts + 1, lease_until = clock_timestamp() + make_interval(secs => $2)
   where id = $1 and open and next_attempt_at <= clock_timestamp() and (lease_until is null or lease_until <= clock_timestamp())
     and ${NOT_STOPPED}
  returning organization_id, told_organization_id, transfer_id, fence, attempts, body, notice_id, reminder_id`;

/** An operator stopped it; or it is behind an open breaker, or asked for a pause, until then. */
const STANDING = `
  exists (select from partner_delivery d where d.partner_id = p.id and d.stopped_at is not null) as stopped,
  (select greatest(d.open_until, d.paused_until) from partner_delivery d
    where d.partner_id = p.id and greatest(d.open_until, d.paused_until) > clock_timestamp()) as rests_until`;

const WEBHOOK = `
  select p.*, ${STANDING} from partner p
   where organization_id = $1 and status = 'active' and webhook is not null order by created_at, id limit 1`;

/** A notice goes to the door of its recipient, where there is one. */
const DOOR = `
  select p.*, ${STANDING} from notice n
    join lateral (
      select * from partner where organization_id = n.recipient_organization_id and status = 'active' and endpoint is not null
       order by ${RECEIVING_PARTNER_ORDER} limit 1
    ) p on true
   where n.id = $1 and n.answered_at is null`;

/** A reminder goes to its recipient's door, or is mailed to a guest; to one that is suspended it waits. */
const DOOR_OR_MAIL = `
  select p.*, ${STANDING} from reminder r
    join lateral (
      select * from partner where organization_id = r.recipient_organization_id order by ${RECEIVING_PARTNER_ORDER} limit 1
    ) p on p.endpoint is not null or p.guest is not null
   where r.id = $1`;

interface Claimed {
  readonly organization_id: OrganizationId;
  readonly transfer_id: TransferId;
  readonly told_organization_id: OrganizationId;
  readonly fence: number;
  readonly attempts: number;
  readonly body: Announcement['body'];
  readonly notice_id: NoticeId | null;
  readonly reminder_id: ReminderId | null;
}

interface Reached extends PartnerRow {
  readonly stopped: boolean;
  readonly rests_until: Instant | null;
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
    const { notice_id: notice, reminder_id: reminder, told_organization_id: told } = claimed;
    const text = reminder !== null ? DOOR_OR_MAIL : notice !== null ? DOOR : WEBHOOK;
    const of = reminder ?? notice ?? told;
    return (await client.query<Reached>(text, [of])).rows[0];
  });
  if (partner === undefined && claimed.reminder_id === null) {
    await finishAnnouncement(workerPool, id, claimed.fence, 'abandoned');
    return null;
  }
  if (partner !== undefined && (partner.stopped || partner.rests_until !== null)) {
    const until = partner.stopped ? null : partner.rests_until;
    await safely(() => workerPool.query(HOLD_BACK, [id, claimed.fence, LOOK_AGAIN_SECONDS, until]));
    return null;
  }
  return {
    id,
    fence: claimed.fence,
    attempt: claimed.attempts,
    organizationId: claimed.organization_id,
    partner: partner === undefined ? null : toPartner(partner),
    transferId: claimed.transfer_id,
    noticeId: claimed.notice_id,
    reminderId: claimed.reminder_id,
    body: claimed.body,
  };
}

/** It was not tried: the attempt does not count. */
const HOLD_BACK = `
  update announcement
     set attempts = attempts - 1, enqueued_at = null, lease_until = null,
         next_attempt_at = coalesce($4::timestamptz, clock_timestamp() + make_interval(secs => $3))
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
    (await safely(() => workerPool.query({ name, text: MAY_LEAVE, values: [id, fence, partner?.id ?? null] })))
      .rowCount === 1
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
