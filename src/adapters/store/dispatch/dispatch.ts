import type pg from 'pg';
import type { Dispatch } from '../../../transfer/ports.js';
import { translateError } from '../connection/errors.js';
import { announcementMayLeave, claimAnnouncement, finishAnnouncement } from './announcements.js';
import { createClaim, createFence } from './claim.js';
import { putBack, reopenLost } from './give-back.js';
import { nextDueInMs } from './next-due.js';
import type { Query } from './rows.js';
import { isAnyWaiting, takeDue } from './take-due.js';

/**
 * The dispatcher in PostgreSQL, one operation a file. Each is one statement and its own transaction.
 *
 * @param workerPool acts as relais_worker: ids, leases and times of all organizations, and nothing else
 * @param appPool to read the webhook of the organization that an announcement is for
 */
export function createDispatch(workerPool: pg.Pool, appPool: pg.Pool): Dispatch {
  const query: Query = async <R extends pg.QueryResultRow>(name: string | null, text: string, values: unknown[]) => {
    try {
      return await workerPool.query<R>(name === null ? { text, values } : { name, text, values });
    } catch (error) {
      throw translateError(error);
    }
  };
  const claim = createClaim(query);
  return {
    isAnyWaiting: (kind) => isAnyWaiting(query, kind),
    takeDue: (limit, kind) => takeDue(query, limit, kind),
    putBack: (ids) => putBack(query, ids),
    reopenLost: (olderThanMs) => reopenLost(query, olderThanMs),
    claim: (transferId, leaseMs) => claim({ transferId, leaseMs }),
    fenceHolds: createFence(query),
    claimAnnouncement: (id, leaseMs) => claimAnnouncement(workerPool, appPool, id, leaseMs),
    announcementMayLeave: (announcement) => announcementMayLeave(workerPool, announcement),
    finishAnnouncement: (id, fence, result) => finishAnnouncement(workerPool, id, fence, result),
    nextDueInMs: (kind) => nextDueInMs(query, kind),
  };
}
