/**
 * What the story needs from the outside world. Adapters implement these; the story never sees SQL, HTTP or a queue.
 */
import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type {
  AgreementId,
  CaseId,
  ConsentId,
  NoticeId,
  OrganizationId,
  PartnerId,
  PersonId,
  ReminderId,
  TaskId,
  TransferId,
} from '../kernel/ids.js';
import type { AuditFact } from '../domain/audit/entry.js';
import type { PersonCircumstances } from '../domain/consent/decision-maker/standing.js';
import type { ConsentTerms } from '../domain/consent/terms.js';
import type { DisclosureRequest, Permit, Terms } from '../domain/decision/decision.js';
import type { DecisionReceipt } from '../domain/decision/receipt.js';
import type { Ground } from '../domain/decision/ground.js';
import type { PurposeOfUse } from '../domain/decision/purpose.js';
import type { Reason } from '../domain/decision/reasons.js';
import type { LabelMask } from '../domain/labels/labels.js';
import type { AccessLinkTx } from './access-link-ports.js';
import type { AgreementTx } from './agreement-ports.js';
import type { AuditViewTx } from './audit-view-ports.js';
import type { DeadLetterTx } from './dead-letters.js';
import type { DeclineReason } from './decline-reasons.js';
import type { DeclineTx } from './decline-ports.js';
import type { DeskTx } from './desk-ports.js';
import type { Receipt } from './door-ports.js';
import type { EntryTx } from './entry-ports.js';
import type { EvidenceTx } from './evidence-ports.js';
import type { GuestContact } from './guest-ports.js';
import type { NoticeTx } from './notice-ports.js';
import type { FiguresTx } from './figures.js';
import type { LimitTx } from './limit-ports.js';
import type { OversightTx } from './oversight-ports.js';
import type { ReminderTx } from './reminder-ports.js';
import type { Disclosable } from './steps.js';
import type { TakeOverTx } from './take-over-ports.js';
import type { ReferralStatus, TransferStatus } from './status.js';

// ---------------------------------------------------------------- organizations and partners

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

// ---------------------------------------------------------------- cases and persons

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

// ---------------------------------------------------------------- consents

export const EVIDENCE_KINDS = ['written', 'verbal', 'electronic', 'photo'] as const;

/** How it can be shown that a decision was taken (GDPR art. 7(1)). */
export interface Evidence {
  readonly kind: (typeof EVIDENCE_KINDS)[number];
  /** Name and version of the form that was read or signed. */
  readonly formVersion: string | null;
  /** The person got a copy. */
  readonly copyGiven: boolean;
  /** Who heard it. */
  readonly witness: string | null;
  /** Scan, photo or signed document. */
  readonly attachment: { readonly contentType: string; readonly data: string } | null;
}

export interface RecordedEvidence extends Evidence {
  readonly id: string;
  readonly consentVersion: number;
  readonly recordedAt: Instant;
  readonly recordedBy: Actor;
}

// ---------------------------------------------------------------- transfers

export interface NewTransfer {
  readonly id: TransferId;
  readonly taskId: TaskId;
  readonly permit: Permit;
  readonly disclosable: Disclosable;
  readonly mappingVersion: string;
  readonly reasons: readonly Reason[];
  /** Opens the commitment of the log to the digest. */
  readonly commitmentSalt: Buffer;
  readonly actor: Actor;
  readonly sendAfter: Instant | null;
  readonly answerExpectedBy: Instant | null;
  /** An earlier one, whose recipient asked for this. */
  readonly follows?: TransferId;
}

/** What was shown before it is sent; `elements` is kept encrypted, the rest are ids, codes and times. */
export interface Preview {
  /** SHA-256 (hex) of the bytes that were shown. */
  readonly digest: string;
  /** Pinned in those bytes. */
  readonly transferId: TransferId;
  readonly taskId: TaskId;
  readonly at: Instant;
  readonly personId: PersonId;
  readonly caseVersion: number;
  readonly permitted: LabelMask;
  readonly agreement: { readonly id: AgreementId; readonly version: number };
  readonly mappingVersion: string;
  readonly requestDigest: string;
  readonly elements: readonly PreviewElement[];
  readonly expiresAt: Instant;
}

export interface PreviewElement {
  /** JSON Pointer (RFC 6901) into the stored case. */
  readonly path: string;
  readonly hash: string;
}

export interface NewRefusal {
  readonly id: TransferId;
  readonly request: DisclosureRequest;
  readonly personId: PersonId | null;
  readonly reasons: readonly Reason[];
  readonly actor: Actor;
}

/** The recipient was reminded of its answer, or could not be (`cause`). */
export const REMINDER_EVENTS = ['reminder:sent', 'reminder:not-sent'] as const;
type ReminderEvent = (typeof REMINDER_EVENTS)[number];

export interface TransferEvent {
  readonly at: Instant;
  /** `message`: what the sender answered in words. `opened`: the content was first read, as the log has it (read-transfers). */
  readonly status: TransferStatus | `referral:${ReferralStatus}` | ReminderEvent | 'message' | 'opened' | 'taken-over';
  readonly actor: Actor;
  readonly reasons: readonly Reason[];
  /** Code of what went wrong in an attempt (`http-500`). */
  readonly cause?: string;
  /** Why the recipient declined, coded. */
  readonly declined?: DeclineReason;
  /** What the recipient, or with `message` the sender, wrote (decrypted; absent once purged). */
  readonly message?: string;
}

export interface Transfer {
  readonly id: TransferId;
  /** Short reference that can be read aloud: `R-0142`. */
  readonly reference: string;
  readonly status: TransferStatus;
  readonly referralStatus: ReferralStatus | null;
  readonly senderOrganizationId: OrganizationId;
  readonly recipientOrganizationId: OrganizationId;
  /** It has no system: it is told by mail and reads by a link and a code (docs/access-links.md). */
  readonly recipientIsGuest: boolean;
  /** When a guest asked for a code that was not made yet; the sender's to know. */
  readonly codeAskedAt: Instant | null;
  readonly caseId: CaseId;
  readonly personId: PersonId | null;
  readonly taskId: TaskId | null;
  readonly purpose: PurposeOfUse;
  readonly ground: Ground | null;
  readonly permitted: LabelMask;
  readonly agreement: { readonly id: AgreementId; readonly version: number } | null;
  readonly reasons: readonly Reason[];
  readonly withheldElements: number;
  /** SHA-256 (hex) of the wire bytes. */
  readonly digest: string | null;
  readonly requestedAt: Instant;
  readonly sendAfter: Instant | null;
  readonly answerExpectedBy: Instant | null;
  readonly deliveredAt: Instant | null;
  readonly purgeAt: Instant | null;
  readonly contentPurgedAt: Instant | null;
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly timeline: readonly TransferEvent[];
  /** The one that it follows: its recipient asked for more. */
  readonly follows: FollowedTransfer | null;
  /** Those that follow it, oldest first; without what never left. */
  readonly followedBy: readonly FollowedTransfer[];
}

/** Another transfer of the same case to the same recipient. */
export interface FollowedTransfer {
  readonly id: TransferId;
  readonly reference: string;
  readonly taskId: TaskId;
  readonly requestedAt: Instant;
  readonly deliveredAt: Instant | null;
}

/** A lease on one delivery. The fence rises with every claim; an older fence may not write (faults 2 and 3). */
export interface Claim {
  readonly transferId: TransferId;
  readonly senderOrganizationId: OrganizationId;
  readonly fence: number;
  /** Numbered through, replays included. */
  readonly attempt: number;
  /** Which attempt it is since it was asked for, or last replayed. */
  readonly tries: number;
}

/** Dead letters by partner, by cause of their end, and by when they ended (`to` exclusive). */
export interface ReplayFilter {
  /** This one alone. */
  readonly transferId?: TransferId;
  readonly partnerId?: PartnerId;
  readonly cause?: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

/** What is needed to decide again and to send: loaded under the claim's row lock. */
export interface Sending {
  readonly request: DisclosureRequest;
  /** The version of the case that was approved. */
  readonly caseVersion: number;
  readonly permitted: LabelMask;
  readonly agreementId: AgreementId;
  readonly recipientPartner: Partner;
  /** Exactly the bytes that were approved. */
  readonly wire: Buffer;
  readonly digest: string;
  readonly taskId: TaskId;
  /** An earlier attempt may have had its effect: its end is not known. */
  readonly unsure: boolean;
}

/**
 * What the end of a delivery says of the partner's system: it answers, it fails, or nothing can be said (Relais stopped, or
 * nothing was asked). `pauseMs`: it asked to be left alone for so long (Retry-After), whatever the delivery.
 */
export interface PartnerSign {
  readonly sign: 'answers' | 'fails' | 'unknown';
  readonly pauseMs?: number;
  /** The record may have arrived all the same. */
  readonly unsure?: boolean;
}

/** One row of what a person may read about their disclosures. */
export interface DisclosureRow {
  readonly transfer: Transfer;
  readonly recipientName: string;
}

/** What others did with a transfer since, as the log has it. */
export type TransferAccess =
  | {
      readonly kind: 'read';
      readonly transferId: TransferId;
      /** Who read it; never the sender. */
      readonly organizationId: OrganizationId;
      readonly by: Actor['type'];
      /** The first time of that day (UTC). */
      readonly at: Instant;
      readonly count: number;
    }
  | { readonly kind: 'review'; readonly transferId: TransferId; readonly outcome: string; readonly at: Instant };

export type Reservation =
  | { readonly kind: 'new' }
  | { readonly kind: 'known'; readonly transferId: TransferId }
  | { readonly kind: 'conflict' };

/** One database transaction, seen by row level security as one organization. */
export interface OrganizationTx
  extends
    AccessLinkTx,
    AgreementTx,
    AuditViewTx,
    DeadLetterTx,
    DeclineTx,
    DeskTx,
    EntryTx,
    EvidenceTx,
    FiguresTx,
    LimitTx,
    NoticeTx,
    OversightTx,
    ReminderTx,
    TakeOverTx {
  readonly organizationId: OrganizationId;
  /** The transaction's time at the database: decides every expiry. */
  now(): Promise<Instant>;
  audit(fact: AuditFact): Promise<void>;

  // cases
  putCase(input: NewCase): Promise<{ personId: PersonId; version: number; changed: boolean }>;
  loadCase(caseId: CaseId, version?: number): Promise<StoredCase | null>;
  loadResidue(caseId: CaseId, version: number): Promise<StoredResidue | null>;
  /** Cases of persons whose index matches; the caller decrypts and compares. At most 50. */
  findCases(identity: IndexedIdentity): Promise<readonly StoredCase[]>;
  personExists(personId: PersonId): Promise<boolean>;
  /** By id, or by the agency's own key until the person is erased; null when there is none. */
  inventoryOf(person: string): Promise<PersonInventory | null>;
  /** Destroys the key and the indexes; false when that was done before. The caller adds the audit entry. */
  erasePerson(personId: PersonId): Promise<{ erased: boolean }>;

  // consents
  /** Appends a version; version 1 when `id` is new. `expectedVersion` guards against two tabs. */
  putConsent(input: {
    readonly id: ConsentId;
    readonly personId: PersonId;
    /** FHIR R4 Consent as written by `writeJson`; stored encrypted. */
    readonly resource: string;
    readonly terms: Omit<ConsentTerms, 'version'>;
    readonly actor: Actor;
    readonly expectedVersion?: number;
  }): Promise<{ version: number }>;
  loadConsent(id: ConsentId): Promise<{ resource: string; terms: ConsentTerms } | null>;
  listConsents(personId: PersonId): Promise<readonly { resource: string; terms: ConsentTerms }[]>;
  /** Deliveries to do that stand on one of the earlier consents stand on this one as well. */
  standOn(id: ConsentId, earlier: readonly ConsentId[]): Promise<void>;
  /** Consents that a transfer was sent on and that are withdrawn by now. */
  withdrawnUnder(transferId: TransferId): Promise<readonly ConsentId[]>;
  /** Appends evidence of the newest version; its content is stored encrypted. */
  putEvidence(consentId: ConsentId, evidence: Evidence, actor: Actor): Promise<RecordedEvidence>;
  /** Oldest first. */
  listEvidence(consentId: ConsentId): Promise<readonly RecordedEvidence[]>;

  // directory (public to every organization of the gateway)
  listOrganizations(): Promise<readonly Organization[]>;
  loadOrganization(id: OrganizationId): Promise<Organization | null>;
  partnerOf(organizationId: OrganizationId): Promise<Partner | null>;

  // transfers
  /** Waits for a concurrent request with the same key; `requestDigest` is SHA-256 (hex) of the canonical body. */
  reserveIdempotencyKey(key: string, requestDigest: string, transferId: TransferId): Promise<Reservation>;
  loadTerms(request: Omit<DisclosureRequest, 'ground' | 'requested'>): Promise<Terms>;
  /** The receipt of a decision, in the transaction that acts on it. */
  recordDecision(receipt: DecisionReceipt): Promise<void>;
  putPreview(preview: Preview): Promise<void>;
  /** Takes it away, so that it is sent once; null when there is none that still counts. */
  takePreview(digest: string): Promise<Preview | null>;
  /** Transfer, encrypted content and outbox row. The caller adds the audit entry in the same transaction. */
  insertTransfer(transfer: NewTransfer): Promise<{ reference: string }>;
  insertRefusal(refusal: NewRefusal): Promise<{ reference: string }>;
  /** As sender, or as recipient once it was delivered. */
  loadTransfer(id: TransferId): Promise<Transfer | null>;
  findTransferByTask(taskId: TaskId): Promise<Transfer | null>;
  listTransfers(filter: {
    readonly personId?: PersonId;
    readonly limit: number;
    readonly before?: Instant;
  }): Promise<readonly Transfer[]>;
  /** The bytes that left or will leave, until they are purged. */
  loadWire(id: TransferId): Promise<Buffer | null>;
  /** What the person may read: without what has a deferred notice (oversight-ports). */
  disclosuresOf(personId: PersonId): Promise<readonly DisclosureRow[]>;
  /** Reads by other organizations, by day, and reviews of broken glass; oldest first. */
  accessesTo(transfers: readonly TransferId[]): Promise<readonly TransferAccess[]>;
  /** What was delivered about the person, newest first; deferred notices or not. */
  deliveriesOf(personId: PersonId): Promise<readonly Transfer[]>;

  // delivery, under the claim
  /** Locks the outbox row; null when the fence is no longer ours or the transfer is not queued or sending. */
  loadSending(claim: Claim): Promise<Sending | null>;
  /** queued → sending, so that a withdrawal waits for this delivery or stops it. */
  markSending(claim: Claim, signature: string): Promise<void>;
  /** Each ends the lease, writes the event and moves the status; false when the fence was lost. */
  finishDelivered(claim: Claim, receipt: Receipt): Promise<boolean>;
  finishRetry(claim: Claim, cause: string, nextAttemptAt: Instant, sign: PartnerSign): Promise<boolean>;
  finishFailed(claim: Claim, cause: string, sign: PartnerSign): Promise<boolean>;
  finishStopped(
    claim: Claim,
    status: 'stopped' | 'needs-review',
    reasons: readonly Reason[],
    sign?: PartnerSign,
  ): Promise<boolean>;

  // dead letters
  /** Opens again what failed, or (`notReceived`) what is in doubt, where its content is kept; returns which. */
  replay(ids: readonly TransferId[], actor: Actor, notReceived: boolean): Promise<readonly TransferId[]>;
  replayState(
    id: TransferId,
  ): Promise<{ readonly replays: number; readonly unsure: boolean; readonly hasContent: boolean } | null>;
  findDeadLetters(filter: ReplayFilter, limit: number): Promise<readonly TransferId[]>;

  // withdrawal and undo
  /** Transfers not yet delivered that stand on this consent, their outbox rows locked against a claim. */
  lockUndelivered(consentId: ConsentId): Promise<readonly { transferId: TransferId; leaseLive: boolean }[]>;
  /** Deliveries of this person's record, or under this agreement, that a worker holds at this moment. */
  liveDeliveries(
    of: { readonly personId: PersonId } | { readonly agreementId: AgreementId },
  ): Promise<readonly { transferId: TransferId; fence: number }[]>;
  /** held | queued → stopped, cancelled or needs-review, where no lease is live. False when it is too late. */
  stopTransfer(
    transferId: TransferId,
    status: 'stopped' | 'cancelled' | 'needs-review',
    reasons: readonly Reason[],
    actor: Actor,
  ): Promise<boolean>;

  /** Transfers about the person that wait, to this recipient or to anybody; their outbox rows locked against a claim. */
  lockWaiting(personId: PersonId, recipient: OrganizationId | null): Promise<readonly TransferId[]>;

  // referral
  recordReferral(input: {
    readonly transferId: TransferId;
    readonly status: ReferralStatus;
    readonly declined?: DeclineReason | null;
    readonly message: string | null;
    readonly actor: Actor;
  }): Promise<void>;
  /**
   * What the sender says to the recipient, in the same thread and under the same key.
   *
   * @throws RelaisError 409 `message.not-asked` unless the referral is on hold
   */
  recordMessage(input: {
    readonly transferId: TransferId;
    readonly words: string;
    readonly actor: Actor;
  }): Promise<void>;
  /**
   * Queues an announcement (ids and codes only): what happened for the sender's software, what was said to it for the
   * recipient's. No-op without a webhook.
   */
  announce(transferId: TransferId, event: 'transfer.status' | 'referral.status' | 'referral.message'): Promise<void>;
}

/** Across organizations; only ids, leases and times. Runs under a role that can read nothing else. */
export interface Dispatch {
  /**
   * Ids whose outbox rows are due and not enqueued, marked enqueued by the same statement: fair between partners, in order
   * for each person and partner, within each partner's limits (ADR 0012).
   */
  takeDue(
    limit: number,
    /** Only this kind: a flood of announcements never delays a record. */
    kind?: 'transfer' | 'announcement',
  ): Promise<readonly { readonly kind: 'transfer' | 'announcement'; readonly id: string }[]>;
  /** Gives back what could not be enqueued. */
  putBack(ids: readonly string[]): Promise<void>;
  /** Re-opens rows that were enqueued long ago or whose lease ran out, with no receipt. Returns how many. */
  reopenLost(olderThanMs: number): Promise<number>;
  claim(transferId: TransferId, leaseMs: number): Promise<Claim | null>;
  /** Asked right before the socket write. */
  fenceHolds(claim: Claim): Promise<boolean>;
  claimAnnouncement(id: string, leaseMs: number): Promise<Announcement | null>;
  /** The fence of an announcement, asked right before the socket write. */
  announcementMayLeave(announcement: Pick<Announcement, 'id' | 'fence' | 'partner'>): Promise<boolean>;
  finishAnnouncement(
    id: string,
    fence: number,
    result: 'done' | 'abandoned' | { readonly retryAt: Instant },
  ): Promise<void>;
  /** Milliseconds until the next row is due (0: now); null when there is none. */
  nextDueInMs(kind?: 'transfer' | 'announcement'): Promise<number | null>;
}

export interface Announcement {
  readonly id: string;
  readonly fence: number;
  readonly attempt: number;
  /** Who announces: the sender of the transfer. */
  readonly organizationId: OrganizationId;
  /**
   * Whom it goes to: the sender's own software; for a notice the recipient's system; for a reminder that or a guest, null
   * when there is neither any more.
   */
  readonly partner: Partner | null;
  readonly transferId: TransferId;
  readonly noticeId: NoticeId | null;
  readonly reminderId: ReminderId | null;
  /** `{ "id", "type", "transferId", "reference", "status", "referralStatus", "at" }`, or the FHIR of a notice or a reminder. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Store {
  asOrganization<T>(organizationId: OrganizationId, work: (tx: OrganizationTx) => Promise<T>): Promise<T>;
  readonly dispatch: Dispatch;
}
