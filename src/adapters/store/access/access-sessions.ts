import { timingSafeEqual } from 'node:crypto';
import type pg from 'pg';
import type { AuditFact } from '../../../domain/audit/entry.js';
import type { Actor } from '../../../kernel/actor.js';
import type { Lang } from '../../../kernel/i18n.js';
import type { AccessLinkId, OrganizationId, PersonId, TransferId } from '../../../kernel/ids.js';
import {
  MOST_CODES,
  type AccessHolder,
  type AccessKind,
  type AccessSessions,
} from '../../../transfer/access-link-ports.js';
import { createKeyring } from '../crypto/keyring.js';
import { inTransaction, type AuditWriter } from '../identity/in-transaction.js';
import { hashCode } from './code-hash.js';

/** The link itself ends it earlier. */
const IDLE = `interval '30 minutes'`;
const ABSOLUTE = `interval '4 hours'`;

interface Row {
  readonly id: AccessLinkId;
  readonly kind: AccessKind;
  readonly organization_id: OrganizationId;
  readonly person_id: PersonId;
  readonly transfer_id: TransferId | null;
  readonly recipient_organization_id: OrganizationId | null;
  readonly lang: Lang;
}

/** Of a link that can still be opened, in the moment in which a try is counted; the row stays locked until the commit. */
const COUNT = `
  update access_link set attempts = attempts + 1
   where token_hash = decode($1, 'hex') and attempts < ${MOST_CODES} and code_hash is not null
     and opened_at is null and revoked_at is null and expires_at > now()
  returning id, kind, organization_id, person_id, transfer_id, recipient_organization_id, lang, attempts, code_hash`;

/** Once, until a code is made; a link whose time is over gets a new one with its next code. */
const ASK = `
  update access_link set code_asked_at = now()
   where token_hash = decode($1, 'hex') and kind = 'guest' and revoked_at is null and code_asked_at is null
  returning id, organization_id, transfer_id`;

const TOUCH = `
  update access_session s set last_seen_at = now() from access_link l
   where s.id_hash = decode($1, 'hex') and l.id = s.link_id and l.revoked_at is null and l.expires_at > now()
     and s.created_at >= l.opened_at and s.last_seen_at > now() - ${IDLE} and s.created_at > now() - ${ABSOLUTE}
  returning l.id, l.kind, l.organization_id, l.person_id, l.transfer_id, l.recipient_organization_id, l.lang`;

/** Sessions of links in PostgreSQL, as relais_identity: whoever holds a link belongs to no organization before. */
export function createAccessSessions(options: {
  readonly pool: pg.Pool;
  /** 32 bytes. */
  readonly masterKey: Uint8Array;
  readonly audit: AuditWriter;
}): AccessSessions {
  const { pool, audit } = options;
  const keyring = createKeyring(options.masterKey);

  return {
    tryCode: ({ tokenHash, code, sessionHash, requestId }) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<Row & { readonly attempts: number; readonly code_hash: Buffer }>(COUNT, [
          tokenHash,
        ]);
        const row = rows[0];
        if (row === undefined) return { kind: 'closed' };
        const holder = toHolder(row);
        const isRight = timingSafeEqual(await hashCode(keyring, row.organization_id, row.id, code), row.code_hash);
        await audit(client, factOf(holder, requestId, isRight, row.attempts));
        if (!isRight) {
          const left = MOST_CODES - row.attempts;
          return left === 0 ? { kind: 'closed' } : { kind: 'wrong-code', left };
        }
        await client.query(`update access_link set opened_at = now() where id = $1`, [row.id]);
        await client.query(
          `insert into access_session (id_hash, organization_id, link_id) values (decode($1, 'hex'), $2, $3)`,
          [sessionHash, row.organization_id, row.id],
        );
        return { kind: 'opened', holder };
      }),

    askForCode: ({ tokenHash, requestId }) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<Pick<Row, 'id' | 'organization_id' | 'transfer_id'>>(ASK, [tokenHash]);
        const row = rows[0];
        if (row === undefined) return;
        await audit(client, {
          action: 'access-link.code-asked',
          outcome: 'success',
          // Whoever has no code has shown nothing but the link.
          actor: { type: 'system', id: 'door', organizationId: null },
          organizations: [row.organization_id],
          ...(row.transfer_id !== null && { transferId: row.transfer_id }),
          requestId,
          codes: { link: row.id, kind: 'guest' },
        });
      }),

    async touch(sessionHash) {
      const { rows } = await pool.query<Row>(TOUCH, [sessionHash]);
      return rows[0] === undefined ? null : toHolder(rows[0]);
    },

    async close(sessionHash) {
      await pool.query(`delete from access_session where id_hash = decode($1, 'hex')`, [sessionHash]);
    },
  };
}

function toHolder(row: Row): AccessHolder {
  return {
    linkId: row.id,
    kind: row.kind,
    organizationId: row.organization_id,
    personId: row.person_id,
    transferId: row.transfer_id,
    recipientOrganizationId: row.recipient_organization_id,
    lang: row.lang,
  };
}

/** Until the code was right nobody knows who tries: that is written as the door's own fact. */
function factOf(holder: AccessHolder, requestId: string, isRight: boolean, attempt: number): AuditFact {
  const { linkId, kind, organizationId, personId, transferId, recipientOrganizationId } = holder;
  const opener: Actor =
    kind === 'person'
      ? { type: 'person', id: personId, organizationId }
      : { type: 'guest', id: linkId, organizationId: recipientOrganizationId };
  return {
    action: isRight ? 'access-link.opened' : 'access-link.refused',
    outcome: isRight ? 'success' : 'refused',
    actor: isRight ? opener : { type: 'system', id: 'door', organizationId: null },
    organizations: [organizationId, ...(isRight && recipientOrganizationId !== null ? [recipientOrganizationId] : [])],
    // A guest's organization reads the entry too and does not know the person.
    ...(kind === 'person' && { personId }),
    ...(transferId !== null && { transferId }),
    requestId,
    codes: { link: linkId, kind, attempt, ...(!isRight && { left: MOST_CODES - attempt }) },
  };
}
