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
  PersonId,
  ReminderId,
  TaskId,
  TransferId,
} from '../kernel/ids.js';
import type { AuditFact } from '../domain/audit/entry.js';
import type { ConsentTerms } from '../domain/consent/terms.js';
import type { DisclosureRequest, Terms } from '../domain/decision/decision.js';
import type { DecisionReceipt } from '../domain/decision/receipt.js';
import type { Reason } from '../domain/decision/reasons.js';
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
import type { NoticeTx } from './notice-ports.js';
import type { FiguresTx } from './figures.js';
import type { LimitTx } from './limit-ports.js';
import type { OversightTx } from './oversight-ports.js';
import type { ReminderTx } from './reminder-ports.js';
import type { TakeOverTx } from './take-over-ports.js';
import type { ReferralStatus } from './status.js';
import type { Organization, Partner } from './partner.js';
import type { StoredCase, StoredResidue, NewCase, IndexedIdentity, PersonInventory } from './stored-case.js';
import type { Evidence, RecordedEvidence } from './consent-evidence.js';
import type {
  NewTransfer,
  Preview,
  NewRefusal,
  Transfer,
  Claim,
  ReplayFilter,
  Sending,
  PartnerSign,
  DisclosureRow,
  TransferAccess,
  Reservation,
} from './transfer.js';

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
  /** Whether anything of a kind waits to be handed out, due or not: asked often, and cheap. */
  isAnyWaiting(kind: 'transfer' | 'announcement'): Promise<boolean>;
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

/** A transfer is asked for; a delivery is decided and begun; a delivery ends. */
export type SharedWork = 'request' | 'prepare' | 'settle';

export interface Store {
  asOrganization<T>(organizationId: OrganizationId, work: (tx: OrganizationTx) => Promise<T>): Promise<T>;
  /**
   * As `asOrganization`, for what is done often: works of one kind and organization that come at about the same time may share a
   * transaction. When one of them fails each is done again by itself, so a work may be begun twice and counts once.
   */
  together<T>(kind: SharedWork, organizationId: OrganizationId, work: (tx: OrganizationTx) => Promise<T>): Promise<T>;
  readonly dispatch: Dispatch;
}
