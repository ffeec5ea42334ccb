import type { ConsentId, PersonId } from '../../kernel/ids.js';
import type { DataProtectionBasis } from '../agreement/agreement.js';

/**
 * The secrecy ground of one disclosure: why somebody bound to professional secrecy may speak
 * (France: Code pénal 226-13 and the exceptions around it; the agreement lists which kinds it accepts).
 */
export const SECRECY_GROUND_KINDS = ['consent', 'care-team', 'statute', 'safeguarding'] as const;
export type SecrecyGroundKind = (typeof SECRECY_GROUND_KINDS)[number];

/** What the author of a transfer states. Only `consent` is proven by a record; the others carry a justification. */
export type StatedGround =
  | { readonly kind: 'consent' }
  /** `informedOn`: the day the person was told and did not object (France: CSP L1110-4). */
  | { readonly kind: 'care-team'; readonly justification: string; readonly informedOn: string }
  /** `citation`: the article that permits or obliges, e.g. `CASF L226-2-2`. */
  | { readonly kind: 'statute'; readonly citation: string; readonly justification: string }
  | { readonly kind: 'safeguarding'; readonly justification: string };

/** The ground that a decision found: both fields, always. */
export interface Ground {
  readonly dataProtectionBasis: DataProtectionBasis;
  readonly secrecy:
    | { readonly kind: 'consent'; readonly consents: readonly { readonly id: ConsentId; readonly version: number }[] }
    | { readonly kind: 'care-team'; readonly informedOn: string }
    | { readonly kind: 'statute'; readonly citation: string }
    | { readonly kind: 'safeguarding' };
  readonly personId: PersonId;
}
