import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { Lang } from '../kernel/i18n.js';
import { notFound } from '../kernel/errors.js';
import { newId, type AccessLinkId, type PersonId } from '../kernel/ids.js';
import { auditOwnRead } from './audit-read.js';
import type { AccessLink } from './access-link-ports.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';

interface Deps {
  readonly store: Store;
}

export interface AccessLinkCommand {
  readonly lang: Lang;
  /** How long it may be opened and used. */
  readonly hours: number;
}

export interface MadeAccessLink {
  readonly link: AccessLink;
  /** For the fragment of the address: no server, proxy or log sees that part (RFC 3986 section 3.5). */
  readonly token: string;
  /** Six digits, handed over on another way than the link. */
  readonly code: string;
}

/**
 * A link for the person, made at the desk. Token and code are told by this answer and never again: what is kept of them
 * opens nothing.
 *
 * @throws RelaisError 404 for a person whose record the organization does not keep, or who is erased
 */
export async function makeAccessLink(
  { store }: Deps,
  principal: Principal,
  personId: PersonId,
  { lang, hours }: AccessLinkCommand,
  requestId: string,
): Promise<MadeAccessLink> {
  const id = newId<AccessLinkId>();
  const token = newToken();
  const code = newCode();
  const link = await store.asOrganization(principal.organizationId, async (tx) => {
    if (!(await tx.personExists(personId))) throw notFound();
    await tx.putAccessLink({ id, personId, lang, tokenHash: hashOf(token), code, actor: principal.actor, hours });
    const made = await tx.loadAccessLink(id);
    if (made === null) throw notFound();
    await tx.audit({
      action: 'access-link.made',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId,
      requestId,
      codes: { link: id, kind: 'person', expiresAt: made.expiresAt, safeChannel: true },
    });
    return made;
  });
  return { link, token, code };
}

/** What was made for this person and what became of it. Reading is audited. */
export async function listAccessLinks(
  { store }: Deps,
  principal: Principal,
  personId: PersonId,
  requestId: string,
): Promise<readonly AccessLink[]> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    if (!(await tx.personExists(personId))) throw notFound();
    const links = await tx.listAccessLinks(personId);
    await auditOwnRead(tx, { principal, requestId }, 'access-link.searched', { personId }, links.length);
    return links;
  });
}

/**
 * Makes a link worthless, and ends whatever it opened, at once. Done twice, it does nothing more.
 *
 * @throws RelaisError 404
 */
export async function revokeAccessLink(
  { store }: Deps,
  principal: Principal,
  id: AccessLinkId,
  requestId: string,
): Promise<AccessLink> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const link = await tx.loadAccessLink(id);
    if (link === null) throw notFound();
    if (await tx.revokeAccessLink(id, principal.actor)) {
      const { personId, transferId } = link;
      await tx.audit({
        action: 'access-link.revoked',
        outcome: 'success',
        actor: principal.actor,
        organizations: [principal.organizationId],
        personId,
        ...(transferId !== null && { transferId }),
        requestId,
        codes: { link: id, kind: link.kind },
      });
    }
    return (await tx.loadAccessLink(id)) ?? link;
  });
}

/** 256 random bits, base64url. */
function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Each of a million as likely as any other. */
export function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
