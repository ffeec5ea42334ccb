/** Cases as they are kept, and what a person can be found by. */
import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { CaseId, PersonId } from '../kernel/ids.js';
import type { PersonCircumstances } from '../domain/consent/decision-maker/standing.js';

export interface StoredCase {
  readonly caseId: CaseId;
  readonly personId: PersonId;
  readonly version: number;
  /** The document as written by `writeJson`: numbers as they came. */
  readonly content: string;
  readonly storedAt: Instant;
}

/** It holds content: it is given to the organization that sent it, and to nobody else. */
export interface StoredResidue {
  /** Kept elements (domain/mapping/residue) as written by `writeJson`. */
  readonly content: string;
  /** Version of the maps by which it was kept. */
  readonly mappingVersion: string;
}

export interface NewCase {
  readonly caseId: CaseId;
  /** The agency's own key of the person; one person may have several cases. */
  readonly agencyPersonKey: string;
  readonly content: string;
  /** What the bundle that it came as says beyond it; stored encrypted beside it, and a part of its version. */
  readonly residue?: StoredResidue;
  /** What it says of who may decide; stored encrypted, so that a decision reads it without the record. */
  readonly circumstances?: PersonCircumstances;
  readonly deceased: boolean;
  readonly identity: IndexedIdentity;
  readonly actor: Actor;
  /** Guards against two tabs: the version that this one follows. */
  readonly expectedVersion?: number;
}

/** What a person can be found by. The store keeps keyed hashes of it, never the values. */
export interface IndexedIdentity {
  readonly names: readonly { readonly family?: string; readonly given: readonly string[] }[];
  /** YYYY, YYYY-MM or YYYY-MM-DD; indexed only together with a name. */
  readonly birthDate?: string;
  readonly identifiers: readonly { readonly system: string; readonly value: string }[];
}

/** What is kept about a person, in numbers. */
export interface PersonInventory {
  readonly personId: PersonId;
  readonly erasedAt: Instant | null;
  /** 1 until it is destroyed. */
  readonly keys: number;
  /** Hashes by which the person, or a row about them, can be found. */
  readonly indexRows: number;
  /** Versions of cases, residue and imported rows that the key opens. */
  readonly records: number;
  /** Versions of consents, their evidence, objections, corrections and what was declined, that the key opens. */
  readonly decisions: number;
  /** Contents of transfers, previews and drafts. */
  readonly contents: number;
  /** Transfers that have not left. */
  readonly waiting: number;
  /** Stay: that something was sent, when, to whom, on which ground. */
  readonly transfers: number;
  /** Stay: entries of the log. */
  readonly proofs: number;
}
