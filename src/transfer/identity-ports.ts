/**
 * What identity needs from the store, and what it gives to the story: who is registered, who is signed in, which keys
 * sign, and tokens for the systems that Relais calls. The story and HTTP see these types, never OAuth or SQL.
 */
import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import { RelaisError } from '../kernel/errors.js';
import type { OrganizationId, PartnerId, StaffId } from '../kernel/ids.js';
import type { GuestContact } from './guest-ports.js';
import type { Organization, Partner, PartnerEndpoint, PartnerKeys } from './partner.js';
import type { Principal, Scope, StaffRole } from './principal.js';

/** `fetch` as the platform defines it; the composition root supplies one that checks addresses at connect time. */
export type Fetch = typeof fetch;

/** Issuer name under which partners of Relais' own `/oauth/token` are registered. */
export const OWN_ISSUER = 'relais';

// ---------------------------------------------------------------- registry

export type NewOrganization = Omit<Organization, 'id'> & { readonly id?: Organization['id'] };
export type NewPartner = Omit<Partner, 'id' | 'status' | 'formerKeys'> & { readonly id?: Partner['id'] };

/** What an admin may change of a partner; `null` removes. Status changes by suspend and reactivate only. */
export interface PartnerChange {
  readonly name?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scopes?: readonly string[];
  readonly jwks?: Partner['jwks'] | null;
  readonly jwksUri?: string | null;
  readonly endpoint?: PartnerEndpoint | null;
  readonly webhook?: PartnerEndpoint | null;
}

/**
 * Organizations and their systems. Every change is audited (`partner.changed`) by the transaction that makes it, and
 * refused with `partner.*` codes (422) when it breaks the registration rules.
 */
export interface Registry {
  /** Read at every call, so that a suspension acts at once (threat 10). `at` is the database's time. */
  partnerByClientId(
    issuer: string,
    clientId: string,
  ): Promise<{ readonly partner: Partner; readonly at: Instant } | null>;
  partner(id: PartnerId): Promise<Partner | null>;
  listPartners(): Promise<readonly Partner[]>;
  organization(id: OrganizationId): Promise<Organization | null>;
  listOrganizations(): Promise<readonly Organization[]>;
  createOrganization(input: NewOrganization, actor: Actor): Promise<Organization>;
  updateOrganization(organization: Organization, actor: Actor): Promise<Organization>;
  createPartner(input: NewPartner, actor: Actor): Promise<Partner>;
  /**
   * A partner, and its organization where that is new: both or neither.
   *
   * @throws RelaisError 409 `partner.receives-already` for a guest that nothing would ever be sent to
   */
  registerPartner(
    input: Omit<NewPartner, 'organizationId'>,
    organization: OrganizationId | NewOrganization,
    actor: Actor,
  ): Promise<Partner>;
  updatePartner(id: PartnerId, change: PartnerChange, actor: Actor, requestId?: string): Promise<Partner>;
  /** Where a guest is told from the next notice on; the same contact again changes nothing. */
  changeContact(id: PartnerId, guest: GuestContact, actor: Actor, requestId?: string): Promise<Partner>;
  /**
   * New keys count at once; those before end after `formerSeconds`, 0 for now. Of those before the former ones none counts
   * any more.
   */
  replaceKeys(
    id: PartnerId,
    keys: PartnerKeys,
    formerSeconds: number,
    actor: Actor,
    requestId?: string,
  ): Promise<Partner>;
  /** At once: its next call is refused, nothing more is sent to it, and what waits for it waits. */
  suspendPartner(id: PartnerId, actor: Actor, requestId?: string): Promise<Partner>;
  /** Its deliveries start again, unless an operator had stopped them by themselves. */
  reactivatePartner(id: PartnerId, actor: Actor, requestId?: string): Promise<Partner>;
}

// ---------------------------------------------------------------- staff

/** When a session of staff ends: after so long without a request, and after so long in any case. */
export interface SessionLimits {
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
}

/** OWASP Application Security Verification Standard 4.0.3, section 3.3.2, level 2. */
export const SESSION_LIMITS: SessionLimits = { idleSeconds: 30 * 60, absoluteSeconds: 12 * 3600 };

export interface StaffSession {
  readonly staffId: StaffId;
  readonly organizationId: OrganizationId;
  readonly displayName: string;
  readonly roles: readonly StaffRole[];
  /** It ends then, however busy it is. */
  readonly expiresAt: Instant;
  /** It ends so long after its last request. */
  readonly idleSeconds: number;
}

/** Somebody whom `relais init` bound before their first sign-in. */
export interface BoundStaff {
  readonly staffId: StaffId;
  readonly organizationId: OrganizationId;
  readonly roles: readonly StaffRole[];
}

/** Sign-ins and sessions. Only SHA-256 hashes (hex) of the cookies are stored; database time decides expiry. */
export interface StaffSessions {
  rememberAttempt(idHash: string, returnTo: string): Promise<void>;
  /** Exactly one caller gets it, and only within 10 minutes. */
  takeAttempt(idHash: string): Promise<{ readonly returnTo: string } | null>;
  boundStaff(issuer: string, subject: string): Promise<BoundStaff | null>;
  /** By id, or by a name that exactly one organization has. */
  organizationNamed(claim: string): Promise<OrganizationId | null>;
  /** Stores who signed in, a session, and the audit entry `staff.signed-in`, in one transaction. */
  open(input: {
    readonly idHash: string;
    readonly issuer: string;
    readonly subject: string;
    readonly organizationId: OrganizationId;
    readonly displayName: string;
    readonly roles: readonly StaffRole[];
  }): Promise<StaffSession>;
  /** The live session, its idle time restarted; null when it ended, was idle for too long, or is too old. */
  touch(idHash: string): Promise<StaffSession | null>;
  /** Whether it still lives; its idle time goes on. */
  lives(idHash: string): Promise<boolean>;
  close(idHash: string): Promise<void>;
  /** Display names by id, of the staff that are known. */
  staffNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  isInitialised(): Promise<boolean>;
  /** @throws RelaisError `init.already-done` (409) */
  initialise(input: Initialisation): Promise<{ readonly organizationId: OrganizationId; readonly staffId: StaffId }>;
}

/** The first organization and the first admin of an installation. */
export interface Initialisation {
  readonly organization: NewOrganization;
  /** Issuer and `sub` of the admin at the staff issuer. */
  readonly adminIssuer: string;
  readonly adminSubject: string;
  readonly adminRoles: readonly StaffRole[];
}

// ---------------------------------------------------------------- keys and replay

export type KeyPurpose = 'access-token' | 'client-assertion' | 'bundle';

/** A public key as RFC 7517 writes it. */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kty: string; readonly kid?: string };

export interface StoredKey {
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  /** Decrypted; never leaves the process. */
  readonly privateJwk: Readonly<Record<string, unknown>>;
  /** False while it is only published, so that verifiers learn it before it signs. */
  readonly signs: boolean;
}

export type NewKey = Omit<StoredKey, 'signs'>;

export interface SigningKeyStore {
  /** Public keys of a purpose that were ever there, retired ones too, oldest first. */
  publicKeys(purpose: KeyPurpose): Promise<readonly PublicJwk[]>;
  /** Keys not retired, oldest first. */
  loadKeys(purpose: KeyPurpose): Promise<readonly StoredKey[]>;
  /** Stores the first key of a purpose; of several processes at once, one wins and all get the winner's. */
  ensureKey(purpose: KeyPurpose, key: NewKey): Promise<readonly StoredKey[]>;
  /** A new key that signs after `signsInSeconds`; all others retire after `retireOthersInSeconds`. */
  rotateKey(purpose: KeyPurpose, key: NewKey, signsInSeconds: number, retireOthersInSeconds: number): Promise<void>;
}

export interface ReplayStore {
  /** True for exactly one caller per id, across processes, until well after `expiresInSeconds`. */
  useOnce(id: string, expiresInSeconds: number): Promise<boolean>;
  /** Deletes what expired: used assertions, sign-in attempts, sessions. Returns how many rows. */
  deleteExpired(): Promise<number>;
}

// ---------------------------------------------------------------- given to others

/** What HTTP hands over of a request; nothing else is looked at. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  readonly method: string;
  /** Header `X-CSRF-Token`. */
  readonly csrfToken: string | undefined;
  readonly origin: string | undefined;
}

/** @throws RelaisError 401 or 403, code `auth.*` */
export type Authenticate = (credentials: Credentials) => Promise<Principal>;

/**
 * Which case a link names that a partner of this organization signed; null when anything is wrong with it. A link is spent
 * by it.
 */
export type VerifyLaunch = (
  launch: string,
  organizationId: OrganizationId,
) => Promise<{ readonly caseId: string; readonly partnerId: PartnerId } | null>;

/** Access tokens for the systems that Relais calls. */
export interface TokenSource {
  /**
   * @throws RelaisError `delivery.token-unavailable` (a retry may succeed) or `delivery.token-refused` (it will not,
   * until somebody changes a registration); `details.retryable` says which
   */
  tokenFor(endpoint: PartnerEndpoint, signal?: AbortSignal): Promise<string>;
  /** After a 401 from the endpoint: the next call gets a new token. */
  forget(endpoint: PartnerEndpoint): void;
}

/** @throws RelaisError `auth.scope-missing` (403) when the caller lacks the scope, or is staff */
export function requireScope(principal: Principal, scope: Scope): void {
  if (!principal.scopes.has(scope)) {
    throw new RelaisError('auth.scope-missing', 403, 'forbidden', `This call needs the scope ${scope}.`, {
      details: { scope },
    });
  }
}

/** @throws RelaisError `auth.role-missing` (403) when the member of staff has none of the roles */
export function requireRole(principal: Principal, ...roles: readonly StaffRole[]): void {
  if (!roles.some((role) => principal.roles.has(role))) {
    throw new RelaisError('auth.role-missing', 403, 'forbidden', `This call needs the role ${roles.join(' or ')}.`, {
      details: { roles },
    });
  }
}
