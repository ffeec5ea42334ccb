import type pg from 'pg';
import { SESSION_LIMITS, type ReplayStore, type SessionLimits } from '../../../transfer/identity-ports.js';

/** Kept beyond its expiry, so that a clock that differs between gateways opens no gap. */
const MARGIN_SECONDS = 600;

/** What was used once, across all processes (RFC 7523 section 3, `jti`; threat 5). */
export function createReplayStore(options: { readonly pool: pg.Pool; readonly limits?: SessionLimits }): ReplayStore {
  const { pool, limits = SESSION_LIMITS } = options;
  return {
    async useOnce(id, expiresInSeconds) {
      // The primary key decides among any number of processes: one insert succeeds.
      const { rowCount } = await pool.query(
        `insert into used_assertion (id, expires_at) values ($1, now() + make_interval(secs => $2)) on conflict do nothing`,
        [id, Math.max(0, expiresInSeconds) + MARGIN_SECONDS],
      );
      return rowCount === 1;
    },

    async deleteExpired() {
      const results = await Promise.all([
        pool.query(`delete from used_assertion where expires_at < now()`),
        pool.query(`delete from sign_in_attempt where created_at < now() - interval '1 hour'`),
        pool.query(`delete from access_session where last_seen_at < now() - interval '30 minutes'`),
        pool.query(`delete from access_link where expires_at < now() - interval '30 days'`),
        pool.query(
          `delete from staff_session
            where created_at < now() - make_interval(secs => $1) or last_seen_at < now() - make_interval(secs => $2)`,
          [limits.absoluteSeconds, limits.idleSeconds],
        ),
      ]);
      return results.reduce((sum, result) => sum + (result.rowCount ?? 0), 0);
    },
  };
}
