import { createHash } from 'node:crypto';
import type { Actor } from '../../../kernel/actor.js';
import type { Lang } from '../../../kernel/i18n.js';
import { isUuid, newId, type AccessLinkId, type TransferId } from '../../../kernel/ids.js';
import type { AccessLink, Received } from '../../../transfer/access-link-ports.js';
import { loadWire } from '../transfers/load-wire.js';
import { statedRequest, type StatedRow } from '../transfers/stated-request.js';
import type { TxContext } from '../tx-context.js';
import { SELECT_LINK, toLink, type LinkRow } from './access-links.js';
import { hashCode } from './code-hash.js';

/** As long as what was sent is kept, and a month at most without an answer. */
const PUT = `
  insert into access_link (id, kind, organization_id, person_id, transfer_id, recipient_organization_id, lang, token_hash, actor, expires_at)
  select $1, 'guest', t.sender_organization_id, t.person_id, t.id, t.recipient_organization_id, $4, $5, $6, now() + interval '30 days'
    from transfer t where t.id = $3 and t.sender_organization_id = $2
  on conflict (transfer_id) do nothing`;

/**
 * Computed from the master key, so that an attempt that is made again sends the same notice and nothing has to be stored
 * that opens something.
 */
export async function guestLink(tx: TxContext, transferId: TransferId, lang: Lang, actor: Actor): Promise<string> {
  const half = (part: 1 | 2): Buffer => tx.keyring.blind(tx.organizationId, 'guest-token', `${transferId}/${part}`);
  const token = Buffer.concat([half(1), half(2)]).toString('base64url');
  const hash = createHash('sha256').update(token).digest();
  await tx.client.query(PUT, [newId<AccessLinkId>(), tx.organizationId, transferId, lang, hash, actor]);
  return token;
}

export async function loadGuestLink(tx: TxContext, transferId: TransferId): Promise<AccessLink | null> {
  if (!isUuid(transferId)) return null;
  const { rows } = await tx.client.query<LinkRow>(`${SELECT_LINK} and transfer_id = $2`, [
    tx.organizationId,
    transferId,
  ]);
  return rows[0] === undefined ? null : toLink(rows[0]);
}

export async function renewGuestCode(tx: TxContext, transferId: TransferId, code: string): Promise<boolean> {
  const link = await loadGuestLink(tx, transferId);
  if (link === null || link.state === 'revoked') return false;
  const { rowCount } = await tx.client.query(
    `update access_link set code_hash = $3, attempts = 0, opened_at = null, code_asked_at = null, expires_at = now() + interval '30 days'
      where organization_id = $1 and id = $2 and revoked_at is null`,
    [tx.organizationId, link.id, await hashCode(tx.keyring, tx.organizationId, link.id, code)],
  );
  return rowCount === 1;
}

const RECEIVED = `
  select t.recipient_organization_id, t.case_id, t.case_version, t.person_id, t.purpose, t.stated, t.requested, t.permitted,
         p.wrapped_key as person_key
    from transfer t
    join person p on p.organization_id = t.sender_organization_id and p.id = t.person_id and p.erased_at is null
   where t.id = $1 and t.sender_organization_id = $2 and t.status = 'delivered'`;

interface ReceivedRow extends StatedRow {
  readonly case_version: number;
  readonly permitted: number;
}

export async function loadReceived(tx: TxContext, transferId: TransferId, hold = false): Promise<Received | null> {
  if (!isUuid(transferId)) return null;
  const text = hold ? `${RECEIVED} for share of p` : RECEIVED;
  const { rows } = await tx.client.query<ReceivedRow>(text, [transferId, tx.organizationId]);
  const row = rows[0];
  const wire = row === undefined ? null : await loadWire(tx, transferId);
  if (row === undefined || wire === null) return null;
  return {
    request: statedRequest(tx, transferId, row),
    caseVersion: row.case_version,
    permitted: row.permitted,
    wire,
  };
}
