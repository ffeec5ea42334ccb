import type { z } from 'zod';
import type { agreementView } from '../../../src/http/schemas/agreement.js';
import type { RemindersView } from '../../../src/http/api/reminders.js';
import type { TransferView } from '../../../src/http/schemas/transfer.js';

/*
 * What the API answers, as far as the console looks at it. Where the gateway has a schema, its type is taken from there
 * (types only: nothing of the gateway is bundled), so that a change there does not compile here.
 */
export type { TransferView };
export type ReceivedTransfer = Extract<TransferView, { viewedAs: 'recipient' }>;
export type SentTransfer = Extract<TransferView, { viewedAs: 'sender' }>;
export type { RemindersView };
export type Agreement = z.output<typeof agreementView>;

export interface ReasonView {
  readonly code: string;
  readonly text: string;
}

export interface Caller {
  readonly displayName: string | null;
  readonly organizationId: string;
  readonly roles: readonly ('caseworker' | 'agreement-owner' | 'data-protection-officer' | 'operator')[];
  readonly csrfToken: string | null;
}

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly sector: 'social' | 'health' | 'housing';
  /** In the language of the page. */
  readonly function: string;
  readonly secrecy: string;
}

export interface Candidate {
  readonly personId: string;
  readonly caseId: string;
  readonly names: readonly { readonly family?: string; readonly given: readonly string[]; readonly kind: string }[];
  readonly birthDate: string | null;
  readonly agrees: readonly ('identifier' | 'family' | 'given' | 'birthDate')[];
}

export interface PreviewElement {
  /** JSON Pointer into the case. */
  readonly path: string;
  readonly reason: { readonly code: string; readonly en: string; readonly fr: string };
  readonly labels: readonly string[];
}

export interface Preview {
  readonly digest: string;
  readonly expiresAt: string;
  readonly categories: readonly string[];
  readonly reasons: readonly ReasonView[];
  readonly sent: readonly PreviewElement[];
  readonly withheld: readonly PreviewElement[];
  readonly toReview: readonly {
    readonly path: string;
    readonly text: string;
    readonly labels: readonly string[];
    readonly en: string;
    readonly fr: string;
  }[];
  readonly bundle: unknown;
}

export type CaseValue =
  string | number | boolean | null | readonly CaseValue[] | { readonly [name: string]: CaseValue };
export type CaseDocument = { readonly [name: string]: CaseValue };

export interface StoredCase {
  readonly caseId: string;
  readonly personId: string;
  readonly version: number;
  readonly document: CaseDocument;
  readonly written: readonly WrittenEntry[];
  /** Where it comes from, if it was taken over. */
  readonly takenOver: TakenOver | null;
}

interface TakenOverTerms {
  readonly onward: { readonly kind: 'forbidden' | 'consented' | 'listed' };
  readonly keepUntil: string | null;
  readonly keepThen: 'return' | 'delete' | null;
  /** Items that could not stand in a file. */
  readonly leftOut: number;
}

export interface TakenOver extends TakenOverTerms {
  readonly transferId: string;
  readonly caseId: string;
  readonly from: string;
  readonly reference: string;
  readonly receivedAt: string;
  readonly takenAt: string;
}

/** What one has to see before a case is taken over. */
export interface TakeOver {
  readonly takenOver: TakenOver | null;
  readonly person: Pick<Candidate, 'names' | 'birthDate'> | null;
  readonly candidates: readonly Candidate[];
  readonly terms: TakenOverTerms | null;
}

/** An entry that was written here. */
export interface WrittenEntry {
  readonly list: 'interventions' | 'workingNotes';
  readonly entryId: string;
  readonly mine: boolean;
  /** Of the case: where it was written, then corrected. */
  readonly versions: readonly number[];
  readonly writtenAt: string;
}

export interface WorklistItem {
  readonly transferId: string;
  readonly reference: string;
  readonly group: 'needs-action' | 'waiting' | 'answered';
  readonly next: string;
  readonly viewedAs: 'sender' | 'recipient';
  readonly organizationId: string;
  readonly purpose: string;
  readonly status: string;
  readonly referralStatus: string | null;
  readonly answerExpectedBy: string | null;
  readonly late: boolean;
  readonly remindedAt: string | null;
  readonly changedAt: string;
  readonly caseId: string | null;
  readonly personId: string | null;
  readonly person: {
    readonly given: readonly string[];
    readonly family: string | null;
    readonly birthDate: string | null;
  } | null;
}

export interface ConsentResource {
  readonly id: string;
  readonly status: 'active' | 'inactive' | 'rejected';
  readonly dateTime?: string;
  readonly provision?: {
    readonly type?: 'permit' | 'deny';
    readonly period?: { readonly end?: string };
    readonly actor?: readonly { readonly reference?: { readonly reference?: string } }[];
    readonly purpose?: readonly { readonly code?: string }[];
    readonly securityLabel?: readonly { readonly code?: string }[];
  };
}

export interface ShownConsent {
  readonly id: string;
  readonly version: number;
  readonly status: 'active' | 'inactive' | 'rejected' | 'unreadable';
  readonly decidedAt: string;
  readonly state: 'in-force' | 'withdrawn' | 'superseded' | 'refusal-stands-again';
  readonly evidence: readonly { readonly kind: string; readonly recordedAt: string }[];
}

/** What was sent, readable: for its sender and its recipient. */
export interface TransferContent {
  readonly transferId: string;
  readonly digest: string;
  readonly record: CaseDocument | null;
  readonly bundle: unknown;
}

/** Somebody here declined to share. */
export interface DeclinedShare {
  readonly id: string;
  readonly recipientOrganizationId: string;
  readonly purpose: string;
  readonly reason: 'person-asked' | 'not-needed' | 'would-endanger' | 'professional-secrecy' | 'other';
  readonly words: string | null;
  readonly recordedAt: string;
}

export interface AccessLink {
  readonly id: string;
  readonly kind: 'person' | 'guest';
  readonly state: 'open' | 'used' | 'locked' | 'expired' | 'revoked';
  readonly createdAt: string;
  readonly expiresAt: string;
}
