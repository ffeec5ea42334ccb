import type pg from 'pg';
import { RelaisError } from '../../../kernel/errors.js';
import { isUuid, newId, type OrganizationId, type StaffId } from '../../../kernel/ids.js';
import type { Instant } from '../../../kernel/clock.js';
import {
  SESSION_LIMITS,
  type SessionLimits,
  type StaffSession,
  type StaffSessions,
} from '../../../transfer/identity-ports.js';
import type { StaffRole } from '../../../transfer/principal.js';
import type { Organization } from '../../../transfer/partner.js';
import { inTransaction, type AuditWriter } from './in-transaction.js';
import { insertOrganization } from './registry.js';

const ATTEMPT = `interval '10 minutes'`;

/** Any number of its own for pg_advisory_xact_lock. */
const INIT_LOCK = 7_236_001;

/** Sign-ins and sessions of staff in PostgreSQL, as relais_identity; the database's time decides every expiry. */
export function createStaffSessions(options: {
  readonly pool: pg.Pool;
  readonly audit: AuditWriter;
  readonly limits?: SessionLimits;
}): StaffSessions {
  const { pool, audit, limits = SESSION_LIMITS } = options;
  const { idleSeconds, absoluteSeconds } = limits;

  return {
    async rememberAttempt(idHash, returnTo) {
      await pool.query(`insert into sign_in_attempt (id_hash, return_to) values (decode($1, 'hex'), $2)`, [
        idHash,
        returnTo,
      ]);
    },

    async takeAttempt(idHash) {
      const { rows } = await pool.query<{ return_to: string; live: boolean }>(
        `delete from sign_in_attempt where id_hash = decode($1, 'hex')
         returning return_to, created_at > now() - ${ATTEMPT} as live`,
        [idHash],
      );
      return rows[0]?.live === true ? { returnTo: rows[0].return_to } : null;
    },

    async boundStaff(issuer, subject) {
      const { rows } = await pool.query<{ id: StaffId; organization_id: OrganizationId; bound_roles: StaffRole[] }>(
        `select id, organization_id, bound_roles from staff where issuer = $1 and subject = $2 and bound_roles <> '{}'`,
        [issuer, subject],
      );
      const row = rows[0];
      return row === undefined
        ? null
        : { staffId: row.id, organizationId: row.organization_id, roles: row.bound_roles };
    },

    async organizationNamed(claim) {
      const column = isUuid(claim) ? 'id' : 'name';
      const { rows } = await pool.query<{ id: OrganizationId }>(
        `select id from organization where ${column} = $1 limit 2`,
        [claim],
      );
      return rows.length === 1 ? rows[0]!.id : null;
    },

    async staffNames(ids) {
      const known = ids.filter(isUuid);
      if (known.length === 0) return new Map();
      const { rows } = await pool.query<{ id: string; display_name: string }>(
        `select id, display_name from staff where id = any ($1) and display_name <> ''`,
        [known],
      );
      return new Map(rows.map(({ id, display_name: displayName }) => [id, displayName]));
    },

    open: (input) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ id: StaffId }>(
          `insert into staff (id, organization_id, issuer, subject, display_name, signed_in_at)
           values ($1, $2, $3, $4, $5, now())
           on conflict (issuer, subject) do update
             set organization_id = excluded.organization_id, display_name = excluded.display_name, signed_in_at = now()
           returning id`,
          [newId<StaffId>(), input.organizationId, input.issuer, input.subject, input.displayName],
        );
        const staffId = rows[0]!.id;
        const { organizationId, displayName, roles } = input;
        const session = await client.query<{ expires_at: Instant }>(
          `insert into staff_session (id_hash, organization_id, staff_id, roles) values (decode($1, 'hex'), $2, $3, $4)
           returning created_at + make_interval(secs => $5) as expires_at`,
          [input.idHash, organizationId, staffId, roles, absoluteSeconds],
        );
        await audit(client, {
          action: 'staff.signed-in',
          outcome: 'success',
          actor: { type: 'staff', id: staffId, organizationId },
          organizations: [organizationId],
          codes: { roles },
        });
        return { staffId, organizationId, displayName, roles, expiresAt: session.rows[0]!.expires_at, idleSeconds };
      }),

    async touch(idHash) {
      const { rows } = await pool.query<{
        staff_id: StaffId;
        organization_id: OrganizationId;
        display_name: string;
        roles: StaffRole[];
        expires_at: Instant;
      }>(
        `update staff_session s set last_seen_at = now() from staff t
          where s.id_hash = decode($1, 'hex') and t.id = s.staff_id
            and s.last_seen_at > now() - make_interval(secs => $2) and s.created_at > now() - make_interval(secs => $3)
         returning s.staff_id, s.organization_id, t.display_name, s.roles, s.created_at + make_interval(secs => $3) as expires_at`,
        [idHash, idleSeconds, absoluteSeconds],
      );
      const row = rows[0];
      if (row === undefined) return null;
      return {
        staffId: row.staff_id,
        organizationId: row.organization_id,
        displayName: row.display_name,
        roles: row.roles,
        expiresAt: row.expires_at,
        idleSeconds,
      } satisfies StaffSession;
    },

    async lives(idHash) {
      const { rowCount } = await pool.query(
        `select from staff_session where id_hash = decode($1, 'hex')
            and last_seen_at > now() - make_interval(secs => $2) and created_at > now() - make_interval(secs => $3)`,
        [idHash, idleSeconds, absoluteSeconds],
      );
      return rowCount === 1;
    },

    async close(idHash) {
      await pool.query(`delete from staff_session where id_hash = decode($1, 'hex')`, [idHash]);
    },

    async isInitialised() {
      const { rowCount } = await pool.query('select from installation');
      return rowCount === 1;
    },

    initialise: (input) =>
      inTransaction(pool, async (client) => {
        await client.query('select pg_advisory_xact_lock($1)', [INIT_LOCK]);
        const { rowCount } = await client.query('select from installation');
        if (rowCount !== 0) {
          throw new RelaisError('init.already-done', 409, 'conflict', 'This installation already has its first admin.');
        }
        const organization: Organization = {
          ...input.organization,
          id: input.organization.id ?? newId<OrganizationId>(),
        };
        const staffId = newId<StaffId>();
        await insertOrganization(client, organization);
        await client.query(
          `insert into staff (id, organization_id, issuer, subject, bound_roles) values ($1, $2, $3, $4, $5)`,
          [staffId, organization.id, input.adminIssuer, input.adminSubject, input.adminRoles],
        );
        await client.query('insert into installation (organization_id, staff_id) values ($1, $2)', [
          organization.id,
          staffId,
        ]);
        await audit(client, {
          action: 'partner.changed',
          outcome: 'success',
          actor: { type: 'system', id: 'init', organizationId: organization.id },
          organizations: [organization.id],
          codes: { change: 'initialised', staffId, roles: input.adminRoles },
        });
        return { organizationId: organization.id, staffId };
      }),
  };
}
