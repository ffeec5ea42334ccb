/** Organizations, and the systems of theirs that call Relais or are called by it. */
import type { Instant } from '../kernel/clock.js';
import type { OrganizationId, PartnerId } from '../kernel/ids.js';
import type { GuestContact } from './guest-ports.js';

export interface Organization {
  readonly id: OrganizationId;
  readonly name: string;
  readonly sector: 'social' | 'health' | 'housing';
  /** Plain words for its function, e.g. "housing service". */
  readonly function: { readonly en: string; readonly fr: string };
  /** Bound to professional secrecy; shown beside the name. */
  readonly secrecy: 'professional-secrecy' | 'duty-of-discretion' | 'none';
  /** The mere name reveals something (an addiction clinic). */
  readonly confidentialByNature: boolean;
}

/** How Relais reaches a partner's system. */
export interface PartnerEndpoint {
  /** Where the transaction bundle is posted. */
  readonly url: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  /** `aud` of the client assertion when it is not the token URL. */
  readonly audience?: string;
  readonly scope: string;
  /**
   * What the partner promises about a delivery whose end is not known. `key`: it honours `Idempotency-Key`, the same key
   * twice has one effect. `query`: it can be asked whether it has it. `none`: neither; a human finds out.
   */
  readonly idempotency: 'key' | 'query' | 'none';
}

/** Public keys for private_key_jwt (RFC 7517 set), inline or by URL. */
export interface PartnerKeys {
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
  readonly jwksUri?: string;
}

export interface Partner extends PartnerKeys {
  readonly id: PartnerId;
  readonly organizationId: OrganizationId;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  /** OAuth client id under which the partner calls Relais. */
  readonly clientId: string;
  /** Issuer of its tokens: `relais` for Relais' own `/oauth/token`, else the URL of a bound external issuer. */
  readonly issuer: string;
  /** The keys before these; absent once they have ended. */
  readonly formerKeys?: PartnerKeys & { readonly endAt: Instant };
  readonly scopes: readonly string[];
  readonly endpoint?: PartnerEndpoint;
  /** Instead of a system. */
  readonly guest?: GuestContact;
  /** Where status and outcome are announced (ids and codes only). */
  readonly webhook?: PartnerEndpoint;
}
