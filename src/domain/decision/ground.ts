import type { Instant } from '../../kernel/clock.js';
import type { ConsentId, PersonId } from '../../kernel/ids.js';
import type { DataProtectionBasis } from '../agreement/agreement.js';

/**
 * The secrecy ground of one disclosure: why somebody bound to professional secrecy may speak
 * (France: Code pénal 226-13 and the exceptions around it; the agreement lists which kinds it accepts).
 */
export const SECRECY_GROUND_KINDS = ['consent', 'care-team', 'statute', 'safeguarding', 'vital-interest'] as const;
export type SecrecyGroundKind = (typeof SECRECY_GROUND_KINDS)[number];

/** Breaking the glass is accepted by the agreement's emergency clause, not by its list of grounds. */
export const GROUND_KINDS = [...SECRECY_GROUND_KINDS, 'break-glass'] as const;
export type GroundKind = (typeof GROUND_KINDS)[number];

/** Who was told that this is passed on, or why nobody was (GDPR art. 13, 14, and 23 for the exceptions). */
export const INFORMED_PARTIES = ['person', 'representative', 'trusted-person'] as const;
export type Informed =
  | { readonly parties: readonly (typeof INFORMED_PARTIES)[number][]; readonly on: string }
  | { readonly nobodyBecause: string };

/** What the author of a transfer states. Only `consent` is proven by a record; the others carry a justification. */
export type StatedGround =
  | { readonly kind: 'consent' }
  /** `informedOn`: the day the person was told and did not object (France: CSP L1110-4). */
  | { readonly kind: 'care-team'; readonly justification: string; readonly informedOn: string }
  /** `citation`: the article that permits or obliges, e.g. `CASF L226-2-2`. */
  | {
      readonly kind: 'statute';
      readonly citation: string;
      readonly justification: string;
      readonly informed: Informed;
    }
  | { readonly kind: 'safeguarding'; readonly justification: string; readonly informed: Informed }
  /** Somebody's life or body is at stake and the person cannot consent (GDPR art. 6(1)(d), 9(2)(c)). */
  | { readonly kind: 'vital-interest'; readonly justification: string; readonly informed: Informed }
  /** Nothing else fits and it cannot wait: only under an emergency clause, until `expiresAt`, reviewed afterwards. */
  | {
      readonly kind: 'break-glass';
      /** Without one it is refused. */
      readonly reason: string;
      readonly expiresAt: Instant;
      readonly informed: Informed;
    };

/**
 * The grounds on which somebody in danger is protected. An objection does not stop them: GDPR art. 21(1) is against
 * processing on art. 6(1)(e) and (f), and what it means for a danger a human judges (needs local counsel).
 */
export const isAgainstDanger = (kind: StatedGround['kind']): boolean =>
  kind === 'safeguarding' || kind === 'vital-interest' || kind === 'break-glass';

/** A stated ground without its words: what a receipt keeps. */
export type GroundCodes =
  | { readonly kind: 'consent' | 'safeguarding' | 'vital-interest' }
  | { readonly kind: 'care-team'; readonly informedOn: string }
  | { readonly kind: 'statute'; readonly citation: string }
  /** `unjustified`: no reason was given; whether there is one decides. */
  | { readonly kind: 'break-glass'; readonly expiresAt: Instant; readonly unjustified?: true };

/** The ground that a decision found: both fields, always. */
export interface Ground {
  readonly dataProtectionBasis: DataProtectionBasis;
  readonly secrecy:
    | { readonly kind: 'consent'; readonly consents: readonly { readonly id: ConsentId; readonly version: number }[] }
    | { readonly kind: 'care-team'; readonly informedOn: string }
    | { readonly kind: 'statute'; readonly citation: string }
    | { readonly kind: 'safeguarding' | 'vital-interest' }
    | { readonly kind: 'break-glass'; readonly expiresAt: Instant };
  readonly personId: PersonId;
}

export function withoutWords(ground: StatedGround): GroundCodes {
  switch (ground.kind) {
    case 'consent':
    case 'safeguarding':
    case 'vital-interest':
      return { kind: ground.kind };
    case 'care-team':
      return { kind: ground.kind, informedOn: ground.informedOn };
    case 'statute':
      return { kind: ground.kind, citation: ground.citation };
    case 'break-glass': {
      const { kind, expiresAt, reason } = ground;
      return { kind, expiresAt, ...(isBlank(reason) && { unjustified: true }) };
    }
  }
}

/** For deciding again: the words of a justification decide nothing, only whether there are any. */
export function withStandInWords(ground: GroundCodes): StatedGround {
  const informed: Informed = { nobodyBecause: '' };
  switch (ground.kind) {
    case 'consent':
      return { kind: 'consent' };
    case 'care-team':
      return { ...ground, justification: '' };
    case 'statute':
      return { ...ground, justification: '', informed };
    case 'safeguarding':
    case 'vital-interest':
      return { kind: ground.kind, justification: '', informed };
    case 'break-glass':
      return { kind: ground.kind, expiresAt: ground.expiresAt, reason: ground.unjustified ? '' : 'given', informed };
  }
}

export function isBlank(words: string): boolean {
  return words.trim() === '';
}
