import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { AgreementId, OrganizationId } from '../kernel/ids.js';
import type { Agreement } from '../domain/agreement/agreement.js';
import type { PastDecision } from '../domain/agreement/simulate.js';
import type { Standing } from '../domain/agreement/take-step.js';

/** An agreement as its parties see it: what is in force, and what is negotiated. */
export interface AgreementOverview {
  /** In force, or ended; while there is none of either, what is negotiated. */
  readonly current: Agreement;
  readonly pending: Agreement | null;
}

/** The paper that was signed, as it was scanned. */
export interface SignedOriginal {
  readonly agreementId: AgreementId;
  readonly version: number;
  readonly mediaType: 'application/pdf' | 'image/png' | 'image/jpeg';
  readonly content: Buffer;
  /** SHA-256 (hex) of the content. */
  readonly digest: string;
}

export type KeptOriginal = SignedOriginal & { readonly recordedAt: Instant };

/** What the story of agreements needs of one organization's transaction. */
export interface AgreementTx {
  /**
   * Appends a version. A draft or a proposal is negotiated beside what is in force; any other status is in force, or has
   * ended, from the commit on.
   *
   * @param options.endsNegotiation what was negotiated is this version now, or was given up
   * @param options.visibleTo who may read the version besides its parties
   */
  putAgreement(
    agreement: Agreement,
    actor: Actor,
    options?: { readonly endsNegotiation?: boolean; readonly visibleTo?: readonly OrganizationId[] },
  ): Promise<void>;
  /** The newest version, or the given one, that this organization may read. */
  loadAgreement(id: AgreementId, version?: number): Promise<Agreement | null>;
  /** Both versions that count, locked against another step; null for nobody's. */
  lockAgreement(id: AgreementId): Promise<(Standing & { readonly version: number }) | null>;
  overviewOf(id: AgreementId): Promise<AgreementOverview | null>;
  /** What is in force, or ended; while there is none of either, what is negotiated. Newest change first. */
  listAgreements(): Promise<readonly AgreementOverview[]>;
  /** @returns false when this version has one already: an original is never replaced */
  putOriginal(original: SignedOriginal, parties: readonly OrganizationId[], actor: Actor): Promise<boolean>;
  /**
   * Decisions of this organization that let a transfer be sent and looked at this agreement, oldest first, read a page at a
   * time.
   */
  pastDecisions(of: { readonly agreementId: AgreementId; readonly since: Instant }): AsyncIterable<PastDecision>;
  loadOriginal(id: AgreementId, version: number): Promise<KeptOriginal | null>;
}
