/**
 * Access without an account: what the story asks of the store, and what HTTP asks of whoever keeps the door
 * (docs/access-links.md). Tokens, codes and cookies are secrets: the store sees and keeps their hashes alone.
 */
import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { Lang } from '../kernel/i18n.js';
import type { AccessLinkId, OrganizationId, PersonId, TransferId } from '../kernel/ids.js';
import type { DisclosureRequest } from '../domain/decision/decision.js';
import type { LabelMask } from '../domain/labels/labels.js';
import type { Principal } from './principal.js';

export type AccessKind = 'person' | 'guest';

/** Codes that may be tried on one link; the last wrong one locks it. */
export const MOST_CODES = 5;

export interface NewAccessLink {
  readonly id: AccessLinkId;
  readonly personId: PersonId;
  readonly lang: Lang;
  /** SHA-256 (hex) of the token. */
  readonly tokenHash: string;
  /** Six digits. */
  readonly code: string;
  readonly actor: Actor;
  readonly hours: number;
}

/** `open`: never opened. `used`: it opened a session once and opens no other. */
export type AccessLinkState = 'open' | 'used' | 'locked' | 'expired' | 'revoked';

export interface AccessLink {
  readonly id: AccessLinkId;
  readonly kind: AccessKind;
  readonly personId: PersonId;
  readonly transferId: TransferId | null;
  readonly lang: Lang;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly openedAt: Instant | null;
  readonly attempts: number;
  readonly state: AccessLinkState;
}

/** What was delivered and may be read or added to, as long as a decision made again at that moment allows it. */
export interface Received {
  readonly request: DisclosureRequest;
  readonly caseVersion: number;
  readonly permitted: LabelMask;
  readonly wire: Buffer;
}

/** What the story needs of one organization's transaction. */
export interface AccessLinkTx {
  putAccessLink(link: NewAccessLink): Promise<void>;
  loadAccessLink(id: AccessLinkId): Promise<AccessLink | null>;
  /** Newest first, at most 50. */
  listAccessLinks(personId: PersonId): Promise<readonly AccessLink[]>;
  /**
   * The link of a transfer to a guest: made once, the same token at every attempt to deliver. A code is made apart.
   *
   * @returns its token
   */
  guestLink(transferId: TransferId, lang: Lang, actor: Actor): Promise<string>;
  loadGuestLink(transferId: TransferId): Promise<AccessLink | null>;
  /**
   * What was delivered, and what it was decided on, to decide it again; null once it was purged. Asked as the sender.
   *
   * @param hold no decision of the person is recorded until this transaction ends: what is decided here is decided before
   *   it or after it, never beside it
   */
  loadReceived(transferId: TransferId, hold?: boolean): Promise<Received | null>;
  /**
   * A new code voids the one before, forgets the tries, ends sessions that are open, lets the link be opened once more, and
   * answers whoever asked for one.
   */
  renewGuestCode(transferId: TransferId, code: string): Promise<boolean>;
  /** False when it was revoked before. Its sessions end with it. */
  revokeAccessLink(id: AccessLinkId, actor: Actor): Promise<boolean>;
}

/** Whoever opened a link, for as long as the session lasts. */
export interface AccessHolder {
  readonly linkId: AccessLinkId;
  readonly kind: AccessKind;
  /** Who made the link. */
  readonly organizationId: OrganizationId;
  readonly personId: PersonId;
  /** Of a guest. */
  readonly transferId: TransferId | null;
  readonly recipientOrganizationId: OrganizationId | null;
  readonly lang: Lang;
}

/** `closed`: unknown, used, expired, revoked or locked; nobody is told which. */
export type AccessAttempt =
  | { readonly kind: 'opened'; readonly holder: AccessHolder }
  | { readonly kind: 'wrong-code'; readonly left: number }
  | { readonly kind: 'closed' };

/** Sessions of links, across organizations; hashes are SHA-256 in hex. The database's time decides every end. */
export interface AccessSessions {
  /** One try: counted before the code is looked at, opened once, and written into the log, in one transaction. */
  tryCode(input: {
    readonly tokenHash: string;
    readonly code: string;
    readonly sessionHash: string;
    readonly requestId: string;
  }): Promise<AccessAttempt>;
  /**
   * A guest has no code, or used it: its sender sees that until a code is made. Asked again before that, or for a link that
   * is unknown, taken back or no guest's, nothing happens. Written into the log in the same transaction.
   */
  askForCode(input: { readonly tokenHash: string; readonly requestId: string }): Promise<void>;
  /** The live session, its 30 idle minutes restarted; null when it, or its link, has ended. */
  touch(sessionHash: string): Promise<AccessHolder | null>;
  close(sessionHash: string): Promise<void>;
}

/** The door as HTTP sees it. */
export interface AccessDoor {
  /**
   * @returns with `opened` the `Set-Cookie` value of the new session
   * @throws RelaisError 429 `access.too-many` for a source that was refused too often
   */
  open(input: {
    readonly token: string;
    readonly code: string;
    readonly requestId: string;
    readonly source: string;
  }): Promise<
    | { readonly kind: 'opened'; readonly cookie: string; readonly holder: AccessHolder }
    | Exclude<AccessAttempt, { readonly kind: 'opened' }>
  >;
  /**
   * Answers alike whatever the token is: whoever tries tokens learns nothing.
   *
   * @throws RelaisError 429 `access.too-many` for a source that asked, or was refused, too often
   */
  askForCode(input: { readonly token: string; readonly requestId: string; readonly source: string }): Promise<void>;
  /**
   * @param cookieHeader the request's `Cookie` header
   * @throws RelaisError 403 `access.closed`
   */
  admit(cookieHeader: string | undefined): Promise<LinkPrincipal>;
  /** @returns the `Set-Cookie` value that ends it */
  leave(cookieHeader: string | undefined): Promise<string>;
}

/** Who calls by a link: no scope, no role; what it may is what its pages offer. */
export interface LinkPrincipal extends Principal {
  readonly via: 'access-link';
  readonly csrfToken: string;
  readonly holder: AccessHolder;
}
