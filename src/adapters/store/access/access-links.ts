import type { Actor } from '../../../kernel/actor.js';
import type { Instant } from '../../../kernel/clock.js';
import type { Lang } from '../../../kernel/i18n.js';
import { isUuid, type AccessLinkId, type PersonId, type TransferId } from '../../../kernel/ids.js';
import {
  MOST_CODES,
  type AccessKind,
  type AccessLink,
  type AccessLinkState,
  type NewAccessLink,
} from '../../../transfer/access-link-ports.js';
import type { TxContext } from '../tx-context.js';
import { hashCode } from './code-hash.js';

const PUT = `
  insert into access_link (id, kind, organization_id, person_id, lang, token_hash, code_hash, actor, expires_at)
  select $1, 'person', p.organization_id, p.id, $4, decode($5, 'hex'), $6, $7, now() + make_interval(hours => $8)
    from person p where p.organization_id = $2 and p.id = $3 and p.erased_at is null`;

/** For a person who is erased nothing is made. */
export async function putAccessLink(tx: TxContext, link: NewAccessLink): Promise<void> {
  const { id, personId, lang, tokenHash, code, actor, hours } = link;
  const codeHash = await hashCode(tx.keyring, tx.organizationId, id, code);
  await tx.client.query(PUT, [id, tx.organizationId, personId, lang, tokenHash, codeHash, actor, hours]);
}

export interface LinkRow {
  readonly id: AccessLinkId;
  readonly kind: AccessKind;
  readonly person_id: PersonId;
  readonly transfer_id: TransferId | null;
  readonly lang: Lang;
  readonly created_at: Instant;
  readonly expires_at: Instant;
  readonly opened_at: Instant | null;
  readonly attempts: number;
  readonly state: AccessLinkState;
}

export const SELECT_LINK = `
  select id, kind, person_id, transfer_id, lang, created_at, expires_at, opened_at, attempts,
         case when revoked_at is not null then 'revoked'
              when expires_at <= database_time() then 'expired'
              when opened_at is not null then 'used'
              when attempts >= ${MOST_CODES} then 'locked'
              else 'open' end as state
    from access_link
   where organization_id = $1`;

export async function loadAccessLink(tx: TxContext, id: AccessLinkId): Promise<AccessLink | null> {
  if (!isUuid(id)) return null;
  const { rows } = await tx.client.query<LinkRow>(`${SELECT_LINK} and id = $2`, [tx.organizationId, id]);
  return rows[0] === undefined ? null : toLink(rows[0]);
}

export async function listAccessLinks(tx: TxContext, personId: PersonId): Promise<readonly AccessLink[]> {
  if (!isUuid(personId)) return [];
  const { rows } = await tx.client.query<LinkRow>(
    `${SELECT_LINK} and person_id = $2 and kind = 'person' order by created_at desc, id limit 50`,
    [tx.organizationId, personId],
  );
  return rows.map(toLink);
}

/** A session asks for its link at every step, so it ends here too. */
export async function revokeAccessLink(tx: TxContext, id: AccessLinkId, actor: Actor): Promise<boolean> {
  const { rowCount } = await tx.client.query(
    `update access_link set revoked_at = now(), revoked_by = $3
      where organization_id = $1 and id = $2 and revoked_at is null`,
    [tx.organizationId, id, actor],
  );
  return rowCount === 1;
}

export function toLink(row: LinkRow): AccessLink {
  return {
    id: row.id,
    kind: row.kind,
    personId: row.person_id,
    transferId: row.transfer_id,
    lang: row.lang,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    openedAt: row.opened_at,
    attempts: row.attempts,
    state: row.state,
  };
}
